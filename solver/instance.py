"""What every part of the search asks of a problem again and again, computed once."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solver.cost import lot_most
from solver.problem import Flags, Ints, Problem
from solver.roads import Legs, RoadMap
from solver.routing.errand import COLD_MASKS, FIRST_MARK

Floats = NDArray[np.float64]
OVERLOAD = 2.0
"""Of the dearest shortage: serving saves a shortage and, where small farms count as cheaper, a part of a price."""


class Instance:
    """A problem with its roads, its round trips from the hubs and its pins in columns."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @cached_property
    def roads(self) -> RoadMap:
        """All drives."""
        return RoadMap(self.problem.places, self.problem.roads)

    @cached_property
    def farm_legs(self) -> tuple[Legs, Legs]:
        """From each hub to each farm and back, farms x hubs."""
        return self._both_ways(self.problem.farms.place)

    @cached_property
    def point_legs(self) -> tuple[Legs, Legs]:
        """From each hub to each point and back, points x hubs."""
        return self._both_ways(self.problem.points.place)

    @cached_property
    def hub_legs(self) -> tuple[Legs, Legs]:
        """From each hub (column) to each hub (row) and back."""
        return self._both_ways(self.problem.hubs.place)

    @cached_property
    def hub_vehicles(self) -> list[Ints]:
        """Rows of each hub's vehicles."""
        return [np.flatnonzero(self.problem.vehicles.hub == hub) for hub in range(len(self.problem.hubs.id))]

    @cached_property
    def room_g(self) -> Ints:
        """Grams that each vehicle holds: by its weight, and by its crates."""
        vehicles = self.problem.vehicles
        return np.minimum(vehicles.weight_g, vehicles.crates * self.problem.rhythm.crate_g)

    @cached_property
    def hub_shift_s(self) -> Ints:
        """The longest shift of each hub's vehicles, 0 without any."""
        shift_s = self.problem.vehicles.shift_s
        return np.array([shift_s[rows].max(initial=0) for rows in self.hub_vehicles], dtype=np.int64)

    @cached_property
    def hub_carries(self) -> Flags:
        """Hubs x cold masks: some vehicle of the hub carries goods of that mask."""
        cold = self.problem.vehicles.cold
        mask = np.arange(COLD_MASKS)
        return np.array([((cold[rows, None] & mask) != 0).any(axis=0) for rows in self.hub_vehicles], dtype=np.bool_)

    @cached_property
    def at_least(self) -> Ints:
        """What each lot must send: its pin's lower limit."""
        return self._pin(self.problem.pins.at_least, np.zeros(len(self.problem.lots.id), dtype=np.int64))

    @cached_property
    def at_most(self) -> Ints:
        """What each lot may send: its most of the day under its pin's upper limit; 0 when not harvested in time."""
        most = np.minimum(lot_most(self.problem), self._pin(self.problem.pins.at_most, lot_most(self.problem)))
        ripe: Ints = np.where(self.problem.lots.harvest_day <= 0, most, 0)
        return ripe

    @cached_property
    def marks(self) -> Ints:
        """Of each vehicle that a place is held to, a bit of its own among those of its hub; else 0."""
        problem = self.problem
        marks = np.zeros(len(problem.vehicles.id), dtype=np.int64)
        held = np.unique(problem.holds.vehicle)
        for rows in self.hub_vehicles:
            mine = np.intersect1d(rows, held)
            marks[mine] = FIRST_MARK << np.arange(len(mine))
        return marks

    def held(self, phase: int, owners: int) -> Ints:
        """Of each farm or point the vehicle that it is held to in a phase, -1 without any."""
        holds = self.problem.holds
        mine = holds.phase == phase
        vehicle = np.full(owners, -1, dtype=np.int64)
        vehicle[holds.calls_at[mine]] = holds.vehicle[mine]
        return vehicle

    def held_hubs(self, phase: int, owners: int) -> Flags:
        """Farms or points x hubs: no vehicle of another hub is held to it."""
        vehicle = self.held(phase, owners)
        hub = np.append(self.problem.vehicles.hub, -1)[vehicle]
        free: Flags = (vehicle < 0)[:, None] | (hub[:, None] == np.arange(len(self.problem.hubs.id)))
        return free

    @cached_property
    def lot_weight_g(self) -> Ints:
        """Grams of one base unit of each lot."""
        return self.problem.products.unit_weight_g[self.problem.lots.product]

    @cached_property
    def batch_weight_g(self) -> Ints:
        """Grams of one base unit of each batch."""
        return self.problem.products.unit_weight_g[self.problem.batches.product]

    @cached_property
    def overload_minor(self) -> float:
        """What a kilogram more than a truck or a hub takes counts as: more than keeping any goods out costs."""
        products = self.problem.products
        dearest = (products.shortfall_minor_per_1000 / products.unit_weight_g).max(initial=0.0)
        return OVERLOAD * float(dearest)

    @cached_property
    def needs_day(self) -> Ints:
        """The oldest harvest day that leaves each batch its declared days of freshness."""
        batches = self.problem.batches
        shelf = self.problem.products.shelf_days[batches.product]
        days: Ints = self.problem.rhythm.hand_out_day - shelf + batches.fresh_days
        return days

    @cached_property
    def parcel_allowed(self) -> Flags:
        """Points x hubs: the carrier goes so far, and the point takes parcels."""
        limits = self.problem.parcels.zone_limit_m
        near: Flags = self.point_legs[0].distance_m <= (limits[-1] if limits else -1)
        return near & self.problem.points.by_parcel[:, None]

    def _pin(self, limit: Ints, without: Ints) -> Ints:
        column = without.copy()
        column[self.problem.pins.lot] = limit
        return column

    def _both_ways(self, places: Ints) -> tuple[Legs, Legs]:
        hubs = self.problem.hubs.place
        return self.roads.legs(hubs[None, :], places[:, None]), self.roads.legs(places[:, None], hubs[None, :])


def settled(instance: Instance, sent: Ints) -> Ints:
    """The largest quantity each lot may send without sending more than `sent`, or what it must by its pin.

    0, or whole packs from the lot's minimum on, or exactly a limit of its pin.
    """
    lots = instance.problem.lots
    packs: Ints = sent // lots.pack * lots.pack
    kept: Ints = np.where(packs >= np.maximum(lots.minimum, 1), packs, 0)
    pinned = np.zeros(len(sent), dtype=np.bool_)
    pinned[instance.problem.pins.lot] = True
    kept = np.where(pinned & (sent == instance.at_most), sent, kept)
    return np.where(pinned & (instance.at_least > kept), instance.at_least, kept)
