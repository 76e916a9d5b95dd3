from dataclasses import replace

import pytest

from solver.check import check
from solver.explain import explain, prices
from solver.problem import Box, Passage, Pins, Problem, Roads, Side, ints
from solver.solution import Allocations, Explanation, Solution
from tests.solver.builder import HOUR, changed, plan, small_decisions, small_plan, small_region, with_cell
from tests.solver.left_out import without_farm_2


def said(problem: Problem, solution: Solution, subject: str) -> dict[str, Explanation]:
    """What each of these hears, apart from being on standby."""
    told = explain(problem, solution)
    return {found.id: found for found in told if found.subject == subject and found.code != "standby"}


def test_explanations_speak_of_what_exists() -> None:
    problem, solution = small_plan()
    report = replace(solution.report, explanations=explain(problem, solution))
    assert check(problem, replace(solution, report=report)) == ()


def test_every_shortage_names_the_rule_that_binds() -> None:
    problem, solution = small_plan()
    assert said(problem, solution, "batch") == {
        "batch 5": Explanation("batch", "batch 5", "no-supply", {"short": 5000, "asked": 5000})
    }


def test_a_dear_lot_hears_at_what_price_it_would_have_sold() -> None:
    problem = with_cell(small_region(), "lots", "ask_minor_per_1000", 2, 900)
    found = said(problem, plan(problem, small_decisions()), "lot")["lot 2"]
    # It could take over farm 0's apples at 190 a thousand, and those for point 1 are handled at one hub less.
    assert found.code == "price-verified"
    assert 190 < found.facts["would_sell_at_minor_per_1000"] < 210
    # All 60 kg of point 1, while the far point's 12 kg come from farm 0.
    assert found.facts["quantity"] == 60_000 - 12_000


def test_a_cheap_lot_that_something_else_holds_back_hears_so() -> None:
    problem, solution = small_plan()
    # What farm 2 brings to the far point is dearer than farm 0's apples would be.
    assert said(problem, solution, "lot")["lot 0"].code == "held-back"


def test_a_lot_that_nobody_asks_more_of_hears_so() -> None:
    problem, solution = small_plan()
    assert said(problem, solution, "lot")["lot 3"].code == "not-asked"


def test_a_lot_that_is_refused_sold_out_or_unfit_needs_no_explanation() -> None:
    problem = small_region(pins=Pins(ints(2), ints(0), ints(12_000)))
    stale = with_cell(problem, "lots", "harvest_day", 4, -40)
    assert set(said(stale, plan(stale, small_decisions()), "lot")) == {"lot 0", "lot 1", "lot 3"}


def test_a_farm_that_is_not_visited_bears_the_detour() -> None:
    problem, solution = without_farm_2()
    assert check(problem, solution) == ()
    apples, eggs = (said(problem, solution, "lot")[lot] for lot in ("lot 2", "lot 3"))
    # The short eggs are worth their shortfall price of 2,000 a thousand, less a detour spread over 600 of them.
    assert (apples.code, eggs.code) == ("price-verified", "not-at-any-price")
    dear = with_cell(problem, "products", "shortfall_minor_per_1000", 2, 100_000)
    dear = with_cell(dear, "lots", "ask_minor_per_1000", 3, 200_000)
    assert 0 < said(dear, solution, "lot")["lot 3"].facts["would_sell_at_minor_per_1000"] < 100_000


def test_a_detour_over_a_tolled_bridge_costs_the_toll() -> None:
    problem, solution = without_farm_2()
    dear = with_cell(problem, "products", "shortfall_minor_per_1000", 2, 100_000)
    dear = with_cell(dear, "lots", "ask_minor_per_1000", 3, 200_000)
    east = Side((Box(42_000_000, -84_500_000, 44_000_000, -83_000_000),))
    roads = Roads(passages=(Passage("river", 43_000_000, -84_500_000, 3000, east),))
    tolled = said(replace(dear, roads=roads), solution, "lot")["lot 3"].facts["would_sell_at_minor_per_1000"]
    free = said(dear, solution, "lot")["lot 3"].facts["would_sell_at_minor_per_1000"]
    # There and back over 600 eggs: 10,000 a thousand, beside the way over the bridge.
    assert free - tolled >= 9000


def test_a_plan_without_routes_has_no_detours() -> None:
    problem, solution = small_plan()
    nothing = replace(solution, allocations=Allocations(), farm_hub=ints(-1, -1, -1), point_hub=ints(-1, -1, -1))
    empty = {name: ints() for name in ("phase", "vehicle", "depart_s", "return_s", "distance_m")}
    nothing = changed(nothing, "routes", **empty)
    nothing = changed(
        nothing, "stops", **{name: ints() for name in ("route", "place", "arrive_s", "start_s", "leave_s")}
    )
    nothing = changed(nothing, "loads", **{name: ints() for name in ("stop", "allocation", "quantity")})
    assert said(problem, nothing, "lot")["lot 0"].code == "held-back"
    assert said(problem, nothing, "vehicle") == {}


