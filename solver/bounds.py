"""Certified lower bounds: what no plan of a problem can cost less than.

Every plan sends, for each product, a flow from lots through a hub where they come in and a hub where they go out to
batches. Leave out least visits, whole packs, throughput, one hub a farm and one a point: what remains is a
minimum-cost flow, and its cost is a bound for any prices a unit that no plan undercuts. Gate prices, fees, handling,
fairness segments (convex) and shortfall prices are exact. Transport a kilogram is bounded from below:

- A trip with vehicle v from hub h through visits i with loads q_i drives at least the shortest way to the farthest
  visit and back: its metres R satisfy R >= max R_i >= sum (q_i / Q_v) R_i, because the loads add up to no more than
  its room Q_v (Haimovich & Rinnooy Kan 1985). R_i are shortest ways over the very legs that are driven, so no triangle
  inequality is assumed. The same holds for driving time; service time comes on top.
- Q_v is less where a truck cannot be full: all that is asked weighs less, or the stops that fit into its shift beside
  the way to the visit hold less (a fractional knapsack of kilograms by seconds; Q_v is then one of the visit).
- A trip also drives at least the shortest leg into each of its visits. Any mixture of this and the farthest visit is a
  bound too; of some mixtures the best is taken.
- A vehicle's day costs its fixed price for at most one shift of work a phase. A second of work in collection or
  delivery thus carries fixed / shift of it; or a kilogram carries fixed / the most that fits into a shift. Half of that
  when both may fall on one day.
- A farm or point that is served at all is visited: its least service, spread over the most it can send or get.
- A parcel of w grams costs at least w times the least price a gram of the steps that w may fall in.
- A line haul carries at most its room there and its room back.

Whole flow prices lose at most half a 64th an arc, and each component of the cost half a minor unit: both are taken off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from solver.allocation.flow import fixed_prices, send
from solver.allocation.limits import Limits, first_limits
from solver.allocation.network import SCALE
from solver.allocation.ways import Ways
from solver.cost import DAY_S
from solver.instance import Floats, Instance
from solver.problem import Farms, Ints, Points
from solver.reserves import share_limits
from solver.solution import Cost

MOST_PLACES = 1500
"""Shortest ways need every leg among a phase's places; beyond this many the drive counts nothing."""
ARCS_A_UNIT = 4
NEXT_DOOR = 1e-6
"""A leg of nothing is no missing road; less than this scipy takes for one. The bound's rounding down takes it off."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Minor units; `allocation_minor` leaves all transport out."""

    objective_minor: int
    allocation_minor: int


MIXTURES = ((1.0, True), (1.0, False), (0.6, False), (0.3, False), (0.0, False))
"""Part of the farthest visit in what a trip drives, and whether a day's price is spread over seconds or kilograms."""


@dataclass(frozen=True, slots=True)
class _Stops:
    """One phase's farms or points, with shortest metres and seconds from each hub out and back (stops x hubs)."""

    metres: Floats
    seconds: Floats
    metres_in: Floats  # of the shortest leg that ends there
    seconds_in: Floats
    service_s: Floats
    per_tonne_s: Floats
    most_kg: Floats


def allocation_bounds(instance: Instance) -> Bounds:
    """One flow as if all transport were free: a bound of the allocation, and a first one of the whole objective."""
    free = _bound(instance, _nothing(instance), first_limits(instance))
    return Bounds(free, free)


def lower_bounds(instance: Instance, free: Bounds, halted: Callable[[], bool]) -> Bounds:
    """Bounds that know the roads too; `free` are those of the allocation. Who must stop has the best so far."""
    limits, problem = first_limits(instance), instance.problem
    lots, batches = problem.lots, problem.batches
    asked_kg = float((batches.quantity * instance.batch_weight_g).sum()) / 1000
    farm_kg = np.bincount(lots.farm, limits.most * instance.lot_weight_g, len(problem.farms.id)) / 1000
    point_kg = np.bincount(batches.point, batches.quantity * instance.batch_weight_g, len(problem.points.id)) / 1000
    stops = _stops(instance, problem.farms, farm_kg), _stops(instance, problem.points, point_kg)
    small = len(instance.problem.farms.id) + len(instance.problem.points.id) <= MOST_PLACES
    objective = free.objective_minor
    for mixture in MIXTURES if small else MIXTURES[:1]:
        if halted():
            break
        objective = max(objective, _bound(instance, _transport(instance, stops, asked_kg, mixture), limits))
    return Bounds(objective, free.allocation_minor)


