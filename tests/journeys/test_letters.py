"""Where the links of letters lead, in a real browser: readable, shut to nobody, and answered without a mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types

from tests.api.conftest import Api
from tests.api.test_messages import asked_farmer, page_of
from tests.farmlink.notify.builders import PostOffice
from tests.journeys.conftest import SCREENS, Reader, Readers

pytestmark = pytest.mark.browser
ACCOUNT, PASSWORD = "/registrations/made-up", "/password-resets/made-up"


@pytest.fixture
def post(api: Api, tmp_path: Path) -> PostOffice:
    return PostOffice(api.store, tmp_path / "mail")


def judge(reader: Reader, language: str) -> None:
    """Nothing cut off, nobody shut out, and everything to touch is large enough for a thumb."""
    page = reader.page
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1:visible").count() == 1
    assert not reader.wider_than_the_screen(), page.url
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    low = "all => all.map(one => [one.outerHTML, (one.closest('label') ?? one).getBoundingClientRect().height])"
    heights = page.locator("main :is(button, input, select):visible").evaluate_all(low)
    assert [named for named, height in heights if height < 44] == []


@pytest.mark.parametrize(("language", "colours", "width"), SCREENS)
def test_the_pages_of_letters_fit_their_screens_and_shut_nobody_out(
    readers: Readers, post: PostOffice, language: str, colours: str, width: int
) -> None:
    asked_farmer(readers.api, post)
    reader = readers.at(language, colours, width)
    for name, path in {"account": ACCOUNT, "password": PASSWORD, "question": page_of(post)}.items():
        reader.open(path)
        reader.show(f"{name}-{language}-{colours}-{width}")
        judge(reader, language)

    assert reader.page.locator(":is([name=amount], [name=reason]):visible").count() == 0
    reader.page.get_by_role("radio").nth(1).check()
    assert reader.page.locator("[name=amount]").is_visible()
    reader.show(f"part-{language}-{colours}-{width}")
    judge(reader, language)
    reader.page.get_by_role("radio").nth(2).check()
    assert not reader.page.locator("[name=amount]").is_visible()
    reader.page.locator("[name=reason]").select_option("pest")
    reader.page.locator("button").click()
    reader.page.locator(".notice").wait_for()
    reader.show(f"answered-{language}-{colours}-{width}")
    judge(reader, language)

    assert reader.strangers == []
    assert reader.complaints == []


def test_a_farmer_says_a_part_with_nothing_but_a_keyboard(readers: Readers, post: PostOffice) -> None:
    season = asked_farmer(readers.api, post)
    reader = readers.at("en", "light", 360)
    keys = reader.open(page_of(post)).keyboard

    reader.tab_to("reply")
    keys.press("ArrowDown")
    reader.tab_to("amount")
    keys.type("12")
    reader.tab_to("reason")
    keys.type("Pests")
    reader.tab_to("Send the answer")
    keys.press("Enter")
    reader.page.locator(".notice").wait_for()

    assert reader.page.get_by_text("You said yes to a part.").is_visible()
    [answer] = season.asked(state=None)
    assert answer.answered == 12_000
