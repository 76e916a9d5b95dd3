"""Which ways goods can take, and what a kilogram is expected to cost: continuous approximation (Daganzo 1984)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from solver.cost import consignment_minor
from solver.instance import Floats, Instance
from solver.problem import AMBIENT, Flags, Ints
from solver.roads import Legs
from solver.solution import Phase

NO_WAY = np.inf
NEIGHBOURS = 3
HOP = 1.2
"""A stop's detour over the mean drive to its nearest neighbours, until routes are measured.

On the Michigan demo's problem 0.6 ends 0.1 % dearer and 2.0 ends 0.6 % dearer.
"""
DAY_KM, DAY_H = 250, 7
"""A truck's day, only to tell which of a hub's trucks is cheap; 100 km and 3 h, or 500 and 10, change nothing there."""
FULL = 0.75
"""Part of a line haul's room that is used, either way; 0.5 and 1.0 both end 1.1 % dearer on that problem."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Minor units a kilogram, and a visit; infinite where there is no way."""

    collect: Floats  # farms x hubs
    visit: Floats  # farms x hubs, for the stop itself
    haul: Floats  # hubs x hubs, from row to column
    truck: Floats  # points x hubs
    parcel: Floats  # points x hubs
    hub: Floats  # handling, and the price of a hub that is full

    @property
    def bring(self) -> Floats:
        """The cheaper of truck and parcel."""
        return np.minimum(self.truck, self.parcel)


@dataclass(frozen=True, slots=True)
class Carrier:
    """What a typical truck of each hub costs and holds."""

    fixed: Floats
    km: Floats
    hour: Floats
    room_kg: Floats
    shift_s: Floats


def expected_ways(instance: Instance, farm_kg: Floats, point_kg: Floats) -> Ways:
    """Costs before any route is known, for farms and points of these expected loads."""
    problem, rhythm = instance.problem, instance.problem.rhythm
    truck = _carrier(instance)
    farms, points = problem.farms, problem.points
    out, back = instance.farm_legs
    reach_farm = _reachable(
        instance, out.duration_s, back.duration_s, farms.service_s, rhythm.collect_from_s,
        np.maximum(farms.opens_s, rhythm.collect_from_s), np.minimum(farms.closes_s, rhythm.collect_until_s),
    )  # fmt: skip
    collect, visit = _tours(instance, truck, farms.place, farms.service_s, farm_kg, instance.farm_legs)
    out, back = instance.point_legs
    reach_point = points.by_truck[:, None] & _reachable(
        instance, out.duration_s, back.duration_s, points.service_s, rhythm.deliver_from_s,
        np.maximum(points.opens_s, rhythm.deliver_from_s), np.minimum(points.closes_s, rhythm.deliver_until_s),
    )  # fmt: skip
    per_kg, per_visit = _tours(instance, truck, points.place, points.service_s, point_kg, instance.point_legs)
    bring = per_kg + per_visit / np.maximum(point_kg, 1e-3)[:, None]
    return Ways(
        collect=np.where(reach_farm & instance.held_hubs(Phase.COLLECTION, len(farms.id)), collect, NO_WAY),
        visit=visit,
        haul=_haul(instance, truck),
        truck=np.where(reach_point & instance.held_hubs(Phase.DELIVERY, len(points.id)), bring, NO_WAY),
        parcel=_parcel(instance, point_kg),
        hub=problem.hubs.handling_minor_per_kg.astype(np.float64),
    )


def only(ways: Ways, farm_hub: Ints, point_hub: Ints, parcel: Flags) -> Ways:
    """The ways that are left when hubs and parcels are chosen."""
    hubs = np.arange(ways.collect.shape[1])
    chosen = point_hub[:, None] == hubs
    return replace(
        ways,
        collect=np.where(farm_hub[:, None] == hubs, ways.collect, NO_WAY),
        truck=np.where(chosen & ~parcel[:, None], ways.truck, NO_WAY),
        parcel=np.where(chosen & parcel[:, None], ways.parcel, NO_WAY),
    )


def expected_loads(instance: Instance) -> tuple[Floats, Floats]:
    """Kilograms that each farm and each point may expect when all that is asked is sent in proportion."""
    problem = instance.problem
    lots, batches, products = problem.lots, problem.batches, len(problem.products.id)
    asked = np.bincount(batches.product, batches.quantity, products)
    offered = np.bincount(lots.product, instance.at_most, products)
    part = np.minimum(asked / np.maximum(offered, 1), 1.0)
    farm_g = np.bincount(
        lots.farm, instance.at_most * part[lots.product] * instance.lot_weight_g, len(problem.farms.id)
    )
    point_g = np.bincount(batches.point, batches.quantity * instance.batch_weight_g, len(problem.points.id))
    return farm_g / 1000, point_g / 1000


