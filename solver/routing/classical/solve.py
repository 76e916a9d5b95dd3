"""Best routes for a classical problem on both cores, verified."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from solver.errors import NoSolutionError, SolutionRejectedError
from solver.instances.classical import ClassicalProblem, ClassicalRoute
from solver.routing.classical.decompose import CLIENTS_A_PIECE, Half, Routes, halves, improve_half, rounds
from solver.routing.classical.measure import Measured, measured
from solver.routing.classical.savings import savings_routes
from solver.routing.classical.search import Budget, Found, Launch, search
from solver.routing.classical.verify import Verdict, verify_routes
from solver.workers import Task, never, race

WORKERS = 2
# A worker ends by itself a little early and is killed a little late: in between its last report arrives.
_LAST_REPORT_S = 0.05
_GRACE_S = 0.5
# Beyond this a random start costs more than it brings in variety.
_VARIED_UP_TO = 600
# Measured on the X and Gehring-Homberger sets; a matrix of 3,000 clients takes 400 MB in each search.
_PIECES_FROM, _LONG_ROUTE, _WHOLE_UP_TO = 600, 25, 3000
# Two searches with a matrix each of 10,000 clients take 6 GB.
_TWICE_UP_TO = 10_000
# Seeds of rounds and of pieces stay apart.
_MOST_CUTS, _SPREAD = 8, 100


@dataclass(frozen=True)
class RoutedPlan:
    """Routes that the checker accepted, and their cost in the rounding of the problem's class."""

    routes: tuple[ClassicalRoute, ...]
    cost: float


def solve_routes(
    problem: ClassicalProblem,
    seconds: float,
    *,
    seed: int = 0,
    iterations: int | None = None,
    started_s: float | None = None,
    stop: Callable[[], bool] = never,
) -> RoutedPlan:
    """Route every client at least distance: a PyVRP search a core, or piece by piece where there are many clients.

    Parameters
    ----------
    problem
        D depots, C clients, as `solver.instances.routing.read_classical` gives it.
    seconds
        Wall time, all of it is used; counted from `started_s` (monotonic clock), else from the call.
    seed
        The same seed and `iterations` give the same plan as long as `seconds` does not end the search.
    iterations
        Iterations of each search, where the result must not depend on the clock.
    stop
        Asked ten times a second; True ends the search with the best plan so far.

    Returns
    -------
    RoutedPlan
        Accepted by the independent checker.

    Raises
    ------
    NoSolutionError
        Nothing feasible was found in time.
    SolutionRejectedError
        The checker refused every plan that a search held for feasible.

    Notes
    -----
    Savings start (Clarke & Wright 1964), iterated local search of PyVRP (Wouda, Lan & Kool 2024).
    """
    started_s = time.monotonic() if started_s is None else started_s
    if not problem.clients:
        return RoutedPlan((), 0.0)
    scaled = measured(problem)
    start = tuple(savings_routes(scaled))
    best = _Best(problem)
    warm = best.take(Found(-1, start))
    run = _Run(best, scaled, seed, iterations, started_s + seconds, stop)
    if warm and _in_pieces(scaled, start):
        run.pieces(seconds)
    else:
        run.whole(start if warm else (), len(start))
    return best.plan()


def _in_pieces(problem: Measured, routes: Routes) -> bool:
    """Where pieces beat the whole: many clients, and not on few long routes unless they are too many for a matrix."""
    clients = len(problem.demand) - problem.depots
    many = clients >= _PIECES_FROM and clients <= _LONG_ROUTE * len(routes)
    return problem.depots == 1 and (many or clients > _WHOLE_UP_TO)


@dataclass(frozen=True)
class _Run:
    """One solve's clock and ends."""

    best: "_Best"
    problem: Measured
    seed: int
    iterations: int | None
    deadline_s: float
    stop: Callable[[], bool]

    def whole(self, start: Routes, expected: int) -> None:
        """One search a core over everything; the second starts at random while that is cheap."""
        budget = Budget(self.deadline_s - _LAST_REPORT_S, self.iterations)
        tasks = []
        clients = len(self.best.problem.clients)
        for worker in range(WORKERS if clients <= _TWICE_UP_TO else 1):
            varied = worker > 0 and clients <= _VARIED_UP_TO
            seed = self.seed * WORKERS + worker
            launch = Launch(worker, seed, self.problem, () if varied else start, expected, budget)
            tasks.append(Task(search, (launch,)))
        self._race(tasks, self.best.receive, self.deadline_s)

    def pieces(self, seconds: float) -> None:
        """Both cores improve a half of the plan each, then it is cut anew."""
        count = rounds(len(self.problem.demand), seconds, WORKERS)
        for number in range(count):
            now_s = time.monotonic()
            if self.stop() or now_s >= self.deadline_s:
                return
            self._round(number, now_s + (self.deadline_s - now_s) / (count - number))

    def _round(self, number: int, until_s: float) -> None:
        assert self.best.routes is not None
        seed = (self.seed * _MOST_CUTS + number) * WORKERS
        sides = list(halves(self.problem, self.best.routes, seed))
        vehicles = self.problem.vehicles[0]
        count = max(len(self.problem.demand) // CLIENTS_A_PIECE, 1)
        spare = None if vehicles is None else (vehicles - len(self.best.routes)) // (count + WORKERS)
        budget = Budget(until_s - _LAST_REPORT_S, self.iterations)
        tasks = [
            Task(improve_half, (Half(side, _SPREAD * (seed + side), self.problem, routes, spare, budget),))
            for side, routes in enumerate(sides)
            if routes
        ]

        def receive(found: Found) -> bool:
            sides[found.worker] = found.routes
            self.best.take(Found(0, sides[0] + sides[1]))
            return False

        self._race(tasks, receive, until_s)

    def _race(self, tasks: list[Task], receive: Callable[[Any], bool], until_s: float) -> None:
        race(tasks, receive, deadline_s=until_s + _GRACE_S, stop=self.stop)


@dataclass
class _Best:
    """The best plan that the checker accepted; of equals the first worker's last, so that a seed tells the plan."""

    problem: ClassicalProblem
    worker: int = 0
    routes: tuple[ClassicalRoute, ...] | None = None
    cost: float = 0.0
    refused: list[Verdict] = field(default_factory=list)

    def take(self, found: Found) -> bool:
        """Whether the checker accepts it."""
        verdict = verify_routes(self.problem, found.routes)
        if verdict.violations:
            # The savings start may be beyond the fleet or a window, only a search claims to be right.
            self.refused += [verdict] if found.worker >= 0 else []
            return False
        if self.routes is None or (verdict.cost, found.worker) <= (self.cost, self.worker):
            self.routes, self.cost, self.worker = found.routes, verdict.cost, found.worker
        return True

    def receive(self, message: Any) -> bool:
        self.take(message)
        return False

    def plan(self) -> RoutedPlan:
        if self.routes is not None:
            return RoutedPlan(self.routes, self.cost)
        if self.refused:
            raise SolutionRejectedError(self.refused[-1].violations)
        raise NoSolutionError("no feasible routes were found in the time given")
