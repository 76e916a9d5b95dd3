"""Rounds of one phase as the search sees them: a truck, its stops in order, and what the tour costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.instance import Floats, Instance
from solver.problem import Farms, Ints, Points
from solver.solution import Phase

TRIED = 3
"""A stop is timed exactly in this many of the places where its detour looks least."""


@dataclass(frozen=True, slots=True)
class Tour:
    """One trip of a vehicle through farms or points."""

    vehicle: int
    stops: tuple[int, ...]
    minor: float


class TourCosts:
    """All drives of one phase, and when its gates or doors are open; loads count as expected."""

    def __init__(self, instance: Instance, phase: Phase, load_kg: Floats) -> None:
        problem, rhythm = instance.problem, instance.problem.rhythm
        collecting = phase == Phase.COLLECTION
        owners: Farms | Points = problem.farms if collecting else problem.points
        self._from_s, until_s = (
            (rhythm.collect_from_s, rhythm.collect_until_s)
            if collecting
            else (rhythm.deliver_from_s, rhythm.deliver_until_s)
        )
        self._vehicles, self._hubs = problem.vehicles, len(problem.hubs.id)
        nodes = np.concatenate([problem.hubs.place, owners.place])
        legs = instance.roads.legs(nodes[:, None], nodes[None, :])
        self._metres, self._seconds, self._tolls = legs.distance_m, legs.duration_s, legs.toll_minor
        self._drive_s: list[list[int]] = legs.duration_s.tolist()
        self._opens_s: list[int] = np.maximum(owners.opens_s, self._from_s).tolist()
        self._closes_s: list[int] = np.minimum(owners.closes_s, until_s).tolist()
        extra_s = (load_kg * owners.service_s_per_tonne / 1000).astype(np.int64)
        self._base_s, self._extra_s = owners.service_s, extra_s
        self._service_s: list[int] = (owners.service_s + extra_s).tolist()
        self._tables: dict[tuple[int, int], Floats] = {}
        self._known: dict[tuple[int, tuple[int, ...]], Tour | None] = {}

    def tour(self, vehicle: int, stops: Sequence[int]) -> Tour | None:
        """The tour with its cost, or None when a window or the shift is missed; room is not looked at."""
        key = vehicle, tuple(stops)
        if key not in self._known:
            self._known[key] = self._timed(vehicle, key[1])
        return self._known[key]

    def _timed(self, vehicle: int, stops: tuple[int, ...]) -> Tour | None:
        works_s = self._works_s(int(self._vehicles.hub[vehicle]), stops)
        if works_s is None or works_s > self._vehicles.shift_s[vehicle]:
            return None
        home = int(self._vehicles.hub[vehicle])
        nodes = np.array([home, *(self._hubs + stop for stop in stops), home])
        drives = nodes[:-1], nodes[1:]
        # What the weight adds to the time at a gate is priced by the kilogram; waiting is not in the table.
        waits_s = works_s - float((self._seconds[drives]).sum()) - float(self._extra_s[list(stops)].sum())
        minor = float(self._table(vehicle)[drives].sum()) + waits_s / 3600 * self._prices(vehicle)[1]
        return Tour(vehicle, stops, minor + float(self._vehicles.fixed_minor[vehicle]))

    def detours(self, one: Tour, owners: Ints) -> tuple[Floats, Ints]:
        """What each owner would add to a round at its best place, and that place, without looking at the clock."""
        table, home = self._table(one.vehicle), int(self._vehicles.hub[one.vehicle])
        nodes = np.array([home, *(self._hubs + stop for stop in one.stops), home])
        before, after, mine = nodes[:-1], nodes[1:], owners + self._hubs
        more = table[before][:, mine] + table[mine][:, after].T - table[before, after][:, None]
        return more.min(axis=0) + self._stop_minor(one.vehicle, owners), more.argmin(axis=0)

    def alone(self, vehicle: int, owners: Ints) -> Floats:
        """What a new round of this vehicle to each owner alone would cost."""
        table, home = self._table(vehicle), int(self._vehicles.hub[vehicle])
        out_and_back: Floats = table[home, owners + self._hubs] + table[owners + self._hubs, home]
        return out_and_back + self._stop_minor(vehicle, owners) + float(self._vehicles.fixed_minor[vehicle])

    def inserted(self, one: Tour, owner: int) -> Tour | None:
        """The tour with one more stop where it costs least."""
        table, home = self._table(one.vehicle), int(self._vehicles.hub[one.vehicle])
        nodes = np.array([home, *(self._hubs + stop for stop in one.stops), home])
        mine = owner + self._hubs
        more = table[nodes[:-1], mine] + table[mine, nodes[1:]] - table[nodes[:-1], nodes[1:]]
        tried = [
            self.tour(one.vehicle, (*one.stops[:at], owner, *one.stops[at:]))
            for at in np.argsort(more, kind="stable")[:TRIED].tolist()
        ]
        return min((found for found in tried if found is not None), key=lambda found: found.minor, default=None)

    def without(self, one: Tour, owners: frozenset[int]) -> Tour | None:
        """The tour without these stops; None when nothing is left or it does not work out."""
        stops = tuple(stop for stop in one.stops if stop not in owners)
        return self.tour(one.vehicle, stops) if stops else None

    def near(self, owner: int, count: int) -> Ints:
        """The owner and its nearest neighbours, as the truck drives."""
        nearest: Ints = np.argsort(self._seconds[owner + self._hubs, self._hubs :], kind="stable")
        return nearest[:count]

    def _works_s(self, home: int, stops: Sequence[int]) -> int | None:
        """From leaving as late as the earliest return allows until that return."""
        now_s, here = self._from_s, home
        for stop in stops:
            now_s = max(now_s + self._drive_s[here][stop + self._hubs], self._opens_s[stop])
            if now_s > self._closes_s[stop]:
                return None
            last_s = now_s
            now_s += self._service_s[stop]
            here = stop + self._hubs
        back_s = now_s + self._drive_s[here][home]
        latest_s, after = last_s, here
        for stop in reversed(stops[:-1]):
            latest_s -= self._service_s[stop] + self._drive_s[stop + self._hubs][after]
            latest_s, after = min(latest_s, self._closes_s[stop]), stop + self._hubs
        return back_s - (latest_s - self._drive_s[home][after])

    def _stop_minor(self, vehicle: int, owners: Ints) -> Floats:
        paid: Floats = self._base_s[owners] / 3600 * float(self._vehicles.minor_per_hour[vehicle])
        return paid

    def _table(self, vehicle: int) -> Floats:
        prices = self._prices(vehicle)
        if prices not in self._tables:
            self._tables[prices] = self._metres / 1000 * prices[0] + self._seconds / 3600 * prices[1] + self._tolls
        return self._tables[prices]

    def _prices(self, vehicle: int) -> tuple[int, int]:
        return int(self._vehicles.minor_per_km[vehicle]), int(self._vehicles.minor_per_hour[vehicle])
