"""PyVRP's iterated local search (Wouda, Lan & Kool 2024) in one process, reporting every better plan."""

import os
import time
import warnings
from dataclasses import dataclass

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning

from solver.instances.classical import ClassicalRoute
from solver.routing.classical.measure import Measured
from solver.workers import Send

# PyVRP's generator takes 32 bits.
_SEEDS = 2**32
# PyVRP's own word for no limit.
_NEVER = int(np.iinfo(np.int64).max)
# Pickling a plan of a thousand clients takes a millisecond: ten reports a second cost a hundredth of the search.
_BETWEEN_REPORTS_S = 0.1


@dataclass(frozen=True)
class Budget:
    """When to stop: monotonic clock, and a number of iterations where the result must not depend on the clock."""

    deadline_s: float
    iterations: int | None = None


@dataclass(frozen=True)
class Launch:
    """One search; an empty start means a random one."""

    worker: int
    seed: int
    problem: Measured
    start: tuple[ClassicalRoute, ...]
    routes_expected: int
    budget: Budget


@dataclass(frozen=True)
class Found:
    """A plan that its search holds for feasible."""

    worker: int
    routes: tuple[ClassicalRoute, ...]


class _Reports(pyvrp.IteratedLocalSearchCallbacks):
    def __init__(self, send: Send, worker: int) -> None:
        self._send, self._worker = send, worker
        self._waiting: pyvrp.Solution | None = None
        self._last_s = 0.0

    def on_best(self, best: pyvrp.Solution) -> None:
        # Only a feasible plan has a cost below that of another.
        self._waiting = best

    def on_iteration(self, *_: object) -> None:
        if self._waiting is not None and time.monotonic() - self._last_s >= _BETWEEN_REPORTS_S:
            self.report(self._waiting)

    def report(self, best: pyvrp.Solution) -> None:
        self._send(Found(self._worker, _routes(best)))
        self._waiting = None
        self._last_s = time.monotonic()


def search(send: Send, launch: Launch) -> None:
    """Improve the start (or a random one) until the budget ends; sends `Found`, the best one last."""
    problem, budget, start = launch.problem, launch.budget, launch.start
    model = pyvrp_model(problem, launch.routes_expected)
    initial = None
    if start:
        initial = pyvrp.Solution(model, [pyvrp.Route(model, list(route.clients), route.depot) for route in start])
    parent, iteration = os.getppid(), 0

    def spent(best_cost: int) -> bool:  # noqa: ARG001  # PyVRP hands it over by this name
        nonlocal iteration
        iteration += 1
        enough = budget.iterations is not None and iteration > budget.iterations
        # A search whose parent was killed has nobody to report to.
        return enough or time.monotonic() >= budget.deadline_s or os.getppid() != parent

    reports = _Reports(send, launch.worker)
    params = pyvrp.SolveParams(ils=pyvrp.IteratedLocalSearchParams(callbacks=reports))
    with warnings.catch_warnings():
        # A penalty at its bound says that windows are tight; the checker judges what comes out.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = pyvrp.solve(
            model, spent, seed=launch.seed % _SEEDS, collect_stats=False, params=params, initial_solution=initial
        )
    if result.best.is_feasible():
        reports.report(result.best)


def pyvrp_model(problem: Measured, routes: int) -> pyvrp.ProblemData:
    """PyVRP's own problem; one vehicle type a depot, in the depots' order."""
    clients, depots = range(problem.depots, len(problem.demand)), range(problem.depots)
    demand, service, early = problem.demand.tolist(), problem.service.tolist(), problem.early.tolist()
    late = [_NEVER] * len(demand) if problem.late is None else problem.late.tolist()
    load = [min(room, sum(demand)) for room in problem.capacity.tolist()]
    longest = [_NEVER if limit is None else limit for limit in problem.max_duration]
    distance = problem.matrix(durations=False)
    duration = problem.matrix(durations=True) if problem.timed else np.zeros_like(distance)
    return pyvrp.ProblemData(
        [pyvrp.Location(float(x), float(y)) for x, y in problem.xy],
        [pyvrp.Client(node, [demand[node]], [], service[node], early[node], late[node]) for node in clients],
        [pyvrp.Depot(depot, early[depot], late[depot]) for depot in depots],
        [
            pyvrp.VehicleType(
                _fleet(problem, depot, routes), [load[depot]], depot, depot, shift_duration=longest[depot]
            )
            for depot in depots
        ],
        [distance],  # type: ignore[list-item]  # pyvrp's stub gives ndarray one parameter, numpy's has two
        [duration],  # type: ignore[list-item]  # as above
    )


def _fleet(problem: Measured, depot: int, routes: int) -> int:
    """As many vehicles as there are, but not so many more than needed that the search is lost among empty ones."""
    clients = len(problem.demand) - problem.depots
    least = -(-int(problem.demand.sum()) // int(problem.capacity[depot]))
    ample = max(least * 5 // 4 + 3, routes + 3)
    if problem.late is not None:
        ample = max(ample, 2 * least + 8, 100)
    vehicles = problem.vehicles[depot]
    return min(clients, ample if vehicles is None else min(ample, vehicles))


def _routes(solution: pyvrp.Solution) -> tuple[ClassicalRoute, ...]:
    return tuple(
        ClassicalRoute(route.vehicle_type(), tuple(stop.idx for stop in route if stop.is_client()))
        for route in solution.routes()
    )
