"""Sets of depots worth routing from, the most promising first, by what a client is likely to cost from each depot."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from solver.location.measure import Measured, Reals

Opened = tuple[int, ...]
# Sets looked at without capacities, and of these so many with them.
_LOOKED_AT, _PRICED = 4_000, 150
_STEPS = 40


@dataclass(frozen=True)
class Estimate:
    """Depots, what opening them costs, and what the routes from them are likely to."""

    opened: Opened
    opening: float
    routes: float


def promising(problem: Measured) -> list[Estimate]:
    """Sets of depots that together hold the demand, the cheapest estimate first."""
    ways = likely_costs(problem)
    found: list[Estimate] = []
    for opened in _cheap_sets(problem, ways):
        if len(found) == _PRICED:
            break
        opening = float(problem.opening[list(opened)].sum())
        found.append(Estimate(opened, opening, _assigned(problem, ways, opened)))
    return sorted(found, key=lambda estimate: (estimate.opening + estimate.routes, estimate.opened))


def likely_costs(problem: Measured) -> Reals:
    """D x C: the client's part of a full vehicle's way there and back, and the way on to its nearest neighbours.

    The radial and the local part of Haimovich & Rinnooy Kan (1985), client by client.
    """
    clients = len(problem.demand)
    share = problem.demand / problem.load
    radial = 2.0 * problem.edges[: problem.depots, problem.depots :] * share + problem.fixed * share
    between = problem.edges[problem.depots :, problem.depots :].astype(np.float64)
    np.fill_diagonal(between, np.inf)
    near = np.sort(between, axis=1)[:, : min(2, clients - 1)]
    return radial + (near.mean(axis=1) if clients > 1 else 0.0)


def _cheap_sets(problem: Measured, ways: Reals) -> Iterator[Opened]:
    """Best-first search over sets by opening, closing and swapping, capacities of depots only counted together."""

    def cost(opened: Opened) -> tuple[int, float]:
        """Too small sets come last, and are passed through, not offered."""
        chosen = list(opened)
        short = max(problem.total - int(problem.room[chosen].sum()), 0)
        return short, float(problem.opening[chosen].sum() + ways[chosen].min(axis=0).sum())

    seen = {tuple(range(problem.depots)), _one_by_one(problem, ways)}
    queue = [(*cost(opened), opened) for opened in seen]
    heapq.heapify(queue)
    while queue:
        short, _, opened = heapq.heappop(queue)
        if not short:
            yield opened
        for other in _neighbours(problem.depots, opened):
            if len(seen) == _LOOKED_AT:
                break
            if other not in seen:
                seen.add(other)
                heapq.heappush(queue, (*cost(other), other))


def _one_by_one(problem: Measured, ways: Reals) -> Opened:
    """Depots opened while that is cheaper or all are too small, each time the best one: few, where many are closed."""
    opened: list[int] = []
    nearest = np.full(ways.shape[1], np.inf)
    while len(opened) < problem.depots:
        values = problem.opening + np.minimum(nearest, ways).sum(axis=1)
        values[opened] = np.inf
        best = int(values.argmin())
        if values[best] >= nearest.sum() and problem.room[opened].sum() >= problem.total:
            break
        opened.append(best)
        nearest = np.minimum(nearest, ways[best])
    return tuple(sorted(opened))


def _neighbours(depots: int, opened: Opened) -> Iterator[Opened]:
    closed = [depot for depot in range(depots) if depot not in opened]
    for depot in opened:
        rest = tuple(other for other in opened if other != depot)
        if rest:
            yield rest
        for instead in closed:
            yield tuple(sorted((*rest, instead)))
    for depot in closed:
        yield tuple(sorted((*opened, depot)))


def _assigned(problem: Measured, ways: Reals, opened: Opened) -> float:
    """Cheapest assignment of clients within the depots' capacities, nearly: prices of overfull depots rise.

    Lagrangean relaxation of the capacities, subgradient steps that shrink.
    """
    chosen = list(opened)
    cost, room = ways[chosen], problem.room[chosen]
    if not any(problem.bounded(depot) for depot in opened):
        return float(cost.min(axis=0).sum())
    demand = problem.demand.astype(np.float64)
    prices = np.zeros(len(chosen))
    step = float(cost.mean()) / float(demand.mean())
    best = -np.inf
    for turn in range(_STEPS):
        nearest = (cost + prices[:, None] * demand).argmin(axis=0)
        excess = np.bincount(nearest, demand, len(chosen)) - room
        value = float(cost[nearest, np.arange(len(demand))].sum() + prices @ excess)
        best = max(best, value)
        if turn == 0 and (excess <= 0).all():
            break
        prices = np.maximum(prices + step / (turn + 1) * excess / room, 0.0)
    return best
