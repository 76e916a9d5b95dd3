"""What a point says about itself: its hours and closed days, kept unless somebody else was quicker."""

from __future__ import annotations

import httpx
import pytest

from farmlink.network import queries as network
from farmlink.network.values import OpenHours, PointCard
from tests.api.conftest import Api
from tests.api.pages.browsers import send
from tests.api.pages.pointing import leader_of, point_of
from tests.farmlink.dispatch.builders import Goods


@pytest.fixture
def season(api: Api) -> Goods:
    return Goods.opened(api.store)


@pytest.fixture
def leader(api: Api, season: Goods) -> httpx.Client:
    return leader_of(api, season)


def card(api: Api, season: Goods) -> PointCard:
    return api.store.read(network.point, season.market.point.id)


def test_hours_and_closed_days_are_kept(api: Api, season: Goods, leader: httpx.Client) -> None:
    page = f"{point_of(season)}/settings"
    hours = {"hours-0": "9-12, 15:00-18:30", "hours-6": "8：00～24:00"}  # noqa: RUF001  # as phones write it
    kept = send(leader, page, page, closed_on="2031-12-24", **hours)
    assert (kept.status_code, "Kept." in kept.text, "2031-12-24" in kept.text) == (200, True, True)
    assert card(api, season).hours == (OpenHours(0, 540, 720), OpenHours(0, 900, 1110), OpenHours(6, 480, 1440))
    assert 'value="9:00-12:00, 15:00-18:30"' in kept.text
    again = send(leader, page, page, open_again="2031-12-24", **hours)
    assert "2031-12-24" not in again.text
    assert card(api, season).closed_days == ()
    assert card(api, season).name == season.market.point.name


@pytest.mark.parametrize("typed", ["nine to five", "18:00-9:00", "9-12, 11-14"])
def test_hours_that_cannot_be_stay_as_they_were_typed(
    api: Api, season: Goods, leader: httpx.Client, typed: str
) -> None:
    page = f"{point_of(season)}/settings"
    refused = send(leader, page, page, **{"hours-2": typed})
    assert (refused.status_code, f'value="{typed}"' in refused.text) == (422, True)
    assert card(api, season).hours == ()


def test_a_day_that_is_none_is_said_at_its_field(season: Goods, leader: httpx.Client) -> None:
    page = f"{point_of(season)}/settings"
    refused = send(leader, page, page, closed_on="2031-02-30")
    assert (refused.status_code, "closed_on-fault" in refused.text) == (422, True)


def test_who_was_slower_is_asked_to_look_again(season: Goods, leader: httpx.Client) -> None:
    page = f"{point_of(season)}/settings"
    send(leader, page, page, **{"hours-0": "9-12"})
    stale = send(leader, page, page, revision="1", **{"hours-0": "9-13"})
    assert (stale.status_code, "changed by somebody else" in stale.text) == (412, True)


def test_handing_over_is_the_operators_and_says_so(season: Goods, leader: httpx.Client) -> None:
    assert "ask the operator" in leader.get(f"{point_of(season)}/settings").text
