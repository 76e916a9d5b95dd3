"""Plans changed by hand, what-ifs and pins over HTTP; others' do not exist."""

from __future__ import annotations

import httpx
import pytest

from farmlink.people.values import OrganisationKind, Role
from farmlink.supply import queries as supply
from tests.api.conftest import Api, once
from tests.farmlink.planning.builders import Season

SWAP = {"trip": 1, "position": 1, "to_trip": 1, "to_position": 2}


@pytest.fixture
def season(api: Api) -> Season:
    """Two farms on one collection."""
    return Season.closed(api.store, lots=(60_000, 60_000), bags=(60, 50))


@pytest.fixture
def planner(api: Api, season: Season) -> httpx.Client:
    return api.as_(api.person(Role.PLANNER, season.market.hub.organisation_id))


@pytest.fixture
def stranger(api: Api, season: Season) -> httpx.Client:
    """A planner of another hub."""
    return api.as_(api.person(Role.PLANNER, season.market.country.organisation(OrganisationKind.HUB, "Elsewhere")))


def test_a_changed_version_is_kept_once_and_published(planner: httpx.Client, season: Season) -> None:
    base, key = season.plan(), once()
    path = f"/api/v1/plans/{base}/edits"
    kept = planner.post(path, json={"moves": [SWAP]}, headers=key)
    again = planner.post(path, json={"moves": [SWAP]}, headers=key)

    assert (kept.status_code, again.json()) == (201, kept.json())
    assert kept.json()["edit"] == {"base_id": str(base), "moves": [SWAP], "broken": []}
    assert planner.post(f"/api/v1/plans/{kept.json()['id']}/publish", headers=once()).status_code == 200


def test_a_version_that_breaks_rules_is_refused_by_their_names(planner: httpx.Client, season: Season) -> None:
    refused = planner.post(f"/api/v1/plans/{season.kept('capacity', 'windows')}/publish", headers=once())

    assert (refused.status_code, refused.json()["code"]) == (409, "plan-breaks-rules")
    assert refused.json()["facts"] == {"version": 2, "rules": ["capacity", "windows"]}


def test_a_question_is_a_run_and_says_what_it_supposes(planner: httpx.Client, season: Season) -> None:
    asked = planner.post(f"/api/v1/cycles/{season.cycle_id}/what-ifs", json={"km_percent": 120}, headers=once())
    run = planner.get(f"/api/v1/runs/{asked.json()['run_id']}").json()

    assert (asked.status_code, run["state"], run["what_if"]["km_percent"]) == (202, "waiting", 120)
    assert planner.post(f"/api/v1/runs/{run['id']}/cancel", headers=once()).status_code == 204


def test_a_farm_a_stop_and_a_trip_are_held_to_and_let_go(planner: httpx.Client, season: Season) -> None:
    plan_id = season.plan()
    farm_id = str(season.store.read(supply.lot, season.lots[0]).farm_id)
    path, listed = f"/api/v1/plans/{plan_id}/holds", f"/api/v1/cycles/{season.cycle_id}/holds"
    (farm,) = planner.post(path, json={"kind": "farm", "farm_id": farm_id}, headers=once()).json()["items"]
    stop = {"kind": "stop", "phase": "collection", "place_id": farm_id}
    (first,) = planner.post(path, json=stop, headers=once()).json()["items"]
    trip = planner.post(path, json={"kind": "trip", "number": 1}, headers=once()).json()["items"]
    held = planner.get(listed).json()["items"]

    assert (farm["kind"], first["kind"], first["place_id"]) == ("farm", "stop", farm_id)
    assert {one["id"] for one in held} == {farm["id"], *(one["id"] for one in trip)}
    assert [planner.delete(f"/api/v1/holds/{one['id']}").status_code for one in held] == [204] * 3
    assert planner.get(listed).json()["items"] == []
    assert planner.delete(f"/api/v1/holds/{farm['id']}").status_code == 404


def test_for_others_there_is_nothing_to_change_to_suppose_or_to_hold_to(
    stranger: httpx.Client, planner: httpx.Client, season: Season
) -> None:
    plan_id = season.plan()
    (held, *_) = planner.post(
        f"/api/v1/plans/{plan_id}/holds", json={"kind": "trip", "number": 1}, headers=once()
    ).json()["items"]
    asked = [
        stranger.post(f"/api/v1/plans/{plan_id}/edits", json={"moves": [SWAP]}, headers=once()),
        stranger.post(f"/api/v1/cycles/{season.cycle_id}/what-ifs", json={"km_percent": 120}, headers=once()),
        stranger.post(f"/api/v1/plans/{plan_id}/holds", json={"kind": "trip", "number": 1}, headers=once()),
        stranger.get(f"/api/v1/cycles/{season.cycle_id}/holds"),
        stranger.delete(f"/api/v1/holds/{held['id']}"),
    ]

    assert {answer.status_code for answer in asked} == {404}
