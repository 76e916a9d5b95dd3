"""A cap on what one farm sells never makes a shortage, whatever is on offer."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.graph.python import max_flow

from solver.eligibility import settled_most
from solver.problem import Problem
from solver.reserves import share_limits
from tests.solver.builder import fitting
from tests.solver.regions import made_region


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
