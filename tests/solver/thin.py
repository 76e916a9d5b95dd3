"""Thin regions, whose trucks are never full, and the cheapest plan of the tiniest ones by trying everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations, permutations, product

import numpy as np
from scipy.optimize import linprog

from solver.problem import (
    AMBIENT,
    Batches,
    Farms,
    Flags,
    Hubs,
    Ints,
    Lots,
    Parcels,
    Places,
    Points,
    Problem,
    Products,
    Rhythm,
    Vehicles,
)
from solver.roads import RoadMap
from solver.solution import NONE

HOUR = 3600
PARCEL_MINOR = 4000
"""One parcel holds all that a point of a tiny region asks."""


def thin_region(seed: int, farms: int = 4, points: int = 2, hubs: int = 1, products: int = 3) -> Problem:
    """Small lots far apart: a round of a truck pays for several farms together or for none. No goods cross hubs."""
    rng = np.random.default_rng(seed)
    lots = max(farms * products // 2, 1)
    owner = np.concatenate([np.arange(farms), rng.integers(0, farms, lots)])[: max(lots, farms)]
    grown = rng.integers(0, products, len(owner))
    km = float(rng.choice([30, 80]))
    worth = rng.integers(400, 3500, products)
    # The draws come in this order: a seed says the same region for ever.
    places = _places(rng, farms + points + hubs, km)
    fixed_minor = rng.integers(0, 9000, hubs)
    by_parcel = rng.random(points) < 0.8
    return Problem(
        currency="USD",
        places=places,
        products=_products(worth),
        farms=_farms(farms),
        hubs=Hubs(
            _ids("hub", hubs),
            farms + points + np.arange(hubs),
            fixed_minor,
            _all(hubs, 14),
            _all(hubs, 10**10),
        ),
        points=_points(farms, by_parcel),
        lots=_lots(rng, owner, grown, worth),
        batches=_batches(rng, points, worth),
        vehicles=_vehicles(hubs),
        rhythm=Rhythm(haul_until_s=17 * HOUR),
        parcels=Parcels((2_000_000,), (1_000_000,), ((PARCEL_MINOR,),)),
    )


def _places(rng: np.random.Generator, count: int, km: float) -> Places:
    return Places(
        _ids("place", count),
        np.rint(43e6 + rng.normal(0, km / 111, count) * 1e6).astype(np.int64),
        np.rint(-85e6 + rng.normal(0, km / 80, count) * 1e6).astype(np.int64),
    )


def _products(worth: Ints) -> Products:
    count = len(worth)
    return Products(
        id=_ids("product", count),
        unit_weight_g=_all(count, 1),
        volume_ml_per_1000=_all(count, 1000),
        shelf_days=_all(count, 20),
        cold=_all(count, AMBIENT),
        spoilage_ppm_per_day=_all(count, 0),
        shortfall_minor_per_1000=2 * worth,
    )


def _farms(count: int) -> Farms:
    none = _all(count, 0)
    return Farms(
        _ids("farm", count),
        np.arange(count),
        _all(count, 6 * HOUR),
        _all(count, 18 * HOUR),
        _all(count, 900),
        none,
        none,
        none,
        none,
        none > 0,
    )


def _points(farms: int, by_parcel: Flags) -> Points:
    count = len(by_parcel)
    return Points(
        _ids("point", count),
        farms + np.arange(count),
        _all(count, 30 * HOUR),
        _all(count, 40 * HOUR),
        _all(count, 900),
        _all(count, 0),
        _all(count, 1) > 0,
        by_parcel,
    )


def _lots(rng: np.random.Generator, owner: Ints, grown: Ints, worth: Ints) -> Lots:
    count = len(owner)
    return Lots(
        _ids("lot", count),
        owner,
        grown,
        _all(count, 1),
        rng.integers(5, 60, count) * 1000,
        _all(count, 0),
        _all(count, 10**6),
        _all(count, 10**6),
        _all(count, 1),
        worth[grown] * rng.integers(60, 100, count) // 100,
        _all(count, 0),
    )


def _batches(rng: np.random.Generator, points: int, worth: Ints) -> Batches:
    point, asked = (column.ravel() for column in np.mgrid[0:points, 0 : len(worth)])
    return Batches(
        _ids("batch", len(point)),
        point,
        asked,
        _all(len(point), 1),
        rng.integers(2, 30, len(point)) * 1000,
        _all(len(point), 1),
        worth[asked] * 2,
    )


def _vehicles(hubs: int) -> Vehicles:
    count = 4 * hubs
    columns = (4_500_000, 30_000_000, 480, AMBIENT, 11_000, 45, 3000, 10 * HOUR)
    return Vehicles(_ids("vehicle", count), np.repeat(np.arange(hubs), 4), *(_all(count, n) for n in columns))


def cheapest(problem: Problem) -> float:
    """Minor units of the cheapest plan of a tiny region: every farm and point at every hub or left out, every tour.

    The rest (who sends whom how much) is a linear programme, for thin regions have no packs, least visits or caps.
    """
    farms, points, hubs = (range(len(getattr(problem, table).id)) for table in ("farms", "points", "hubs"))
    fetch, bring = (_tour_prices(problem, places) for places in (problem.farms.place, problem.points.place))
    fixed = problem.hubs.fixed_minor.tolist()
    goods = _Goods(problem)
    best = float(problem.batches.quantity @ problem.products.shortfall_minor_per_1000[problem.batches.product]) / 1000
    choices = [_ways(problem, point) for point in points]
    for farm_hub in product([NONE, *hubs], repeat=len(farms)):
        collected = sum(fetch(hub, _at(farm_hub, hub)) for hub in hubs)
        for ways in product(*choices):
            used = {hub for hub, _ in ways} | set(farm_hub)
            if used - {NONE} != set(farm_hub) - {NONE}:
                continue
            trucked = [tuple(p for p in points if ways[p] == (hub, False)) for hub in hubs]
            moved = collected + sum(bring(hub, trucked[hub]) for hub in hubs) + sum(fixed[hub] for hub in used - {NONE})
            moved += PARCEL_MINOR * sum(parcel for _, parcel in ways)
            if moved + goods.least < best:
                best = min(best, moved + goods.minor(farm_hub, tuple(hub for hub, _ in ways)))
    return best


def _ways(problem: Problem, point: int) -> list[tuple[int, bool]]:
    """Hub and whether by parcel; nothing at all first."""
    hubs = range(len(problem.hubs.id))
    by_parcel = [(hub, True) for hub in hubs if problem.points.by_parcel[point]]
    return [(NONE, False), *((hub, False) for hub in hubs), *by_parcel]


def _at(farm_hub: tuple[int, ...], hub: int) -> tuple[int, ...]:
    return tuple(farm for farm, its in enumerate(farm_hub) if its == hub)


class _Goods:
    """Purchase, handling and shortfall of chosen hubs by a linear programme over lots and batches."""

    def __init__(self, problem: Problem) -> None:
        lots, batches = problem.lots, problem.batches
        self._farm, self._point = lots.farm, batches.point
        self._lot, self._batch = np.nonzero(lots.product[:, None] == batches.product[None, :])
        short = problem.products.shortfall_minor_per_1000[batches.product]
        self._all_short = float(batches.quantity @ short) / 1000
        handling = int(problem.hubs.handling_minor_per_kg[0])
        self._saves = (short[self._batch] - lots.ask_minor_per_1000[self._lot] - handling) / 1000
        self._offered, self._asked = lots.offered, batches.quantity
        rows = np.arange(len(self._lot))
        self._by_lot = np.zeros((len(lots.id), len(rows)))
        self._by_batch = np.zeros((len(batches.id), len(rows)))
        self._by_lot[self._lot, rows] = self._by_batch[self._batch, rows] = 1
        self.minor = cache(self._minor)
        self.least = self._solved(np.ones(len(rows), dtype=np.bool_))

    def _minor(self, farm_hub: tuple[int, ...], point_hub: tuple[int, ...]) -> float:
        source = np.array(farm_hub)[self._farm[self._lot]]
        target = np.array(point_hub)[self._point[self._batch]]
        return self._solved((source == target) & (source != NONE))

    def _solved(self, together: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
        found = linprog(
            -self._saves,
            np.concatenate([self._by_lot, self._by_batch]),
            np.concatenate([self._offered, self._asked]),
            bounds=[(0, None if possible else 0) for possible in together.tolist()],
        )
        return self._all_short + float(found.fun or 0.0)


def _tour_prices(problem: Problem, places: Ints) -> Callable[[int, tuple[int, ...]], float]:
    """The cheapest tours of a hub's equal trucks through all of some stops."""
    nodes = np.concatenate([problem.hubs.place, places])
    legs = RoadMap(problem.places, problem.roads).legs(nodes[:, None], nodes[None, :])
    hubs, vehicles = len(problem.hubs.id), problem.vehicles

    @cache
    def tour(hub: int, stops: tuple[int, ...]) -> float:
        best = np.inf
        for order in permutations(stops):
            way = [hub, *(hubs + stop for stop in order), hub]
            metres, seconds = (int(t[way[:-1], way[1:]].sum()) for t in (legs.distance_m, legs.duration_s))
            works_s = seconds + 900 * len(order)
            if works_s <= vehicles.shift_s[0]:
                best = min(best, metres * 45 / 1000 + works_s * 3000 / 3600 + 11_000)
        return float(best)

    @cache
    def tours(hub: int, stops: tuple[int, ...]) -> float:
        return min((sum(tour(hub, part) for part in parts) for parts in _parts(stops)), default=0.0)

    return tours


def _parts(stops: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """Every way to share stops out over trucks."""
    if not stops:
        return
    first, rest = stops[0], stops[1:]
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = tuple(stop for stop in rest if stop not in others)
            for parts in _parts(left) if left else ([],):
                yield [(first, *others), *parts]


def _all(count: int, value: int) -> Ints:
    return np.full(count, value, dtype=np.int64)


def _ids(name: str, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    return np.array([f"{name} {row:03d}" for row in range(count)], dtype=np.str_)
