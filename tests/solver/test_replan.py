"""A plan again around the plan before: who confirmed is not disturbed, and what was freed is bought elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import solver
from solver.check import check
from solver.codec import solution_to_bytes
from solver.problem import Earlier, Pins, Problem
from solver.search import starts
from solver.solution import Solution
from tests.solver.answers import Moved, answered, moved
from tests.solver.builder import changed
from tests.solver.regions import made_region
from tests.solver.test_solve import QUICK
from tests.solver.thin import thin_region

AROUND = replace(QUICK, around_earlier=True)


def declined(seed: int, part: float = 0.3) -> tuple[Solution, Problem]:
    """A plan of a region with room on its trucks, and the region after some declined what they were asked for."""
    problem = thin_region(seed, farms=12, points=3, hubs=1 + seed % 2, products=4)
    plan = solver.solve(problem, QUICK)
    return plan, answered(problem, plan, part, seed)


@pytest.mark.parametrize("seed", range(6))
def test_nobody_who_confirmed_is_disturbed(seed: int) -> None:
    before, problem = declined(seed)
    again = solver.solve(problem, AROUND)
    assert check(problem, again) == ()
    assert moved(problem, before, again) == Moved(0, 0, 0)


def test_what_was_freed_is_bought_where_it_is_left() -> None:
    before, problem = declined(3)
    again = solver.solve(problem, AROUND)
    asked_again = np.setdiff1d(again.allocations.lot, before.allocations.lot)
    assert len(asked_again)
    # Less would be short if only those who confirmed sent.
    confirmed = int(problem.pins.at_least.sum())
    assert int(again.allocations.quantity.sum()) > confirmed


@pytest.mark.parametrize("seed", range(4))
def test_it_costs_little_more_than_to_plan_everything_again(seed: int) -> None:
    _, problem = declined(seed, part=0.1)
    again, full = (solver.solve(problem, params).report.cost.objective for params in (AROUND, QUICK))
    assert again <= 1.02 * full


def test_the_same_answers_give_the_same_plan_byte_for_byte() -> None:
    _, problem = declined(2)
    first, second = (solution_to_bytes(problem, solver.solve(problem, AROUND)) for _ in range(2))
    assert first == second


def crowded(seed: int) -> tuple[Solution, Problem]:
    """As above, with trucks so small that more from one farm leaves no room for the next."""
    problem = thin_region(seed, farms=12, points=3, products=4)
    problem = changed(problem, "vehicles", weight_g=np.full(len(problem.vehicles.id), 60_000))
    plan = solver.solve(problem, QUICK)
    return plan, answered(problem, plan, 0.4, seed)


@pytest.mark.parametrize("seed", [0, 3, 4])
def test_more_from_one_farm_crowds_out_nothing_that_another_confirmed(seed: int) -> None:
    before, problem = crowded(seed)
    again = solver.solve(problem, AROUND)
    assert check(problem, again) == ()
    found = moved(problem, before, again)
    assert (found.less, found.hub) == (0, 0)


def test_those_who_confirmed_keep_their_trucks_where_others_are_not_worth_a_change() -> None:
    before, problem = crowded(5)
    assert moved(problem, before, solver.solve(problem, AROUND)) == Moved(0, 0, 0)


def test_where_nothing_is_confirmed_everything_is_planned_again() -> None:
    _, problem = declined(1)
    problem = replace(problem, pins=Pins())
    around, full = (solution_to_bytes(problem, solver.solve(problem, params)) for params in (AROUND, QUICK))
    assert around == full


def test_where_the_plan_before_is_lost_everything_is_planned_again() -> None:
    _, problem = declined(1)
    problem = replace(problem, earlier=Earlier())
    around, full = (solution_to_bytes(problem, solver.solve(problem, params)) for params in (AROUND, QUICK))
    assert around == full


def test_a_region_too_large_to_walk_in_is_planned_again_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    _, problem = declined(1)
    monkeypatch.setattr(starts, "MOST_OWNERS", 1)
    around, full = (solution_to_bytes(problem, solver.solve(problem, params)) for params in (AROUND, QUICK))
    assert around == full


@pytest.mark.parametrize("seed", [3, 9, 47, 57, 64, 68, 101, 102, 103])
def test_what_binds_in_odd_regions_binds_again(seed: int) -> None:
    problem = made_region(seed, farms=7, points=4, hubs=2)
    after = answered(problem, solver.solve(problem, QUICK), 0.3, seed)
    assert check(after, solver.solve(after, AROUND)) == ()
