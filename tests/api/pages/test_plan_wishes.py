"""What if, and pins: asked for on a plan's pages, shown wherever the plan is, refused above the form."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest

from farmlink.network.values import FarmId
from farmlink.people.values import Role
from farmlink.planning import commands, queries
from farmlink.planning.values import PlanId
from farmlink.supply import queries as supply
from tests.api.conftest import Api
from tests.api.pages.browsers import HIDDEN, browser_of, send
from tests.farmlink.planning.builders import Season


@pytest.fixture
def season(api: Api) -> Season:
    return Season.closed(api.store, lots=(60_000, 60_000), bags=(60, 50))


@pytest.fixture
def planner(api: Api, season: Season) -> httpx.Client:
    return browser_of(api, Role.PLANNER, season.market.hub.organisation_id)[0]


@pytest.fixture
def plan_id(season: Season) -> PlanId:
    return season.plan()


def farm_of(season: Season) -> FarmId:
    return season.store.read(supply.lot, season.lots[0]).farm_id


def test_what_if_is_asked_for_and_its_run_says_what(planner: httpx.Client, season: Season, plan_id: PlanId) -> None:
    page = f"/plan/plans/{plan_id}/what-if"
    farm, truck = str(farm_of(season)), season.problem().vehicles.id.tolist()[0]
    run = send(planner, page, page, farm=farm, vehicle=truck, demand_percent="120", km_percent="80", seed="7")
    name = next(line for line in run.text.splitlines() if "What if: " in line)

    assert run.url.path.startswith("/plan/runs/")
    assert "without Farm " in name
    assert "; without Reefer 1; orders +20%; a kilometre \N{MINUS SIGN}20%; seed 7" in name
    assert "What if: without Farm " in planner.get(f"/plan/cycles/{season.cycle_id}/runs").text


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, "Say what shall be otherwise"),
        ({"demand_percent": "0"}, 'id="demand_percent-fault"'),
        ({"km_percent": "many"}, 'id="km_percent-fault"'),
        ({"farm": "x"}, 'role="alert"'),
    ],
)
def test_what_cannot_be_supposed_is_said_and_what_was_typed_is_kept(
    planner: httpx.Client, plan_id: PlanId, fields: dict[str, str], fault: str
) -> None:
    page = f"/plan/plans/{plan_id}/what-if"
    refused = send(planner, page, page, **({"demand_percent": "100", "km_percent": "100"} | fields))

    assert (refused.status_code, fault in refused.text) == (422, True)
    assert all(f'value="{value}"' in refused.text for name, value in fields.items() if name != "farm")


def test_a_plan_of_what_is_supposed_says_so_on_every_page_and_begins_the_next_question(
    planner: httpx.Client, season: Season, plan_id: PlanId
) -> None:
    season.publish(plan_id)
    supposed = season.supposed(demand_percent=120, without_farms=[farm_of(season)])
    pages = {
        "board": f"/plan/plans/{supposed}",
        "publish": f"/plan/plans/{supposed}/publish",
        "compare": f"/plan/compare?one={plan_id}&other={supposed}",
        "cycle": f"/plan/cycles/{season.cycle_id}",
    }
    shown = {name: planner.get(path).text for name, path in pages.items()}
    again = planner.get(f"/plan/plans/{supposed}/what-if").text

    assert {name for name, text in shown.items() if "; orders +20%" in text} == set(pages)
    assert f'action="/plan/plans/{supposed}/publish"' not in shown["publish"]
    assert f"/plan/plans/{supposed}/publish" not in shown["board"] + shown["cycle"]
    assert f'value="{farm_of(season)}" checked' in again


def press(planner: httpx.Client, plan_id: PlanId, **button: str) -> httpx.Response:
    """Press a button of the board's one form for pins."""
    shown = planner.get(f"/plan/plans/{plan_id}").text
    start = shown.find(f'action="/plan/plans/{plan_id}/holds"')
    hidden = dict(HIDDEN.findall(shown[start : shown.find("</form>", start)]))
    return planner.post(f"/plan/plans/{plan_id}/holds", data=hidden | button)


def test_farms_stops_and_trips_are_pinned_and_taken_out(planner: httpx.Client, season: Season, plan_id: PlanId) -> None:
    farm = str(farm_of(season))
    pinned = [press(planner, plan_id, **one) for one in ({"farm": farm}, {"stop": f"collection:{farm}"}, {"trip": "1"})]
    held = season.store.read(queries.holds, season.cycle_id)
    noted = planner.get(f"/plan/cycles/{season.cycle_id}/runs").text
    for one in held:
        gone = press(planner, plan_id, release=str(one.id))

    assert [one.status_code for one in pinned] == [200, 200, 200]
    assert pinned[2].text.count('aria-pressed="true"') == len(held) == 3
    assert "Pins that planners set: 3." in noted
    assert "Nothing. Pin a farm" in gone.text
    assert season.store.read(queries.holds, season.cycle_id) == []


@pytest.mark.parametrize("button", [{"farm": str(UUID(int=1))}, {"stop": "x"}, {"trip": "99"}])
def test_what_the_plan_does_not_do_is_not_pinned(
    planner: httpx.Client, season: Season, plan_id: PlanId, button: dict[str, str]
) -> None:
    refused = press(planner, plan_id, **button)

    assert (refused.status_code, refused.text.count("Pin what stands on its board.")) == (422, 1)
    assert season.store.read(queries.holds, season.cycle_id) == []


def test_the_next_plan_says_what_became_of_its_pins(planner: httpx.Client, season: Season, plan_id: PlanId) -> None:
    season.store.run(commands.hold_farm, plan_id, farm_of(season))
    shown = planner.get(f"/plan/plans/{season.plan()}").text

    assert "What became of the pins in this plan" in shown
    assert ": kept</span>" in shown