def _bound(instance: Instance, ways: Ways, limits: Limits) -> int:
    prices = fixed_prices(instance)
    sent = send(instance, prices, ways, limits, share_limits(instance.problem))
    counted = limits.wanted * prices.unit[instance.problem.batches.product]
    rounded = float(counted.sum()) / 1000 * ARCS_A_UNIT / 2 / SCALE
    return int(np.floor(sent.expected - rounded)) - len(fields(Cost)) - len(instance.problem.hubs.id)


def _nothing(instance: Instance) -> Ways:
    """All transport is free."""
    problem = instance.problem
    farms, points, hubs = len(problem.farms.id), len(problem.points.id), len(problem.hubs.id)
    gate, door = np.zeros((farms, hubs)), np.zeros((points, hubs))
    handling = problem.hubs.handling_minor_per_kg.astype(np.float64)
    return Ways(gate, gate, np.zeros((hubs, hubs)), door, np.where(instance.parcel_allowed, 0.0, np.inf), handling)


def _transport(instance: Instance, stops: tuple[_Stops, _Stops], asked_kg: float, mixture: tuple[float, bool]) -> Ways:
    rhythm = instance.problem.rhythm
    # One day's price pays for collection and delivery alike unless they are days apart for certain.
    part = 1.0 if rhythm.deliver_from_s // DAY_S > rhythm.collect_until_s // DAY_S else 0.5
    collect, truck = (_per_kg(instance, phase, asked_kg, part, mixture) for phase in stops)
    free = _nothing(instance)
    return Ways(
        collect=collect,
        visit=free.visit,
        haul=_haul(instance, asked_kg),
        truck=np.where(instance.problem.points.by_truck[:, None], truck, np.inf),
        parcel=_parcel(instance, stops[1].most_kg),
        hub=free.hub,
    )


def _per_kg(instance: Instance, stops: _Stops, asked_kg: float, part: float, mixture: tuple[float, bool]) -> Floats:
    """Least minor units a kilogram of each stop by each hub's vehicles."""
    vehicles, (far, by_second) = instance.problem.vehicles, mixture
    least = np.full(stops.metres.shape, np.inf)
    stop_s = stops.service_s / np.maximum(stops.most_kg, 1e-3) + stops.per_tonne_s / 1000
    for hub, rows in enumerate(instance.hub_vehicles):
        room_kg = np.minimum(_room_kg(instance, rows), max(asked_kg, 1e-3))
        for vehicle, room in zip(rows.tolist(), room_kg.tolist(), strict=True):
            day = part * float(vehicles.fixed_minor[vehicle])
            shift_s = max(float(vehicles.shift_s[vehicle]), 1.0)
            km, second = float(vehicles.minor_per_km[vehicle]) / 1000, float(vehicles.minor_per_hour[vehicle]) / 3600
            second += day / shift_s if by_second else 0.0
            full_kg = np.minimum(room, _fits_kg(stops, np.zeros(1), shift_s - stops.seconds[:, hub]))
            out = (stops.metres[:, hub] * km + stops.seconds[:, hub] * second) / full_kg
            into = (stops.metres_in * km + stops.seconds_in * second) / np.maximum(stops.most_kg, 1e-3)
            most_kg = min(asked_kg, float(_fits_kg(stops, stops.seconds_in, np.array([shift_s]))[0]))
            spread = 0.0 if by_second else day / max(most_kg, 1e-3)
            least[:, hub] = np.minimum(least[:, hub], far * out + (1 - far) * into + stop_s * second + spread)
    return least


def _fits_kg(stops: _Stops, drive_s: Floats, left_s: Floats) -> Floats:
    """The most kilograms of stops that fit into so many seconds, each with its service and its drive."""
    works_s = stops.service_s + stops.per_tonne_s * stops.most_kg / 1000 + drive_s
    order = np.argsort(-stops.most_kg / np.maximum(works_s, 1e-9), kind="stable")
    seconds = np.concatenate([np.zeros(1), np.cumsum(works_s[order])])
    kg = np.concatenate([np.zeros(1), np.cumsum(stops.most_kg[order])])
    # A stop without any service fits at once; a gram keeps who fits nothing at all from costing nothing.
    fits: Floats = np.maximum(np.interp(np.maximum(left_s, 0.0) + 1e-6, seconds, kg), 1e-3)
    return fits


