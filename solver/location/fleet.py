"""Vehicles that keep a depot's capacity: as many seats as it can fill, each so large that all of them fit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.location.measure import Measured
from solver.location.verify import Tour


@dataclass(frozen=True)
class Vehicles:
    """So many vehicles of one capacity at a depot."""

    depot: int
    capacity: int
    count: int


def free(problem: Measured, opened: Sequence[int]) -> tuple[Vehicles, ...]:
    """Full vehicles without limit: what a depot sends is looked at afterwards."""
    least = -(-problem.total // problem.load)
    ample = min(max(len(problem.demand), 1), least * 5 // 4 + 3)
    return tuple(Vehicles(depot, problem.load, ample) for depot in opened)


def full(problem: Measured, opened: Sequence[int]) -> tuple[Vehicles, ...]:
    """Full vehicles as long as the depot lasts, and one for the rest; free where it lasts for everybody."""
    fleet: list[Vehicles] = []
    for depot in opened:
        if not problem.bounded(depot):
            fleet += free(problem, [depot])
            continue
        whole, rest = divmod(int(problem.room[depot]), problem.load)
        fleet += [Vehicles(depot, problem.load, whole)] if whole else []
        fleet += [Vehicles(depot, rest, 1)] if rest else []
    return tuple(fleet)


def even(problem: Measured, opened: Sequence[int]) -> tuple[Vehicles, ...]:
    """The depot's capacity in equal parts; where `full` leaves a small rest, this is the other way to use it."""
    fleet: list[Vehicles] = []
    for depot in opened:
        if not problem.bounded(depot):
            fleet += free(problem, [depot])
            continue
        count = -(-int(problem.room[depot]) // problem.load)
        part, rest = divmod(int(problem.room[depot]), max(count, 1))
        fleet += [Vehicles(depot, part + 1, rest)] if rest else []
        fleet += [Vehicles(depot, part, count - rest)] if part else []
    return tuple(fleet)


def around(problem: Measured, routes: Sequence[Tour], random: np.random.Generator) -> tuple[Vehicles, ...]:
    """Vehicles that these routes fill, what the depots have left given to some of them, the first that come.

    Their sum keeps the capacity, so that whatever the search makes of them does.
    """
    fleet: list[Vehicles] = []
    for depot in sorted({route.depot for route in routes}):
        if not problem.bounded(depot):
            fleet += free(problem, [depot])
            continue
        loads = [sum(int(problem.demand[c]) for c in route.clients) for route in routes if route.depot == depot]
        loads.append(0)
        left = int(problem.room[depot]) - sum(loads)
        random.shuffle(loads)
        for seat, carried in enumerate(loads):
            more = min(problem.load - carried, left)
            loads[seat] += more
            left -= more
        sizes = Counter(size for size in loads if size)
        fleet += [Vehicles(depot, size, count) for size, count in sorted(sizes.items(), reverse=True)]
    return tuple(fleet)


def seats(problem: Measured, fleet: Sequence[Vehicles], tours: Sequence[Tour]) -> list[int] | None:
    """For each tour the smallest vehicle left at its depot that carries it; None where there is none for one."""
    left = [vehicles.count for vehicles in fleet]
    smallest_first = sorted(range(len(fleet)), key=lambda number: fleet[number].capacity)
    loads = [int(problem.demand[list(tour.clients)].sum()) for tour in tours]
    taken = [0] * len(tours)
    for tour in sorted(range(len(tours)), key=lambda number: -loads[number]):
        mine = [number for number in smallest_first if left[number] and fleet[number].depot == tours[tour].depot]
        seat = next((number for number in mine if fleet[number].capacity >= loads[tour]), None)
        if seat is None:
            return None
        left[seat] -= 1
        taken[tour] = seat
    return taken
