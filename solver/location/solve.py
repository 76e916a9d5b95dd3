"""Depots, assignment and routes decided together on both cores, verified, with a bound."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solver.errors import NoSolutionError, SolutionRejectedError
from solver.instances.location import LocationProblem, check_location
from solver.location.estimate import Estimate, promising
from solver.location.first import first_plan
from solver.location.measure import Measured, measured
from solver.location.pool import Pool
from solver.location.trials import Trial, Trials, plan_cost
from solver.location.verify import Tour, verify_location
from solver.location.work import Bounded, Improved, Launch, Learnt, Stage, explore
from solver.params import check_search
from solver.routing.classical.crew import WORKERS, Crew
from solver.workers import Task, never

# A worker ends by itself a little early and is killed a little late: in between its last report arrives.
_LAST_REPORT_S = 0.15
_GRACE_S = 0.5
# Where the time ends for looking at sets of depots, and for polishing routes; the rest is for the choice among them.
# Looking until 0.3 and in slices half as long was as good; other shares were not compared.
_LOOKING, _POLISHED = 0.28, 0.975
# How long an annealing takes. All the 30 s by PyVRP's own search in short pieces, and so: prodhon-coord200-10-1 477.5
# and 475.2 thousand, made ones of Prodhon's kind with 200 clients 444.6 and 441.8, 398.0 and 396.5.
_SECONDS_A_CLIENT, _FEWEST_POLISHINGS, _MOST_POLISHINGS = 0.035, 2, 8
_TRIALS_KEPT = 12
# Of the time of one process.
_BOUND_SHARE = 0.1
# Seeds of solves, rounds and workers stay apart.
_SPREAD = 1000


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
    slices
        Sets that each process looks at in a round, and the length of an annealing in looks, where the result must not
        depend on the clock.
    seconds, seed, started_s, stop
        As `solver.routing.classical.solve.solve_routes` takes them.

    Returns
    -------
    LocatedPlan
        Accepted by the independent checker; `bound <= cost`.

    Raises
    ------
    InvalidProblemError
        A number that no optimiser can count with, with table, row and column, or a demand that nobody can serve.
    NoSolutionError
        Nothing feasible was found in time.
    SolutionRejectedError
        The checker refused every plan that a search held for feasible.

    Notes
    -----
    Sets of depots are ranked by an estimate and searched in the order of what they may still reach (Auer, Cesa-Bianchi
    & Fischer 2002). Routes are annealed (Kirkpatrick, Gelatt & Vecchi 1983) over the local search of PyVRP (Wouda, Lan
    & Kool 2024): shortly to compare sets, at length from the best one; all routes seen are recombined by set
    partitioning (Akca, Berger & Ralphs 2009).
    """
    began_s = time.monotonic() if started_s is None else started_s
    check_location(problem)
    check_search("location", seconds, seed, slices)
    if not problem.clients:
        return LocatedPlan(0.0, 0.0, (), ())
    best = _Best(problem)
    with Crew(WORKERS, "solver.location.work") as crew:
        scaled = measured(problem)
        estimates = promising(scaled)
        first = first_plan(scaled, estimates)
        if first is not None:
            best.take(Improved(WORKERS, first))
        rounds = _Rounds(crew, best, scaled, estimates, _Course(seed, slices, began_s + seconds, stop))
        rounds.round(Stage.LOOK, began_s + _LOOKING * seconds, bound_s=_BOUND_SHARE * seconds)
        count = _FEWEST_POLISHINGS if slices else polishings(seconds, len(problem.clients))
        for number in range(1, count + 1):
            end = _LOOKING + (_POLISHED - _LOOKING) * number / count
            rounds.round(Stage.POLISH, began_s + end * seconds)
        rounds.round(Stage.CHOOSE, began_s + seconds - _LAST_REPORT_S)
    return best.plan()


def polishings(seconds: float, clients: int) -> int:
    """How many annealings there is time for."""
    wanted = (_POLISHED - _LOOKING) * seconds / (clients * _SECONDS_A_CLIENT)
    return min(max(round(wanted), _FEWEST_POLISHINGS), _MOST_POLISHINGS)


@dataclass(frozen=True)
class _Course:
    """What all rounds have in common."""

    seed: int
    slices: int | None
    deadline_s: float
    stop: Callable[[], bool]


class _Rounds:
    """What the processes know together between two rounds."""

    def __init__(
        self, crew: Crew, best: "_Best", problem: Measured, estimates: list[Estimate], course: _Course
    ) -> None:
        self._crew, self._best, self._course = crew, best, course
        self._problem, self._estimates = problem, estimates
        self._trials: tuple[Trial, ...] = ()
        self._pool = Pool()
        self._number = 0

    def round(self, stage: Stage, until_s: float, *, bound_s: float = 0.0) -> None:
        """Every process goes through the stage, and they put together what they learnt."""
        course = self._course
        if course.stop() or time.monotonic() >= until_s:
            return
        told: dict[int, Learnt] = {}

        def receive(message: Any) -> None:
            if isinstance(message, Improved):
                self._best.take(message)
            elif isinstance(message, Bounded):
                self._best.bound = message.bound
            else:
                told[message.worker] = message

        launches = [self._launch(stage, worker, until_s, bound_s) for worker in range(WORKERS)]
        tasks = [Task(explore, (launch,)) for launch in launches]
        # Whoever starts late or ends late goes on with the next round: to start another takes longer.
        self._crew.work(tasks, receive, deadline_s=course.deadline_s + _GRACE_S, stop=course.stop)
        self._gather([told[worker] for worker in sorted(told)])
        self._number += 1

    def _launch(self, stage: Stage, worker: int, until_s: float, bound_s: float) -> Launch:
        # Each process has its own sets, and those of the other in the next round.
        mine = self._estimates[(worker + self._number) % WORKERS :: WORKERS] or self._estimates
        return Launch(
            worker=worker,
            seed=(self._course.seed * _SPREAD + self._number) * WORKERS + worker,
            stage=stage,
            problem=self._problem,
            estimates=tuple(mine),
            trials=self._trials,
            paths=tuple(self._pool.paths()),
            deadline_s=until_s,
            slices=self._course.slices,
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
