"""Independent checker of classical routes: works from the file's own numbers and imports no optimiser."""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solver.instances.classical import ClassicalProblem, ClassicalRoute, Client, Depot, Rounding

# Unrounded lengths are sums of a few hundred square roots; limits are held to this.
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Verdict:
    """What the routes cost in the class's rounding, and every rule they break."""

    cost: float
    violations: tuple[str, ...]


def verify_routes(problem: ClassicalProblem, routes: Sequence[ClassicalRoute]) -> Verdict:
    """Every client once, loads, windows, durations and fleets kept; distance in the class's rounding."""
    violations = broken_visits(
        len(problem.clients), len(problem.depots), [(route.depot, route.clients) for route in routes]
    )
    if violations:
        return Verdict(math.inf, tuple(violations))
    ticks = []
    for number, route in enumerate(routes, 1):
        depot = problem.depots[route.depot]
        stops = [problem.clients[client] for client in route.clients]
        length = _length(problem.rounding, depot, stops)
        ticks.append(length)
        violations += [f"route {number}: {broken}" for broken in _broken(problem.rounding, depot, stops)]
    for number, depot in enumerate(problem.depots):
        used = sum(route.depot == number for route in routes)
        if depot.vehicles is not None and used > depot.vehicles:
            violations.append(f"depot {number + 1}: {used} routes for {depot.vehicles} vehicles")
    total = math.fsum(ticks)
    return Verdict(total / 10 if problem.rounding is Rounding.TENTHS else total, tuple(violations))


def broken_visits(clients: int, depots: int, routes: Iterable[tuple[int, Sequence[int]]]) -> list[str]:
    """What keeps routes, each a depot and its clients, from visiting each of so many clients exactly once."""
    visits = [0] * clients
    broken = []
    for number, (depot, stops) in enumerate(routes, 1):
        if not stops:
            broken.append(f"route {number}: visits nobody")
        if not 0 <= depot < depots:
            broken.append(f"route {number}: no depot {depot + 1}")
        for client in stops:
            if 0 <= client < clients:
                visits[client] += 1
            else:
                broken.append(f"route {number}: no client {client + 1}")
    return broken + [f"client {number}: visited {times} times" for number, times in enumerate(visits, 1) if times != 1]


def _broken(rounding: Rounding, depot: Depot, stops: Sequence[Client]) -> list[str]:
    broken = []
    load = sum(stop.demand for stop in stops)
    if load > depot.capacity:
        broken.append(f"load {load} over capacity {depot.capacity}")
    late, duration = _times(rounding, depot, stops)
    if depot.max_duration is not None and not late and duration > depot.max_duration + _TOLERANCE:
        broken.append(f"duration {duration:.6f} over {depot.max_duration:g}")
    return broken + late


def _times(rounding: Rounding, depot: Depot, stops: Sequence[Client]) -> tuple[list[str], float]:
    """Where the route is late, and its duration: as early home as can be, and then as late away."""
    ticks = 10 if rounding is Rounding.TENTHS else 1
    path: list[Depot | Client] = [depot, *stops, depot]
    legs = list(itertools.pairwise(path))
    took = [_edge(rounding, here, there) + _service(rounding, here) for here, there in legs]
    now, late = _instant(rounding, depot.early), []
    for (_, there), leg in zip(legs, took, strict=True):
        now = max(now + leg, _instant(rounding, there.early))
        if there.late is not None and now > _instant(rounding, there.late) + _TOLERANCE:
            late.append(f"arrives at {now / ticks:.1f} where it closes at {there.late:g}")
    away = now
    for (here, _), leg in zip(reversed(legs), reversed(took), strict=True):
        away -= leg
        away = away if here.late is None else min(away, _instant(rounding, here.late))
    return late, (now - away) / ticks


def _service(rounding: Rounding, place: Depot | Client) -> float:
    return _instant(rounding, place.service) if isinstance(place, Client) else 0


def _instant(rounding: Rounding, value: float) -> float:
    """In the rounding's own ticks."""
    return math.floor(value * 10 + 1e-9) if rounding is Rounding.TENTHS else value


def _length(rounding: Rounding, depot: Depot, stops: Sequence[Client]) -> float:
    path: list[Depot | Client] = [depot, *stops, depot]
    return math.fsum(_edge(rounding, here, there) for here, there in itertools.pairwise(path))


def _edge(rounding: Rounding, here: Depot | Client, there: Depot | Client) -> float:
    straight = math.sqrt((here.x - there.x) ** 2 + (here.y - there.y) ** 2)
    if rounding is Rounding.NEAREST:
        return math.floor(straight + 0.5)
    if rounding is Rounding.TENTHS:
        return math.floor(straight * 10 + 1e-9)
    return straight
