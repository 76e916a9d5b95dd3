"""What one process does: search from the most hopeful set of depots, pool the routes, choose the best of them anew."""

import math
import time
from dataclasses import dataclass

import numpy as np

from solver.location import fleet
from solver.location.bound import lower_bound
from solver.location.estimate import Estimate, Opened
from solver.location.measure import Measured
from solver.location.partition import Limits, recombined
from solver.location.pool import Path, Pool
from solver.location.routes import Budget, search
from solver.location.trials import Trial, Trials, plan_cost, within_room
from solver.location.verify import Tour
from solver.workers import Send

# A look at a set is so many iterations for each client, the least that tells sets apart, and never fewer than these.
_LOOK, _SHORTEST_LOOK = 5, 500
# A set that has had so many looks has routes worth recombining; so many at once are the most.
_WORTH_PARTITIONING, _LONGEST_SLICE = 4, 16
# A set that has had so many looks is sometimes begun afresh: other routes for the pool.
_WORN, _AFRESH = 16, 0.4
# Of the time that the searches of a set took, and never more of what is left.
_PARTITION_SHARE, _PARTITION_LEFT = 0.5, 0.4
_TRIALS_KEPT = 12
_BOUND_STEPS = 10


@dataclass(frozen=True)
class Launch:
    """One round of one process: what is known before, and when to stop; `slices` where the clock must not matter."""

    worker: int
    seed: int
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
    """Search slice by slice until time or slices are spent; sends `Improved`, and `Learnt` at the end."""
    if launch.bound_s:
        steps = None if launch.slices is None else _BOUND_STEPS * launch.slices
        until_s = launch.deadline_s if steps else min(launch.deadline_s, time.monotonic() + launch.bound_s)
        bound = lower_bound(launch.problem, launch.estimates, Budget(until_s, steps))
        send(Bounded(bound / launch.problem.per_unit))
    search_ = _Search(launch, send)
    search_.start()
    done = 0
    while time.monotonic() < launch.deadline_s and (launch.slices is None or done < launch.slices):
        search_.slice()
        done += 1
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

    def start(self) -> None:
        """Choose anew from the routes that the other processes brought, each process for another set."""
        kept = self.trials.kept(self._launch.worker + 1)
        if kept and len(self.pool):
            self._recombine(kept[-1].opened, self._left_s() * _PARTITION_LEFT)

    def slice(self) -> None:
        """One search from one set."""
        opened = self.trials.next()
        trial = self.trials.of(opened)
        looks = min(max(trial.effort, 1), _LONGEST_SLICE)
        began_s = time.monotonic()
        self._learn(opened, self._routed(trial, looks), trial.effort + looks)
        if trial.effort + looks >= _WORTH_PARTITIONING:
            took_s = time.monotonic() - began_s
            self._recombine(opened, min(_PARTITION_SHARE * took_s, _PARTITION_LEFT * self._left_s()))

    def _routed(self, trial: Trial, looks: int) -> tuple[Tour, ...] | None:
        """Routes that keep the depots' capacities, by the first kind of fleet for which there are some."""
        problem, opened = self._problem, trial.opened
        if not any(problem.bounded(depot) for depot in opened):
            fleets = [fleet.free(problem, opened)]
        elif trial.tours is not None:
            fleets = [fleet.around(problem, trial.tours, self._random)]
        else:
            fleets = [fleet.full(problem, opened), fleet.even(problem, opened), fleet.free(problem, opened)]
        budget = Budget(self._launch.deadline_s, looks * max(_LOOK * len(problem.demand), _SHORTEST_LOOK))
        afresh = trial.effort >= _WORN and self._random.random() < _AFRESH
        start = () if afresh or trial.tours is None else trial.tours
        for vehicles in fleets:
            seed = int(self._random.integers(2**32))
            tours = search(problem, vehicles, start, budget=budget, seed=seed, keep=self.pool.add)
            if tours is not None and within_room(problem, tours):
                return tours
        return None

    def _learn(self, opened: Opened, tours: tuple[Tour, ...] | None, effort: int) -> None:
        before = self.trials.of(opened)
        cost = math.inf if tours is None else plan_cost(self._problem, tours)
        if cost >= before.cost:
            tours, cost = before.tours, before.cost
        self.trials.learn(Trial(opened, tours, cost, effort))
        if tours is not None and cost < self._best_cost:
            self._best_cost = cost
            self._send(Improved(self._launch.worker, tours))

    def _recombine(self, opened: Opened, seconds: float) -> None:
        trial = self.trials.of(opened)
        upper = trial.cost - float(self._problem.opening[list(opened)].sum())
        # Where the clock must not matter, the number of nodes ends it.
        limits = Limits(seconds if self._launch.slices is None else self._left_s())
        tours = recombined(self._problem, self.pool, opened, upper, limits)
        if tours is not None:
            self._learn(opened, tours, trial.effort)

    def _left_s(self) -> float:
        return max(self._launch.deadline_s - time.monotonic(), 0.0)
