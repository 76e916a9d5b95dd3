"""A plan as a planner looks at it: its trips leg by leg with what is on board, and how good it is in figures.

Unpacking takes a while, so no transaction is open meanwhile. A plan never changes: it is unpacked once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Final
from uuid import UUID

import numpy as np

from farmlink.planning import queries
from farmlink.planning.values import PlanId
from farmlink.store.store import Store
from solver import codec
from solver.check.trace import Trace, trace
from solver.check.vehicles import stop_sizes
from solver.cost import PPM, by_row
from solver.explain.trips import closes_s
from solver.problem import Ints, Problem
from solver.solution import NONE, Phase, Solution

KEPT: Final = 8
"""So many plans stay unpacked in a process."""
PICKED_AT_S: Final = 6 * 3600
"""From when on a harvest day goods count as picked."""
DAY_S: Final = 86_400
HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Leg:
    """The drive to a stop, or home: how far, and what is on board meanwhile."""

    distance_m: int
    load_g: int
    crates: int


@dataclass(frozen=True, slots=True)
class Trip:
    """What a trip carries: one leg more than it has stops, and seconds to spare at each stop before it closes."""

    number: int
    holds_g: int
    holds_crates: int
    home_id: UUID
    legs: tuple[Leg, ...]
    spare_s: tuple[int, ...]

    @property
    def fullest_ppm(self) -> int:
        """How full the vehicle is where it is fullest, by weight or crates, whichever binds."""
        by_weight = max(leg.load_g for leg in self.legs) * PPM // max(self.holds_g, 1)
        return max(by_weight, max(leg.crates for leg in self.legs) * PPM // max(self.holds_crates, 1))


@dataclass(frozen=True, slots=True)
class Measures:
    """What a plan comes to beside its figures; None where there is nothing to measure.

    `fresh_h` is the mean of hours between harvest and hand-out, by weight: from six in the morning of the harvest day
    until the truck is at the point; parcels do not count.
    """

    utilisation_ppm: int | None
    calls: int
    calls_in_time: int
    tightest_s: int | None
    fresh_h: int | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plan's trips, where its farms, hubs and points are (e6 degrees), and what it comes to."""

    trips: tuple[Trip, ...]
    places: dict[UUID, tuple[int, int]]
    parcels: tuple[UUID, ...]
    measures: Measures
    products: dict[UUID, int] = field(default_factory=dict)
    """What a base unit of each product weighs."""


_UNPACKED: Final = OrderedDict[PlanId, Drawn]()
_GUARD: Final = Lock()


def drawn(store: Store, plan_id: PlanId) -> Drawn:
    """Unpack a plan to be looked at."""
    with _GUARD:
        if plan_id in _UNPACKED:
            _UNPACKED.move_to_end(plan_id)
            return _UNPACKED[plan_id]
    found = draw(*unpacked(store, plan_id))
    with _GUARD:
        _UNPACKED[plan_id] = found
        while len(_UNPACKED) > KEPT:
            _UNPACKED.popitem(last=False)
    return found


def unpacked(store: Store, plan_id: PlanId) -> tuple[Problem, Solution]:
    """A plan's whole problem and solution."""
    problem_bytes, solution_bytes = store.read(queries.blobs, plan_id)
    problem = codec.problem_from_bytes(problem_bytes)
    return problem, codec.solution_from_bytes(problem, solution_bytes)


def draw(problem: Problem, solution: Solution) -> Drawn:
    """Draw a solution whose columns are sound."""
    plan = trace(problem, solution)
    trips = tuple(_trips(plan))
    spare_s = closes_s(plan) - solution.stops.start_s
    parcels = np.flatnonzero(solution.parcel & (solution.point_hub != NONE))
    places = problem.places
    return Drawn(
        trips=trips,
        places={
            UUID(str(key)): (int(latitude), int(longitude))
            for key, latitude, longitude in zip(places.id, places.latitude_e6, places.longitude_e6, strict=True)
        },
        parcels=tuple(UUID(str(problem.points.id[row])) for row in parcels),
        measures=Measures(
            utilisation_ppm=sum(trip.fullest_ppm for trip in trips) // len(trips) if trips else None,
            calls=len(spare_s),
            calls_in_time=int((spare_s >= 0).sum()),
            tightest_s=int(spare_s.min()) if len(spare_s) else None,
            fresh_h=_fresh_h(plan),
        ),
        products={
            UUID(str(key)): int(weight_g)
            for key, weight_g in zip(problem.products.id, problem.products.unit_weight_g, strict=True)
        },
    )


def _trips(plan: Trace) -> Iterator[Trip]:
    problem, solution = plan.problem, plan.solution
    routes, stops, vehicles = solution.routes, solution.stops, problem.vehicles
    sizes = stop_sizes(plan)
    spare_s = closes_s(plan) - stops.start_s
    first = np.searchsorted(stops.route, np.arange(len(routes.phase) + 1))
    for route in range(len(routes.phase)):
        rows = slice(int(first[route]), int(first[route + 1]))
        vehicle = int(routes.vehicle[route])
        home = int(problem.hubs.place[plan.home[route]])
        way = np.concatenate([[home], stops.place[rows], [home]])
        distance_m = plan.roads.legs(way[:-1], way[1:]).distance_m
        load_g, crates = (_on_board(down[rows], on[rows]) for down, on in (sizes[0], sizes[2]))
        yield Trip(
            number=route + 1,
            holds_g=int(vehicles.weight_g[vehicle]),
            holds_crates=int(vehicles.crates[vehicle]),
            home_id=UUID(str(problem.places.id[home])),
            legs=tuple(
                Leg(int(metres), int(grams), int(boxes))
                for metres, grams, boxes in zip(distance_m, load_g, crates, strict=True)
            ),
            spare_s=tuple(int(spare) for spare in spare_s[rows]),
        )


def _on_board(put_down: Ints, taken_on: Ints) -> Ints:
    """What a vehicle has on board on each leg: it starts with all that it puts down."""
    return np.concatenate([[0], np.cumsum(taken_on - put_down)]) + int(put_down.sum())


def _fresh_h(plan: Trace) -> int | None:
    problem, solution = plan.problem, plan.solution
    rows = plan.loads_of(Phase.DELIVERY)
    count = len(plan.farm)
    at_s = np.zeros(count, dtype=np.int64)
    np.maximum.at(at_s, solution.loads.allocation[rows], solution.stops.start_s[solution.loads.stop[rows]])
    brought = by_row(solution.loads.allocation[rows], solution.loads.quantity[rows], count) > 0
    weight_g = plan.weight_g[brought]
    if not weight_g.sum():
        return None
    picked_s = problem.lots.harvest_day[solution.allocations.lot] * DAY_S + PICKED_AT_S
    waited_s = np.maximum(at_s - picked_s, 0)[brought]
    return round(float((waited_s * weight_g).sum()) / float(weight_g.sum()) / HOUR_S)
