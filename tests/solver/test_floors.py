"""A part of what is asked is reserved for small farms, or it is said that it was not."""

from dataclasses import replace
from typing import Any

from solver.check import Rule
from solver.problem import Pins, Policy, ints
from solver.reserves import floor_missed, reserves
from solver.solution import FLOOR_MISSED, Explanation
from tests.solver.builder import APPLES, MILK, changed, plan, small_decisions, small_region
from tests.solver.judged import broken


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
