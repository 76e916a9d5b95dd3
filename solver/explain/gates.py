"""Who comes to each farm's gate: the hub whose truck calls there, or what the cheapest detour of one would add."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.check.trace import Trace
from solver.instance import Floats
from solver.problem import Flags, Ints
from solver.solution import NONE, Phase


@dataclass(frozen=True, slots=True)
class Gates:
    """One row a farm; a farm that is called at has no detour."""

    hub: Ints  # that fetches its goods or would; NONE where no truck collects at all
    detour_m: Ints
    drive_minor: Floats  # what the detour's way costs: kilometres, hours and tolls
    stop_minor: Floats  # what the stop itself costs, however near the farm is

    def visit_minor(self, farm: int, detour_m: int) -> float:
        """What a visit costs if the detour were this long; the way's price shrinks with its length."""
        part = detour_m / max(int(self.detour_m[farm]), 1)
        return float(self.drive_minor[farm] * part + self.stop_minor[farm])


def gates(plan: Trace, wanted: Flags) -> Gates:
    """The plan's farms, with the detours to those `wanted` that no truck calls at.

    Before each stop of a collection route; the way home is as long as the way out, and the last stop's other side is
    left out.
    """
    problem, stops, routes = plan.problem, plan.solution.stops, plan.solution.routes
    farms = len(problem.farms.id)
    found = Gates(plan.solution.farm_hub.copy(), np.zeros(farms, dtype=np.int64), np.zeros(farms), np.zeros(farms))
    collecting = np.flatnonzero(routes.phase[stops.route] == Phase.COLLECTION)
    if not len(collecting):
        return found
    route = stops.route[collecting]
    vehicle, home = routes.vehicle[route], plan.home[route]
    first = np.concatenate([[True], route[1:] != route[:-1]])
    after = stops.place[collecting]
    before = np.where(first, problem.hubs.place[home], np.roll(after, 1))
    straight = plan.roads.legs(before, after)
    per_m, per_s = problem.vehicles.minor_per_km[vehicle] / 1000, problem.vehicles.minor_per_hour[vehicle] / 3600
    for farm in np.flatnonzero(wanted & (found.hub == NONE)).tolist():
        place = int(problem.farms.place[farm])
        there = plan.roads.legs(before, np.full_like(before, place))
        on = plan.roads.legs(np.full_like(after, place), after)
        extra_m = np.maximum(there.distance_m + on.distance_m - straight.distance_m, 0)
        extra_s = np.maximum(there.duration_s + on.duration_s - straight.duration_s, 0)
        toll_minor = np.maximum(there.toll_minor + on.toll_minor - straight.toll_minor, 0)
        drive_minor = extra_m * per_m + extra_s * per_s + toll_minor
        stop_minor = int(problem.farms.service_s[farm]) * per_s
        best = int(np.argmin(drive_minor + stop_minor))
        found.hub[farm], found.detour_m[farm] = home[best], extra_m[best]
        found.drive_minor[farm], found.stop_minor[farm] = drive_minor[best], stop_minor[best]
    return found
