"""Rounds of both cores: each searches, the routes seen are combined, and the next round goes on from the best plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from solver.routing.classical.anneal import Budget, Cooling
from solver.routing.classical.best import Best
from solver.routing.classical.clock import COMBINING_S, Clock
from solver.routing.classical.combine import Partition, combine
from solver.routing.classical.crew import WORKERS, Crew
from solver.routing.classical.decompose import halves
from solver.routing.classical.jobs import Found, Job, Piecewise, search, search_pieces
from solver.routing.classical.measure import Measured
from solver.routing.classical.model import Routes
from solver.routing.classical.pool import Pool
from solver.workers import Task

# From 0.1 to 0.003: pr10 1.2, p11 0.4, RC2_10_2 1.7, X-n1001 1.4 %; from 1 to 0.01: 0.5, 0.0, 1.2 and 1.3 %.
_COOLING = Cooling(1.0, 0.01)
# One annealing of X-n303 in 30 s ends at 0.8 % like the better of two in 10 s each; p07 and p11 want several.
_SECONDS_A_CLIENT, _MOST_ANNEALINGS = 0.04, 8
# Leuven1 in 40 s, ten clients a route, pieces of 500, 1,000 and 2,000: 0.82, 0.72 and 0.91 %. The same clients 90 a
# route and far from the depot, pieces of 250, 500, 1,000, 1,500 and 2,000: 3.9, 3.3, 0.6, 0.1 and 0 % over the best.
# The matrix of a piece is as large as that of a plan that is searched as a whole.
CLIENTS_A_PIECE, ROUTES_A_PIECE, MOST_A_PIECE = 1000, 20, 3000
# Seven rounds of X-n1001 in 30 s; other lengths were not compared.
_SECONDS_A_PIECE, _FEWEST_ROUNDS, _MOST_ROUNDS = 4.0, 2, 10
# With windows savings make too many routes, so the plan is searched as a whole first: see `opening`.
_OPENING = 0.2
# A partition of 7,000 clients would take more memory than all searches together.
_COMBINED_UP_TO, _COMBINING_WORK = 3000, 1.0
# A worker is killed a little late, so that its last report arrives.
_GRACE_S = 0.5
# Seeds of solves, rounds, workers and pieces stay apart.
_SPREAD = 1000


@dataclass
class Rounds:
    """One solve's workers, best plan and routes seen."""

    crew: Crew
    best: Best
    problem: Measured
    seed: int
    clock: Clock
    pool: Pool = field(default_factory=Pool)

    def whole(self, start: Routes, workers: int) -> None:
        """Each core anneals everything, again and again from another random course; the second starts at random."""
        count = 1
        if self.clock.iterations is None:
            seconds = len(self.problem.demand) * _SECONDS_A_CLIENT
            count = min(max(round(self.clock.left_s / seconds), 1), _MOST_ANNEALINGS)
        starts = [start, ()][:workers]
        for number in range(count):
            if self.clock.over:
                return
            self._search(number, starts, _COOLING, self.clock.budget(1 / (count - number), combining=True))
            self._combine()

    def parts(self, *, opening: bool) -> None:
        """Each core anneals its half of the plan in pieces, then it is cut anew; one annealing all in all.

        With an opening both cores anneal everything first, from starts of their own.
        """
        begun = _OPENING if opening else 0.0
        if opening:
            self._search(_SPREAD - 1, [(), ()], _COOLING.between(0, begun), self.clock.budget(begun))
        count = self._rounds()
        for number in range(count):
            if self.clock.over:
                return
            ends = [begun + (1 - begun) * place / count for place in (number, number + 1)]
            budget = self.clock.budget(1 / (count - number), combining=number == count - 1)
            self._search_halves(number, _COOLING.between(*ends), budget)
        if len(self.problem.demand) <= _COMBINED_UP_TO:
            self._combine()

    def _rounds(self) -> int:
        """How often the plan is cut anew: pieces get about four seconds, but no border stays for ever."""
        if self.clock.iterations is not None:
            return _FEWEST_ROUNDS
        pieces_a_worker = max(len(self.problem.demand) / self._clients_a_piece() / WORKERS, 1)
        return min(max(round(self.clock.left_s / pieces_a_worker / _SECONDS_A_PIECE), _FEWEST_ROUNDS), _MOST_ROUNDS)

    def _clients_a_piece(self) -> int:
        """Long routes need others beside them: so many clients that there are routes enough to trade with."""
        a_route = len(self.problem.demand) // max(len(self.best.routes), 1)
        return min(max(CLIENTS_A_PIECE, ROUTES_A_PIECE * a_route), MOST_A_PIECE)

    def _search(self, number: int, starts: Sequence[Routes], cooling: Cooling, budget: Budget) -> None:
        """Every worker over everything from its start."""
        jobs = [
            Job(worker, self._seed(number, worker), self.problem, start, cooling, budget)
            for worker, start in enumerate(starts)
        ]
        self._work([Task(search, (job,)) for job in jobs], lambda found: self.best.take(found.routes), budget)

    def _search_halves(self, number: int, cooling: Cooling, budget: Budget) -> None:
        """Every worker over its half of the best plan."""
        sides = list(halves(self.problem, self.best.routes, number, self._seed(number, 0)))
        vehicles, clients = self.problem.vehicles[0], self._clients_a_piece()
        pieces = len(self.problem.demand) // clients + WORKERS
        spare = None if vehicles is None else (vehicles - len(self.best.routes)) // pieces
        jobs = [
            Job(side, self._seed(number, side), self.problem, routes, cooling, budget)
            for side, routes in enumerate(sides)
            if routes
        ]

        def receive(found: Found) -> None:
            sides[found.worker] = found.routes
            self.best.take(sides[0] + sides[1])

        self._work([Task(search_pieces, (Piecewise(job, clients, spare),)) for job in jobs], receive, budget)
        # Which plans came in between, each of a half and a half, depends on who was faster; the last one does not.
        self.best.settle(sides[0] + sides[1])

    def _work(self, tasks: Sequence[Task], receive: Callable[[Found], object], budget: Budget) -> None:
        """The pool is filled in the workers' order, whoever is ready first."""
        last: dict[int, Found] = {}

        def keep(found: Found) -> None:
            last[found.worker] = found
            receive(found)

        self.crew.work(tasks, keep, deadline_s=budget.deadline_s + _GRACE_S, stop=self.clock.stop)
        for worker in sorted(last):
            self.pool.merge(last[worker].seen)

    def _combine(self) -> None:
        """The shortest plan out of all routes seen."""
        if self.clock.over or not self.best.routes:
            return
        for route in self.best.routes:
            self.pool.add(route, self.problem.length(route))
        seconds, work = min(self.clock.left_s, COMBINING_S), None
        if self.clock.iterations is not None:
            seconds, work = self.clock.left_s, _COMBINING_WORK
        partition = Partition(self.pool.columns(), self.problem.vehicles, self.best.routes, seconds, WORKERS, work)
        task, until_s = Task(combine, (partition,)), self.clock.deadline_s
        self.crew.work([task], lambda found: self.best.take(found.routes), deadline_s=until_s, stop=self.clock.stop)

    def _seed(self, number: int, worker: int) -> int:
        return ((self.seed * _SPREAD + number) * WORKERS + worker) * _SPREAD
