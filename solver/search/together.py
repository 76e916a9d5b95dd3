"""Which farms to call at, how to drive and how much to buy, decided together.

In rounds, products get a worth at each hub's ramp (`worth`), searches collect most of it beyond the drive (`prizes`), a
walk mends what they end with, and all tours passed join a pool, over which one CP-SAT model chooses tours and
quantities (`pool`). That is a Lagrangean relaxation of what is needed, its routes by a metaheuristic, and a restricted
master in whole numbers, as in heuristic column generation (Desaulniers, Desrosiers & Solomon 2005).

What leaves the hubs stays as it is: line hauls, deliveries and parcels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solver.allocation.limits import Limits, first_limits
from solver.allocation.ways import Ways
from solver.best import Best
from solver.joint import Planned, Planner
from solver.params import Params
from solver.routing.transport import Budget
from solver.search.candidates import FARMS, Candidate, Evaluator
from solver.search.moves import Search
from solver.search.plans import candidate_of
from solver.search.pool import Pool, with_tours
from solver.search.prizes import Begin, prized_tours
from solver.search.starts import built, walkable
from solver.search.worth import Worth, worth_of

SEARCHES = 2
"""Side by side, from their own seeds, at their own prices."""
STAGE = "together"
IDLE = 2
"""After so many rounds that find nothing better the rest is not tried."""


def plan_together(planner: Planner, ways: Ways, params: Params, best: Best) -> None:
    """Offer the plans found over a pool of tours around the plan at hand, in as many rounds as costs are fed back.

    `ways` are the ways before any route was known.
    """
    instance, shards = planner.instance, planner.shards
    if best.planned is None or not walkable(instance) or shards.halted():
        return
    evaluator = Evaluator(instance, planner.allocator.priced(ways, first_limits(instance)))
    search = Search(evaluator, params.seed, shards.halted)
    Together(planner, evaluator, search, ways, params).improve(best)


@dataclass(frozen=True, slots=True)
class Together:
    """Rounds of prices, tours and choices; whatever is found is built and judged as a plan."""

    planner: Planner
    evaluator: Evaluator
    search: Search
    ways: Ways
    params: Params

    def improve(self, best: Best) -> None:
        """Offer the plans of all rounds."""
        planned, pool = _at_hand(best), Pool(self.evaluator)
        candidate = self._candidate(planned)
        worth = worth_of(self.evaluator, candidate)
        begins = [Begin(worth, candidate.tours[FARMS])] * SEARCHES
        last = 0
        for number in range(self.params.rounds):
            driving = np.unique(np.array([one.vehicle for one in candidate.tours[FARMS]], dtype=np.int64))
            if self.planner.shards.halted() or not len(driving) or number - last >= IDLE:
                return
            budget = Budget(self.params.iterations, self.params.seed + SEARCHES * number)
            found = prized_tours(self.evaluator, driving, begins, budget, self.planner.shards)
            for prized in found:
                pool.add(prized.seen)
                self._walk(with_tours(self.evaluator, candidate, prized.tours), pool, best)
            self._choose(pool, begins[number % SEARCHES].worth, best)
            if _at_hand(best) is not planned:
                last, planned = number + 1, _at_hand(best)
                candidate = self._candidate(planned)
            begins = [
                Begin(begin.worth.moved(self.evaluator, prized.tours, number), prized.tours)
                for begin, prized in zip(begins, found, strict=True)
            ]

    def _walk(self, candidate: Candidate, pool: Pool, best: Best) -> None:
        """Offer what a walk from here finds: farms that are not needed go, others come."""
        walked = self.search.mended(candidate, self.params.iterations)
        pool.add(walked.tours[FARMS])
        self._offer(walked, best)

    def _choose(self, pool: Pool, worth: Worth, best: Best) -> None:
        """Offer what the model chooses over the pool, and what a walk makes of it."""
        planned, instance = _at_hand(best), self.planner.instance
        now, sent = self._candidate(planned), planned.draft.sent(len(instance.problem.lots.id))
        loaded = pool.chosen(now, sent, worth, self.params.iterations, self.planner.shards.left_s())
        if loaded is None:
            return
        chosen, limits = with_tours(self.evaluator, now, loaded.tours), first_limits(instance)
        self._offer(chosen, best, replace(limits, least=np.minimum(limits.least, loaded.bought), most=loaded.bought))
        self._walk(chosen, pool, best)

    def _candidate(self, planned: Planned) -> Candidate:
        return candidate_of(self.evaluator, planned.draft, planned.moved)

    def _offer(self, candidate: Candidate, best: Best, limits: Limits | None = None) -> None:
        budget = Budget(0, self.params.seed)
        best.offer(STAGE, built(self.planner, self.evaluator, candidate, self.ways, budget, limits))


def _at_hand(best: Best) -> Planned:
    assert best.planned is not None
    return best.planned
