"""A plan changed by hand on a page: tried in the address alone, every broken rule said, nothing stored."""

from __future__ import annotations

import httpx
import pytest

from farmlink.people.values import OrganisationKind, Role
from farmlink.planning import queries
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of
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


def test_others_try_nothing(api: Api, season: Season, page: str) -> None:
    elsewhere = season.market.country.organisation(OrganisationKind.HUB, "Elsewhere")

    assert browser_of(api, Role.PLANNER, elsewhere)[0].get(page).status_code == 404
