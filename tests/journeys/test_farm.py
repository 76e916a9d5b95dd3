"""A farmer on a phone in the field: three ways to answer, without a signal too, and every page for every reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from farmlink.confirmations.values import RequestState, RequestView
from farmlink.people.values import Role
from tests.farmlink.planning.builders import YES
from tests.journeys.conftest import Reader, Readers
from tests.journeys.fields import UNDO_MS, asked_family, judge, keeper, let_it_go, served_by_the_worker, until

pytestmark = pytest.mark.browser
SCREENS = [("en", "light", 360), ("zh-CN", "dark", 768), ("zh-CN", "light", 1440)]
KEPT = "caches.open('farm-pages-2').then(all => all.keys()).then(all => all.map(one => new URL(one.url).pathname))"
AGED = """path => caches.open('farm-pages-2').then(all =>
    all.put(path, new Response('old', { headers: { date: new Date(Date.now() - 25 * 3600e3).toUTCString() } })))"""
FETCHED_ANEW = """path => caches.open('farm-pages-2').then(all => all.match(path, { ignoreVary: true }))
    .then(one => one.text()).then(text => text !== 'old')"""
PAGES = (
    "/farm",
    "/farm/lots",
    "/farm/lots/new",
    "/farm/harvest",
    "/farm/money",
    "/farm/money/bank",
    "/farm/share",
    "/farm/settings",
    "/farm/no-signal",
)


@pytest.mark.parametrize(("language", "colours", "width"), SCREENS)
def test_every_page_of_a_farm_fits_its_screen_and_shuts_nobody_out(
    readers: Readers, language: str, colours: str, width: int
) -> None:
    field = asked_family(readers.api, 2)
    reader = field.enter(readers.at(language, colours, width))
    promised, waiting = field.asked
    field.season.answer(promised.id, YES)
    lot, of_lot = f"/farm/lots/{waiting.lot_id}", f"/farm/harvest/label/{promised.lot_id}"
    labels = f"/farm/harvest/labels?day={promised.day}"
    more = () if width == 768 else (*PAGES[1:], labels, lot, of_lot)
    for path in (PAGES[0], *more, f"/farm/questions/{waiting.id}"):
        reader.open(path)
        reader.show(f"farm-{path.split('/')[-1][:12]}-{language}-{colours}-{width}")
        judge(reader)
    reader.page.locator("summary").first.click()
    reader.page.locator("summary").nth(1).click()
    reader.show(f"farm-answers-{language}-{colours}-{width}")
    judge(reader)

    assert reader.strangers == []
    assert reader.complaints == []


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_farmer_answers_all_three_ways_and_takes_one_back_before(readers: Readers, width: int) -> None:
    field = asked_family(readers.api, 3)
    reader = field.enter(readers.at("en", "light", width))
    page, (first, second, third) = reader.page, field.asked
    page.clock.install()

    reader.open(f"/farm/questions/{first.id}")
    sizes = [
        box["height"] for box in (one.bounding_box() for one in page.locator("#answers .answer:visible").all()) if box
    ]
    assert len(sizes) == 3
    assert min(sizes) >= 56
    expect(page.locator("#silence")).to_contain_text("it counts as no")
    expect(page.get_by_role("link", name="+1 616 555 0134")).to_be_visible()
    page.get_by_text("No", exact=True).click()
    page.get_by_role("button", name="Weather").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Yes, all")).to_be_visible()
    page.clock.fast_forward(UNDO_MS)
    assert field.now(first).state == RequestState.OPEN, "what was taken back is not sent"
    page.get_by_role("button", name="Yes, all").click()
    let_it_go(page)
    expect(page.locator("#outbox [data-state=received]")).to_contain_text("You said yes to all of it. Received")

    reader.open(f"/farm/questions/{second.id}")
    page.get_by_text("Part of it").click()
    page.locator("[data-fill]").nth(1).click()
    page.get_by_label("Pests").check()
    page.get_by_role("button", name="Send this part").click()
    let_it_go(page)
    expect(page.locator("#outbox [data-state=received]").last).to_contain_text("You said yes to a part.")

    reader.open(f"/farm/questions/{third.id}")
    page.get_by_text("No", exact=True).click()
    page.get_by_role("button", name="No hands to pick it").click()
    let_it_go(page)
    expect(page.locator("#outbox [data-state=received]").last).to_contain_text("You said no.")

    said = [(one.state, one.answered, one.reason) for one in map(field.now, (first, second, third))]
    assert said == [("accepted", 30_000, None), ("reduced", 15_000, "pest"), ("declined", 0, "labour")]
    assert field.answers() == 3
    expect(reader.open("/farm").get_by_text("Nothing waits for you.")).to_be_visible()
    assert reader.complaints == []


def test_without_a_signal_an_answer_is_kept_counted_sent_and_received_exactly_once(readers: Readers) -> None:
    field = asked_family(readers.api, 1)
    reader = field.enter(readers.at("en", "light", 360))
    page, context, [asked] = reader.page, reader.page.context, field.asked
    kept_for_the_field(reader, asked)
    reader.open("/farm")
    page.clock.install()

    context.set_offline(True)
    reader.open(f"/farm/questions/{asked.id}")
    expect(page.locator("#stored")).to_contain_text("No signal. You see this page as it was at")
    reader.show("farm-offline-1-question")
    page.get_by_role("button", name="Yes, all").click()
    expect(page.locator("#outbox .state")).to_contain_text("Sends in")
    reader.show("farm-offline-2-undo")
    let_it_go(page)
    expect(page.locator("#outbox .state")).to_have_text("Saved on this phone")
    expect(page.locator("#outbox .count")).to_have_text("1 message waits on this phone.")
    judge(reader)
    reader.show("farm-offline-3-saved")
    reader.open("/farm")
    expect(page.locator("#outbox .count")).to_have_text("1 message waits on this phone.")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#outbox .state")).to_have_text("Saved on this phone")
    reader.open("/farm/settings")
    expect(page.get_by_role("heading", name="No signal")).to_be_visible()
    reader.show("farm-offline-4-page-not-kept")
    assert field.now(asked).state == RequestState.OPEN

    context.set_offline(False)
    expect(page.locator("#outbox [data-state=received]")).to_contain_text("Received")
    reader.show("farm-offline-5-received")
    assert (field.now(asked).state, field.answers()) == ("accepted", 1)
    reader.open(f"/farm/questions/{asked.id}")
    expect(page.locator(".became")).to_contain_text("You said yes to all of it.")
    expect(page.locator("#outbox")).to_be_hidden()
    reader.show("farm-offline-6-back")
    expected = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "404 (Not Found)")
    assert [said for said in reader.complaints if not any(one in said for one in expected)] == []


def kept_for_the_field(reader: Reader, asked: RequestView) -> None:
    """What a phone keeps by itself: every page but those that led elsewhere, anew when old, and each for itself."""
    page = reader.page
    page.route("**/farm/harvest", lambda route: route.fulfill(status=303, headers={"location": "/sign-in"}))
    reader.open("/farm")
    until(lambda: "/farm/lots/new" in page.evaluate(KEPT), page)
    assert "/farm/harvest" not in page.evaluate(KEPT)
    page.unroute("**/farm/harvest")
    page.evaluate(AGED, "/farm/harvest")
    served_by_the_worker(reader, f"/farm/questions/{asked.id}", "/farm")
    until(lambda: bool(page.evaluate(FETCHED_ANEW, "/farm/harvest")), page)
    reader.open(f"/farm/questions/{asked.lot_id}")
    assert f"/farm/questions/{asked.id}" in page.evaluate(KEPT)


def test_an_answer_is_sent_although_its_page_is_left_at_once(readers: Readers) -> None:
    field = asked_family(readers.api, 1)
    reader = field.enter(readers.at("en", "light", 360))
    page, [asked] = reader.page, field.asked
    reader.open("/farm")
    served_by_the_worker(reader, f"/farm/questions/{asked.id}")
    # The page's clock is nine seconds behind the worker's, so that nobody waits ten for the worker's to pass.
    page.clock.install(time=datetime.now(UTC) - timedelta(seconds=9))
    reader.open(f"/farm/questions/{asked.id}")
    page.get_by_role("button", name="Yes, all").click()
    expect(page.locator("#outbox .state")).to_contain_text("Sends in")
    elsewhere = page.context.new_page()
    page.close()

    until(lambda: field.now(asked).state == RequestState.ACCEPTED, elsewhere)
    assert field.answers() == 1


def test_of_two_phones_one_has_the_final_answer_and_the_other_a_clear_page(readers: Readers) -> None:
    field = asked_family(readers.api, 1)
    [asked] = field.asked
    path = f"/farm/questions/{asked.id}"
    brother = field.api.person(Role.FARMER, field.api.store.read(keeper, asked))
    mine, his = field.enter(readers.at("en", "light", 360)), field.enter(readers.at("en", "light", 360), brother)
    plain = readers.opened.enter_context(readers.chromium.new_context(java_script_enabled=False, locale="en"))
    old = field.enter(Reader(plain, readers.api.address))
    for reader in (mine, his, old):
        reader.open(path)
    for page in (mine.page, his.page):
        page.clock.install()

    mine.page.get_by_role("button", name="Yes, all").click()
    let_it_go(mine.page)
    expect(mine.page.locator("#outbox [data-state=received]")).to_be_visible()
    his.page.get_by_text("No", exact=True).click()
    his.page.get_by_role("button", name="Weather").click()
    let_it_go(his.page)
    expect(his.page.locator("#outbox [data-state=refused]")).to_contain_text(
        "The question had moved on. You said yes to all of it."
    )
    his.show("farm-two-phones-refused")
    judge(his)
    his.open(path)
    expect(his.page.locator(".became")).to_contain_text("You said yes to all of it.")
    expect(his.page.locator("#outbox [data-state=refused]")).to_be_visible()
    his.page.get_by_role("button", name="I have seen this").click()
    expect(his.page.locator("#outbox")).to_be_hidden()

    old.page.get_by_text("No", exact=True).click()
    old.page.get_by_role("button", name="Pests").click()
    expect(old.page.get_by_text("Your answer was not taken: the question had moved on.")).to_be_visible()
    expect(old.page.locator(".became")).to_contain_text("You said yes to all of it.")
    old.show("farm-two-phones-plain")
    assert (field.now(asked).state, field.answers()) == ("accepted", 1)


def test_who_was_signed_out_meanwhile_signs_in_and_the_answer_is_sent(readers: Readers) -> None:
    field = asked_family(readers.api, 1)
    reader = field.enter(readers.at("en", "light", 360))
    page, [asked] = reader.page, field.asked
    page.clock.install()
    reader.open(f"/farm/questions/{asked.id}")
    page.get_by_role("button", name="Yes, all").click()
    page.context.clear_cookies()
    let_it_go(page)

    expect(page.locator("#outbox [data-state=session]")).to_contain_text("Sign in again, then it is sent.")
    reader.show("farm-session-lost")
    assert field.now(asked).state == RequestState.OPEN
    field.enter(reader).open("/farm")
    expect(page.locator("#outbox [data-state=received]")).to_be_visible()
    assert (field.now(asked).state, field.answers()) == ("accepted", 1)


def test_without_a_signal_an_offer_and_a_failed_harvest_are_kept_and_sent_later(readers: Readers) -> None:
    field = asked_family(readers.api, 1)
    reader = field.enter(readers.at("zh-CN", "dark", 360))
    page, context, [asked] = reader.page, reader.page.context, field.asked
    reader.open("/farm")
    served_by_the_worker(reader, f"/farm/lots/{asked.lot_id}", "/farm/lots/new")

    context.set_offline(True)
    page.locator("#amount").fill("80")
    page.locator("#price").fill("2")
    page.locator("button[data-keep]").click()
    expect(page.locator("#outbox li")).to_have_count(1)
    reader.open(f"/farm/lots/{asked.lot_id}")
    page.locator(".answer-more.stop summary").click()
    page.locator("form[data-what] button").click()
    expect(page.locator("#outbox .count")).to_contain_text("2")
    reader.show("farm-offline-offer-zh-CN-dark-360")
    assert field.lots() == ["offered"]

    context.set_offline(False)
    expect(page.locator("#outbox [data-state=received]")).to_have_count(2)
    reader.show("farm-offline-offer-received-zh-CN-dark-360")
    assert field.lots() == ["failed", "offered"]


def test_a_farmer_offers_something_with_nothing_but_a_keyboard(readers: Readers) -> None:
    field = asked_family(readers.api, 1)
    reader = field.enter(readers.at("en", "light", 360))
    keys = reader.open("/farm/lots/new").keyboard

    reader.tab_to("amount")
    keys.type("12.5")
    reader.tab_to("price")
    keys.type("1,90")
    keys.press("Enter")
    expect(reader.page.locator(".figure")).to_have_text("12.5 kg")
    expect(reader.page.get_by_text("$1.90 a kilogram")).to_be_visible()


def test_a_phone_of_two_shows_neither_what_the_other_kept_and_who_leaves_takes_all_along(readers: Readers) -> None:
    field = asked_family(readers.api, 1)
    reader = field.enter(readers.at("en", "light", 360))
    page, context, [asked] = reader.page, reader.page.context, field.asked
    path = f"/farm/questions/{asked.id}"
    reader.open("/farm")
    served_by_the_worker(reader, "/farm/money", path)
    assert path in page.evaluate(KEPT)
    assert "/farm/money" not in page.evaluate(KEPT)
    context.set_offline(True)
    page.get_by_role("button", name="Yes, all").click()
    expect(page.locator("#outbox li")).to_have_count(1)

    neighbour = field.season.market.country.farm("Neighbour").organisation_id
    field.enter(reader, field.api.person(Role.FARMER, neighbour))
    context.set_offline(False)
    reader.open("/farm")
    expect(page.locator("#outbox .others")).to_contain_text("waiting: 1")
    expect(page.locator("#outbox li")).to_have_count(0)
    assert path not in page.evaluate(KEPT)
    assert field.now(asked).state == RequestState.OPEN

    reader.open("/me").get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")
    assert [name for name in page.evaluate("caches.keys()") if name.startswith("farm-pages")] == []
