"""What routes cost: kilometres, hours, tolls, and each vehicle's fixed price once a day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.cost.amounts import DAY_S, by_row, half_up, shares
from solver.problem import Ints, Problem
from solver.roads import RoadMap
from solver.solution import Phase, Solution

EXACT = 3_600_000
"""Parts of a minor unit in which metres per kilometre and seconds per hour both come out whole."""


def price_routes(problem: Problem, solution: Solution) -> Ints:
    """Minor units of each route; the routes of a phase sum exactly to the phase, which is rounded once."""
    exact = _exact_routes(problem, solution)
    minor = np.zeros(len(exact), dtype=np.int64)
    for phase in Phase:
        rows = np.flatnonzero(solution.routes.phase == phase)
        of_phase = [exact[row] for row in rows.tolist()]
        minor[rows] = shares(half_up(sum(of_phase), EXACT), of_phase)
    return minor


def _exact_routes(problem: Problem, solution: Solution) -> Sequence[int]:
    routes, vehicles = solution.routes, problem.vehicles
    duration_s = routes.return_s - routes.depart_s
    whole_minor = route_tolls(problem, solution)
    vehicle_day = np.stack([routes.vehicle, routes.depart_s // DAY_S])
    for vehicle, day in np.unique(vehicle_day, axis=1).T.tolist():
        used = np.flatnonzero((vehicle_day[0] == vehicle) & (vehicle_day[1] == day))
        whole_minor[used] += shares(int(vehicles.fixed_minor[vehicle]), duration_s[used])
    return [
        metres * per_km * (EXACT // 1000) + seconds * per_hour * (EXACT // 3600) + whole * EXACT
        for metres, per_km, seconds, per_hour, whole in zip(
            routes.distance_m.tolist(),
            vehicles.minor_per_km[routes.vehicle].tolist(),
            duration_s.tolist(),
            vehicles.minor_per_hour[routes.vehicle].tolist(),
            whole_minor.tolist(),
            strict=True,
        )
    ]


def route_tolls(problem: Problem, solution: Solution) -> Ints:
    """Tolls of each route, from its home hub through its stops and back."""
    route, place = solution.stops.route, solution.stops.place
    home = problem.hubs.place[problem.vehicles.hub[solution.routes.vehicle]]
    opening = np.ones(len(route), dtype=np.bool_)
    opening[1:] = route[1:] != route[:-1]
    closing = np.roll(opening, -1)
    origin = np.where(opening, home[route], np.roll(place, 1))
    roads = RoadMap(problem.places, problem.roads)
    there = roads.legs(origin, place).toll_minor
    back = roads.legs(place[closing], home[route[closing]]).toll_minor
    return by_row(route, there, len(home)) + by_row(route[closing], back, len(home))
