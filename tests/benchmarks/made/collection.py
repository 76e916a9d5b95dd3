"""Made regions where only collection costs: one hub, one small lot a farm, everything handed out at the hub's door.

A truck pays its day, 100 minor units a straight kilometre and 500 a stop: half of the kilometre is the driver's time at
60 km an hour, and ten minutes at a gate are the stop. A parcel over no distance is free, so that nobody is driven to.
Which farms are visited decides what is bought and what is driven: to choose first and route afterwards costs money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.problem import (
    AMBIENT,
    Batches,
    Farms,
    Hubs,
    Ints,
    Lots,
    Names,
    Parcels,
    Places,
    Points,
    Problem,
    Products,
    Rhythm,
    Roads,
    Vehicles,
)

DAY_S = 86_400
E6_PER_KM = 1_000_000 / 111.194_926_6
"""Millionths of a degree at the equator, where both axes are alike; the sphere of the road model."""
SPREAD_KM, NEAR_KM = 60.0, 6.0
FARMS_A_CENTRE, FEWEST_CENTRES = 25, 4
PRODUCTS, PART_ASKED = 3, 0.45
MEAN_PRICE = 110
SHORTAGE_MINOR_PER_KG = 2000
SPARE_TRUCKS = 6


@dataclass(frozen=True, slots=True)
class Shape:
    """Farms, how far their prices lie apart (minor units a kilogram), what they hold, and what a truck holds."""

    farms: int = 250
    price_width: int = 10
    log_mean_kg: float = 4.1
    truck_kg: int = 1000


SMALL_LOTS = Shape()
"""A dozen farms fill a truck, and prices differ by less than a detour: where to go matters as much as what it costs."""


def collection_region(seed: int, shape: Shape = SMALL_LOTS) -> Problem:
    """A region around one hub from a seed."""
    rng = np.random.default_rng(seed)
    farms, half = shape.farms, shape.price_width // 2
    centres = rng.uniform(-SPREAD_KM, SPREAD_KM, (max(FEWEST_CENTRES, farms // FARMS_A_CENTRE), 2))
    where_km = centres[rng.integers(0, len(centres), farms)] + rng.normal(0, NEAR_KM, (farms, 2))
    held_kg = np.maximum(20, rng.lognormal(shape.log_mean_kg, 0.7, farms)).astype(np.int64)
    product = rng.integers(0, PRODUCTS, farms)
    price = rng.integers(MEAN_PRICE - half, MEAN_PRICE + half + 1, farms)
    asked_kg = np.array([int(PART_ASKED * held_kg[product == row].sum()) for row in range(PRODUCTS)], dtype=np.int64)
    trucks = -(-int(asked_kg.sum()) // shape.truck_kg) + SPARE_TRUCKS
    e6 = np.rint(np.vstack([np.zeros((1, 2)), where_km]) * E6_PER_KM).astype(np.int64)
    return Problem(
        currency="USD",
        places=Places(_ids("place", farms + 1), e6[:, 1], e6[:, 0]),
        products=_products(),
        farms=_farms(farms),
        hubs=Hubs(_ids("hub", 1), _all(1, 0), _all(1, 0), _all(1, 0), _all(1, 10**12)),
        points=_door(),
        lots=_lots(product, held_kg * 1000, price),
        batches=_batches(asked_kg * 1000),
        vehicles=_vehicles(trucks, shape.truck_kg * 1000),
        roads=Roads(circuity_ppm=1_000_000, band_limit_m=(), speed_m_per_h=(60_000,)),
        rhythm=Rhythm(collect_from_s=0, collect_until_s=DAY_S, deliver_from_s=31 * 3600, deliver_until_s=2 * DAY_S),
        parcels=Parcels((1000,), (10**9,), ((0,),)),
    )


def _products() -> Products:
    columns = (1, 1000, 20, AMBIENT, 0, SHORTAGE_MINOR_PER_KG)
    return Products(_ids("product", PRODUCTS), *(_all(PRODUCTS, number) for number in columns))


def _farms(count: int) -> Farms:
    none = _all(count, 0)
    return Farms(
        _ids("farm", count), 1 + np.arange(count), none, _all(count, DAY_S), _all(count, 600), none, none, none, none,
        none > 0,
    )  # fmt: skip


def _door() -> Points:
    """Consumers come to the hub's door: a parcel over no distance."""
    none = _all(1, 0)
    return Points(_ids("point", 1), none, none, _all(1, 3 * DAY_S), none, none, none > 0, none == 0)


def _lots(product: Ints, held: Ints, price: Ints) -> Lots:
    count = len(held)
    one, none = _all(count, 1), _all(count, 0)
    return Lots(
        _ids("lot", count), np.arange(count), product, one, held, none, held, held, one, price, none
    )  # fmt: skip


def _batches(asked: Ints) -> Batches:
    one, none = _all(PRODUCTS, 1), _all(PRODUCTS, 0)
    return Batches(_ids("batch", PRODUCTS), none, np.arange(PRODUCTS), one, asked, none, none)


def _vehicles(count: int, weight_g: int) -> Vehicles:
    columns = (0, weight_g, 10**9, 10**6, AMBIENT, 6000, 50, 3000, DAY_S)
    return Vehicles(_ids("truck", count), *(_all(count, number) for number in columns))


def cheapest_purchase_minor(problem: Problem) -> int:
    """What the goods cost where nothing has to be driven: the rest of a plan's cost is what planning controls."""
    total = 0
    for batch in range(len(problem.batches.id)):
        lots = np.flatnonzero(problem.lots.product == problem.batches.product[batch])
        lots = lots[np.argsort(problem.lots.ask_minor_per_1000[lots], kind="stable")]
        held = problem.lots.offered[lots]
        before = np.cumsum(held) - held
        taken = np.clip(problem.batches.quantity[batch] - before, 0, held)
        total += int((taken * problem.lots.ask_minor_per_1000[lots]).sum())
    return total // 1000


def _all(rows: int, number: int) -> Ints:
    return np.full(rows, number, dtype=np.int64)


def _ids(name: str, count: int) -> Names:
    return np.array([f"{name} {row:03d}" for row in range(count)], dtype=np.str_)
