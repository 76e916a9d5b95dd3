"""Simulated annealing over PyVRP's ruin, insertion and local search, in one process.

PyVRP accepts by late acceptance with a memory of 300 plans, which suits one length of search; a temperature that falls
with the time given suits any (Kirkpatrick, Gelatt & Vecchi 1983; over such a local search Accorsi & Vigo 2021).
"""

import time
from dataclasses import dataclass

import numpy as np
import pyvrp
from pyvrp import PenaltyManager, PenaltyParams
from pyvrp.search import OPERATORS, LocalSearch, NeighbourhoodParams, compute_neighbours

from solver.routing.classical.watch import Watch

# Of 12, 20 and 50 (PyVRP's own) neighbours: X-n1001 ends 12 CPU seconds at 3.9, 1.9 and 3.3 %. With windows 20 and 35:
# RC2_10_2 2.3 and 1.7 %, R1_10_3 4.2 and 3.3 %.
_NEIGHBOURS, _NEIGHBOURS_IN_TIME = 20, 35
# PyVRP's penalties start at half the most there may be and move every 500 iterations: in seconds they never come down.
# Every 50 instead: X-n303 1.2 -> 0.8 %, R1_10_3 3.3 -> 2.9 %; targets of 0.4 and 0.8 are as good, 0.95 loses.
_PENALTIES = PenaltyParams(solutions_between_updates=50, target_feasible=0.6)
# Only plans so near the best hold routes that a shorter plan may be made of.
_WORTH_A_LOOK = 1.01
# PyVRP's generator takes 32 bits.
_SEEDS = 2**32


@dataclass(frozen=True)
class Budget:
    """When to stop: monotonic clock, and a number of iterations where the result must not depend on the clock."""

    deadline_s: float
    iterations: int | None = None

    def spent(self, began_s: float, iterations: int) -> float:
        """The share that is used up, 1 or more at the end."""
        now_s = time.monotonic()
        if now_s >= self.deadline_s:
            return 1.0
        if self.iterations is not None:
            return iterations / max(self.iterations, 1)
        return (now_s - began_s) / (self.deadline_s - began_s)


@dataclass(frozen=True)
class Cooling:
    """The first and the last temperature, as shares of the mean leg of the start."""

    first: float
    last: float

    def at(self, spent: float) -> float:
        """Geometric in between."""
        falls: float = (self.last / self.first) ** spent
        return self.first * falls

    def between(self, begin: float, end: float) -> "Cooling":
        """A stretch of it."""
        return Cooling(self.at(begin), self.at(end))


class Annealer:
    """PyVRP's local search over one problem, and the penalties of what breaks a rule on the way."""

    def __init__(self, model: pyvrp.ProblemData, seed: int, *, windows: bool) -> None:
        near = NeighbourhoodParams(num_neighbours=_NEIGHBOURS_IN_TIME if windows else _NEIGHBOURS)
        self._model = model
        self._seed = seed
        self._random = pyvrp.RandomNumberGenerator(seed=seed % _SEEDS)
        self._search = LocalSearch(model, self._random, compute_neighbours(model, near))
        for operator in OPERATORS:
            if operator.supports(model):
                self._search.add_operator(operator(model))
        self._penalties = PenaltyManager(_PENALTIES.midpoint_penalties(model), _PENALTIES)

    def inserted(self) -> pyvrp.Solution:
        """A plan from nothing: each client where it costs least, then local search; may break rules."""
        return self._improved(pyvrp.Solution(self._model, []))

    def scattered(self) -> pyvrp.Solution:
        """A plan from random routes by local search; may break rules."""
        return self._improved(pyvrp.Solution.make_random(self._model, self._random))

    def _improved(self, plan: pyvrp.Solution) -> pyvrp.Solution:
        return self._search(plan, self._penalties.max_cost_evaluator(), exhaustive=True)

    def run(self, start: pyvrp.Solution, cooling: Cooling, budget: Budget, watch: Watch) -> pyvrp.Solution:
        """The best plan found; where none was feasible, the start."""
        best = current = start
        chance = np.random.default_rng(self._seed)
        leg = start.distance() / (start.num_clients() + start.num_routes())
        began_s, iterations = time.monotonic(), 0
        while (spent := budget.spent(began_s, iterations)) < 1:
            iterations += 1
            price = self._penalties.cost_evaluator()
            candidate = self._search(current, price, exhaustive=False)
            self._penalties.register(candidate)
            if price.cost(candidate) < price.cost(best):
                best = candidate
                watch.better(best)
            cost = price.penalised_cost(candidate)
            if cost <= price.cost(best) * _WORTH_A_LOOK:
                watch.passed(candidate)
            if cost - price.penalised_cost(current) < leg * cooling.at(spent) * chance.exponential():
                current = candidate
        return best
