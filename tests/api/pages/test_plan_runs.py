"""Runs on a page: asked for, watched until they end, stopped; refused at the field."""

from __future__ import annotations

import httpx
import pytest

from farmlink.people.values import Role
from farmlink.planning import commands
from farmlink.planning.values import Progress
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, send
from tests.farmlink.planning.builders import Season


@pytest.fixture
def season(api: Api) -> Season:
    return Season.closed(api.store)


@pytest.fixture
def planner(api: Api, season: Season) -> httpx.Client:
    return browser_of(api, Role.PLANNER, season.market.hub.organisation_id)[0]


def test_a_run_is_asked_for_waits_and_is_taken_back(planner: httpx.Client, season: Season) -> None:
    page = f"/plan/cycles/{season.cycle_id}/runs"
    waiting = send(planner, page, page, seed="7")
    listed = planner.get(page).text
    taken_back = send(planner, waiting.url.path, f"{waiting.url.path}/cancel")

    assert waiting.url.path.startswith("/plan/runs/")
    assert "Waits to begin" in waiting.text
    assert '<noscript><meta http-equiv="refresh"' in waiting.text
    assert ("A planner asked" in listed, "to look at" in listed) == (True, True)
    assert ("Stopped by a planner" in taken_back.text, season.wishes()) == (True, [])


@pytest.mark.parametrize("seed", ["-1", "many"])
def test_a_seed_that_is_none_is_refused_at_its_field_and_kept(planner: httpx.Client, season: Season, seed: str) -> None:
    page = f"/plan/cycles/{season.cycle_id}/runs"
    refused = send(planner, page, page, seed=seed, publish="true")

    assert refused.status_code == 422
    assert 'id="seed-fault"' in refused.text
    assert f'value="{seed}"' in refused.text
    assert season.wishes() == []


def test_an_open_cycle_has_no_form_for_a_run(api: Api) -> None:
    season = Season.opened(api.store)
    page = f"/plan/cycles/{season.cycle_id}/runs"
    shown = browser_of(api, Role.PLANNER)[0].get(page).text

    assert "A run needs the cut-off behind it" in shown
    assert f'action="{page}"' not in shown


def test_a_live_run_tells_best_bound_and_gap_until_it_ends(planner: httpx.Client, season: Season) -> None:
    run_id = season.store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=False)
    season.store.run(commands.report_progress, run_id, Progress("joint", 20_000, 15_000))
    live = planner.get(f"/plan/runs/{run_id}/now")
    plan_id = season.solve(run_id)
    over = planner.get(f"/plan/runs/{run_id}/now")

    assert ("25%" in live.text, live.headers.get("x-live")) == (True, None)
    assert (f"/plan/plans/{plan_id}" in over.text, over.headers["x-live"]) == (True, "over")


def test_a_run_that_ended_is_not_stopped_again(planner: httpx.Client, season: Season) -> None:
    season.plan()
    path = f"/plan/cycles/{season.cycle_id}/runs"
    run = planner.get(path).text.split("/plan/runs/")[1][:36]
    form = planner.get(path).text.split('name="csrf" value="')[1].split('"')[0]
    refused = planner.post(f"/plan/runs/{run}/cancel", data={"csrf": form})

    assert refused.status_code == 409
    assert "has ended" in refused.text


def test_a_run_that_failed_says_why(planner: httpx.Client, season: Season) -> None:
    run_id = season.store.run(commands.begin_run, season.cycle_id, "answers", 1, publish=True)
    season.store.run(commands.fail_run, run_id, "the child was killed")

    assert "the child was killed" in planner.get(f"/plan/runs/{run_id}").text
