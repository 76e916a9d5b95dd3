"""Planning over HTTP: runs asked for, watched and stopped; plans looked at and published; others' do not exist."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from farmlink.confirmations.work import plan_due
from farmlink.cycles.values import Stage
from farmlink.people.values import OrganisationKind, PersonId, Role
from farmlink.planning import commands
from farmlink.planning.values import Budget, Progress, RunId
from farmlink.planning.work import CHILD
from tests.api.conftest import Api, once
from tests.farmlink.planning.builders import Season, run_sql


@pytest.fixture
def season(api: Api) -> Season:
    return Season.closed(api.store)


@pytest.fixture
def planner(api: Api, season: Season) -> httpx.Client:
    """A planner of the cycle's hub."""
    return api.as_(api.person(Role.PLANNER, season.market.hub.organisation_id))


@pytest.fixture
def stranger(api: Api, season: Season) -> httpx.Client:
    """A planner of another hub."""
    return api.as_(api.person(Role.PLANNER, season.market.country.organisation(OrganisationKind.HUB, "Elsewhere")))


def told(response: httpx.Response) -> list[dict[str, Any]]:
    """The runs that a stream of server-sent events told of."""
    return [json.loads(line.removeprefix("data: ")) for line in response.iter_lines() if line.startswith("data: ")]


def test_a_planner_asks_for_a_run_and_sees_it_wait(planner: httpx.Client, season: Season) -> None:
    path, key = f"/api/v1/cycles/{season.cycle_id}/runs", once()
    asked = planner.post(path, json={"seed": 7}, headers=key)
    assert (asked.status_code, planner.post(path, json={"seed": 7}, headers=key).json()) == (202, asked.json())
    seen = planner.get(f"/api/v1/runs/{asked.json()['run_id']}").json()
    assert (seen["state"], seen["seed"], seen["publish"]) == ("waiting", 7, False)
    assert planner.get(path).json()["items"] == [seen]
    taken_back = planner.post(f"/api/v1/runs/{asked.json()['run_id']}/cancel", headers=once())
    assert (taken_back.status_code, season.wishes()) == (204, [])
    assert planner.get(f"/api/v1/runs/{asked.json()['run_id']}").json()["state"] == "cancelled"


def test_a_plan_to_look_at_is_not_the_one_that_the_cut_off_waits_for(planner: httpx.Client, season: Season) -> None:
    waiting = season.store.run(commands.wish_plan, season.cycle_id, "cut-off")
    path = f"/api/v1/cycles/{season.cycle_id}/runs"
    asked = planner.post(path, json={"seed": 7, "publish": False}, headers=once()).json()["run_id"]
    joined = planner.post(path, json={"publish": True}, headers=once()).json()["run_id"]
    assert (asked != str(waiting), joined) == (True, str(waiting))
    assert plan_due(season.store, Budget(iterations=1), command=(*CHILD, "--greedy")) == 2
    made = {plan["run_id"]: plan["published"] for plan in planner.get(f"{path[:-5]}/plans").json()["items"]}
    assert made == {asked: False, joined: True}
    told = planner.get(f"/api/v1/runs/{joined}").json()["progress"]
    assert min(told["best_minor"], told["peak_memory_mb"]) > 0
    assert 0 <= told["bound_minor"] <= told["best_minor"]
    needed = planner.post(f"/api/v1/runs/{joined}/cancel", headers=once())
    assert (needed.status_code, needed.json()["code"]) == (409, "run-ended")


def test_the_run_that_a_closed_cycle_waits_for_is_not_taken_back(planner: httpx.Client, season: Season) -> None:
    waiting = season.store.run(commands.wish_plan, season.cycle_id, "cut-off")
    refused = planner.post(f"/api/v1/runs/{waiting}/cancel", headers=once())
    assert (refused.status_code, refused.json()["code"]) == (409, "run-needed")
    assert season.wishes() == ["cut-off"]


def test_an_open_cycle_is_not_planned(api: Api) -> None:
    season = Season.opened(api.store)
    refused = api.as_role(Role.PLANNER).post(f"/api/v1/cycles/{season.cycle_id}/runs", json={}, headers=once())
    assert (refused.status_code, refused.json()["code"]) == (409, "not-plannable")


