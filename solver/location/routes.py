"""Routes from a set of open depots: the annealing of `solver.routing.classical`, every good route seen kept."""

import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning

from solver.instances.classical import ClassicalRoute
from solver.location.fleet import Vehicles, seats
from solver.location.measure import Measured
from solver.location.verify import Tour
from solver.routing.classical import anneal
from solver.routing.classical.anneal import Annealer, Cooling
from solver.routing.classical.model import routes_of
from solver.routing.classical.watch import Watch

Hear = Callable[[tuple[Tour, ...]], None]


@dataclass(frozen=True)
class Budget(anneal.Budget):
    """When to stop: monotonic clock, and a number of iterations; `steady` where only the latter cools the search."""

    steady: bool = False

    @property
    def left_s(self) -> float:
        return max(self.deadline_s - time.monotonic(), 0.0)

    def spent(self, began_s: float, iterations: int) -> float:
        """The share that is used up of what ends first."""
        share = super().spent(began_s, iterations)
        if self.steady or self.iterations is None or share >= 1:
            return share
        return max(share, (time.monotonic() - began_s) / (self.deadline_s - began_s))


@dataclass(frozen=True)
class Job:
    """Everybody to be routed by these vehicles; an empty start is a random one."""

    problem: Measured
    fleet: Sequence[Vehicles]
    start: Sequence[Tour]
    cooling: Cooling
    seed: int


def search(job: Job, budget: Budget, *, keep: Hear, tell: Hear) -> tuple[Tour, ...] | None:
    """The best routes found; None where no way was found.

    `keep` is given routes of good plans on the way that a vehicle can drive, `tell` whole plans, now and then.
    """

    def tours(routes: Iterable[ClassicalRoute]) -> tuple[Tour, ...]:
        return tuple(Tour(job.fleet[route.depot].depot, route.clients) for route in routes)

    model = _model(job.problem, job.fleet)
    watch = Watch(lambda routes: tell(tours(routes)))
    with warnings.catch_warnings():
        # A penalty at its bound says that the vehicles are tight; the checker judges what comes out.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        annealer = Annealer(model, job.seed, windows=False)
        best = annealer.run(_solution(job, model) or annealer.scattered(), job.cooling, budget, watch)
    keep(tours(route for route, _ in watch.pool.columns().routes()))
    if not best.is_feasible():
        return None
    found = tours(routes_of(best))
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


def _solution(job: Job, model: pyvrp.ProblemData) -> pyvrp.Solution | None:
    """The start in the smallest vehicles of its depot that carry it; None where there is none, or no vehicle."""
    taken = seats(job.problem, job.fleet, job.start)
    if not taken:
        return None
    routes = zip(job.start, taken, strict=True)
    return pyvrp.Solution(model, [pyvrp.Route(model, list(tour.clients), seat) for tour, seat in routes])
