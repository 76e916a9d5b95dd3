"""What it costs when every farm drives alone: the allocation that suits lone farms, and each farm's best tours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from solver.baselines.market import Brought, Market
from solver.baselines.tours import Toured, Tours
from solver.baselines.van import Effort, Van
from solver.canonical import canonical
from solver.cost import by_row
from solver.instance import Floats
from solver.problem import Ints, Problem
from solver.solution import Solution

ROUNDS, STEPS = 12, 4
"""Rounds of tours driven and marginal costs fed back; flows in each that spread a call's cost over what it brings."""
CLOSINGS = 2
"""Passes over all calls that try to do without each."""
FIRST_PART = 1 / 3
"""Before any tour is known, of a drive there and back alone; tours are shared by about so many calls."""
ITERATIONS, LAST_ITERATIONS = 10, 200
NEVER = 4000.0
"""Minor units a kilogram of a call that is not to be made, unless goods would be lacking."""


def alone(problem: Problem, solution: Solution, van: Van, *, seed: int = 1) -> Effort:
    """Every farm on its own tours to the points, with the same goods at each point as in the plan.

    Which farm brings what is chosen to suit lone farms, whatever they ask: fixed-charge flows by slope scaling (Kim &
    Pardalos 1999) with marginal tour costs fed back, then calls closed one by one. Minimum visits, packs and opening
    hours do not count. As much as can be is brought; what no farm in reach has left is in `left_g`, its points in
    `unreachable`, and nothing is counted for it.
    """
    served = by_row(solution.allocations.batch, solution.allocations.quantity, len(problem.batches.id))
    ordered, order = canonical(problem)
    tours = Tours(ordered, van, seed)
    search = Search(tours, Market(ordered, served[order.given["batches"]], tours.reach()))
    brought = search.closed(search.scaled())
    effort = Effort(unreachable=len(brought.lacking), left_g=brought.left_g)
    for toured in search.driven(brought, LAST_ITERATIONS):
        effort += toured.effort
    return effort


@dataclass(frozen=True)
class Search:
    """Looks for what is brought by whom at least cost of tours."""

    tours: Tours
    market: Market

    def driven(self, brought: Brought, iterations: int = ITERATIONS) -> list[Toured]:
        """Every farm's tours."""
        return [self.tours.of(farm, grams, iterations) for farm, grams in enumerate(brought.total_g)]

    def scaled(self) -> Brought:
        """The best of some rounds of flows whose prices hold each call's cost, spread over what it brings."""
        marginal = self.tours.direct_minor() * FIRST_PART
        usual_g = np.maximum(self.market.most_g(), 1)
        best, least = None, np.inf
        for _ in range(ROUNDS):
            for _ in range(STEPS):
                brought = self.market.bring(_per_kg(marginal, usual_g))
                usual_g = np.where(brought.total_g > 0, brought.total_g, usual_g)
            driven = self.driven(brought)
            if (minor := _minor(driven)) < least:
                best, least = brought, minor
            marginal = (marginal + self._marginal(driven)) / 2
        assert best is not None
        return best

    def closed(self, brought: Brought) -> Brought:
        """Without the calls that others can make on the way, the dearest a kilogram first."""
        driven = self.driven(brought)
        marginal = self._marginal(driven)
        for _ in range(CLOSINGS):
            total_g = brought.total_g
            dearness = np.where(total_g > 0, marginal / np.maximum(total_g, 1), 0)
            for pair in np.argsort(-dearness, axis=None, kind="stable")[: int((total_g > 0).sum())].tolist():
                farm, point = divmod(pair, total_g.shape[1])
                found = self._without(brought, marginal, farm, point)
                changed = np.flatnonzero((found.total_g != brought.total_g).any(axis=1)).tolist()
                new = {row: self.tours.of(row, found.total_g[row], ITERATIONS) for row in changed}
                if _minor(new.values()) < sum(driven[row].effort.money_minor for row in changed):
                    brought = found
                    for row, toured in new.items():
                        driven[row] = toured
                        marginal[row] = self.tours.marginal_minor(row, toured)
        return brought

    def _without(self, brought: Brought, marginal: Floats, farm: int, point: int) -> Brought:
        """The same without a call, if that looks cheaper; its goods are brought along on calls that are made anyway."""
        total_g = brought.total_g
        moving = np.flatnonzero(brought.grams[:, farm, point])
        price = np.where(total_g > 0, 0.0, _per_kg(marginal, np.maximum(total_g[farm, point], 1)))
        price[farm, point] = NEVER
        found = self.market.rebring(brought, moving.tolist(), price)
        before, after = total_g > 0, found.total_g > 0
        looks_minor = marginal[after & ~before].sum() - marginal[before & ~after].sum()
        return found if looks_minor < 0 and not after[farm, point] else brought

    def _marginal(self, driven: list[Toured]) -> Floats:
        return np.stack([self.tours.marginal_minor(farm, toured) for farm, toured in enumerate(driven)])


def _per_kg(marginal: Floats, grams: Ints | int) -> Floats:
    price: Floats = np.minimum(marginal * 1000 / grams, NEVER)
    return price


def _minor(driven: Iterable[Toured]) -> int:
    return sum(toured.effort.money_minor for toured in driven)
