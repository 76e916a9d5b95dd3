"""Certified lower bounds: what no plan of a problem can cost less than.

Every plan sends, for each product, a flow from lots through a hub where they come in and a hub where they go out to
batches. Leave out least visits, whole packs, throughput, one hub a farm and one a point: what remains is a
minimum-cost flow, and its cost is a bound for any prices a unit that no plan undercuts. Gate prices, fees, handling,
fairness segments (convex) and shortfall prices are exact. Transport a kilogram is bounded from below:

- A trip with vehicle v from hub h through visits i with loads q_i drives at least the shortest way to the farthest
  visit and back: its metres R satisfy R >= max R_i >= sum (q_i / Q_v) R_i, because the loads add up to no more than
  its room Q_v (Haimovich & Rinnooy Kan 1985). R_i are shortest ways over the very legs that are driven, so no triangle
  inequality is assumed. The same holds for driving time; service time comes on top.
- A vehicle's day costs its fixed price for at most one shift of work a phase. A second of work in collection or
  delivery thus carries fixed / shift of it, or half of that when both may fall on one day.
- A farm or point that is served at all is visited: its least service, spread over the most it can send or get.
- A parcel of w grams costs at least w times the least price a gram of the steps that w may fall in.
- A line haul carries at most its room there and its room back.

Whole flow prices lose at most half a 64th an arc, and each component of the cost half a minor unit: both are taken off.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from scipy.sparse.csgraph import dijkstra

from solver.allocation.flow import fixed_prices, send
from solver.allocation.limits import Limits, first_limits, share_caps
from solver.allocation.network import SCALE
from solver.allocation.ways import Ways
from solver.cost import DAY_S
from solver.ground import Floats, Ground
from solver.problem import Ints
from solver.solution import Cost

MOST_PLACES = 1500
"""Shortest ways need every leg among a phase's places; beyond this many the drive counts nothing."""
ARCS_A_UNIT = 4


@dataclass(frozen=True, slots=True)
class Bounds:
    """Minor units; `allocation_minor` leaves all transport out."""

    objective_minor: int
    allocation_minor: int


@dataclass(frozen=True, slots=True)
class _Round:
    """Shortest metres and seconds from each hub out to each stop and back, stops x hubs."""

    metres: Floats
    seconds: Floats


def lower_bounds(ground: Ground) -> Bounds:
    """Bounds of the whole objective and of the allocation alone."""
    limits = first_limits(ground)
    return Bounds(_bound(ground, _transport(ground, limits), limits), _bound(ground, _nothing(ground), limits))


def _bound(ground: Ground, ways: Ways, limits: Limits) -> int:
    sent = send(ground, fixed_prices(ground), ways, limits, share_caps(ground))
    rounded = float(limits.wanted.sum()) / 1000 * ARCS_A_UNIT / 2 / SCALE
    return int(np.floor(sent.expected - rounded)) - len(fields(Cost)) - len(ground.problem.hubs.id)


def _nothing(ground: Ground) -> Ways:
    """All transport is free."""
    problem = ground.problem
    farms, points, hubs = len(problem.farms.id), len(problem.points.id), len(problem.hubs.id)
    gate, door = np.zeros((farms, hubs)), np.zeros((points, hubs))
    handling = problem.hubs.handling_minor_per_kg.astype(np.float64)
    return Ways(gate, gate, np.zeros((hubs, hubs)), door, np.where(ground.parcel_allowed, 0.0, np.inf), handling)


def _transport(ground: Ground, limits: Limits) -> Ways:
    problem, rhythm = ground.problem, ground.problem.rhythm
    lots, batches, farms, points = problem.lots, problem.batches, problem.farms, problem.points
    farm_kg = np.bincount(lots.farm, limits.most * ground.lot_weight_g, len(farms.id)) / 1000
    point_kg = np.bincount(batches.point, batches.quantity * ground.batch_weight_g, len(points.id)) / 1000
    # One day's price pays for collection and delivery alike unless they are days apart for certain.
    part = 1.0 if rhythm.deliver_from_s // DAY_S > rhythm.collect_until_s // DAY_S else 0.5
    collect = _per_kg(ground, _rounds(ground, farms.place), farms.service_s, farms.service_s_per_tonne, farm_kg, part)
    truck = _per_kg(ground, _rounds(ground, points.place), points.service_s, points.service_s_per_tonne, point_kg, part)
    free = _nothing(ground)
    return Ways(
        collect=collect,
        visit=free.visit,
        haul=_haul(ground),
        truck=np.where(points.by_truck[:, None], truck, np.inf),
        parcel=_parcel(ground, point_kg),
        hub=free.hub,
    )