def _room_kg(instance: Instance, rows: Ints) -> Floats:
    return np.maximum(instance.room_g[rows], 1) / 1000


def _stops(instance: Instance, owners: Farms | Points, most_kg: Floats) -> _Stops:
    """Shortest ways over all legs among hubs and stops of one phase."""
    hub_place = instance.problem.hubs.place
    hubs, count = len(hub_place), len(owners.place)
    driven: tuple[Floats, ...] = (*np.zeros((2, count, hubs)), *np.zeros((2, count)))
    if count + hubs <= MOST_PLACES:
        nodes = np.concatenate([hub_place, owners.place])
        legs = instance.roads.legs(nodes[:, None], nodes[None, :])
        tables = legs.distance_m, legs.duration_s
        round_trips = (_there_and_back(table, hubs) for table in tables)
        driven = (*round_trips, *(_shortest_in(table)[hubs:] for table in tables))
    per_tonne_s = owners.service_s_per_tonne.astype(np.float64)
    metres, seconds, metres_in, seconds_in = driven
    service_s = owners.service_s.astype(np.float64)
    return _Stops(metres, seconds, metres_in, seconds_in, service_s, per_tonne_s, most_kg)


def _shortest_in(table: Ints) -> Floats:
    """The shortest leg into each place from another."""
    away = ~np.eye(len(table), dtype=np.bool_)
    shortest: Floats = np.where(away, table, np.iinfo(np.int64).max).min(axis=0).astype(np.float64)
    return shortest


def _there_and_back(table: Ints, hubs: int) -> Floats:
    legs = np.maximum(table.astype(np.float64), NEXT_DOOR)
    out, back = _shortest_ways(legs, hubs)[:, hubs:], _shortest_ways(legs.T, hubs)[:, hubs:]
    return (out + back).T


def _haul(instance: Instance, asked_kg: float) -> Floats:
    """Least minor units a kilogram from hub to hub, by the vehicles of either."""
    problem, vehicles = instance.problem, instance.problem.vehicles
    hubs, rhythm = len(problem.hubs.id), problem.rhythm
    legs = instance.roads.legs(problem.hubs.place[:, None], problem.hubs.place[None, :])
    metres, seconds = (_closed(table) for table in (legs.distance_m, legs.duration_s))
    least = np.full((hubs, hubs), np.inf)
    for home, rows in enumerate(instance.hub_vehicles):
        if not len(rows):
            continue
        work_s = (seconds[home] + seconds[:, home] + rhythm.haul_handling_s)[:, None]
        km = (metres[home] + metres[:, home])[:, None] / 1000
        trip = km * vehicles.minor_per_km[rows] + work_s / 3600 * vehicles.minor_per_hour[rows]
        per_kg = (trip / np.minimum(2 * _room_kg(instance, rows), max(asked_kg, 1e-3))).min(axis=1)
        least[home] = np.minimum(least[home], per_kg)
        least[:, home] = np.minimum(least[:, home], per_kg)
    np.fill_diagonal(least, 0.0)
    return least


def _closed(table: Ints) -> Floats:
    return _shortest_ways(np.maximum(table.astype(np.float64), NEXT_DOOR), len(table))


def _shortest_ways(legs: Floats, origins: int) -> Floats:
    """From each of the first places to every place."""
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415  # 0.1 s that a plan again need not wait for

    return np.asarray(dijkstra(legs, indices=np.arange(origins)), dtype=np.float64)


def _parcel(instance: Instance, point_kg: Floats) -> Floats:
    """Least postage a kilogram of a parcel no heavier than all that the point asked."""
    parcels, metres = instance.problem.parcels, instance.point_legs[0].distance_m
    least = np.full(metres.shape, np.inf)
    limit = np.asarray(parcels.weight_limit_g, dtype=np.float64)
    for point, hub in np.argwhere(instance.parcel_allowed).tolist():
        tariff = np.asarray(parcels.price_minor[int(np.searchsorted(parcels.zone_limit_m, metres[point, hub]))])
        heaviest_g = max(float(point_kg[point]) * 1000, 1.0)
        least[point, hub] = float((tariff / np.minimum(limit, heaviest_g)).min()) * 1000
    return least
