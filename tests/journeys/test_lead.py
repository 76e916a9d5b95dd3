"""A leader's day, from the list in the chat to the last neighbour; and a dock hand who only has a keyboard."""

from __future__ import annotations

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Page, expect

from farmlink.orders.queries.neighbours import orders_at
from tests.api.pages.pointing import dock_of, leader_of, point_of
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.settlement.builders import Ledgered
from tests.journeys.conftest import Reader, Readers

pytestmark = pytest.mark.browser
LIST = "#接龙\n1. 王姐 苹果两袋\n2. Ana: 3 bags of apples\n3. Bob 2 bananas"
PASTE = """text => {
  const held = new DataTransfer();
  held.setData("text", text);
  const pasted = new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(pasted);
}"""
NARROW = 360
WIDTHS = [("en", "light", NARROW), ("zh-CN", "dark", 768), ("en", "dark", 1440)]


def at(readers: Readers, client: httpx.Client, language: str, colours: str, width: int) -> Reader:
    """Whoever the client is, at a screen."""
    reader = readers.at(language, colours, width)
    session = client.cookies["farmlink_session"]
    reader.page.context.add_cookies([{"name": "farmlink_session", "value": session, "url": readers.api.address}])
    return reader


def require_sound(reader: Reader) -> None:
    """One heading, nothing wider than the screen, nobody shut out."""
    assert reader.page.locator("h1:visible").count() == 1
    assert not reader.wider_than_the_screen(), reader.page.url
    found = Axe().run(reader.page)
    assert found.violations_count == 0, found.generate_report()


def placed(page: Page) -> None:
    """Correct what was not understood, and place the orders."""
    page.locator("[name=list]").fill(LIST)
    page.locator("button[value=read]").click()
    page.locator(".rows .fault").wait_for()


@pytest.mark.parametrize(("language", "colours", "width"), WIDTHS)
def test_a_leader_turns_a_list_into_orders_sorts_and_hands_out(
    readers: Readers, language: str, colours: str, width: int
) -> None:
    season = Goods.opened(readers.api.store)
    reader = at(readers, leader_of(readers.api, season), language, colours, width)
    page = reader.open("/lead")
    require_sound(reader)
    page.locator(f"a[href^='{point_of(season)}/roll']").last.click()
    placed(page)
    require_sound(reader)
    reader.show(f"lead-roll-{width}")
    page.locator("#line-3").fill("Bob 1 bag of apples")
    page.locator("button[value=place]").click()
    page.locator("[role=status]:visible").wait_for()
    assert len(readers.api.store.read(orders_at, season.cycle_id, season.market.point.id)) == 3

    season.close()
    season.confirmed().receive()
    season.share()
    for part in (
        ("/sort", "/arrival", "/poster", "/settings", "/hand-out") if width == NARROW else ("/sort", "/hand-out")
    ):
        reader.open(point_of(season) + part)
        require_sound(reader)
        reader.show(f"lead{part.replace('/', '-')}-{width}")
    page.locator("#search").fill("王")
    expect(page.locator("#slips > li:visible")).to_have_count(1)
    page.locator("#slips > li:visible button").click()
    page.locator("[role=status]:visible").wait_for()
    page.locator("#slips a.button.second").first.click()
    page.locator("select").select_option("spoiled")
    page.locator("input[type=number]").fill("0")
    require_sound(reader)
    page.locator("main form button").click()
    page.locator("[role=status]:visible").wait_for()
    page.locator(".evening summary").click()
    page.locator(".evening button").click()
    expect(page.locator("#slips > li")).to_have_count(0)
    require_sound(reader)
    reader.open("/lead/money")
    require_sound(reader)
    assert reader.complaints == []
    assert reader.strangers == []


def test_a_poster_is_kept_as_a_picture(readers: Readers) -> None:
    season = Goods.opened(readers.api.store)
    reader = at(readers, leader_of(readers.api, season), "en", "light", 1440)
    page = reader.open(f"{point_of(season)}/poster")
    with page.expect_download() as kept:
        page.locator("button[data-png]").click()
    assert kept.value.path().read_bytes().startswith(b"\x89PNG")
    assert reader.complaints == []


def test_a_dock_hand_counts_and_weighs_with_nothing_but_a_keyboard(readers: Readers) -> None:
    season = Ledgered.by_weight(readers.api.store)
    reader = at(readers, dock_of(readers.api, season), "en", "light", 1440)
    page = reader.open(f"/dock/cycles/{season.cycle_id}/weights")
    require_sound(reader)
    expect(page.locator("input[data-cell]").first).to_be_focused()
    page.evaluate(PASTE, "30.1\r\n2000\r\n")
    page.keyboard.press("Enter")
    page.locator(".fault").wait_for()
    require_sound(reader)
    assert sorted(one.weight_g or 0 for one in season.to_weigh())[1] > 0
    expect(page.locator("input[data-cell]")).to_have_value("2000")
    reader.show("dock-weights-wrong")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    page.get_by_text("Everything is weighed.").wait_for()
    assert [said for said in reader.complaints if "422" not in said] == []


@pytest.mark.parametrize("width", [360, 768])
def test_a_dock_counts_lots_in_and_goes_on_with_enter(readers: Readers, width: int) -> None:
    season = Ledgered.on_the_way(readers.api.store)
    reader = at(readers, dock_of(readers.api, season), "zh-CN", "light", width)
    page = reader.open(f"/dock/cycles/{season.cycle_id}")
    require_sound(reader)
    first, second = page.locator("input[data-cell]").all()
    first.focus()
    page.keyboard.type("10,5")
    page.keyboard.press("Enter")
    expect(second).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("tr.kept")).to_have_count(2)
    require_sound(reader)
    reader.show(f"dock-counted-{width}")
    assert max(view.received or 0 for view in season.receipts()) > 0
    assert reader.complaints == []
