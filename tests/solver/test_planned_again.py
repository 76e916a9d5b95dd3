"""A plan again: what farms confirmed is kept by the earlier trips where nothing else keeps it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import solver
from solver.check import check
from solver.cost import lot_most
from solver.earlier import earlier_of
from solver.errors import SolutionRejectedError
from solver.problem import Earlier, Pins, Problem
from solver.solution import Phase, Solution
from tests.solver.regions import made_region
from tests.solver.test_solve import QUICK, answers, sent


def tight(seed: int) -> tuple[Problem, Solution, Problem]:
    """A region with few trucks, its plan, and the region after the answers."""
    rng = np.random.default_rng(seed)
    farms, points, hubs = int(rng.integers(3, 9)), int(rng.integers(2, 6)), int(rng.integers(1, 4))
    problem = made_region(seed, farms=farms, points=points, hubs=hubs)
    plan = solver.solve(problem, QUICK)
    answered = answers(problem, plan, seed)
    return problem, plan, replace(answered, earlier=earlier_of(problem, plan, answered))


@pytest.mark.parametrize("seed", [3, 9, 47, 57, 64, 68])
def test_what_farms_answered_in_a_tight_region_is_planned_again(seed: int) -> None:
    _, _, answered = tight(seed)
    again = solver.solve(answered, QUICK)
    assert check(answered, again) == ()
    assert (sent(answered, again)[answered.pins.lot] >= answered.pins.at_least).all()


def test_without_the_earlier_trips_the_same_region_is_refused() -> None:
    _, _, answered = tight(64)
    with pytest.raises(SolutionRejectedError):
        solver.greedy(replace(answered, earlier=Earlier()), QUICK)
    assert check(answered, solver.greedy(answered, QUICK)) == ()


@pytest.mark.parametrize("seed", [63, 93, 117])
def test_a_plan_that_keeps_every_promise_does_not_fall_back_on_promises_alone(seed: int) -> None:
    problem = made_region(seed, farms=2, points=1, hubs=1)
    plan = solver.greedy(problem)
    again = solver.greedy(replace(problem, earlier=earlier_of(problem, plan, problem)))
    assert plan.allocations.quantity.sum()
    assert (sent(problem, again) == sent(problem, plan)).all()
    assert (again.report.cost, again.report.degraded) == (plan.report.cost, True)


def all_promised(seed: int) -> tuple[Problem, Problem]:
    """A region, and the same region when every farm has accepted all that it is asked for."""
    problem = made_region(seed)
    plan = solver.greedy(problem)
    promised = sent(problem, plan)
    rows = np.flatnonzero(promised)
    pinned = replace(problem, pins=Pins(rows, promised[rows], lot_most(problem)[rows]))
    return problem, replace(pinned, earlier=earlier_of(problem, plan, pinned))


@pytest.mark.parametrize("seed", range(450, 480))
def test_a_plan_whose_every_quantity_is_promised_is_never_refused(seed: int) -> None:
    _, pinned = all_promised(seed)
    assert (sent(pinned, solver.greedy(pinned))[pinned.pins.lot] >= pinned.pins.at_least).all()


@pytest.mark.parametrize("seed", [472, 699, 763, 824])
def test_a_load_that_needs_several_trucks_is_given_to_the_same_ones_again(seed: int) -> None:
    _, pinned = all_promised(seed)
    cuts = np.bincount(pinned.earlier.calls_at[pinned.earlier.phase == Phase.COLLECTION])
    assert cuts.max() > 1 or (np.bincount(pinned.earlier.calls_at[pinned.earlier.phase == Phase.DELIVERY]) > 1).any()
    assert (sent(pinned, solver.greedy(pinned))[pinned.pins.lot] >= pinned.pins.at_least).all()
