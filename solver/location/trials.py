"""What is known of each set of depots, and which one deserves the next search."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from solver.location.estimate import Estimate, Opened
from solver.location.measure import Measured
from solver.location.verify import Tour

# What a set may still gain shrinks with the root of the effort, an estimate counts as half a look. With 0.02 and no
# growth by all looks the best depots of Christ50 were given up after one unlucky look.
_HOPE, _UNSEEN_EFFORT = 0.012, 0.5
# Of all looks, for sets that nothing but their estimate speaks against.
_UNSEEN_SHARE = 0.1


@dataclass(frozen=True)
class Trial:
    """The best routes from a set of depots, None where none were found, after so many looks."""

    opened: Opened
    tours: tuple[Tour, ...] | None
    cost: float
    effort: int


def plan_cost(problem: Measured, tours: Sequence[Tour]) -> int:
    """Depots that are used, routes and distance."""
    total = int(problem.opening[sorted({tour.depot for tour in tours})].sum())
    for tour in tours:
        path = [tour.depot, *(problem.depots + client for client in tour.clients), tour.depot]
        total += problem.fixed + int(problem.edges[path[:-1], path[1:]].sum())
    return total


def within_room(problem: Measured, tours: Sequence[Tour]) -> bool:
    """Whether everybody is served and no depot sends more than it holds."""
    sent = np.zeros(problem.depots, dtype=np.int64)
    for tour in tours:
        sent[tour.depot] += problem.demand[list(tour.clients)].sum()
    return sum(len(tour.clients) for tour in tours) == len(problem.demand) and bool((sent <= problem.room).all())


class Trials:
    """Sets tried and untried; the estimate of the untried is corrected by what the tried ones turned out to cost."""

    def __init__(self, estimates: Sequence[Estimate], tried: Iterable[Trial] = ()) -> None:
        self._estimates = {estimate.opened: estimate for estimate in estimates}
        self.tried: dict[Opened, Trial] = {trial.opened: trial for trial in tried}

    def best(self) -> Trial | None:
        """The cheapest, of equals the first."""
        found = [trial for trial in self.tried.values() if trial.tours is not None]
        return min(found, key=lambda trial: trial.cost, default=None)

    def kept(self, count: int) -> list[Trial]:
        """The cheapest ones."""
        return sorted(self.tried.values(), key=lambda trial: trial.cost)[:count]

    def of(self, opened: Opened) -> Trial:
        return self.tried.get(opened, Trial(opened, None, math.inf, 0))

    def learn(self, trial: Trial) -> None:
        """The newer trial knows all that the older knew."""
        self.tried[trial.opened] = trial

    def next(self) -> Opened:
        """The set with the lowest cost that it may still reach: optimism in the face of uncertainty.

        A set from which no routes were found yet is still worth its estimate. Now and then only the untried count.
        """
        correction = self._correction()
        unseen = [opened for opened in self._estimates if opened not in self.tried]
        looks = sum(trial.effort for trial in self.tried.values())
        due = bool(unseen) and len(self.tried) < _UNSEEN_SHARE * looks
        scores = []
        for opened in unseen if due else {**self._estimates, **self.tried}:
            trial, estimate = self.of(opened), self._estimates.get(opened)
            cost = trial.cost
            if trial.tours is None and estimate is not None:
                cost = estimate.opening + correction * estimate.routes
            scores.append((cost * (1 - _hope(trial.effort, looks)), trial.effort, opened))
        return min(scores)[2]

    def _correction(self) -> float:
        known = [
            (trial.cost - estimate.opening) / max(estimate.routes, 1.0)
            for trial in self.tried.values()
            if trial.tours is not None and (estimate := self._estimates.get(trial.opened)) is not None
        ]
        return float(np.median(known)) if known else 1.0


def _hope(effort: int, looks: int) -> float:
    """Upper confidence (Auer, Cesa-Bianchi & Fischer 2002): it grows slowly with what went to all sets."""
    return _HOPE * math.sqrt(math.log(looks + 2) / (effort or _UNSEEN_EFFORT))
