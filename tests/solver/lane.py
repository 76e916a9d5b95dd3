"""Farms along one road from a hub, a lot each of one product, and consumers at the hub's door: only fetching costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.problem import (
    AMBIENT,
    Batches,
    Farms,
    Hubs,
    Ints,
    Lots,
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
KG = 1000
E6_PER_KM = 1_000_000 / 111.194_926_6
"""Millionths of a degree at the equator, on the sphere of the road model."""
TRUCK_DAY, STOP, KM = 6000, 500, 100
"""Minor units; half of the kilometre is the driver's time."""
SHORTAGE = 2000


def lane(
    at_km: Sequence[float], prices: Sequence[int], asked_kg: int, *, held_kg: int = 100, truck_kg: int = 300,
    trucks: int = 4,
) -> Problem:  # fmt: skip
    """Farms at these places with lots at these prices a kilogram."""
    farms = len(at_km)
    east = np.rint(np.array([0.0, *at_km]) * E6_PER_KM).astype(np.int64)
    none, one, held = _all(farms, 0), _all(farms, 1), _all(farms, held_kg * KG)
    door = _all(1, 0)
    return Problem(
        currency="USD",
        places=Places(_ids("place", farms + 1), np.zeros_like(east), east),
        products=Products(
            _ids("product", 1), *(_all(1, n) for n in (1, 1000, 20, AMBIENT, 0, SHORTAGE))
        ),
        farms=Farms(
            _ids("farm", farms), 1 + np.arange(farms), none, _all(farms, DAY_S), _all(farms, 600), none, none, none,
            none, none > 0,
        ),
        hubs=Hubs(_ids("hub", 1), door, door, door, _all(1, 10**12)),
        points=Points(_ids("point", 1), door, door, _all(1, 3 * DAY_S), door, door, door > 0, door == 0),
        lots=Lots(
            _ids("lot", farms), np.arange(farms), none, one, held, none, held, held, one, np.array(prices), none
        ),
        batches=Batches(_ids("batch", 1), door, door, _all(1, 1), _all(1, asked_kg * KG), door, door),
        vehicles=Vehicles(
            _ids("truck", trucks),
            *(_all(trucks, n) for n in (0, truck_kg * KG, 10**9, 10**6, AMBIENT, TRUCK_DAY, 50, 3000, DAY_S)),
        ),
        roads=Roads(circuity_ppm=1_000_000, band_limit_m=(), speed_m_per_h=(60_000,)),
        rhythm=Rhythm(collect_from_s=0, collect_until_s=DAY_S, deliver_from_s=31 * 3600, deliver_until_s=2 * DAY_S),
        parcels=Parcels((KG,), (10**9,), ((0,),)),
    )  # fmt: skip


def _all(rows: int, number: int) -> Ints:
    return np.full(rows, number, dtype=np.int64)


def _ids(name: str, count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    return np.array([f"{name} {row:03d}" for row in range(count)], dtype=np.str_)
