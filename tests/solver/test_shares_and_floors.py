from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import max_flow

from solver.check import Rule, check
from solver.eligibility import settled_most
from solver.problem import Pins, Policy, Problem, ints
from solver.reserves import floor_missed, reserves, share_limits
from solver.solution import FLOOR_MISSED, Explanation, Solution
from tests.solver.builder import APPLES, MILK, changed, fitting, plan, small_decisions, small_region, with_cell
from tests.solver.regions import made_region


def broken(problem: Problem, solution: Solution) -> set[Rule]:
    return {violation.rule for violation in check(problem, solution)}


def capped(share_ppm: int, farms: int) -> tuple[Problem, Solution]:
    problem = changed(small_region(), "lots", grade=ints(3, 2, 4, 2, 3))
    problem = replace(problem, policy=replace(problem.policy, share_cap_ppm=share_ppm, share_cap_farms=farms))
    return problem, plan(problem, small_decisions())


def test_one_farm_sells_no_more_than_its_share() -> None:
    # Farm 0 sells 140 of the 152 kg of apples that are asked: 921,052 ppm.
    assert broken(*capped(921_053, 3)) == set()
    assert broken(*capped(921_000, 3)) == {Rule.SHARES}


def test_a_cap_gives_way_to_what_nobody_else_can_serve() -> None:
    # The others have 12 of 152 kg; farm 0 sells the other 140, whatever its share may be.
    alone = {"offered": ints(200_000, 100_000, 6000, 3000, 6000), "minimum": ints(10_000, 10_000, 0, 100, 0)}
    problem, _ = capped(400_000, 3)
    problem = changed(problem, "lots", **alone)
    decisions = small_decisions()
    decisions.allocations[3] = (2, 4, 6000)
    for trip in decisions.trips:
        for _, carried in trip.stops:
            if 3 in carried:
                carried[3] = 6000  # type: ignore[index]  # the hand-made dictionaries are ours to change
    assert share_limits(problem)[APPLES, 0] == 140_000
    assert Rule.SHARES not in broken(problem, plan(problem, replace(decisions, standby=[])))
    # With a kilogram more elsewhere the cap gives way to a kilogram less.
    more = with_cell(problem, "lots", "offered", 4, 7000)
    assert share_limits(more)[APPLES, 0] == 139_000
    assert Rule.SHARES in broken(more, plan(more, replace(decisions, standby=[])))


def test_a_cap_gives_way_by_grade() -> None:
    # Only farm 2 has the fourth grade that the second batch asks: it may sell all of that, the others nothing of it.
    problem, _ = capped(100_000, 3)
    problem = changed(problem, "batches", grade=ints(2, 4, 2, 1, 2, 1))
    limits = share_limits(problem)
    assert limits[APPLES, 2] == 60_000
    assert share_limits(replace(problem, policy=replace(problem.policy, share_cap_ppm=1_000_000))) == {}


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 999_999), st.integers(1, 3))
def test_a_cap_never_makes_a_shortage(seed: int, share_ppm: int, farms: int) -> None:
    region = made_region(seed)
    problem = replace(region, policy=replace(region.policy, share_cap_ppm=share_ppm, share_cap_farms=farms))
    free = replace(region, policy=replace(region.policy, share_cap_ppm=1_000_000))
    limits = share_limits(problem)
    for product in {product for product, _ in limits}:
        assert most_served(problem, product, limits) == most_served(free, product, {})


def most_served(problem: Problem, product: int, limits: dict[tuple[int, int], int]) -> int:
    """The largest flow from farms over lots to batches, by another method than the caps are found by."""
    lots, most = problem.lots, settled_most(problem)
    flow = max_flow.SimpleMaxFlow()
    source, sink = 0, 1
    farm_at, lot_at = 2, 2 + len(problem.farms.id)
    batch_at = lot_at + len(lots.id)
    for farm in range(len(problem.farms.id)):
        flow.add_arc_with_capacity(source, farm_at + farm, limits.get((product, farm), 10**12))
    for lot in np.flatnonzero(lots.product == product).tolist():
        flow.add_arc_with_capacity(farm_at + int(lots.farm[lot]), lot_at + lot, int(most[lot]))
    for batch in np.flatnonzero(problem.batches.product == product).tolist():
        for lot in fitting(problem, batch).tolist():
            flow.add_arc_with_capacity(lot_at + lot, batch_at + batch, 10**12)
        flow.add_arc_with_capacity(batch_at + batch, sink, int(problem.batches.quantity[batch]))
    assert flow.solve(source, sink) == flow.OPTIMAL
    return int(flow.optimal_flow())


def reserving(floor_ppm: int, *said: Explanation, **problem_changes: Any) -> set[Rule]:
    """Rules that the plan breaks when farm 1, the small one, has third-grade apples and this part is reserved."""
    problem = changed(small_region(**problem_changes), "lots", grade=ints(3, 2, 4, 2, 3))
    policy = replace(problem.policy, small_floor_ppm=floor_ppm, share_cap_farms=1)
    problem = replace(problem, policy=policy)
    solution = plan(problem, small_decisions())
    return broken(problem, replace(solution, report=replace(solution.report, explanations=said)))


def test_small_farms_are_not_passed_over_in_silence() -> None:
    assert reserving(0) == set()
    assert reserving(100_000) == {Rule.FLOORS}
    assert reserving(100_000, Explanation("lot", "lot 4", FLOOR_MISSED)) == set()
    assert reserving(100_000, Explanation("lot", "lot 4", "not-asked")) == {Rule.FLOORS}


def test_a_small_farm_that_refuses_or_has_no_pack_worth_a_visit_misses_nothing() -> None:
    assert reserving(100_000, pins=Pins(ints(4), ints(0), ints(0))) == set()
    lots = {"grade": ints(3, 2, 4, 2, 3), "minimum": ints(10_000, 10_000, 5000, 100, 60_000)}
    worthless = changed(small_region(policy=Policy(small_floor_ppm=100_000, share_cap_farms=1)), "lots", **lots)
    assert floor_missed(worthless, ints(0, 0, 0, 0, 0)).tolist() == [1]


def test_what_is_reserved_is_what_small_farms_have() -> None:
    problem = changed(small_region(), "lots", grade=ints(3, 2, 4, 2, 3))
    policies = {ppm: Policy(small_floor_ppm=ppm, share_cap_farms=1) for ppm in (100_000, 900_000)}
    floors = {ppm: reserves(replace(problem, policy=policy)) for ppm, policy in policies.items()}
    assert floors[100_000] == {APPLES: 15_200, MILK: 4000}
    assert floors[900_000] == {APPLES: 50_000, MILK: 36_000}
    assert reserves(replace(problem, policy=Policy(small_floor_ppm=100_000, share_cap_farms=2))) == {}


def test_a_share_is_capped_only_where_enough_farms_are_eligible() -> None:
    assert broken(*capped(100_000, 4)) == set()


def test_a_promise_stands_above_the_cap() -> None:
    problem, _ = capped(100_000, 3)
    problem = replace(problem, pins=Pins(ints(0), ints(140_000), ints(150_000)))
    assert broken(problem, plan(problem, small_decisions())) == set()
