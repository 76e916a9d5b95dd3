"""Lower bounds: never above what a plan costs, and no worse for knowing more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import solver
from solver import bounds
from solver.bounds import Bounds, allocation_bounds
from solver.instance import Instance
from solver.params import Params
from solver.problem import Problem, ints
from tests.solver.builder import changed, small_plan, small_region
from tests.solver.regions import made_region

REGIONS = st.builds(made_region, seed=st.integers(0, 2**32 - 1), farms=st.integers(1, 6), trucks=st.integers(0, 3))


def both(instance: Instance) -> Bounds:
    return bounds.lower_bounds(instance, allocation_bounds(instance), lambda: False)


@given(REGIONS)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_no_plan_costs_less_than_the_bound(problem: Problem) -> None:
    bound, plan = both(Instance(problem)), solver.greedy(problem)
    assert bound.objective_minor <= plan.report.cost.objective
    assert bound.allocation_minor <= plan.report.allocation_minor


def test_a_plan_made_by_hand_costs_no_less_than_the_bound() -> None:
    problem, plan = small_plan()
    assert both(Instance(problem)).objective_minor <= plan.report.cost.objective


def test_transport_raises_the_bound() -> None:
    bound = both(Instance(changed(small_region(), "products", shortfall_minor_per_1000=ints(*[90_000] * 4))))
    assert bound.objective_minor > bound.allocation_minor


def test_where_shortest_ways_are_too_many_service_alone_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = changed(small_region(), "products", shortfall_minor_per_1000=ints(*[90_000] * 4))
    known = both(Instance(problem))
    monkeypatch.setattr(bounds, "MOST_PLACES", 1)
    unknown = both(Instance(problem))
    assert known.allocation_minor < unknown.objective_minor < known.objective_minor


def test_the_gap_closes_where_nothing_is_to_be_decided() -> None:
    problem = changed(small_region(), "batches", product=ints(*[3] * 6), quantity=ints(*[1000] * 6))
    plan = solver.solve(problem, Params(iterations=20, rounds=0, workers=1))
    assert plan.report.cost.objective - plan.report.bound_minor <= 20


def test_whoever_must_stop_has_the_bound_of_the_allocation() -> None:
    instance = Instance(small_region())
    free = allocation_bounds(instance)
    assert bounds.lower_bounds(instance, free, lambda: True) == free
    assert 0 < free.objective_minor == free.allocation_minor <= both(instance).objective_minor


def test_places_at_one_spot_are_next_door_and_not_out_of_reach() -> None:
    problem = changed(small_region(), "products", shortfall_minor_per_1000=ints(*[900_000] * 4))
    spot = {name: np.full(8, getattr(problem.places, name)[0]) for name in ("latitude_e6", "longitude_e6")}
    together = changed(problem, "places", **spot)
    plan = solver.solve(together, Params(iterations=20, rounds=0, workers=1))
    assert set(plan.shortfalls.reason) <= {"no-supply"}
    assert both(Instance(together)).objective_minor <= plan.report.cost.objective
