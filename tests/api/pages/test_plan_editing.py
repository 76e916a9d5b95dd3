"""A plan changed by hand on a page: tried in the address, every broken rule said, and kept as a version if wished."""

from __future__ import annotations

import httpx
import pytest

from farmlink.people.values import OrganisationKind, Role
from farmlink.planning import queries
from tests.api.conftest import Api
from tests.api.pages.browsers import HIDDEN, browser_of, send
from tests.farmlink.planning.builders import Season


@pytest.fixture
def season(api: Api) -> Season:
    return Season.closed(api.store)


@pytest.fixture
def planner(api: Api, season: Season) -> httpx.Client:
    return browser_of(api, Role.PLANNER, season.market.hub.organisation_id)[0]


@pytest.fixture
def page(season: Season) -> str:
    return f"/plan/plans/{season.plan()}/edit"


def test_a_plan_as_it_is_breaks_no_rule(planner: httpx.Client, page: str) -> None:
    shown = planner.get(page).text

    assert ("Every rule is kept." in shown, "None yet." in shown) == (True, True)


def test_stops_in_another_order_are_tried_in_the_address_and_nothing_is_stored(
    planner: httpx.Client, page: str, season: Season
) -> None:
    before = len(season.store.read(queries.plans, season.cycle_id))
    tried = planner.get(f"{page}?stop=1.1&to=1&at=2")

    assert tried.url.query == b"move=1.1-1.2"
    assert "Undo the last" in tried.text
    assert len(season.store.read(queries.plans, season.cycle_id)) == before


@pytest.mark.parametrize(
    "move", ["stop=9.9&to=1&at=1", "stop=1.1&to=99&at=1", "stop=1.1&to=2&at=1", "stop=1.1", "move=x"]
)
def test_a_stop_that_cannot_be_put_there_is_refused_above_the_page(planner: httpx.Client, page: str, move: str) -> None:
    refused = planner.get(f"{page}?{move}")

    assert refused.status_code == 422
    assert 'class="notice stop" role="alert"' in refused.text


def test_what_was_tried_is_kept_as_a_version_once_and_published(api: Api) -> None:
    season = Season.closed(api.store, lots=(60_000, 60_000), bags=(60, 50))
    planner = browser_of(api, Role.PLANNER, season.market.hub.organisation_id)[0]
    page = f"/plan/plans/{season.plan()}/edit"
    kept = send(planner, f"{page}?move=1.1-1.2", page, move="1.1-1.2")
    published = send(planner, f"{kept.url.path}/publish", f"{kept.url.path}/publish")
    newest, _ = season.store.read(queries.plans, season.cycle_id)

    assert kept.url.path == f"/plan/plans/{newest.id}"
    assert "Changed by hand from version 1; stops moved: 1." in kept.text
    assert (published.url.path, newest.edit and newest.edit.broken) == (f"/plan/cycles/{season.cycle_id}", [])
    assert season.store.read(queries.published_plan, season.cycle_id) == newest.id


def test_a_version_that_breaks_rules_says_which_on_its_board_and_is_not_published(
    planner: httpx.Client, season: Season
) -> None:
    plan_id = season.kept("capacity")
    board, asked = (planner.get(f"/plan/plans/{plan_id}{more}").text for more in ("", "/publish"))
    listed = planner.get(f"/plan/cycles/{season.cycle_id}/runs").text
    refused = planner.post(f"/plan/plans/{plan_id}/publish", data=dict(HIDDEN.findall(board)[:1]))

    assert [text.count("The truck is overloaded.") for text in (board, asked)] == [1, 1]
    assert ("/publish" in board, f'action="/plan/plans/{plan_id}/publish"' in asked) == (False, False)
    assert ("breaks rules" in listed, refused.status_code) == (True, 409)
    assert "Version 2 was changed by hand and breaks rules (capacity)." in refused.text


def test_nothing_moved_and_what_is_not_there_are_not_kept(planner: httpx.Client, page: str, season: Season) -> None:
    word = dict(HIDDEN.findall(planner.get("/plan/cycles/" + str(season.cycle_id) + "/runs").text))
    nothing = planner.post(page, data={"csrf": word["csrf"]})
    elsewhere = planner.post(page, data={"csrf": word["csrf"], "move": ["9.9-1.1", "1.1-1.2"]})

    assert [one.status_code for one in (nothing, elsewhere)] == [422, 422]
    assert "Nothing was moved" in nothing.text
    assert len(season.store.read(queries.plans, season.cycle_id)) == 1


def test_others_try_nothing(api: Api, season: Season, page: str) -> None:
    elsewhere = season.market.country.organisation(OrganisationKind.HUB, "Elsewhere")

    assert browser_of(api, Role.PLANNER, elsewhere)[0].get(page).status_code == 404
