"""Cheapest flows from given open facilities: a transport problem, solved exactly in whole units."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from solver.allocation.facility.verify import Flow
from solver.instances.orlib import FacilityProblem

# The flow wants whole costs per unit; twelve digits leave room for its own scaling by the number of nodes.
_LARGEST_UNIT_COST = 1e12


class Transport:
    """Prices sets of open facilities; each set is solved once."""

    def __init__(self, problem: FacilityProblem) -> None:
        self.problem = problem
        self.customers = np.flatnonzero(problem.demand)
        self.demand = problem.demand[self.customers]
        self.unit_cost = problem.cost[:, self.customers] / self.demand
        largest = max(float(self.unit_cost.max(initial=0.0)), 1e-9)
        self._whole_cost = np.rint(self.unit_cost * (_LARGEST_UNIT_COST / largest)).astype(np.int64)
        self._known: dict[frozenset[int], float] = {}

    def enough(self, opened: Iterable[int]) -> bool:
        """Whether their capacity covers the demand."""
        return int(self.problem.capacity[list(opened)].sum()) >= int(self.demand.sum())

    def cost(self, opened: frozenset[int]) -> float:
        """Opening and transport; a facility that sends nothing is not charged."""
        if opened not in self._known:
            used, quantity = self._solve(sorted(opened))
            moved = float((self.unit_cost[used] * quantity).sum())
            self._known[opened] = moved + float(self.problem.opening[used][quantity.any(axis=1)].sum())
        return self._known[opened]

    def flows(self, opened: frozenset[int]) -> tuple[Flow, ...]:
        """The flows behind `cost`."""
        used, quantity = self._solve(sorted(opened))
        rows, columns = np.nonzero(quantity)
        return tuple(
            Flow(int(used[row]), int(self.customers[column]), int(quantity[row, column]))
            for row, column in zip(rows, columns, strict=True)
        )

    def _solve(self, opened: list[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        used = np.array(opened, dtype=np.int64)
        count, customers = len(used), len(self.customers)
        room = self.problem.capacity[used]
        tails = np.repeat(np.arange(count), customers)
        heads = np.tile(np.arange(count, count + customers), count)
        # What a facility does not send ends in a sink of its own, at no cost.
        sink = count + customers
        flow = SimpleMinCostFlow()
        arcs = flow.add_arcs_with_capacity_and_unit_cost(
            np.concatenate([tails, np.arange(count)]),
            np.concatenate([heads, np.full(count, sink)]),
            np.concatenate([np.tile(self.demand, count), room]),
            np.concatenate([self._whole_cost[used].reshape(-1), np.zeros(count, dtype=np.int64)]),
        )
        spare = int(room.sum() - self.demand.sum())
        flow.set_nodes_supplies(
            np.arange(count + customers + 1), np.concatenate([room, -self.demand, np.array([-spare])])
        )
        status = flow.solve()
        assert status == flow.OPTIMAL, status
        return used, flow.flows(arcs)[: count * customers].reshape(count, customers)
