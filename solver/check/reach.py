"""Who can be visited by a vehicle that does nothing else in its shift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.problem import Farms, Flags, Ints, Points, Problem
from solver.roads import RoadMap


@dataclass(frozen=True, slots=True)
class Reach:
    """Vehicles x farms or points: how long the trip is, when service starts at the earliest, and if that will do."""

    trip_s: Ints
    start_s: Ints
    in_shift: Flags
    in_time: Flags

    @property
    def reached(self) -> Flags:
        """Both within the shift and before the gate closes."""
        both: Flags = self.in_shift & self.in_time
        return both


def farm_reach(problem: Problem, roads: RoadMap) -> Reach:
    """Farms in the collection."""
    return _reach(problem, roads, problem.farms, problem.rhythm.collect_from_s, problem.rhythm.collect_until_s)


def point_reach(problem: Problem, roads: RoadMap) -> Reach:
    """Points in the delivery."""
    return _reach(problem, roads, problem.points, problem.rhythm.deliver_from_s, problem.rhythm.deliver_until_s)


def _reach(problem: Problem, roads: RoadMap, table: Farms | Points, from_s: int, until_s: int) -> Reach:
    vehicles = problem.vehicles
    hub_place = problem.hubs.place[vehicles.hub]
    out_s = roads.legs(hub_place[:, None], table.place[None, :]).duration_s
    back_s = roads.legs(table.place[None, :], hub_place[:, None]).duration_s
    trip_s = out_s + back_s + table.service_s
    start_s = np.maximum(from_s + out_s, table.opens_s)
    return Reach(
        trip_s=trip_s,
        start_s=start_s,
        in_shift=trip_s <= vehicles.shift_s[:, None],
        in_time=start_s <= np.minimum(until_s, table.closes_s),
    )
