"""The cheapest purchase that could have served what a plan serves, wherever the farms are."""

from __future__ import annotations

from collections import deque
from itertools import pairwise

import numpy as np

from solver.cost import half_up
from solver.eligibility import days_left, eligible, sendable
from solver.problem import Ints, Problem
from solver.solution import Solution


def cheapest_purchase_minor(problem: Problem, solution: Solution) -> int:
    """Least ask value of lots that match the quantities served; packs and visits do not count, so it is a lower bound.

    Supplies that can be matched to demands form a polymatroid, so taking lots by rising ask, each as far as it can be
    matched beside the earlier ones, is optimal (Edmonds 1970).
    """
    served = np.zeros(len(problem.batches.id), dtype=np.int64)
    np.add.at(served, solution.allocations.batch, solution.allocations.quantity)
    usable, most = eligible(problem), sendable(problem)
    exact = 0
    for product in np.unique(problem.batches.product[served > 0]).tolist():
        lots = np.flatnonzero(usable & (problem.lots.product == product))
        batches = np.flatnonzero((problem.batches.product == product) & (served > 0))
        exact += _cheapest(
            problem, lots[np.argsort(problem.lots.ask_minor_per_1000[lots], kind="stable")], batches, most, served
        )
    return half_up(exact, 1000)


def _cheapest(problem: Problem, lots: Ints, batches: Ints, most: Ints, served: Ints) -> int:
    """Ask value times a thousand of one product's cheapest supply."""
    supply = np.stack([problem.lots.grade[lots], days_left(problem, lots)], axis=1)
    demand = np.stack([problem.batches.grade[batches], problem.batches.fresh_days[batches]], axis=1)
    supply_kinds, of_lot = np.unique(supply, axis=0, return_inverse=True)
    demand_kinds, of_batch = np.unique(demand, axis=0, return_inverse=True)
    fits = [
        [demand for demand, least in enumerate(demand_kinds.tolist()) if kind[0] >= least[0] and kind[1] >= least[1]]
        for kind in supply_kinds.tolist()
    ]
    open_quantity = [0] * len(demand_kinds)
    for kind, batch in zip(of_batch.tolist(), batches.tolist(), strict=True):
        open_quantity[kind] += int(served[batch])
    flow = _Matching(fits, open_quantity)
    asks = problem.lots.ask_minor_per_1000
    return sum(
        flow.push(kind, int(most[lot])) * int(asks[lot])
        for kind, lot in zip(of_lot.tolist(), lots.tolist(), strict=True)
    )


class _Matching:
    """A flow from kinds of supply to kinds of demand that only grows."""

    def __init__(self, fits: list[list[int]], open_quantity: list[int]) -> None:
        self._fits, self._open = fits, open_quantity
        self._flow = [[0] * len(open_quantity) for _ in fits]

    def push(self, supply: int, quantity: int) -> int:
        """Match as much of `quantity` as there is room for, moving earlier matches where that helps."""
        left = quantity
        while left and (path := self._path(supply)):
            amount = min(left, self._open[path[-1][1]], *(self._flow[taken][demand] for demand, taken in _turns(path)))
            for taken, demand in path:
                self._flow[taken][demand] += amount
            for demand, taken in _turns(path):
                self._flow[taken][demand] -= amount
            self._open[path[-1][1]] -= amount
            left -= amount
        return quantity - left

    def _path(self, supply: int) -> list[tuple[int, int]]:
        """Supply and demand kinds in turn from `supply` to a demand that is open; empty when there is none."""
        came: dict[int, list[tuple[int, int]]] = {supply: []}
        waiting = deque([supply])
        while waiting:
            here = waiting.popleft()
            for demand in self._fits[here]:
                path = [*came[here], (here, demand)]
                if self._open[demand]:
                    return path
                for other, flow in enumerate(self._flow):
                    if flow[demand] and other not in came:
                        came[other] = path
                        waiting.append(other)
        return []


def _turns(path: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where a path takes away an earlier match: a demand, and the supply that then looks for another."""
    return [(demand, following) for (_, demand), (following, _) in pairwise(path)]
