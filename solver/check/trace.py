"""The plan traced: every load with its route, hubs and direction, worked out once for all rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.check.entitled import Entitled
from solver.cost import allocation_ends, allocation_hubs, allocation_weight_g, by_row
from solver.problem import Flags, Ints, Problem
from solver.roads import RoadMap
from solver.solution import Phase, Solution

BEFORE_ALL = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Trace:
    """Columns per allocation, per route (`home`), per stop and per load of a plan whose columns are sound."""

    problem: Problem
    solution: Solution
    entitled: Entitled
    roads: RoadMap
    farm: Ints  # per allocation
    point: Ints
    source: Ints  # hub where it comes in
    target: Ints  # hub from which it goes out
    product: Ints
    weight_g: Ints
    sent: Ints  # per lot
    home: Ints  # hub of each route's vehicle
    load_route: Ints
    load_phase: Ints
    load_place: Ints
    picked: Flags  # per load: taken on at the stop, not put down

    def loads_of(self, phase: Phase) -> Ints:
        """Rows of the loads that change hands in a phase."""
        return np.flatnonzero(self.load_phase == phase)

    def collected_at_s(self) -> Ints:
        """Per allocation, when the last of it has come in from the farm."""
        rows = self.loads_of(Phase.COLLECTION)
        at_s = np.full(len(self.farm), BEFORE_ALL, dtype=np.int64)
        arrival_s = self.solution.routes.return_s[self.load_route[rows]]
        np.maximum.at(at_s, self.solution.loads.allocation[rows], arrival_s)
        return at_s

    def inbound_at_s(self) -> Ints:
        """Per allocation, when the last of it is at the hub from which it goes out."""
        solution = self.solution
        at_s = np.where(self.source == self.target, self.collected_at_s(), BEFORE_ALL)
        rows = self.loads_of(Phase.LINE_HAUL)
        put_down_s = solution.stops.leave_s[solution.loads.stop[rows]]
        arrival_s = np.where(self.picked[rows], solution.routes.return_s[self.load_route[rows]], put_down_s)
        np.maximum.at(at_s, solution.loads.allocation[rows], arrival_s)
        return at_s


def trace(problem: Problem, solution: Solution) -> Trace:
    """Follow every allocation through its loads; the columns must be sound."""
    allocations, stops, loads, routes = solution.allocations, solution.stops, solution.loads, solution.routes
    farm, point = allocation_ends(problem, allocations)
    source, target = allocation_hubs(problem, solution)
    home = problem.vehicles.hub[routes.vehicle]
    load_route = stops.route[loads.stop]
    load_phase = routes.phase[load_route]
    fetched = (load_phase == Phase.LINE_HAUL) & (target[loads.allocation] == home[load_route])
    return Trace(
        problem=problem,
        solution=solution,
        entitled=Entitled(problem),
        roads=RoadMap(problem.places, problem.roads),
        farm=farm,
        point=point,
        source=source,
        target=target,
        product=problem.lots.product[allocations.lot],
        weight_g=allocation_weight_g(problem, allocations),
        sent=by_row(allocations.lot, allocations.quantity, len(problem.lots.id)),
        home=home,
        load_route=load_route,
        load_phase=load_phase,
        load_place=stops.place[loads.stop],
        picked=(load_phase == Phase.COLLECTION) | fetched,
    )
