"""The start page, the sign-in and the API page in a real browser: no complaint, no stranger, nothing cut off."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types

from farmlink.people import commands, work
from tests.api.pages.test_codes import code_sent
from tests.journeys.conftest import SCREENS, Reader, Readers

pytestmark = pytest.mark.browser
ADDRESS, PASSWORD = "ana@example.org", "a long pass phrase"
PAGES = {
    "sign-in": "/sign-in",
    "register": "/register",
    "forgotten": "/forgotten",
    "style": "/styleguide",
    "nowhere": "/nowhere",
    "api": "/api/docs",
}


@pytest.mark.parametrize(("language", "colours", "width"), SCREENS)
def test_every_first_page_fits_its_screen_shuts_nobody_out_and_nothing_complains(
    readers: Readers, language: str, colours: str, width: int
) -> None:
    reader = readers.at(language, colours, width)
    for name, path in PAGES.items():
        page = reader.open(path)
        if name == "api":
            page.locator(".opblock-tag").first.wait_for()
        reader.show(f"{name}-{language}-{colours}-{width}")

        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1:visible").count() == 1
        assert not reader.wider_than_the_screen(), path
        if name != "api":  # Swagger UI's own markup is not ours
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()

    assert reader.strangers == []
    assert [said for said in reader.complaints if "404" not in said] == []


def join(readers: Readers) -> None:
    password_hash = work.hash_password(PASSWORD)
    readers.api.store.run(commands.add_person, "Ana Ruiz", email=ADDRESS, password_hash=password_hash)


def test_somebody_signs_in_and_out_with_nothing_but_a_keyboard_and_again_by_a_code(readers: Readers) -> None:
    join(readers)
    reader = readers.at("en", "light", 1440)
    page = reader.open("/me")
    reader.tab_to("email")
    page.keyboard.type(ADDRESS)
    reader.tab_to("password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ana Ruiz").wait_for()
    reader.tab_to("Sign out")
    page.keyboard.press("Space")

    page.get_by_label("Password").wait_for()
    page.get_by_label("E-mail").fill(ADDRESS)
    page.get_by_role("button", name="Send me a code").click()
    digits = page.get_by_label("The eight digits of the letter")
    digits.wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    digits.fill(code_sent(readers.api))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Me", exact=True).wait_for()
    assert reader.complaints == []


def test_somebody_signs_in_is_refused_once_and_tries_the_api_out_as_themselves(readers: Readers) -> None:
    join(readers)
    reader = readers.at("en", "light", 1440)
    page = reader.open("/me")
    for password, seen in (("not the right one", "[role=alert]"), (PASSWORD, "h1:has-text('Ana Ruiz')")):
        page.get_by_label("E-mail").fill(ADDRESS)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.locator(seen).wait_for()
        reader.show(f"sign-in-{'done' if password == PASSWORD else 'refused'}")

    reader.open("/api/docs")
    page.locator(".opblock-tag", has_text="people").click()
    door = page.locator(".opblock", has_text="End every sign-in of the person")
    reader.show("api-people")
    door.locator(".opblock-summary-control").click()
    door.get_by_role("button", name="Try it out").click()
    reader.show("api-open")
    door.get_by_role("button", name="Execute").click()
    door.locator(".live-responses-table .response-col_status", has_text="204").wait_for()
    reader.show("api-tried")

    assert [said for said in reader.complaints if "401" not in said] == []


def test_without_scripts_the_api_page_lists_every_operation(readers: Readers) -> None:
    context = readers.opened.enter_context(readers.chromium.new_context(java_script_enabled=False))
    page = Reader(context, readers.api.address).open("/api/docs")

    assert page.get_by_text("POST /api/v1/people/sign-ins", exact=True).is_visible()