def test_a_live_run_is_watched_until_it_ends(planner: httpx.Client, season: Season) -> None:
    run_id = season.store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=True)
    with planner.stream("GET", f"/api/v1/runs/{run_id}/progress") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        first = next(json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        season.store.run(commands.report_progress, run_id, Progress("joint", 120, 100, memory_mb=70))
        season.solve(run_id)
        rest = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert first["state"] == "running"
    assert (rest[-1]["state"], rest[-1]["id"]) == ("done", str(run_id))
    assert rest[-1]["plan_id"] is not None
    assert {name: rest[-1]["progress"][name] for name in ("stage", "best_minor", "bound_minor", "peak_memory_mb")} == {
        "stage": "done",
        "best_minor": 120,
        "bound_minor": 100,
        "peak_memory_mb": 70,
    }


def test_a_run_that_ended_says_so_at_once(planner: httpx.Client, season: Season) -> None:
    season.plan()
    (run,) = planner.get(f"/api/v1/cycles/{season.cycle_id}/runs").json()["items"]
    with planner.stream("GET", f"/api/v1/runs/{run['id']}/progress") as stream:
        assert [one["state"] for one in told(stream)] == ["done"]


def test_a_run_is_watched_from_when_it_was_asked_for(planner: httpx.Client, season: Season) -> None:
    run_id = season.store.run(commands.wish_plan, season.cycle_id, "planner")
    with planner.stream("GET", f"/api/v1/runs/{run_id}/progress") as stream:
        lines = stream.iter_lines()
        first = next(json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        season.solve(season.store.run(commands.begin_run, season.cycle_id, "planner", 1, run_id, publish=True))
        rest = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert (first["state"], rest[-1]["state"]) == ("waiting", "done")


def test_watching_a_wish_that_came_to_nothing_ends(planner: httpx.Client, season: Season) -> None:
    run_id = season.store.run(commands.wish_plan, season.cycle_id, "planner")
    with planner.stream("GET", f"/api/v1/runs/{run_id}/progress") as stream:
        lines = stream.iter_lines()
        first = next(json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        season.publish(season.plan())
        rest = [line for line in lines if line.strip()]
    assert rest == ["event: gone", f'data: {{"id":"{run_id}"}}']
    assert first["state"] == "waiting"


def leaves(season: Season, planner_id: PersonId) -> None:
    run_sql(season.store, "DELETE FROM membership WHERE person_id = :person", person=planner_id)


def signs_out(season: Season, planner_id: PersonId) -> None:
    run_sql(season.store, "DELETE FROM sign_in WHERE person_id = :person", person=planner_id)


@pytest.mark.parametrize("goes", [leaves, signs_out])
def test_who_plans_here_no_more_or_signed_out_is_shown_nothing_more(
    api: Api, season: Season, goes: Callable[[Season, PersonId], None]
) -> None:
    planner_id = api.person(Role.PLANNER, season.market.hub.organisation_id)
    run_id = season.store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=True)
    with api.as_(planner_id).stream("GET", f"/api/v1/runs/{run_id}/progress") as stream:
        lines = stream.iter_lines()
        first = next(json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        goes(season, planner_id)
        season.store.run(commands.report_progress, run_id, Progress("joint", 120, 100, memory_mb=70))
        rest = [line for line in lines if line.strip()]
    assert first["state"] == "running"
    assert rest == ["event: gone", f'data: {{"id":"{run_id}"}}']


def test_a_planner_stops_a_live_run(planner: httpx.Client, season: Season) -> None:
    run_id = season.store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=True)
    assert planner.post(f"/api/v1/runs/{run_id}/cancel", headers=once()).status_code == 204
    assert planner.get(f"/api/v1/runs/{run_id}").json()["cancel_asked"]
    assert not season.store.run(commands.report_progress, run_id, Progress("joint"))


def test_a_plan_is_looked_at_and_published(planner: httpx.Client, season: Season) -> None:
    plan_id = season.plan()
    (plan,) = planner.get(f"/api/v1/cycles/{season.cycle_id}/plans").json()["items"]
    assert plan == planner.get(f"/api/v1/plans/{plan_id}").json()
    assert (plan["version"], plan["published"], plan["figures"]["fill_rate"]) == (1, False, 1.0)
    page = planner.get(f"/api/v1/plans/{plan_id}/allocations?limit=1").json()
    rest = planner.get(f"/api/v1/plans/{plan_id}/allocations?after={page['next']}").json()
    assert sum(one["quantity"] for one in (*page["items"], *rest["items"])) == 50_000
    assert planner.get(f"/api/v1/plans/{plan_id}/shortfalls").json() == {"items": [], "next": None}
    routes = planner.get(f"/api/v1/plans/{plan_id}/routes").json()["items"]
    assert [route["phase"] for route in routes] == ["collection", "delivery"]
    published = planner.post(f"/api/v1/plans/{plan_id}/publish", headers=once())
    assert (published.status_code, season.stage()) == (200, Stage.CONFIRMING)
    assert published.json()["asked"] == len(season.asked())


def test_a_planner_sees_the_standby_list_and_why_the_plan_is_as_it_is(planner: httpx.Client, season: Season) -> None:
    path = f"/api/v1/plans/{season.plan()}"
    waiting, *_ = planner.get(f"{path}/standby").json()["items"]
    whole = planner.get(f"{path}/explanations").json()["items"]
    assert {one["subject"] for one in whole} == {"lot", "vehicle"}
    (told,) = (
        one
        for one in planner.get(f"{path}/explanations", params={"subject": "lot", "id": waiting["lot_id"]}).json()[
            "items"
        ]
        if one["code"] == "standby"
    )
    assert (told["id"], told["facts"]["quantity"]) == (waiting["lot_id"], waiting["quantity"])
    assert planner.get(f"{path}/explanations?subject=hub").json()["items"] == []
    assert planner.get(f"{path}/explanations?subject=weather").status_code == 422


def test_an_outdated_plan_is_refused_with_the_lots_that_changed(planner: httpx.Client, season: Season) -> None:
    older, newer = season.plan(), season.plan()
    season.publish(newer)
    refused = planner.post(f"/api/v1/plans/{older}/publish", headers=once())
    assert (refused.status_code, refused.json()["code"]) == (409, "plan-superseded")


def test_another_hubs_planner_finds_nothing(stranger: httpx.Client, season: Season) -> None:
    plan_id = season.plan()
    run_id = season.store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=True)
    nothing = RunId(plan_id)
    cycle = f"/api/v1/cycles/{season.cycle_id}"
    for path in ("runs", "plans", "confirmations", "confirmations/counts", "dispatch/receipts"):
        assert stranger.get(f"{cycle}/{path}").status_code == 404
    for path in ("", "/allocations", "/shortfalls", "/standby", "/explanations", "/routes"):
        assert stranger.get(f"/api/v1/plans/{plan_id}{path}").status_code == 404
    for path in ("", "/progress"):
        hidden, missing = (stranger.get(f"/api/v1/runs/{key}{path}") for key in (run_id, nothing))
        assert (hidden.status_code, hidden.json()["detail"]) == (404, missing.json()["detail"])
    assert stranger.post(f"{cycle}/runs", json={}, headers=once()).status_code == 404
    assert stranger.post(f"/api/v1/runs/{run_id}/cancel", headers=once()).status_code == 404
    assert stranger.post(f"/api/v1/plans/{plan_id}/publish", headers=once()).status_code == 404
    assert season.wishes() == []
    assert season.stage() is Stage.PLANNED


@pytest.mark.parametrize("body", [{"seed": -1}, {"seed": 2**31}, {"seed": "1"}, {"publish": 1}, {"speed": 1}])
def test_a_run_that_is_asked_for_in_nonsense_is_refused(
    planner: httpx.Client, season: Season, body: dict[str, object]
) -> None:
    refused = planner.post(f"/api/v1/cycles/{season.cycle_id}/runs", json=body, headers=once())
    assert 400 <= refused.status_code < 500
    assert season.wishes() == []
