"""Postage and cold packs."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from solver.cost.amounts import allocation_weight_g, by_row
from solver.problem import AMBIENT, Ints, Parcels, Problem
from solver.roads import RoadMap
from solver.solution import NONE, Solution


def price_parcels(problem: Problem, solution: Solution) -> Ints:
    """Postage and cold packs of each point; 0 for those a truck serves."""
    allocations = solution.allocations
    point = problem.batches.point[allocations.batch]
    weight_g = allocation_weight_g(problem, allocations)
    needs_cold = (problem.products.cold[problem.lots.product[allocations.lot]] & AMBIENT) == 0
    points = len(problem.points.id)
    total_g, cold_g = by_row(point, weight_g, points), by_row(point[needs_cold], weight_g[needs_cold], points)
    minor = np.zeros(points, dtype=np.int64)
    sent = np.flatnonzero(solution.parcel & (solution.point_hub != NONE))
    roads = RoadMap(problem.places, problem.roads)
    distance_m = roads.legs(problem.hubs.place[solution.point_hub[sent]], problem.points.place[sent]).distance_m
    for row, metres in zip(sent.tolist(), distance_m.tolist(), strict=True):
        minor[row] = consignment_minor(problem.parcels, metres, int(total_g[row]), int(cold_g[row]))
    return minor


def parcel_zone(parcels: Parcels, distance_m: int) -> int:
    """Row of the tariff for a distance by road; its length when the carrier does not go so far."""
    return bisect_left(parcels.zone_limit_m, distance_m)


def consignment_minor(parcels: Parcels, distance_m: int, weight_g: int, cold_g: int) -> int:
    """Postage of one consignee: full parcels of the heaviest step, the rest rounded up to its step, and cold packs.

    `cold_g` of the `weight_g` do not tolerate ambient. Beyond the last zone nothing is charged: the checker refuses
    such a plan.
    """
    zone = parcel_zone(parcels, distance_m)
    if zone >= len(parcels.price_minor):
        return 0
    tariff = parcels.price_minor[zone]
    full, rest_g = divmod(weight_g, parcels.weight_limit_g[-1])
    minor = full * tariff[-1]
    if rest_g:
        minor += tariff[bisect_left(parcels.weight_limit_g, rest_g)]
    return minor + -(-cold_g // parcels.cold_pack_g) * parcels.cold_pack_minor
