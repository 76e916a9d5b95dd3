"""The board of a plan: trips, day, tables and figures; two plans compared; a trip to be printed."""

from __future__ import annotations

import re
from time import monotonic

import httpx
import pytest

from api.pages.plan.told import says_something
from farmlink.people.values import Role
from farmlink.planning.values import PlanId
from farmlink.planning.work import lone
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, send
from tests.farmlink.planning.builders import NO, Season, part


@pytest.fixture
def season(api: Api) -> Season:
    return Season.closed(api.store)


@pytest.fixture
def planner(api: Api, season: Season) -> httpx.Client:
    return browser_of(api, Role.PLANNER, season.market.hub.organisation_id)[0]


def planned_again(season: Season) -> tuple[PlanId, PlanId]:
    """Two versions: before and after a farm said no and another gave a part."""
    first = season.plan()
    season.publish(first)
    for asked, given in zip(season.asked(), (NO, part(10_000)), strict=False):
        season.answer(asked.id, given)
    return first, season.plan()


def test_every_stop_can_be_selected_in_trips_day_and_tables(planner: httpx.Client, season: Season) -> None:
    shown = planner.get(f"/plan/plans/{season.plan()}").text
    stops = set(re.findall(r'id="(stop-\d+-\d+)"', shown))

    assert stops
    for stop in stops:
        assert len(re.findall(rf'data-of="[^"]*\b{stop}\b', shown)) >= 3, "card, bar and call"
    assert set(re.findall(r'href="#(trip-\d+)"', shown)) == set(re.findall(r'id="(trip-\d+)"', shown))


def test_the_day_of_every_truck_is_drawn_without_scripts(planner: httpx.Client, season: Season) -> None:
    shown = planner.get(f"/plan/plans/{season.plan()}").text

    assert '<svg class="gantt"' in shown
    assert 'style="' not in shown


def test_figures_stand_beside_those_of_the_version_before(planner: httpx.Client, season: Season) -> None:
    first, second = planned_again(season)
    alone, beside = (planner.get(f"/plan/plans/{plan_id}").text for plan_id in (first, second))

    assert ("Against version 1" in alone, "Against version 1" in beside) == (False, True)
    assert "worse" in beside


def test_what_stays_short_says_why(planner: httpx.Client, season: Season) -> None:
    _, second = planned_again(season)

    assert "a farm promised less or said no" in planner.get(f"/plan/plans/{second}").text


def test_every_farm_alone_is_worked_out_while_somebody_looks(planner: httpx.Client, season: Season) -> None:
    page = f"/plan/plans/{season.plan()}"
    begun = send(planner, page, f"{page}/alone")
    asked = planner.get(f"{page}/alone")
    patience = monotonic() + 60
    while asked.headers.get("x-live") != "over" and monotonic() < patience:
        asked = planner.get(f"{page}/alone")

    assert "It is being worked out" in begun.text or "instead of" in begun.text
    assert "Work it out" not in begun.text
    assert "instead of" in asked.text
    assert "instead of" in planner.get(page).text


def test_looking_at_a_plan_begins_no_work(planner: httpx.Client, season: Season) -> None:
    plan_id = season.plan()
    planner.get(f"/plan/plans/{plan_id}?compared=true")
    looked = planner.get(f"/plan/plans/{plan_id}/alone")

    assert (lone.under_way(plan_id), lone.known(plan_id)) == (False, None)
    assert (looked.headers["x-live"], "It could not be worked out" in looked.text) == ("over", True)


def test_two_plans_are_compared_by_figures_and_by_stops_that_moved(planner: httpx.Client, season: Season) -> None:
    first, second = planned_again(season)
    other = planner.get(f"/plan/compare?one={first}&other={second}").text
    same = planner.get(f"/plan/compare?one={first}&other={first}").text

    assert "Every farm sends what it sent." not in other
    assert ("Every stop is where it was." in same, "Every farm sends what it sent." in same) == (True, True)


def test_a_trip_is_a_page_of_its_own_and_all_are_one_to_print(planner: httpx.Client, season: Season) -> None:
    page = f"/plan/plans/{season.plan()}/trips"

    assert planner.get(f"{page}/1").text.count('class="trip-sheet"') == 1
    assert planner.get(page).text.count('class="trip-sheet"') > 1
    assert [planner.get(f"{page}/{number}").status_code for number in ("0", "99", "x")] == [404] * 3


def test_the_board_is_read_in_chinese_too(api: Api, season: Season) -> None:
    reader = browser_of(api, Role.PLANNER, season.market.hub.organisation_id, "zh-CN")[0]
    shown = reader.get(f"/plan/plans/{season.plan()}").text

    assert ("每公斤到岸成本" in shown, "苹果" in shown, "Landed cost" in shown) == (True, True, False)


def test_a_tile_server_of_the_settings_is_trusted_with_pictures_on_pages_with_maps_alone(
    planner: httpx.Client, season: Season, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/plan/plans/{season.plan()}"
    without = planner.get(page)
    monkeypatch.setenv("FARMLINK_TILES", "https://tiles.example.org/{z}/{x}/{y}.png Somebody kind")
    board, trips = planner.get(page), planner.get(f"{page}/trips")

    assert "data-tiles" not in without.text
    assert 'data-tiles="https://tiles.example.org/{z}/{x}/{y}.png" data-credit="Somebody kind"' in board.text
    trusting = [
        "https://tiles.example.org" in one.headers["content-security-policy"] for one in (without, board, trips)
    ]
    assert trusting == [False, True, False]
    assert "img-src 'self' data: https://tiles.example.org;" in board.headers["content-security-policy"]


def test_a_sentence_that_promises_nothing_more_is_left_out() -> None:
    assert not says_something("price-verified", {"quantity": 0})
    assert says_something("price-verified", {"quantity": 40})
    assert says_something("held-back", {})
