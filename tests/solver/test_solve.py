"""Whole plans: what planners, farmers and consumers notice of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import solver
from solver import best, pooling
from solver.check import Rule, Violation, check
from solver.codec import solution_to_json
from solver.errors import InvalidProblemError, SolutionRejectedError
from solver.params import Params, Progress
from solver.problem import Pins, Problem, ints
from solver.search import together
from solver.solution import NONE, Reason, Solution, StoppedBy
from tests.solver.builder import changed, small_region
from tests.solver.regions import made_region, renamed, shuffled

QUICK = Params(iterations=20, rounds=1, workers=1)
SIZES = {
    "seed": st.integers(0, 2**32 - 1),
    "farms": st.integers(1, 8),
    "points": st.integers(1, 5),
    "hubs": st.integers(1, 3),
}
REGIONS = st.builds(made_region, **SIZES)
ROOMY_REGIONS = st.builds(made_region, trucks=st.just(8), **SIZES)


def sent(problem: Problem, plan: Solution) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.bincount(plan.allocations.lot, plan.allocations.quantity, len(problem.lots.id)).astype(np.int64)


@given(REGIONS)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_plan_keeps_every_rule(problem: Problem) -> None:
    plan = solver.solve(problem, QUICK)
    assert check(problem, plan) == ()
    assert plan.report.stopped_by == StoppedBy.ITERATIONS
    assert not plan.report.degraded


@given(REGIONS)
@settings(max_examples=20, deadline=None, derandomize=True)
def test_a_plan_without_search_keeps_every_rule_too_and_says_what_it_is(problem: Problem) -> None:
    plan = solver.greedy(problem)
    assert check(problem, plan) == ()
    assert plan.report.degraded
    assert plan.report.stopped_by == StoppedBy.GREEDY


@given(REGIONS, st.integers(0, 1000))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_rows_in_another_order_give_the_same_plan(problem: Problem, seed: int) -> None:
    other = shuffled(problem, seed)
    assert said(problem, solver.solve(problem, QUICK)) == said(other, solver.solve(other, QUICK))


@given(problem=REGIONS, seed=st.integers(0, 1000), together=st.booleans())
@settings(max_examples=20, deadline=None, derandomize=True)
def test_other_ids_give_the_same_plan(problem: Problem, seed: int, *, together: bool) -> None:
    if together:  # farms that differ in nothing but in what they offer
        first = {column: getattr(problem.farms, column)[:1] for column in problem.farms.__slots__[1:]}
        alike = {column: np.repeat(value, len(problem.farms.id)) for column, value in first.items()}
        problem = replace(problem, farms=replace(problem.farms, **alike))
    other = renamed(problem, seed)
    plan, again = solver.solve(problem, QUICK), solver.solve(other, QUICK)
    assert again.report.cost == plan.report.cost
    assert (again.farm_hub.tolist(), again.point_hub.tolist()) == (plan.farm_hub.tolist(), plan.point_hub.tolist())
    assert again.allocations.quantity.tolist() == plan.allocations.quantity.tolist()
    assert again.routes.distance_m.tolist() == plan.routes.distance_m.tolist()
    assert again.standby.quantity.tolist() == plan.standby.quantity.tolist()


@given(ROOMY_REGIONS, st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_a_new_plan_keeps_what_farms_confirmed_and_asks_nothing_of_what_they_declined(
    problem: Problem, seed: int
) -> None:
    first = solver.solve(problem, QUICK)
    answered = answers(problem, first, seed)
    second = solver.solve(answered, QUICK)
    assert check(answered, second) == ()
    quantity = sent(problem, second)[answered.pins.lot]
    assert (quantity >= answered.pins.at_least).all()
    assert (quantity <= answered.pins.at_most).all()


def without(table: Any) -> Any:
    return replace(table, **{column: getattr(table, column)[:0] for column in table.__slots__})


@pytest.mark.parametrize("planned", [solver.solve, solver.greedy])
def test_where_every_hub_is_closed_nothing_moves_and_all_that_is_asked_is_short(planned: Any) -> None:
    problem = small_region()
    closed = replace(problem, hubs=without(problem.hubs), vehicles=without(problem.vehicles))
    plan = planned(closed, QUICK)
    assert check(closed, plan) == ()
    assert plan.shortfalls.quantity.tolist() == problem.batches.quantity.tolist()
    assert (plan.farm_hub == NONE).all()
    assert plan.report.bound_minor <= plan.report.cost.objective


def test_where_nobody_is_nothing_is_planned() -> None:
    problem = small_region()
    tables = ("places", "farms", "hubs", "points", "lots", "batches", "vehicles")
    nobody = replace(problem, **{name: without(getattr(problem, name)) for name in tables})
    plan = solver.solve(nobody, QUICK)
    assert check(nobody, plan) == ()
    assert not len(plan.shortfalls.batch)


def test_the_same_inputs_and_seed_give_the_same_plan_to_the_byte_on_one_process_or_two() -> None:
    problem = made_region(seed=2, farms=8, points=5, hubs=3, trucks=4)
    plans = {solution_to_json(problem, solver.solve(problem, replace(QUICK, workers=workers))) for workers in (1, 2, 2)}
    assert len(plans) == 1


def test_everything_that_is_offered_and_reachable_is_served() -> None:
    problem = changed(small_region(), "products", shortfall_minor_per_1000=ints(9000, 9000, 90_000, 9000))
    plan = solver.solve(problem, QUICK)
    assert dict(zip(plan.shortfalls.batch.tolist(), plan.shortfalls.reason.tolist(), strict=True)) == {
        5: Reason.NO_SUPPLY
    }


def test_a_plan_costs_less_than_the_one_without_search() -> None:
    problem = made_region(seed=11, farms=8, points=5, hubs=2)
    assert solver.solve(problem, QUICK).report.cost.objective <= solver.greedy(problem).report.cost.objective


def test_a_region_without_lots_has_a_plan_in_which_everything_is_short() -> None:
    problem = small_region()
    nothing = {column: getattr(problem.lots, column)[:0] for column in type(problem.lots).__slots__}
    empty = changed(problem, "lots", **nothing)
    plan = solver.solve(empty, QUICK)
    assert set(plan.shortfalls.reason.tolist()) == {Reason.NO_SUPPLY}
    assert (plan.farm_hub == NONE).all()


def test_a_region_without_vehicles_has_a_plan_without_routes() -> None:
    problem = small_region()
    none = {column: getattr(problem.vehicles, column)[:0] for column in type(problem.vehicles).__slots__}
    plan = solver.solve(changed(problem, "vehicles", **none), QUICK)
    assert not len(plan.routes.vehicle)
    assert Reason.NO_SUPPLY in plan.shortfalls.reason.tolist()


def test_who_asks_to_stop_gets_the_best_plan_so_far() -> None:
    asked: list[int] = []
    problem = small_region()

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    plan = solver.solve(problem, QUICK, should_stop=stop)
    assert check(problem, plan) == ()
    assert plan.report.stopped_by == StoppedBy.CANCELLED


def test_a_deadline_that_has_passed_leaves_the_first_plan_marked_degraded() -> None:
    problem = small_region()
    plan = solver.solve(problem, replace(QUICK, deadline_s=0))
    assert check(problem, plan) == ()
    assert plan.report.degraded
    assert plan.report.stopped_by == StoppedBy.DEADLINE
    assert 0 < plan.report.allocation_bound_minor <= plan.report.bound_minor <= plan.report.cost.objective


def test_every_better_plan_is_told_with_its_cost_and_keeps_every_rule() -> None:
    problem = small_region()
    heard: list[Progress] = []
    plan = solver.solve(problem, QUICK, on_progress=heard.append)
    better = [progress for progress in heard if progress.solution is not None]
    assert heard[0].stage == "greedy"
    assert all(check(problem, progress.solution) == () for progress in better if progress.solution)
    assert better[-1].best_minor == plan.report.cost.objective
    # Whoever ends the solve without a word keeps what was told last, with its bound.
    assert all(progress.solution.report.bound_minor > 0 for progress in better if progress.solution)


def test_a_problem_that_contradicts_itself_is_refused_by_name() -> None:
    with pytest.raises(InvalidProblemError, match=r"lots\[2\]\.farm"):
        solver.solve(changed(small_region(), "lots", farm=ints(0, 1, 9, 2, 1)))


def test_a_plan_that_the_checker_refuses_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = Violation(Rule.LOTS, "lots", 0, "because")
    monkeypatch.setattr(best, "check", lambda _problem, _plan: (refusal,))
    with pytest.raises(SolutionRejectedError, match="because"):
        solver.solve(small_region(), QUICK)


def test_a_name_that_the_library_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = solver.nothing_of_the_kind


def answers(problem: Problem, plan: Solution, seed: int) -> Problem:
    """Accepted, reduced or declined, farm by farm; earlier refusals stand."""
    rng = np.random.default_rng(seed)
    quantity = sent(problem, plan)
    asked = np.flatnonzero(quantity)
    kept = np.where(rng.random(len(asked)) < 0.6, quantity[asked], quantity[asked] // rng.integers(2, 4, len(asked)))
    kept = np.where(rng.random(len(asked)) < 0.2, 0, kept)
    before = np.isin(problem.pins.lot, asked, invert=True)
    return replace(
        problem,
        pins=Pins(
            np.concatenate([asked, problem.pins.lot[before]]),
            np.concatenate([kept, problem.pins.at_least[before]]),
            np.concatenate([kept, problem.pins.at_most[before]]),
        ),
    )


def said(problem: Problem, plan: Solution) -> tuple[object, ...]:
    """The plan in ids, whatever the order of the rows."""
    names = zip(
        problem.lots.id[plan.allocations.lot].tolist(),
        problem.batches.id[plan.allocations.batch].tolist(),
        plan.allocations.quantity.tolist(),
        strict=True,
    )
    routes = zip(
        plan.routes.phase.tolist(),
        problem.vehicles.id[plan.routes.vehicle].tolist(),
        plan.routes.depart_s.tolist(),
        plan.routes.return_s.tolist(),
        strict=True,
    )
    short = zip(problem.batches.id[plan.shortfalls.batch].tolist(), plan.shortfalls.reason.tolist(), strict=True)
    return plan.report.cost, plan.report.bound_minor, sorted(names), sorted(routes), sorted(short)


@pytest.mark.parametrize("seed", [68, 119])
def test_goods_that_are_too_dear_one_by_one_may_be_worth_a_round_together(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = made_region(seed)
    all_at_once = solver.solve(problem, QUICK)
    monkeypatch.setattr(pooling, "search_candidates", lambda *_: None)
    monkeypatch.setattr(together, "plan_together", lambda *_: None)
    one_by_one = solver.solve(problem, QUICK)
    assert all_at_once.report.cost.objective < one_by_one.report.cost.objective
    assert all_at_once.report.cost.shortfall < one_by_one.report.cost.shortfall
