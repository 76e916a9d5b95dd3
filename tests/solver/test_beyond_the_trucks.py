"""What trucks cannot carry in the end is short, and a plan that they carry stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

import solver
from solver import joint
from solver.check import check
from solver.draft import Draft
from solver.params import Params
from solver.routing.transport import Budget, Transport
from tests.solver.builder import changed, small_region
from tests.solver.regions import made_region

QUICK = Params(iterations=20, rounds=0, workers=1)


@pytest.mark.parametrize("seed", range(8))
def test_what_no_round_can_place_is_taken_out_and_the_rest_is_a_plan(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(joint, "BLOCKINGS", 0)
    problem = made_region(seed, farms=8, points=5, hubs=2)
    problem = changed(problem, "batches", quantity=problem.batches.quantity * 20)
    assert check(problem, solver.solve(problem, QUICK)) == ()


def test_routes_that_carry_less_than_the_plan_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = small_region()
    before = solver.solve(problem, QUICK)
    plain = joint.Planner.route

    def losing(planner: joint.Planner, draft: Draft, budget: Budget) -> Transport:
        moved = plain(planner, draft, budget)
        late = draft.quantity if budget.iterations > QUICK.iterations else moved.late_parcels
        return replace(moved, late_parcels=late)

    monkeypatch.setattr(joint.Planner, "route", losing)
    assert solver.solve(problem, QUICK).report.cost == before.report.cost