def linked(instance: Instance) -> Flags:
    """Hubs x hubs: a truck of one of the two makes the round trip within its shift, from row to column."""
    rhythm = instance.problem.rhythm
    out, back = instance.hub_legs  # rows are the stop, columns the truck's home
    handling_s = rhythm.haul_handling_s
    there_s = rhythm.haul_from_s + handling_s // 2 + out.duration_s
    round_s = handling_s + out.duration_s + back.duration_s
    able = (round_s <= instance.hub_shift_s[None, :]) & (there_s <= rhythm.haul_until_s)
    np.fill_diagonal(able, val=True)
    return able | able.T


def _reachable(  # the columns of one kind of stop
    instance: Instance, out_s: Ints, back_s: Ints, service_s: Ints, from_s: int, opens_s: Ints, closes_s: Ints
) -> Flags:
    """Stops x hubs: some truck leaves no earlier than the phase, serves in the window, and is back within its shift."""
    start_s = np.maximum(from_s + out_s, opens_s[:, None])
    works_s = out_s + service_s[:, None] + back_s
    reachable: Flags = (start_s <= closes_s[:, None]) & (works_s <= instance.hub_shift_s[None, :])
    return reachable


def _carrier(instance: Instance) -> Carrier:
    """The vehicle of each hub that is cheapest a kilogram over a typical day."""
    vehicles = instance.problem.vehicles
    room_kg = instance.room_g / 1000
    day = vehicles.fixed_minor + DAY_KM * vehicles.minor_per_km + DAY_H * vehicles.minor_per_hour
    dear = day / np.maximum(room_kg, 1e-3)
    best = [int(rows[np.argmin(dear[rows])]) if len(rows) else -1 for rows in instance.hub_vehicles]
    have = np.array(best) >= 0
    pick = np.maximum(best, 0)

    def column(values: Ints | Floats) -> Floats:
        return np.where(have, values[pick], 0).astype(np.float64) if len(values) else np.zeros(len(best))

    return Carrier(
        fixed=column(vehicles.fixed_minor),
        km=column(vehicles.minor_per_km),
        hour=column(vehicles.minor_per_hour),
        room_kg=np.maximum(column(room_kg), 1.0),
        shift_s=column(vehicles.shift_s),
    )


def _tours(  # the columns of one kind of stop
    instance: Instance, truck: Carrier, places: Ints, service_s: Ints, load_kg: Floats, round_trip: tuple[Legs, Legs]
) -> tuple[Floats, Floats]:
    """Per kilogram for the drive out and back on a full tour, and per visit for the detour and the stop."""
    out, back = round_trip
    hop_m, hop_s = _hops(instance, places)
    stop_s = (service_s + hop_s)[:, None]
    round_s = out.duration_s + back.duration_s
    stops = np.maximum((truck.shift_s - round_s) / np.maximum(stop_s, 60.0), 1.0)
    usual_kg = max(float(np.mean(load_kg[load_kg > 0])) if (load_kg > 0).any() else 1.0, 1e-3)
    full_kg = np.maximum(np.minimum(truck.room_kg, stops * usual_kg), 1e-3)
    km = (out.distance_m + back.distance_m) / 1000
    tour = truck.fixed + km * truck.km + round_s / 3600 * truck.hour + out.toll_minor + back.toll_minor
    visit = hop_m[:, None] / 1000 * truck.km + stop_s / 3600 * truck.hour
    return tour / full_kg, visit


def _hops(instance: Instance, places: Ints) -> tuple[Floats, Floats]:
    """Metres and seconds from each place to its neighbours, on average."""
    near = instance.roads.nearest(places, places, NEIGHBOURS + 1)[:, 1:]
    if not near.shape[1]:
        return np.zeros(len(places)), np.zeros(len(places))
    legs = instance.roads.legs(np.repeat(places[:, None], near.shape[1], axis=1), places[near])
    return HOP * legs.distance_m.mean(axis=1), HOP * legs.duration_s.mean(axis=1)


def _haul(instance: Instance, truck: Carrier) -> Floats:
    """Half a round trip of a truck that is three quarters full either way."""
    out, back = instance.hub_legs
    km, hours = (out.distance_m + back.distance_m) / 1000, (out.duration_s + back.duration_s) / 3600
    handling_h = instance.problem.rhythm.haul_handling_s / 3600
    trip = km * truck.km + (hours + handling_h) * truck.hour + out.toll_minor + back.toll_minor
    per_kg = trip / (2 * FULL * truck.room_kg)
    haul = np.where(linked(instance), np.minimum(per_kg, per_kg.T), NO_WAY)
    np.fill_diagonal(haul, 0.0)
    return haul


def _parcel(instance: Instance, point_kg: Floats) -> Floats:
    """The tariff for the point's whole expected load, as if all of it needed a cold pack."""
    problem = instance.problem
    allowed = instance.parcel_allowed & (point_kg > 0)[:, None]
    cold = bool(((problem.products.cold & AMBIENT) == 0).any())
    per_kg = np.full(allowed.shape, NO_WAY)
    metres = instance.point_legs[0].distance_m
    for point, hub in np.argwhere(allowed).tolist():
        load_g = max(int(point_kg[point] * 1000), 1)
        minor = consignment_minor(problem.parcels, int(metres[point, hub]), load_g, load_g if cold else 0)
        per_kg[point, hub] = minor / load_g * 1000
    return per_kg
