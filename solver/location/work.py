"""What one process does in a round: look at one set of depots after another, polish the best one's routes, or choose.

Which sets are worth how much is known from short annealings soon, from which depots the best routes start only from
long ones: while one process polishes the best set, the other goes on with those that may still turn out better.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from solver.location import fleet
from solver.location.bound import lower_bound
from solver.location.estimate import Estimate, Opened
from solver.location.fleet import Vehicles
from solver.location.measure import Measured
from solver.location.partition import Limits, recombined
from solver.location.pool import Path, Pool, moved
from solver.location.routes import Budget, Job, search
from solver.location.trials import Trial, Trials, plan_cost, within_room
from solver.location.verify import Tour
from solver.routing.classical.anneal import Cooling
from solver.workers import Send

# A look at a set is so many iterations for each client, the least that tells sets apart, and never fewer than these.
_LOOK, _SHORTEST_LOOK = 5, 500
# So many looks at a set at once are the most, and as so many counts what polishes it for a round.
_LONGEST_SLICE, _POLISHED = 16, 32
# How often a set that has routes is begun afresh: other routes for the pool.
_AFRESH = 0.5
# How often routes are polished with vehicles made for them, where full ones carry them too.
_AROUND = 0.5
# The best routes are worth moving to other depots after so many looks. Tuzun's kind, 200 clients, one depot of four
# is another: after one look 0.8 % above what a long annealing ends with, from random routes 1 to 2 %.
_GOOD = 4
# From random routes, from good ones, and from good ones with time to forget them. In 7 s a core with 200 clients from
# 1, 0.3 and 0.1: prodhon-coord200-10-1 475.5, 476.2 and 476.2 thousand; in 1 s 0.3 is better than 1 by 0.3 %.
_BEGINNING, _ONWARDS, _POLISHING = Cooling(0.5, 0.01), Cooling(0.2, 0.01), Cooling(1.0, 0.01)
# Of the time of a round: the relaxation is 1 % below the best plan, so that branch and bound ends undecided anyway; in
# 15 s instead of 0.5 s it found a cheaper plan once in four problems of 200 clients.
_CHOOSING = 0.05
_TRIALS_KEPT = 12
_BOUND_STEPS = 10


class Stage(Enum):
    """What a round is for."""

    LOOK = "which depots"
    POLISH = "their routes"
    CHOOSE = "the best of all routes seen"


@dataclass(frozen=True)
class Launch:
    """One round of one process: what is known before, and when to stop; `slices` where the clock must not matter."""

    worker: int
    seed: int
    stage: Stage
    problem: Measured
    estimates: tuple[Estimate, ...]
    trials: tuple[Trial, ...]
    paths: tuple[Path, ...]
    deadline_s: float
    slices: int | None
    bound_s: float = 0.0


@dataclass(frozen=True)
class Improved:
    """A plan that its worker holds for feasible."""

    worker: int
    tours: tuple[Tour, ...]


@dataclass(frozen=True)
class Bounded:
    """A cost below which no plan exists, in the file's unit."""

    bound: float


@dataclass(frozen=True)
class Learnt:
    """What the next round starts from."""

    worker: int
    trials: tuple[Trial, ...]
    paths: tuple[Path, ...]


def explore(send: Send, launch: Launch) -> None:
    """Go through the round's stage until time or slices are spent; sends `Improved`, and `Learnt` at the end."""
    if launch.bound_s:
        steps = None if launch.slices is None else _BOUND_STEPS * launch.slices
        until_s = launch.deadline_s if steps else min(launch.deadline_s, time.monotonic() + launch.bound_s)
        bound = lower_bound(launch.problem, launch.estimates, Budget(until_s, steps))
        send(Bounded(bound / launch.problem.per_unit))
    search_ = _Search(launch, send)
    if launch.stage is Stage.LOOK:
        search_.look()
    elif launch.stage is Stage.POLISH:
        search_.choose(_CHOOSING)
        search_.polish()
    else:
        search_.choose(1.0)
    send(Learnt(launch.worker, tuple(search_.trials.kept(_TRIALS_KEPT)), tuple(search_.pool.paths())))


