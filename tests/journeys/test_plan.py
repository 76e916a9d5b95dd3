"""A planner's day: a cycle is closed, a run watched, the board read by keys alone, the plan published."""

from __future__ import annotations

import re
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Page, expect

from farmlink.confirmations.work import plan_due
from farmlink.cycles.values import Stage
from farmlink.people.values import Role
from farmlink.planning.values import Budget
from farmlink.planning.work import CHILD
from tests.api.pages.browsers import browser_of
from tests.farmlink.planning.builders import Season, force_sql
from tests.journeys.conftest import Reader, Readers

pytestmark = pytest.mark.browser


def planner_at(readers: Readers, season: Season, language: str, colours: str, width: int) -> Reader:
    """A planner of the cycle's hub, signed in."""
    client, _ = browser_of(readers.api, Role.PLANNER, season.market.hub.organisation_id)
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


def map_drawn(page: Page) -> None:
    """Wait until the map is linked to the rest."""
    page.locator("#map[data-ready]").wait_for()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_planner_closes_a_cycle_watches_its_run_reads_the_board_by_keys_and_publishes(
    readers: Readers, width: int
) -> None:
    season = Season.opened(readers.api.store)
    season.order(30)
    reader = planner_at(readers, season, "en", "light", width)
    page = reader.open("/plan")
    require_sound(reader)

    page.get_by_role("link", name="Go on").click()
    page.get_by_text("Close now").first.click()
    require_sound(reader)
    reader.show("plan-cycle-open")
    page.get_by_role("button", name="Close now").click()
    page.get_by_role("link", name="Start a run").click()
    page.get_by_label("Seed").fill("7")
    page.get_by_role("button", name="Start the run").click()
    page.get_by_text("Waits to begin").wait_for()
    require_sound(reader)

    solve = Thread(target=plan_due, args=(season.store, Budget(iterations=1)), kwargs={"command": (*CHILD, "--greedy")})
    solve.start()
    page.get_by_role("link", name="See the plan, version 1").wait_for()
    solve.join()
    reader.show("plan-run-done")
    page.get_by_role("link", name="See the plan, version 1").click()
    map_drawn(page)
    require_sound(reader)

    select_by_keys(page)
    reader.show("plan-board-selected")
    page.keyboard.press("Escape")
    expect(page.locator(".picked")).to_have_count(0)

    page.get_by_role("link", name="See who is told, then publish").click()
    assert season.asked() == []
    require_sound(reader)
    reader.show("plan-publish")
    page.get_by_role("button", name="Publish and tell the farms").click()
    page.get_by_text("Farms are answering").first.wait_for()

    assert (season.stage(), len(season.asked()) > 0) == (Stage.CONFIRMING, True)
    assert (reader.complaints, reader.strangers) == ([], [])


def select_by_keys(page: Page) -> None:
    """Choose the first trip with the keyboard alone: it is marked in its card, on the map, in the day and in tables."""
    page.locator("#trip-1 header a").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#trip-1$"))
    for where in ("article.card", "#map path.way", "#map path.place", ".gantt a.trip", "tr"):
        expect(page.locator(f"{where}.picked").first).to_be_attached()
    expect(page.locator("#selected")).to_contain_text("Selected: 1")
    page.locator("#map path.place").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#place-"))
    page.locator(".gantt a.trip").last.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#trip-"))


@pytest.mark.parametrize(
    ("language", "colours", "width", "looked_at"),
    [
        ("zh-CN", "dark", 768, {"cycles", "answers", "runs", "board", "edit", "compare", "trips"}),
        ("en", "dark", 360, {"cycle", "board", "edit"}),
    ],
)
def test_every_page_of_a_plan_fits_its_screen_shuts_nobody_out_and_nothing_complains(
    readers: Readers, language: str, colours: str, width: int, looked_at: set[str]
) -> None:
    season = Season.closed(readers.api.store)
    first = season.plan()
    season.publish(first)
    second = season.plan()
    reader = planner_at(readers, season, language, colours, width)
    pages = {
        "cycles": "/plan",
        "cycle": f"/plan/cycles/{season.cycle_id}",
        "answers": f"/plan/cycles/{season.cycle_id}/answers",
        "runs": f"/plan/cycles/{season.cycle_id}/runs",
        "board": f"/plan/plans/{second}",
        "edit": f"/plan/plans/{second}/edit?move=1.1-1.2",
        "compare": f"/plan/compare?one={first}&other={second}",
        "trips": f"/plan/plans/{second}/trips",
    }
    for name, path in ((name, path) for name, path in pages.items() if name in looked_at):
        page = reader.open(path)
        if name == "board":
            map_drawn(page)
        require_sound(reader)
        reader.show(f"plan-{name}-{language}-{width}")
    assert (reader.complaints, reader.strangers) == ([], [])


def test_without_scripts_the_board_stands_in_lists_tables_and_the_day(readers: Readers) -> None:
    season = Season.closed(readers.api.store)
    plan_id = season.plan()
    client, _ = browser_of(readers.api, Role.PLANNER, season.market.hub.organisation_id)
    context = readers.opened.enter_context(readers.chromium.new_context(java_script_enabled=False))
    session = client.cookies["farmlink_session"]
    context.add_cookies([{"name": "farmlink_session", "value": session, "url": readers.api.address}])
    page = Reader(context, readers.api.address).open(f"/plan/plans/{plan_id}#trip-1")

    assert page.locator(".gantt a.trip").count() == page.locator("article.card").count() > 0
    assert page.locator("#trip-1 .leg").first.is_visible()
    assert page.locator("tr[id^=place-]").count() > 0


def test_a_name_is_a_text_on_the_map_whatever_it_is(readers: Readers) -> None:
    season, name = Season.closed(readers.api.store), "<b>Barn</b>"
    force_sql(season.store, "UPDATE farm SET name = :name", name=name)
    reader = planner_at(readers, season, "en", "light", 1440)
    page = reader.open(f"/plan/plans/{season.plan()}")
    map_drawn(page)

    page.locator("#map path.place.farm").first.hover(force=True)

    expect(page.locator(".leaflet-tooltip")).to_have_text(name)
