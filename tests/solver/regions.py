"""Made regions of any oddness: small, complete problems from a seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solver.cost import lot_most
from solver.problem import (
    AMBIENT,
    CHILLED,
    FROZEN,
    Batches,
    Farms,
    Hubs,
    Ints,
    Lots,
    Matrix,
    Parcels,
    Pins,
    Places,
    Points,
    Policy,
    Problem,
    Products,
    Rhythm,
    Roads,
    Vehicles,
)
from solver.roads import RoadMap

HOUR = 3600
MASKS = (AMBIENT | CHILLED, CHILLED, FROZEN, AMBIENT | CHILLED | FROZEN, AMBIENT)


def _made_products(rng: np.random.Generator, products: int, unit_weight_g: Ints) -> Products:
    return Products(
        _ids("product", products),
        unit_weight_g,
        unit_weight_g * rng.integers(0, 5000, products),
        rng.integers(5, 40, products),
        rng.choice(MASKS, products),
        rng.integers(0, 20_000, products),
        unit_weight_g * rng.integers(500, 6000, products),
    )


def _made_farms(rng: np.random.Generator, farms: int) -> Farms:
    return Farms(
        _ids("farm", farms),
        np.arange(farms),
        rng.integers(6, 11, farms) * HOUR,
        rng.integers(10, 18, farms) * HOUR,
        rng.integers(0, 1200, farms),
        rng.integers(0, 3000, farms),
        rng.integers(0, 400_000, farms),
        rng.integers(0, 100_000, farms),
        rng.integers(0, 100_000, farms),
        rng.random(farms) < 0.5,
    )


def _made_points(rng: np.random.Generator, points: int, farms: int) -> Points:
    return Points(
        _ids("point", points),
        farms + np.arange(points),
        np.full(points, 30 * HOUR),
        rng.integers(32, 40, points) * HOUR,
        rng.integers(0, 1200, points),
        rng.integers(0, 3000, points),
        rng.random(points) < 0.8,
        rng.random(points) < 0.5,
    )


def _made_vehicles(rng: np.random.Generator, vehicles: int, hubs: int) -> Vehicles:
    return Vehicles(
        _ids("vehicle", vehicles),
        rng.integers(0, hubs, vehicles),
        rng.choice([200_000, 900_000, 4_500_000], vehicles),
        rng.choice([1_000_000, 30_000_000], vehicles),
        rng.choice([30, 480], vehicles),
        rng.choice([AMBIENT | CHILLED | FROZEN, AMBIENT | CHILLED | FROZEN, AMBIENT | CHILLED], vehicles),
        rng.integers(0, 20_000, vehicles),
        rng.integers(20, 80, vehicles),
        rng.integers(0, 4000, vehicles),
        rng.integers(3, 11, vehicles) * HOUR,
    )


def made_region(seed: int, farms: int = 6, points: int = 4, hubs: int = 2, trucks: int = 0) -> Problem:
    """A region whose rules bind here and there: packs, pins, cold classes, full hubs, short shifts, closed gates.

    With `trucks`, every hub has as many large ones and never is full.
    """
    rng = np.random.default_rng(seed)
    products, lots, vehicles = (
        int(rng.integers(1, 4)),
        int(rng.integers(1, 3 * farms)),
        int(rng.integers(hubs, 4 * hubs)),
    )
    places = farms + points + hubs
    km = float(rng.choice([20, 60, 150]))
    unit_weight_g = rng.choice([1, 60, 700], products)
    problem = Problem(
        currency="USD",
        places=Places(
            _ids("place", places),
            _whole(43e6 + rng.normal(0, km / 111, places) * 1e6),
            _whole(-85e6 + rng.normal(0, km / 80, places) * 1e6),
        ),
        products=_made_products(rng, products, unit_weight_g),
        farms=_made_farms(rng, farms),
        hubs=Hubs(
            _ids("hub", hubs),
            farms + points + np.arange(hubs),
            rng.integers(0, 40_000, hubs),
            rng.integers(0, 30, hubs),
            rng.choice([300_000, 3_000_000, 30_000_000], hubs),
        ),
        points=_made_points(rng, points, farms),
        lots=_lots(rng, lots, farms, unit_weight_g),
        batches=_batches(rng, points, unit_weight_g),
        vehicles=_made_vehicles(rng, vehicles, hubs),
        parcels=_parcels(rng),
        policy=_policy(rng),
        rhythm=Rhythm() if rng.random() < 0.8 else _one_day(),
    )
    problem = _pinned(rng, _driven(rng, problem))
    return _roomy(problem, trucks) if trucks else problem


def shuffled(problem: Problem, seed: int) -> Problem:
    """The same region with the rows of every table in another order."""
    rng = np.random.default_rng(seed)
    order = {name: rng.permutation(len(getattr(problem, name).id)) for name in _REFERENCES}
    rank = {name: np.argsort(rows) for name, rows in order.items()}
    tables = {}
    for name, columns in _REFERENCES.items():
        table = getattr(problem, name)
        moved = {column: getattr(table, column)[order[name]] for column in table.__slots__}
        moved.update({column: rank[target][moved[column]] for column, target in columns.items()})
        tables[name] = type(table)(**moved)
    roads = problem.roads
    if roads.matrix is not None:
        square = np.ix_(order["places"], order["places"])
        roads = replace(roads, matrix=Matrix(roads.matrix.distance_m[square], roads.matrix.duration_s[square]))
    pins = replace(problem.pins, lot=rank["lots"][problem.pins.lot])
    return replace(problem, roads=roads, pins=pins, **tables)


def renamed(problem: Problem, seed: int) -> Problem:
    """The same region with the ids of every table dealt out anew."""
    rng = np.random.default_rng(seed)
    tables = {name: getattr(problem, name) for name in _REFERENCES}
    return replace(problem, **{name: replace(table, id=rng.permutation(table.id)) for name, table in tables.items()})


_REFERENCES: dict[str, dict[str, str]] = {
    "places": {},
    "products": {},
    "farms": {"place": "places"},
    "hubs": {"place": "places"},
    "points": {"place": "places"},
    "lots": {"farm": "farms", "product": "products"},
    "batches": {"point": "points", "product": "products"},
    "vehicles": {"hub": "hubs"},
}


def _lots(rng: np.random.Generator, lots: int, farms: int, unit_weight_g: Ints) -> Lots:
    product = rng.integers(0, len(unit_weight_g), lots)
    per_kg = 1000 // unit_weight_g[product]  # base units
    pack = np.where(rng.random(lots) < 0.5, 1, per_kg)
    offered = rng.integers(1, 400, lots) * rng.choice([1, 5]) * per_kg
    return Lots(
        _ids("lot", lots),
        rng.integers(0, farms, lots),
        product,
        rng.integers(1, 4, lots),
        offered,
        rng.integers(0, 30, lots) * per_kg,
        np.where(rng.random(lots) < 0.8, offered, offered // 2),
        np.where(rng.random(lots) < 0.8, offered, offered // 3),
        pack,
        unit_weight_g[product] * rng.integers(50, 900, lots),
        rng.integers(-4, 2, lots),
    )


def _batches(rng: np.random.Generator, points: int, unit_weight_g: Ints) -> Batches:
    point, product = (column.ravel() for column in np.mgrid[0:points, 0 : len(unit_weight_g)])
    wanted = rng.random(len(point)) < 0.8
    point, product = point[wanted], product[wanted]
    batches = len(point)
    return Batches(
        _ids("batch", batches),
        point,
        product,
        rng.integers(1, 4, batches),
        rng.integers(1, 200, batches) * rng.choice([300, 8000]) // unit_weight_g[product] + 1,
        rng.integers(0, 5, batches),
        unit_weight_g[product] * rng.integers(100, 1500, batches),
    )


def _parcels(rng: np.random.Generator) -> Parcels:
    if rng.random() < 0.3:
        return Parcels()
    return Parcels((100_000, 300_000), (1000, 10_000), ((800, 1500), (900, 1900)), AMBIENT | CHILLED, 400)


def _policy(rng: np.random.Generator) -> Policy:
    if rng.random() < 0.3:
        return Policy()
    return Policy(
        packaging_minor_per_kg=5,
        commission_ppm=80_000,
        payment_fee_ppm=20_000,
        fairness_segments=int(rng.integers(1, 6)),
        fairness_ppm=200_000,
        small_farm_premium_ppm=50_000,
        share_cap_ppm=int(rng.choice([400_000, 1_000_000])),
        small_floor_ppm=int(rng.choice([0, 300_000])),
        price_band_ppm=100_000,
    )


def _one_day() -> Rhythm:
    return Rhythm(
        collect_from_s=5 * HOUR,
        collect_until_s=11 * HOUR,
        haul_from_s=10 * HOUR,
        haul_until_s=13 * HOUR,
        sort_s=HOUR,
        deliver_from_s=12 * HOUR,
        deliver_until_s=38 * HOUR,
        hand_out_day=0,
    )


def _driven(rng: np.random.Generator, problem: Problem) -> Problem:
    """Now and then a given matrix whose shortest way is not the direct one."""
    if rng.random() < 0.8:
        return problem
    count = len(problem.places.id)
    legs = RoadMap(problem.places, problem.roads).matrix(np.arange(count))
    detour = rng.integers(10, 30, (count, count))
    return replace(problem, roads=Roads(matrix=Matrix(legs.distance_m * detour // 10, legs.duration_s * detour // 10)))


def _pinned(rng: np.random.Generator, problem: Problem) -> Problem:
    """Now and then declined lots; what is confirmed is for the tests of re-planning."""
    if rng.random() < 0.6:
        return problem
    lots = np.flatnonzero(rng.random(len(problem.lots.id)) < 0.3)
    at_most = lot_most(problem)[lots] * rng.integers(0, 3, len(lots)) // 2
    return replace(problem, pins=Pins(lots, np.zeros(len(lots), dtype=np.int64), at_most))


def _roomy(problem: Problem, trucks: int) -> Problem:
    hubs = len(problem.hubs.id)
    count = hubs * trucks
    vehicles = Vehicles(
        _ids("vehicle", count),
        np.repeat(np.arange(hubs), trucks),
        *(np.full(count, most) for most in (9_000_000, 60_000_000, 2000, AMBIENT | CHILLED | FROZEN)),
        *(np.full(count, price) for price in (10_000, 60, 3000, 12 * HOUR)),
    )
    return replace(
        problem, vehicles=vehicles, hubs=replace(problem.hubs, throughput_g=np.full(hubs, 10**12, dtype=np.int64))
    )


def _ids(name: str, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    return np.array([f"{name} {row:03d}" for row in range(count)], dtype=np.str_)


def _whole(column: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Ints:
    return np.rint(column).astype(np.int64)
