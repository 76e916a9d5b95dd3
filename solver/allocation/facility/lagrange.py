"""A certified lower bound: the customers' demands priced, one continuous knapsack a facility (Daskin 2013, ch. 4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.allocation.facility.transport import Transport

Reals = NDArray[np.float64]
_PATIENCE = 15
_SMALLEST_STEP = 1e-3
# The bound is a sum of a few thousand doubles: so much of it may be rounding.
_ROUNDING = 1e-11


@dataclass(frozen=True)
class Relaxed:
    """One evaluation: a valid lower bound, the facilities it opens, and how far each customer's service is from 1."""

    bound: float
    opened: frozenset[int]
    missing: Reals


class Relaxation:
    """For any prices, the cheapest plan that pays a customer's price for each unmet share."""

    def __init__(self, transport: Transport) -> None:
        problem = transport.problem
        self.cost = problem.cost[:, transport.customers]
        self.demand = transport.demand.astype(np.float64)
        self.room = problem.capacity.astype(np.float64)
        self.opening = problem.opening

    def evaluate(self, prices: Reals) -> Relaxed:
        reduced = self.cost - prices
        order = np.argsort(reduced / self.demand, axis=1)
        sorted_reduced = np.take_along_axis(reduced, order, axis=1)
        weight = self.demand[order]
        before = np.cumsum(weight, axis=1) - weight
        share = np.clip((self.room[:, None] - before) / weight, 0.0, 1.0) * (sorted_reduced < 0)
        worth = self.opening + (share * sorted_reduced).sum(axis=1)
        opened, total = self._open(worth)
        served = np.zeros_like(prices)
        np.add.at(served, order[opened], share[opened])
        bound = float(prices.sum()) + total
        magnitude = float(np.abs(prices).sum() + np.abs(worth).sum())
        return Relaxed(bound - _ROUNDING * magnitude, frozenset(opened.tolist()), 1.0 - served)

    def _open(self, worth: Reals) -> tuple[NDArray[np.int64], float]:
        """Everything worth opening, then the cheapest until the demand fits, the last one in part."""
        usable = np.flatnonzero(self.room > 0)
        order = usable[np.argsort(worth[usable] / self.room[usable], kind="stable")]
        before = np.cumsum(self.room[order]) - self.room[order]
        needed = (before < self.demand.sum()) | (worth[order] < 0)
        opened = order[needed]
        total = float(worth[opened].sum())
        last = opened[-1]
        short = float(self.demand.sum() - (self.room[opened].sum() - self.room[last]))
        # Equal rooms: the smallest number that fits is a bound too, and a sharper one than a part of the last.
        if worth[last] > 0 and short < self.room[last] and np.ptp(self.room[usable]) > 0:
            total -= float(worth[last]) * (1 - short / self.room[last])
        return opened, total


def subgradient(relaxation: Relaxation, upper: Callable[[], float]) -> Iterator[Relaxed]:
    """Climb towards the best prices; ends when the steps have become too small to matter.

    Held & Karp steps towards `upper()`, halved after `_PATIENCE` evaluations without a better bound; directions are
    deflected (Camerini, Fratta & Maffioli 1975).
    """
    prices = np.sort(relaxation.cost, axis=0)[min(1, len(relaxation.cost) - 1)]
    best, best_prices = -np.inf, prices
    step, stale = 1.0, 0
    direction = np.zeros_like(prices)
    while step > _SMALLEST_STEP:
        found = relaxation.evaluate(prices)
        stale += 1
        if found.bound > best:
            stale = 0 if found.bound > best + 1e-6 * abs(best) else stale
            best, best_prices = found.bound, prices
        yield found
        if stale >= _PATIENCE:
            step, stale, prices, direction = step / 2, 0, best_prices, np.zeros_like(prices)
            continue
        direction = found.missing + 0.6 * direction
        length = float(direction @ direction)
        if length < 1e-12:
            return
        prices = prices + step * max(upper() - found.bound, 1e-9 * abs(found.bound)) / length * direction