def routes(problem: Problem, solution: Solution) -> dict[int, Explanation]:
    return {found.facts["route"]: found for found in explain(problem, solution) if found.subject == "vehicle"}


@pytest.mark.parametrize(
    ("column", "room", "axis"),
    [("weight_g", 180_000, "weight"), ("volume_ml", 264_000, "volume"), ("crates", 21, "crates")],
)
def test_the_fullest_axis_is_named(column: str, room: int, axis: str) -> None:
    problem, solution = small_plan()
    found = routes(with_cell(problem, "vehicles", column, 0, room), solution)[1]
    assert found.code == f"limited-by-{axis}"
    assert found.facts[f"{axis}_ppm"] == 1_000_000


def test_a_shift_that_is_full_leaves_no_slack() -> None:
    problem, solution = small_plan()
    worked_s = int(solution.routes.return_s[2] - solution.routes.depart_s[2])
    found = routes(with_cell(problem, "vehicles", "shift_s", 0, worked_s), solution)[3]
    assert (found.code, found.facts["slack_min"]) == ("limited-by-time", 0)


def test_waiting_is_slack() -> None:
    problem, solution = small_plan()
    # Farm 2 opens at nine; whoever comes then may come later until it closes.
    tight = with_cell(problem, "farms", "closes_s", 2, 9 * HOUR)
    waited_s = int(solution.stops.start_s[2] - solution.stops.arrive_s[2])
    assert routes(tight, solution)[2].facts["slack_min"] == waited_s // 60 == 7


def test_what_is_carried_on_limits_the_slack() -> None:
    problem, solution = small_plan()
    haul_s, sort_s = int(solution.routes.return_s[2]), problem.rhythm.sort_s
    # The eggs that come back with the haul leave at seven, sorted.
    assert 0 < routes(problem, solution)[3].facts["slack_min"] <= (31 * HOUR - sort_s - haul_s) // 60
    late = replace(problem, rhythm=replace(problem.rhythm, sort_s=31 * HOUR - haul_s - 120))
    assert routes(late, solution)[3].facts["slack_min"] == 2


def test_a_farm_beyond_the_shift_is_said_to_be() -> None:
    problem, solution = small_plan()
    weary = changed(problem, "vehicles", shift_s=ints(4000, 4000, 3800))
    found = said(weary, solution, "farm")
    assert set(found) == {"farm 1"}
    assert found["farm 1"].code == "beyond-shift"
    assert found["farm 1"].facts["trip_s"] > found["farm 1"].facts["shift_s"] == 4000
    assert said(weary, solution, "point")["point 2"].code == "beyond-shift"


def test_a_point_that_closes_before_anybody_comes_is_said_to() -> None:
    problem, solution = small_plan()
    found = said(with_cell(problem, "points", "closes_s", 0, 31 * HOUR), solution, "point")
    assert found["point 0"].code == "closed-before"
    assert found["point 0"].facts["earliest_s"] > found["point 0"].facts["closes_s"] == 31 * HOUR


def test_a_region_without_vehicles_reaches_nobody() -> None:
    problem, solution = small_plan()
    none = {name: getattr(problem.vehicles, name)[:0] for name in problem.vehicles.__slots__}
    carless = changed(problem, "vehicles", **none)
    nothing = replace(solution, allocations=Allocations(), farm_hub=ints(-1, -1, -1), point_hub=ints(-1, -1, -1))
    empty = {name: ints() for name in ("phase", "vehicle", "depart_s", "return_s", "distance_m")}
    nothing = changed(nothing, "routes", **empty)
    nothing = changed(
        nothing, "stops", **{name: ints() for name in ("route", "place", "arrive_s", "start_s", "leave_s")}
    )
    nothing = changed(nothing, "loads", **{name: ints() for name in ("stop", "allocation", "quantity")})
    assert {found.code for found in said(carless, nothing, "farm").values()} == {"no-vehicle"}


def test_a_small_farm_that_is_passed_over_hears_what_was_reserved() -> None:
    problem = changed(small_region(), "lots", grade=ints(3, 2, 4, 2, 3))
    problem = replace(problem, policy=replace(problem.policy, small_floor_ppm=100_000, share_cap_farms=1))
    solution = plan(problem, small_decisions())
    first = explain(problem, solution)[0]
    assert (first.id, first.code) == ("lot 4", "floor-missed")
    assert first.facts == {"sent": 0, "reserved": 15_200, "served_by_small_farms": 0}


def test_of_many_unsold_lots_those_with_most_left_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "MOST_LOTS", 1)
    problem, solution = small_plan()
    # Farm 2 has 144 kg of eggs left and 138 kg of apples.
    assert set(said(problem, solution, "lot")) == {"lot 3"}


def test_a_lot_on_standby_hears_that_it_is() -> None:
    problem, solution = small_plan()
    assert Explanation("lot", "lot 2", "standby", {"quantity": 20_000, "sent": 12_000}) in explain(problem, solution)
