"""Depots, assignment and routes decided together on both cores, verified, with a bound."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solver.errors import NoSolutionError, SolutionRejectedError
from solver.instances.location import LocationProblem
from solver.location.estimate import Estimate, promising
from solver.location.first import first_plan
from solver.location.measure import Measured, measured
from solver.location.pool import Pool
from solver.location.trials import Trial, Trials, plan_cost
from solver.location.verify import Tour, verify_location
from solver.location.work import Bounded, Improved, Launch, Learnt, explore
from solver.workers import Task, never, race

WORKERS = 2
# A worker ends by itself a little early and is killed a little late: in between its last report arrives.
_LAST_REPORT_S = 0.15
_GRACE_S = 0.5
# Where a round of the time ends; what both found is put together in between. A start of two processes takes a second.
_ROUNDS = (0.4, 0.75, 1.0)
_ROUNDS_FROM_S = 8.0
_TRIALS_KEPT = 12
# Of the time of one process.
_BOUND_SHARE = 0.1


@dataclass(frozen=True)
class LocatedPlan:
    """Routes that the checker accepted, their cost, and a cost below which no plan exists."""

    cost: float
    bound: float
    opened: tuple[int, ...]
    routes: tuple[Tour, ...]


def solve_location(
    problem: LocationProblem,
    seconds: float,
    *,
    seed: int = 0,
    slices: int | None = None,
    started_s: float | None = None,
    stop: Callable[[], bool] = never,
) -> LocatedPlan:
    """Open depots and route every client from them at least cost.

    Parameters
    ----------
    problem
        D depots, C clients, as `solver.instances.location.read_location` gives it.
    seconds
        Wall time, all of it is used; counted from `started_s` (monotonic clock), else from the call.
    seed
        The same seed and `slices` give the same plan as long as `seconds` does not end the search.
    slices
        Searches of each process in each round, where the result must not depend on the clock.
    stop
        Asked ten times a second; True ends the search with the best plan so far.

    Returns
    -------
    LocatedPlan
        Accepted by the independent checker; `bound <= cost`.

    Raises
    ------
    NoSolutionError
        Nothing feasible was found in time.
    SolutionRejectedError
        The checker refused every plan that a search held for feasible.

    Notes
    -----
    Sets of depots are ranked by an estimate and searched in the order of what they may still reach, the routes from
    one by PyVRP (Wouda, Lan & Kool 2024), all routes of all sets recombined by set partitioning.
    """
    began_s = time.monotonic() if started_s is None else started_s
    if not problem.clients:
        return LocatedPlan(0.0, 0.0, (), ())
    scaled = measured(problem)
    best = _Best(problem)
    estimates = promising(scaled)
    first = first_plan(scaled, estimates)
    if first is not None:
        best.take(Improved(WORKERS, first))
    rounds = _Rounds(best, scaled, estimates, seed, slices, stop)
    ends = _ROUNDS if seconds >= _ROUNDS_FROM_S else _ROUNDS[-1:]
    for number, end in enumerate(ends):
        rounds.round(number, began_s + end * seconds, 0.0 if number else _BOUND_SHARE * seconds)
    return best.plan()


class _Rounds:
    """What the processes know together between two rounds."""

    def __init__(
        self,
        best: "_Best",
        problem: Measured,
        estimates: list[Estimate],
        seed: int,
        slices: int | None,
        stop: Callable[[], bool],
    ) -> None:
        self._best, self._problem, self._estimates = best, problem, estimates
        self._seed, self._slices, self._stop = seed, slices, stop
        self._trials: tuple[Trial, ...] = ()
        self._pool = Pool()

    def round(self, number: int, until_s: float, bound_s: float) -> None:
        if self._stop() or time.monotonic() >= until_s:
            return
        told: dict[int, Learnt] = {}

        def receive(message: Any) -> bool:
            if isinstance(message, Improved):
                self._best.take(message)
            elif isinstance(message, Bounded):
                self._best.bound = message.bound
            else:
                told[message.worker] = message
            return len(told) == WORKERS

        tasks = [Task(explore, (self._launch(number, worker, until_s, bound_s),)) for worker in range(WORKERS)]
        race(tasks, receive, deadline_s=until_s + _GRACE_S, stop=self._stop)
        self._gather([told[worker] for worker in sorted(told)])

    def _launch(self, number: int, worker: int, until_s: float, bound_s: float) -> Launch:
        # Each process has its own sets, and those of the other in the next round.
        mine = self._estimates[(worker + number) % WORKERS :: WORKERS] or self._estimates
        return Launch(
            worker=worker,
            seed=(self._seed * len(_ROUNDS) + number) * WORKERS + worker,
            problem=self._problem,
            estimates=tuple(mine),
            trials=self._trials,
            paths=tuple(self._pool.paths()),
            deadline_s=until_s - _LAST_REPORT_S,
            slices=self._slices,
            bound_s=bound_s if worker == WORKERS - 1 else 0.0,
        )

    def _gather(self, told: list[Learnt]) -> None:
        """The cheaper trial of each set; the pool in the order of the processes, so that a seed tells the plan."""
        together = Trials((), self._trials)
        for learnt in told:
            self._pool.add_paths(learnt.paths)
            for trial in learnt.trials:
                if trial.cost <= together.of(trial.opened).cost:
                    together.learn(trial)
        best = self._best
        cost = plan_cost(self._problem, best.routes)
        if best.routes and cost < together.of(best.opened).cost:
            # Whoever found it was killed before it could tell the rest.
            self._pool.add(best.routes)
            together.learn(Trial(best.opened, best.routes, cost, 1))
        self._trials = tuple(together.kept(_TRIALS_KEPT))


class _Best:
    """The best plan that the checker accepted, and the highest bound."""

    def __init__(self, problem: LocationProblem) -> None:
        self._problem = problem
        self.bound = 0.0
        self._cost, self._worker = math.inf, 0
        self.opened: tuple[int, ...] = ()
        self.routes: tuple[Tour, ...] = ()
        self._refused: tuple[str, ...] = ()

    def take(self, found: Improved) -> None:
        """Of equals the first process's last, so that a seed tells the plan."""
        verdict = verify_location(self._problem, found.tours)
        if verdict.violations:
            self._refused = verdict.violations
        elif (verdict.cost, found.worker) <= (self._cost, self._worker):
            self._cost, self._worker, self.opened = verdict.cost, found.worker, verdict.opened
            self.routes = found.tours

    def plan(self) -> LocatedPlan:
        if self.routes:
            return LocatedPlan(self._cost, min(self.bound, self._cost), self.opened, self.routes)
        if self._refused:
            raise SolutionRejectedError(self._refused)
        raise NoSolutionError("no depots and routes within their capacities were found in the time given")
