"""Without floors, caps and fairness terms one more farm never costs more at proven optimality, and why it cannot."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import solver
from solver import Params, greedy
from solver.check import Rule
from solver.cost import price
from solver.problem import Flags, Ints, Pins, Policy, Problem
from solver.solution import NONE, Allocations, Solution, Standby
from tests.solver.judged import broken
from tests.solver.regions import made_region
from tests.solver.thin import cheapest, thin_region

PATIENT = Params(iterations=30, rounds=1, workers=1)
ROUNDED = 20
"""Minor units by which a plan's components, each rounded, may be above the exact optimum."""


def without_farm(problem: Problem, farm: int) -> tuple[Problem, Ints]:
    """The problem as if a farm had never offered anything, and the rows of the lots that are left."""
    lots = np.flatnonzero(problem.lots.farm != farm)
    left = rows(problem.lots, problem.lots.farm != farm)
    left = replace(left, farm=left.farm - (left.farm > farm))
    farms = rows(problem.farms, np.arange(len(problem.farms.id)) != farm)
    return replace(problem, farms=farms, lots=left, pins=Pins()), lots


def rows(table: Any, kept: Flags) -> Any:
    return type(table)(**{column.name: getattr(table, column.name)[kept] for column in fields(table)})


def proven(problem: Problem) -> int | None:
    """What the solver's plan costs when trying everything proves that no plan costs less."""
    objective = solver.solve(problem, PATIENT).report.cost.objective
    return objective if objective <= cheapest(problem) + ROUNDED else None


def test_one_more_farm_never_costs_more_where_both_plans_are_proven_to_be_the_cheapest() -> None:
    pairs = []
    for seed in range(4):
        whole = thin_region(seed, farms=3)
        more = proven(whole)
        if more is not None:
            less = [proven(without_farm(whole, farm)[0]) for farm in range(3)]
            pairs += [(more, fewer) for fewer in less if fewer is not None]
    assert len(pairs) >= 6
    assert all(more <= fewer + ROUNDED for more, fewer in pairs)


@pytest.mark.parametrize("seed", range(8))
def test_the_cheapest_of_all_plans_is_no_dearer_with_one_more_farm(seed: int) -> None:
    whole = thin_region(seed, farms=4)
    best = cheapest(whole)
    assert all(best <= cheapest(without_farm(whole, farm)[0]) + 1e-6 for farm in range(4))


@settings(deadline=None, max_examples=25, derandomize=True)
@given(st.integers(0, 10**6), st.integers(0, 5))
def test_a_plan_without_a_farm_is_a_plan_with_it_at_the_same_cost(seed: int, farm: int) -> None:
    terms = Policy(packaging_minor_per_kg=5, commission_ppm=80_000, payment_fee_ppm=20_000)
    whole = replace(made_region(seed), policy=terms, pins=Pins())
    less, lots = without_farm(whole, farm)
    plan = idle(greedy(less), lots, farm)
    # Why a batch is short may be another reason once somebody else offers.
    assert broken(whole, plan) <= {Rule.REASONS}
    assert price(whole, plan).objective == greedy(less).report.cost.objective


def idle(plan: Solution, lots: Ints, farm: int) -> Solution:
    """The plan in the larger problem, in which the farm sends nothing."""
    table = plan.allocations
    return replace(
        plan,
        farm_hub=np.insert(plan.farm_hub, farm, NONE),
        allocations=Allocations(lots[table.lot], table.batch, table.quantity),
        standby=Standby(lots[plan.standby.lot], plan.standby.quantity),
    )
