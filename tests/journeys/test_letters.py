"""Where the links of letters lead, in a real browser: readable, shut to nobody, and answered without a mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import expect

from tests.api.conftest import Api
from tests.api.test_messages import ANA, PEOPLE, asked_farmer, page_of, register
from tests.farmlink.notify.builders import PostOffice, token
from tests.journeys.conftest import SCREENS, Reader, Readers

pytestmark = pytest.mark.browser
UNDO_MS = 11_000


@pytest.fixture
def post(api: Api, tmp_path: Path) -> PostOffice:
    return PostOffice(api.store, tmp_path / "mail")


def sent(api: Api, post: PostOffice) -> dict[str, str]:
    """Where two letters lead: one opens an account, one sets a password."""
    register(api, post)
    api.nobody.post(f"{PEOPLE}/password-resets", json={"email": ANA["email"]})
    post.send()
    password = token(post.letters()[-1])
    api.nobody.post(f"{PEOPLE}/registrations", json=ANA | {"email": "bo@example.org"})
    post.send()
    return {"account": f"/registrations/{token(post.letters()[-1])}", "password": f"/password-resets/{password}"}


def judge(reader: Reader, language: str) -> None:
    """Nothing cut off, nobody shut out, and everything to touch is large enough for a thumb."""
    page = reader.page
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1:visible").count() == 1
    assert not reader.wider_than_the_screen(), page.url
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    low = "all => all.map(one => [one.outerHTML, (one.closest('label') ?? one).getBoundingClientRect().height])"
    heights = page.locator("main :is(button, input, select, summary):visible").evaluate_all(low)
    assert [named for named, height in heights if height < 48] == []


@pytest.mark.parametrize(("language", "colours", "width"), SCREENS)
def test_the_pages_of_letters_fit_their_screens_and_shut_nobody_out(
    readers: Readers, post: PostOffice, language: str, colours: str, width: int
) -> None:
    led = sent(readers.api, post)
    asked_farmer(readers.api, post)
    reader = readers.at(language, colours, width)
    page = reader.page
    for name, path in (led | {"question": page_of(post)}).items():
        reader.open(path)
        reader.show(f"{name}-{language}-{colours}-{width}")
        judge(reader, language)

    assert page.locator("#amount:visible").count() == 0
    page.clock.install()
    reader.open(page_of(post))
    page.locator("summary").first.click()
    assert page.locator("#amount").is_visible()
    page.locator("summary").nth(1).click()
    reader.show(f"part-{language}-{colours}-{width}")
    judge(reader, language)
    page.locator("button[name=reason][value=pest]").click()
    expect(page.locator("#outbox [data-undo]")).to_be_visible()
    page.clock.fast_forward(UNDO_MS)
    expect(page.locator("#outbox [data-state=received]")).to_be_visible()
    reader.show(f"received-{language}-{colours}-{width}")
    judge(reader, language)
    reader.open(page_of(post))
    expect(page.locator(".became")).to_be_visible()
    reader.show(f"answered-{language}-{colours}-{width}")
    judge(reader, language)

    assert reader.strangers == []
    assert reader.complaints == []


def test_a_farmer_says_a_part_with_nothing_but_a_keyboard(readers: Readers, post: PostOffice) -> None:
    season = asked_farmer(readers.api, post)
    reader = readers.at("en", "light", 360)
    page = reader.page
    page.clock.install()
    keys = reader.open(page_of(post)).keyboard

    reader.tab_to("Part of it")
    keys.press("Enter")
    reader.tab_to("amount")
    keys.press("Control+a")
    keys.type("12")
    reader.tab_to("reason")
    keys.press("ArrowDown")
    reader.tab_to("Send this part")
    keys.press("Enter")
    expect(page.locator("#outbox [data-undo]")).to_be_focused()
    page.clock.fast_forward(UNDO_MS)
    expect(page.locator("#outbox [data-state=received]")).to_contain_text("You said yes to a part.")

    [answer] = season.asked(state=None)
    assert (answer.answered, answer.reason) == (12_000, "pest")


def test_without_scripts_a_link_takes_an_answer_all_the_same(readers: Readers, post: PostOffice) -> None:
    season = asked_farmer(readers.api, post)
    context = readers.opened.enter_context(readers.chromium.new_context(java_script_enabled=False, locale="en"))
    page = Reader(context, readers.api.address).open(page_of(post))

    page.get_by_text("No", exact=True).click()
    page.get_by_role("button", name="Weather").click()

    expect(page.locator(".became")).to_contain_text("You said no.")
    [answer] = season.asked(state=None)
    assert (answer.answered, answer.reason) == (0, "weather")
