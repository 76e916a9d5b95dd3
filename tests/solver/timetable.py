"""When the trips of a plan made by hand are where: timed by the road model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from solver.problem import Ints, Problem, ints
from solver.roads import RoadMap
from solver.solution import Allocations, Loads, Phase, Routes, Stops


@dataclass(frozen=True)
class Trip:
    """One route: where it stops, and which allocations change hands there."""

    phase: Phase
    vehicle: int
    depart_s: int
    stops: Sequence[tuple[int, Mapping[int, int]]]  # place, {allocation: quantity}


def columns(rows: Iterable[tuple[int, ...]], width: int) -> list[Ints]:
    return list(np.array(list(rows), dtype=np.int64).reshape(-1, width).T)


def timetable(problem: Problem, trips: Sequence[Trip], allocations: Allocations) -> tuple[Routes, Stops, Loads]:
    roads = RoadMap(problem.places, problem.roads)
    routes: list[tuple[int, ...]] = []
    stops: list[tuple[int, ...]] = []
    loads: list[tuple[int, ...]] = []
    for trip in trips:
        home = int(problem.hubs.place[problem.vehicles.hub[trip.vehicle]])
        here, metres = home, 0
        now_s = trip.depart_s + (problem.rhythm.haul_handling_s // 2 if trip.phase == Phase.LINE_HAUL else 0)
        for place, carried in trip.stops:
            leg = roads.legs(ints(here), ints(place))
            metres += int(leg.distance_m[0])
            arrive_s = now_s + int(leg.duration_s[0])
            start_s = max(arrive_s, _opens(problem, trip.phase, carried, allocations))
            now_s = start_s + _service(problem, trip.phase, carried, allocations)
            loads.extend((len(stops), allocation, quantity) for allocation, quantity in sorted(carried.items()))
            stops.append((len(routes), place, arrive_s, start_s, now_s))
            here = place
        back = roads.legs(ints(here), ints(home))
        return_s, metres = now_s + int(back.duration_s[0]), metres + int(back.distance_m[0])
        routes.append((trip.phase, trip.vehicle, trip.depart_s, return_s, metres))
    return Routes(*columns(routes, 5)), Stops(*columns(stops, 5)), Loads(*columns(loads, 3))


def _consignees(problem: Problem, phase: Phase, carried: Mapping[int, int], allocations: Allocations) -> dict[int, int]:
    """Grams of each farm or point that a stop serves."""
    grams: dict[int, int] = {}
    for allocation, quantity in carried.items():
        lot, batch = int(allocations.lot[allocation]), int(allocations.batch[allocation])
        end = int(problem.lots.farm[lot] if phase == Phase.COLLECTION else problem.batches.point[batch])
        weight_g = quantity * int(problem.products.unit_weight_g[problem.lots.product[lot]])
        grams[end] = grams.get(end, 0) + weight_g
    return grams


def _opens(problem: Problem, phase: Phase, carried: Mapping[int, int], allocations: Allocations) -> int:
    rhythm = problem.rhythm
    if phase == Phase.LINE_HAUL:
        return rhythm.haul_from_s
    table = problem.farms if phase == Phase.COLLECTION else problem.points
    from_s = rhythm.collect_from_s if phase == Phase.COLLECTION else rhythm.deliver_from_s
    return max(from_s, *(int(table.opens_s[end]) for end in _consignees(problem, phase, carried, allocations)))


def _service(problem: Problem, phase: Phase, carried: Mapping[int, int], allocations: Allocations) -> int:
    if phase == Phase.LINE_HAUL:
        return problem.rhythm.haul_handling_s - problem.rhythm.haul_handling_s // 2
    table = problem.farms if phase == Phase.COLLECTION else problem.points
    return sum(
        int(table.service_s[end]) + -(-grams * int(table.service_s_per_tonne[end]) // 1_000_000)
        for end, grams in _consignees(problem, phase, carried, allocations).items()
    )