def _per_kg(  # the columns of one kind of stop
    ground: Ground, rounds: _Round, service_s: Ints, per_tonne_s: Ints, most_kg: Floats, part: float
) -> Floats:
    """Least minor units a kilogram of each stop by each hub's vehicles."""
    vehicles = ground.problem.vehicles
    least = np.full(rounds.metres.shape, np.inf)
    for hub, rows in enumerate(ground.hub_vehicles):
        if not len(rows):
            continue
        room_kg = _room_kg(ground, rows)
        a_second = vehicles.minor_per_hour[rows] / 3600 + part * vehicles.fixed_minor[rows] / vehicles.shift_s[rows]
        drive = (
            rounds.metres[:, hub, None] / 1000 * vehicles.minor_per_km[rows] + rounds.seconds[:, hub, None] * a_second
        )
        stop_s = service_s / np.maximum(most_kg, 1e-3) + per_tonne_s / 1000
        least[:, hub] = (drive / room_kg).min(axis=1) + stop_s * a_second.min()
    return least


def _room_kg(ground: Ground, rows: Ints) -> Floats:
    vehicles = ground.problem.vehicles
    by_crates = vehicles.crates[rows] * ground.problem.rhythm.crate_g
    return np.maximum(np.minimum(vehicles.weight_g[rows], by_crates), 1) / 1000


def _rounds(ground: Ground, places: Ints) -> _Round:
    """Shortest ways over all legs among hubs and stops of one phase."""
    hub_place = ground.problem.hubs.place
    hubs = len(hub_place)
    if len(places) + hubs > MOST_PLACES:
        return _Round(np.zeros((len(places), hubs)), np.zeros((len(places), hubs)))
    nodes = np.concatenate([hub_place, places])
    legs = ground.roads.legs(nodes[:, None], nodes[None, :])
    return _Round(*(_there_and_back(table, hubs) for table in (legs.distance_m, legs.duration_s)))


def _there_and_back(table: Ints, hubs: int) -> Floats:
    # A leg of nothing is no missing road: it counts a millionth, taken off again by the caller's rounding down.
    legs = np.maximum(table.astype(np.float64), 1e-9)
    out = dijkstra(legs, indices=np.arange(hubs))[:, hubs:]
    back = dijkstra(legs.T, indices=np.arange(hubs))[:, hubs:]
    return (out + back).T


def _haul(ground: Ground) -> Floats:
    """Least minor units a kilogram from hub to hub, by the vehicles of either."""
    problem, vehicles = ground.problem, ground.problem.vehicles
    hubs, rhythm = len(problem.hubs.id), problem.rhythm
    legs = ground.roads.legs(problem.hubs.place[:, None], problem.hubs.place[None, :])
    metres, seconds = (_closed(table) for table in (legs.distance_m, legs.duration_s))
    least = np.full((hubs, hubs), np.inf)
    for home, rows in enumerate(ground.hub_vehicles):
        if not len(rows):
            continue
        work_s = (seconds[home] + seconds[:, home] + rhythm.haul_handling_s)[:, None]
        km = (metres[home] + metres[:, home])[:, None] / 1000
        trip = km * vehicles.minor_per_km[rows] + work_s / 3600 * vehicles.minor_per_hour[rows]
        per_kg = (trip / (2 * _room_kg(ground, rows))).min(axis=1)
        least[home] = np.minimum(least[home], per_kg)
        least[:, home] = np.minimum(least[:, home], per_kg)
    np.fill_diagonal(least, 0.0)
    return least


def _closed(table: Ints) -> Floats:
    return np.asarray(dijkstra(np.maximum(table.astype(np.float64), 1e-9)), dtype=np.float64)


def _parcel(ground: Ground, point_kg: Floats) -> Floats:
    """Least postage a kilogram of a parcel no heavier than all that the point asked."""
    parcels, metres = ground.problem.parcels, ground.point_legs[0].distance_m
    least = np.full(metres.shape, np.inf)
    limit = np.asarray(parcels.weight_limit_g, dtype=np.float64)
    for point, hub in np.argwhere(ground.parcel_allowed).tolist():
        tariff = np.asarray(parcels.price_minor[int(np.searchsorted(parcels.zone_limit_m, metres[point, hub]))])
        heaviest_g = max(float(point_kg[point]) * 1000, 1.0)
        least[point, hub] = float((tariff / np.minimum(limit, heaviest_g)).min()) * 1000
    return least
