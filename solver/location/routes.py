"""Routes from a set of open depots: PyVRP's iterated local search (Wouda, Lan & Kool 2024), every route seen kept."""

import os
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning

from solver.location.fleet import Vehicles
from solver.location.measure import Measured
from solver.location.verify import Tour

# PyVRP's generator takes 32 bits.
_SEEDS = 2**32
# Reading a plan of 200 clients takes as long as one iteration: every 20th costs a twentieth of the search.
_LOOK_EVERY = 20
Keep = Callable[[Sequence[Tour]], None]


@dataclass(frozen=True)
class Budget:
    """When to stop: monotonic clock, and a number of iterations."""

    deadline_s: float
    iterations: int | None = None

    @property
    def left_s(self) -> float:
        return max(self.deadline_s - time.monotonic(), 0.0)


class _Looks(pyvrp.IteratedLocalSearchCallbacks):
    def __init__(self, fleet: Sequence[Vehicles], keep: Keep) -> None:
        self._fleet, self._keep, self._turn = fleet, keep, 0

    def on_best(self, best: pyvrp.Solution) -> None:
        self._keep(_tours(self._fleet, best))

    def on_iteration(self, current: pyvrp.Solution, *_: object) -> None:
        self._turn += 1
        if self._turn % _LOOK_EVERY == 0:
            self._keep(_tours(self._fleet, current))


def search(
    problem: Measured,
    fleet: Sequence[Vehicles],
    start: Sequence[Tour],
    *,
    budget: Budget,
    seed: int,
    keep: Keep,
) -> tuple[Tour, ...] | None:
    """Route everybody by these vehicles; None where no way was found.

    `keep` is given routes that a vehicle can drive, of plans on the way, whole or not. An empty start is a random one.
    """
    model = _model(problem, fleet)
    initial = _solution(problem, model, fleet, start)
    iteration, parent = 0, os.getppid()

    def spent(best_cost: int) -> bool:  # noqa: ARG001  # PyVRP hands it over by this name
        nonlocal iteration
        iteration += 1
        enough = budget.iterations is not None and iteration > budget.iterations
        # A search whose parent was killed has nobody to report to.
        return enough or time.monotonic() >= budget.deadline_s or os.getppid() != parent

    params = pyvrp.SolveParams(ils=pyvrp.IteratedLocalSearchParams(callbacks=_Looks(fleet, keep)))
    with warnings.catch_warnings():
        # A penalty at its bound says that the vehicles are tight; the checker judges what comes out.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = pyvrp.solve(
            model, spent, seed=seed % _SEEDS, collect_stats=False, params=params, initial_solution=initial
        )
    if not result.best.is_feasible():
        return None
    found = _tours(fleet, result.best)
    keep(found)
    return found


def _model(problem: Measured, fleet: Sequence[Vehicles]) -> pyvrp.ProblemData:
    """Only the depots with vehicles are in it; one vehicle type for each entry of the fleet, in its order."""
    depots = sorted({vehicles.depot for vehicles in fleet})
    nodes = np.array([*depots, *range(problem.depots, len(problem.edges))])
    edges = problem.edges[np.ix_(nodes, nodes)]
    return pyvrp.ProblemData(
        [pyvrp.Location(float(x), float(y)) for x, y in problem.xy[nodes]],
        [pyvrp.Client(node, [demand]) for node, demand in enumerate(problem.demand.tolist(), len(depots))],
        [pyvrp.Depot(number) for number in range(len(depots))],
        [
            pyvrp.VehicleType(
                vehicles.count,
                [vehicles.capacity],
                depots.index(vehicles.depot),
                depots.index(vehicles.depot),
                fixed_cost=problem.fixed,
            )
            for vehicles in fleet
        ],
        [edges],
        [np.zeros_like(edges)],
    )


def _solution(
    problem: Measured, model: pyvrp.ProblemData, fleet: Sequence[Vehicles], start: Sequence[Tour]
) -> pyvrp.Solution | None:
    """The start in the smallest vehicles of its depot that carry it; None where there is none."""
    left = [vehicles.count for vehicles in fleet]
    order = sorted(range(len(fleet)), key=lambda number: fleet[number].capacity)
    routes = []
    for tour in sorted(start, key=lambda tour: -int(problem.demand[list(tour.clients)].sum())):
        load = int(problem.demand[list(tour.clients)].sum())
        mine = [number for number in order if left[number] and fleet[number].depot == tour.depot]
        fitting = [number for number in mine if fleet[number].capacity >= load] or mine[-1:]
        if not fitting:
            return None
        left[fitting[0]] -= 1
        routes.append(pyvrp.Route(model, list(tour.clients), fitting[0]))
    return pyvrp.Solution(model, routes) if routes else None


def _tours(fleet: Sequence[Vehicles], solution: pyvrp.Solution) -> tuple[Tour, ...]:
    """The routes within their vehicles' capacity."""
    return tuple(
        Tour(fleet[route.vehicle_type()].depot, tuple(stop.idx for stop in route if stop.is_client()))
        for route in solution.routes()
        if route.is_feasible()
    )
