"""Independent checker of location-routing plans: works from the file's own numbers and imports no optimiser."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from solver.instances.location import LocationProblem, Site, Stop
from solver.routing.classical.verify import broken_visits

# A whole number of hundredths may come out of the square root a little above itself.
_SHORT = 1e-9


@dataclass(frozen=True)
class Tour:
    """One vehicle's clients in order, and the depot where it starts and ends; all count from 0."""

    depot: int
    clients: tuple[int, ...]


@dataclass(frozen=True)
class Verdict:
    """What depots, vehicles and distance cost, the depots that are used, and every rule that is broken."""

    cost: float
    opened: tuple[int, ...]
    violations: tuple[str, ...]


def verify_location(problem: LocationProblem, routes: Sequence[Tour]) -> Verdict:
    """Every client in exactly one route, no vehicle and no depot beyond its capacity; a depot with a route is open."""
    broken = broken_visits(
        len(problem.clients), len(problem.depots), [(route.depot, route.clients) for route in routes]
    )
    if broken:
        return Verdict(math.inf, (), tuple(broken))
    costs, sent = [], [0] * len(problem.depots)
    for number, route in enumerate(routes, 1):
        stops = [problem.clients[client] for client in route.clients]
        load = sum(stop.demand for stop in stops)
        if load > problem.vehicle_capacity:
            broken.append(f"route {number}: load {load} over capacity {problem.vehicle_capacity}")
        sent[route.depot] += load
        costs += [problem.vehicle_cost, *_edges(problem, problem.depots[route.depot], stops)]
    opened = tuple(sorted({route.depot for route in routes}))
    for depot in opened:
        site = problem.depots[depot]
        costs.append(site.opening)
        if site.capacity is not None and sent[depot] > site.capacity:
            broken.append(f"depot {depot + 1}: sends {sent[depot]} over capacity {site.capacity}")
    return Verdict(math.fsum(costs), opened, tuple(broken))


def _edges(problem: LocationProblem, depot: Site, stops: Sequence[Stop]) -> list[float]:
    path: list[Site | Stop] = [depot, *stops, depot]
    return [_edge(here, there, hundredfold=problem.hundredfold) for here, there in itertools.pairwise(path)]


def _edge(here: Site | Stop, there: Site | Stop, *, hundredfold: bool) -> float:
    straight = math.sqrt((here.x - there.x) ** 2 + (here.y - there.y) ** 2)
    return math.ceil(straight * 100 - _SHORT) if hundredfold else straight