class _Search:
    def __init__(self, launch: Launch, send: Send) -> None:
        self._launch, self._send = launch, send
        self._problem = launch.problem
        self._random = np.random.default_rng(launch.seed)
        self.pool = Pool(launch.paths)
        self.trials = Trials(launch.estimates, launch.trials)
        best = self.trials.best()
        self._best_cost = math.inf if best is None else best.cost
        self._slices = 0

    def look(self) -> None:
        """One set after the other."""
        while not self._over():
            self._slice(self.trials.next())

    def polish(self) -> None:
        """One long annealing from the best set; the second process first tries those that may be better."""
        while not self._over():
            best = self.trials.best()
            opened = self.trials.next() if best is None or self._launch.worker else best.opened
            if best is not None and opened == best.opened:
                self._polish(best)
                return
            self._slice(opened)

    def choose(self, share: float) -> None:
        """The cheapest routes out of the pool, by each process for another set."""
        kept = self.trials.kept(self._launch.worker + 1)
        if kept and len(self.pool):
            opened = kept[-1].opened
            trial = self.trials.of(opened)
            upper = trial.cost - float(self._problem.opening[list(opened)].sum())
            # Where the clock must not matter, the number of nodes ends it.
            limits = Limits(self._left_s() * (1.0 if self._launch.slices else share))
            self._learn(opened, recombined(self._problem, self.pool, opened, upper, limits), trial.effort)

    def _slice(self, opened: Opened) -> None:
        """A short annealing from one set."""
        self._slices += 1
        trial = self.trials.of(opened)
        begun = trial.tours or self._moved(opened)
        start = () if trial.tours and self._random.random() < _AFRESH else begun
        looks = min(max(trial.effort, 1), _LONGEST_SLICE)
        cooling = _ONWARDS if start else _BEGINNING
        searches = (self._searched(vehicles, start, cooling, looks) for vehicles in self._fleets(opened, begun))
        tours = next((tours for tours in searches if tours is not None), None)
        self._learn(opened, tours, trial.effort + looks)

    def _fleets(self, opened: Opened, begun: Sequence[Tour]) -> list[tuple[Vehicles, ...]]:
        """Kinds of vehicles that may keep the depots' capacities; the first from which there are routes is enough."""
        problem = self._problem
        if begun:
            return [fleet.around(problem, begun, self._random)]
        return [fleet.full(problem, opened), fleet.even(problem, opened), fleet.free(problem, opened)]

    def _moved(self, opened: Opened) -> tuple[Tour, ...]:
        """The best routes, once they are good ones, from these depots."""
        best = self.trials.best()
        if best is None or best.effort < _GOOD:
            return ()
        return moved(self._problem, best.tours or (), opened) or ()

    def _polish(self, best: Trial) -> None:
        """Half the time with full vehicles, where they carry the routes: that leaves most freedom."""
        start = best.tours or ()
        vehicles = fleet.full(self._problem, best.opened)
        if fleet.seats(self._problem, vehicles, start) is None or self._random.random() < _AROUND:
            vehicles = fleet.around(self._problem, start, self._random)
        tours = self._searched(vehicles, start, _POLISHING, self._launch.slices)
        self._learn(best.opened, tours, self.trials.of(best.opened).effort + _POLISHED)

    def _searched(
        self, vehicles: Sequence[Vehicles], start: tuple[Tour, ...], cooling: Cooling, looks: int | None
    ) -> tuple[Tour, ...] | None:
        """So many looks, None for all the time that is left."""
        problem, launch = self._problem, self._launch
        steady = launch.slices is not None
        job = Job(problem, vehicles, start, cooling, int(self._random.integers(2**32)))
        iterations = None if looks is None else looks * max(_LOOK * len(problem.demand), _SHORTEST_LOOK)
        budget = Budget(launch.deadline_s, iterations, steady=steady)
        # What is told on the way depends on the clock.
        tours = search(job, budget, keep=self.pool.add, tell=_silent if steady else self._tell)
        return tours if tours is not None and within_room(problem, tours) else None

    def _tell(self, tours: tuple[Tour, ...]) -> None:
        """A plan on the way."""
        cost = plan_cost(self._problem, tours)
        if cost < self._best_cost and within_room(self._problem, tours):
            self._best_cost = cost
            self._send(Improved(self._launch.worker, tours))

    def _learn(self, opened: Opened, tours: tuple[Tour, ...] | None, effort: int) -> None:
        before = self.trials.of(opened)
        cost = math.inf if tours is None else plan_cost(self._problem, tours)
        if cost >= before.cost:
            tours, cost = before.tours, before.cost
        self.trials.learn(Trial(opened, tours, cost, effort))
        if tours is not None:
            self._tell(tours)

    def _over(self) -> bool:
        slices = self._launch.slices
        return self._left_s() == 0 or (slices is not None and self._slices >= slices)

    def _left_s(self) -> float:
        return max(self._launch.deadline_s - time.monotonic(), 0.0)


def _silent(_: tuple[Tour, ...]) -> None:
    """Nobody hears of it."""
