"""Least costs of routes that may come back to a client, though not at once: q-routes (Christofides et al. 1981)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.location.measure import Measured, Reals, Whole

# Loads are counted in so many steps at most; where the demands need more, they are rounded down, which only relaxes.
_MOST_STEPS = 160
# In 3 s, 200 clients and 20 depots of Tuzun's kind: 27 % below the best plan with 160 steps for prices too, 20 % with
# 80, 37 % with 40; with 80 five others differ by a point at most.
_ROUGH_STEPS = 80
_NOBODY = -1


@dataclass(frozen=True)
class Weights:
    """The clients that weigh something, their weights, and how much of them a vehicle carries."""

    clients: Whole
    weight: Whole
    most: int


def weights(problem: Measured) -> Weights:
    """Demands in steps. Who weighs nothing is left out: by the triangle inequality no route becomes dearer so."""
    step = max(int(np.gcd.reduce(problem.demand)), -(-problem.load // _MOST_STEPS), 1)
    weight = problem.demand // step
    clients = np.flatnonzero(weight)
    return Weights(clients, weight[clients], problem.load // step)


def roughly(counted: Weights) -> Weights:
    """The same clients in longer steps, nobody without weight: near enough for prices, not for a bound."""
    step = max(-(-counted.most // _ROUGH_STEPS), 1)
    return Weights(counted.clients, np.maximum(counted.weight // step, 1), counted.most // step)


@dataclass(frozen=True)
class Through:
    """D x C: the least part that a client bears of a route through it, by weight; and that route's two loads."""

    part: Reals
    load: Whole
    first: Whole


class QRoutes:
    """Routes from some depots through the weighty clients, for any prices that the clients pay when visited.

    Arrays are loads x depots x clients. A load below zero is one counted from the end, where all is infinite.
    """

    def __init__(self, problem: Measured, depots: Sequence[int], counted: Weights) -> None:
        self._counted = counted
        nodes = problem.depots + counted.clients
        self._out: Reals = problem.edges[np.ix_(np.array(depots), nodes)].astype(np.float64)
        self._between: Reals = problem.edges[np.ix_(nodes, nodes)].astype(np.float64)
        np.fill_diagonal(self._between, np.inf)
        self._fixed = float(problem.fixed)
        shape = (2 * counted.most + 1, *self._out.shape)
        # Best path to a client with a load, best by another last but one client, and those two clients.
        self._best, self._other = np.full(shape, np.inf), np.full(shape, np.inf)
        self._before = np.full(shape, _NOBODY, dtype=np.int64)
        self._before_other = np.full(shape, _NOBODY, dtype=np.int64)

    def through(self, prices: Reals) -> Through:
        """Extend paths load by load, then join two that end at the same client."""
        for load in range(1, self._counted.most + 1):
            self._extend(load, prices)
        shape, weight = self._out.shape, self._counted.weight
        part, load_of = np.full(shape, np.inf), np.zeros(shape, dtype=np.int64)
        first_of = np.zeros(shape, dtype=np.int64)
        clients = np.arange(len(weight))
        for load in range(1, self._counted.most + 1):
            # The lighter path of the two is at most half of the load and of the client itself.
            first = np.arange(1, (load + int(weight.max())) // 2 + 1)
            second = np.minimum(load + weight - first[:, None], self._counted.most + 1)
            joined = self._joined(first, second, clients)
            split = joined.argmin(axis=0)
            least = np.take_along_axis(joined, split[None], axis=0)[0].T + prices + self._fixed
            shared = least * (weight / load)
            better = shared < part
            part = np.where(better, shared, part)
            load_of = np.where(better, load, load_of)
            first_of = np.where(better, first[split].T, first_of)
        return Through(part, load_of, first_of)

    def _joined(self, first: Whole, second: Whole, clients: Whole) -> Reals:
        """Loads x clients x depots: two paths to the client, not both from the same client before it."""
        best, before = self._best[first].transpose(0, 2, 1), self._before[first].transpose(0, 2, 1)
        best_second = self._best[second, :, clients]
        turns = (before == self._before[second, :, clients]) & (before != _NOBODY)
        other = self._other[first].transpose(0, 2, 1) + best_second
        return np.where(turns, np.minimum(best + self._other[second, :, clients], other), best + best_second)

    def visits(self, through: Through, depot: int, client: int) -> Whole:
        """How often the route of this part visits every client; `depot` counts among the given ones."""
        counts = np.zeros(self._out.shape[1], dtype=np.int64)
        load, first = int(through.load[depot, client]), int(through.first[depot, client])
        second = load + int(self._counted.weight[client]) - first
        best, other = self._best[:, depot, client], self._other[:, depot, client]
        if other[first] + best[second] < best[first] + other[second]:
            first, second = second, first
        self._walk(counts, first, depot, client, _NOBODY)
        self._walk(counts, second, depot, client, int(self._before[first, depot, client]))
        counts[client] -= 1
        return counts

    def _walk(self, counts: Whole, load: int, depot: int, client: int, after: int) -> None:
        """Back along the best path to its depot that does not begin with `after`."""
        while client != _NOBODY:
            counts[client] += 1
            before = int(self._before[load, depot, client])
            if before == after and before != _NOBODY:
                before = int(self._before_other[load, depot, client])
            load -= int(self._counted.weight[client])
            client, after = before, client

    def _extend(self, load: int, prices: Reals) -> None:
        """Paths of this load: from the depot to one client, or from a path that is lighter by the client."""
        weight = self._counted.weight
        rest = load - weight
        # Clients reached x depots x clients before.
        back = self._before[rest] == np.arange(len(weight))[:, None, None]
        ways = np.where(back, self._other[rest], self._best[rest]) + self._between[:, None, :]
        for best, before in ((self._best, self._before), (self._other, self._before_other)):
            last = ways.argmin(axis=2)[:, :, None]
            best[load] = np.take_along_axis(ways, last, axis=2)[:, :, 0].T - prices
            before[load] = last[:, :, 0].T
            np.put_along_axis(ways, last, np.inf, axis=2)
        alone = np.flatnonzero(rest == 0)
        self._best[load][:, alone] = self._out[:, alone] - prices[alone]
        self._before[load][:, alone] = _NOBODY
        self._other[load][:, alone] = np.inf
