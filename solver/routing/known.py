"""Trips to begin with: of a plan before, or of a search that drew them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from solver.problem import Ints
from solver.routing.errand import Trip, Trucks
from solver.solution import Phase


@dataclass(frozen=True, slots=True)
class Call:
    """A stop of a known trip at a farm, hub or point."""

    owner: int
    goods: Mapping[tuple[int, int], int] = field(default_factory=dict)  # of lot and batch; empty where not known


@dataclass(frozen=True, slots=True)
class KnownTrip:
    """A vehicle and where it calls, in order."""

    vehicle: int
    calls: tuple[Call, ...]


Known = dict[tuple[Phase, int], list[KnownTrip]]
"""Of each phase and hub."""


def calls_by_owner(trips: Sequence[KnownTrip], room_g: Ints) -> dict[int, list[tuple[int, int]]]:
    """Trip and position of each owner's calls, the one on the largest vehicle first: so visits are numbered too."""
    places: dict[int, list[tuple[int, int]]] = {}
    for row in sorted(range(len(trips)), key=lambda row: -int(room_g[trips[row].vehicle])):
        for position, call in enumerate(trips[row].calls):
            places.setdefault(call.owner, []).append((row, position))
    return places


def known_trips(
    trips: Sequence[KnownTrip], room_g: Ints, trucks: Trucks, owner: Ints, number: Ints
) -> tuple[Trip, ...]:
    """Known trips in the numbers of an errand, without what it does not visit."""
    visit_of = {pair: visit for visit, pair in enumerate(zip(owner.tolist(), number.tolist(), strict=True))}
    visits: list[dict[int, int]] = [{} for _ in trips]
    for at, places in calls_by_owner(trips, room_g).items():
        for nth, (trip, position) in enumerate(places):
            if (at, nth) in visit_of:
                visits[trip][position] = visit_of[at, nth]
    truck_of = {vehicle: truck for truck, vehicle in enumerate(trucks.vehicle.tolist())}
    return tuple(
        Trip(truck_of[trip.vehicle], tuple(there[position] for position in sorted(there)))
        for trip, there in zip(trips, visits, strict=True)
        if there
    )
