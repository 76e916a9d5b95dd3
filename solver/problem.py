"""What is given: one cycle of one region, in columns. Every array of a table has that table's length.

Units are in the names; quantities are in the product's base unit (gram or piece); times are seconds after midnight of
the collection day (07:00 of the next is 111,600). References are row numbers. Ids are for people and order rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Names = NDArray[np.str_]

AMBIENT, CHILLED, FROZEN = 1, 2, 4
"""Cold classes as bits: a product tolerates some, a vehicle carries some; they fit when they share one."""
MAX_MATRIX_PLACES = 3000
MOST_HELD = 50
"""So many vehicles of a hub may be held to places."""


def ints(*numbers: int) -> Ints:
    """A column of whole numbers."""
    return np.array(numbers, dtype=np.int64)


def no_ints() -> Ints:
    """An empty column."""
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything is; WGS-84 in millionths of a degree."""

    id: Names
    latitude_e6: Ints
    longitude_e6: Ints


@dataclass(frozen=True, slots=True)
class Products:
    """What is sold."""

    id: Names
    unit_weight_g: Ints
    volume_ml_per_1000: Ints
    shelf_days: Ints
    cold: Ints  # bits of the classes it tolerates
    spoilage_ppm_per_day: Ints
    shortfall_minor_per_1000: Ints  # declared price of not serving a thousand base units


@dataclass(frozen=True, slots=True)
class Farms:
    """Who offers; `season_*` come from the fairness ledger, `decline_ppm` from the farm's history.

    A farm or point that closes before it opens is closed on the day.
    """

    id: Names
    place: Ints
    opens_s: Ints
    closes_s: Ints
    service_s: Ints
    service_s_per_tonne: Ints
    decline_ppm: Ints
    season_offered_minor: Ints
    season_sold_minor: Ints
    small: Flags


@dataclass(frozen=True, slots=True)
class Hubs:
    """Where goods are brought together; a hub costs its fixed price only when it is used."""

    id: Names
    place: Ints
    fixed_minor: Ints
    handling_minor_per_kg: Ints
    throughput_g: Ints


@dataclass(frozen=True, slots=True)
class Points:
    """Consignees: pick-up points and homes."""

    id: Names
    place: Ints
    opens_s: Ints
    closes_s: Ints
    service_s: Ints
    service_s_per_tonne: Ints
    by_truck: Flags
    by_parcel: Flags


@dataclass(frozen=True, slots=True)
class Lots:
    """What farms offer. Sent is 0 or within [minimum, min(maximum, offered, daily capacity)], in whole packs."""

    id: Names
    farm: Ints
    product: Ints
    grade: Ints  # larger is better
    offered: Ints
    minimum: Ints
    maximum: Ints
    daily_capacity: Ints
    pack: Ints
    ask_minor_per_1000: Ints
    harvest_day: Ints  # days after the collection day, usually 0 or negative


@dataclass(frozen=True, slots=True)
class Batches:
    """What is asked, pooled: one row a consignee, product and lowest acceptable grade."""

    id: Names
    point: Ints
    product: Ints
    grade: Ints
    quantity: Ints
    fresh_days: Ints  # days of shelf life that must be left at hand-out
    price_minor_per_1000: Ints  # posted to the consumer


@dataclass(frozen=True, slots=True)
class Vehicles:
    """Physical units, each with a home hub; every route starts and ends there."""

    id: Names
    hub: Ints
    weight_g: Ints
    volume_ml: Ints
    crates: Ints
    cold: Ints
    fixed_minor: Ints  # once per calendar day of departure
    minor_per_km: Ints
    minor_per_hour: Ints
    shift_s: Ints  # most working time in one phase (collection, line haul, delivery)


@dataclass(frozen=True, slots=True)
class Pins:
    """Promises: what a farm confirmed is neither lowered nor over-booked; a declined lot has both limits 0."""

    lot: Ints = field(default_factory=no_ints)
    at_least: Ints = field(default_factory=no_ints)
    at_most: Ints = field(default_factory=no_ints)


@dataclass(frozen=True, slots=True)
class Holds:
    """Wishes: where a truck calls at a farm (phase 0) or a point (phase 2), it is this vehicle."""

    phase: Ints = field(default_factory=no_ints)
    calls_at: Ints = field(default_factory=no_ints)
    vehicle: Ints = field(default_factory=no_ints)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The plan before, as far as it still exists: goods sent, hubs, every call of every trip in order, its loads."""

    lot: Ints = field(default_factory=no_ints)
    batch: Ints = field(default_factory=no_ints)
    quantity: Ints = field(default_factory=no_ints)
    farm: Ints = field(default_factory=no_ints)
    farm_hub: Ints = field(default_factory=no_ints)
    point: Ints = field(default_factory=no_ints)
    point_hub: Ints = field(default_factory=no_ints)
    by_parcel: Flags = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    trip: Ints = field(default_factory=no_ints)  # trips are numbered; one row a call
    phase: Ints = field(default_factory=no_ints)
    vehicle: Ints = field(default_factory=no_ints)
    calls_at: Ints = field(default_factory=no_ints)  # a farm, on a line haul a hub, on a delivery a point
    call: Ints = field(default_factory=no_ints)  # loads: the call's row, what of the goods, and how much of it
    goods: Ints = field(default_factory=no_ints)
    moved: Ints = field(default_factory=no_ints)


@dataclass(frozen=True, slots=True)
class Box:
    """Latitudes and longitudes from south-west to north-east, borders included."""

    south_e6: int
    west_e6: int
    north_e6: int
    east_e6: int


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a passage: inside any of `boxes` and inside none of `without`."""

    boxes: tuple[Box, ...]
    without: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A bridge or a bay: every pair with one end on each side goes through it; no `other` side means all the rest."""

    name: str
    latitude_e6: int
    longitude_e6: int
    toll_minor: int
    side: Side
    other: Side | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Given distances and times, places x places; only up to `MAX_MATRIX_PLACES`."""

    distance_m: Ints
    duration_s: Ints


@dataclass(frozen=True, slots=True)
class Roads:
    """Great-circle distance x circuity; the leg's first band is driven at the first speed, and so on."""

    circuity_ppm: int = 1_270_000
    band_limit_m: tuple[int, ...] = (10_000, 40_000)
    speed_m_per_h: tuple[int, ...] = (40_000, 64_000, 88_000)
    passages: tuple[Passage, ...] = ()
    matrix: Matrix | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When things move, seconds after midnight of the collection day."""

    collect_from_s: int = 8 * 3600
    collect_until_s: int = 16 * 3600
    haul_from_s: int = 17 * 3600
    haul_until_s: int = 26 * 3600
    haul_handling_s: int = 5400  # a line haul's own handling, inside its duration: half at home, half at each stop
    sort_s: int = 12_600  # handling after the last inbound that carries a delivery's goods
    deliver_from_s: int = 31 * 3600
    deliver_until_s: int = 38 * 3600
    hand_out_day: int = 1
    crate_g: int = 9000  # one crate or packed order; a stop's crates are its weight in these, rounded up


@dataclass(frozen=True, slots=True)
class Parcels:
    """Tariff[zone][weight step, rounded up]; zones by road distance from the hub; a heavier consignment is several."""

    zone_limit_m: tuple[int, ...] = ()
    weight_limit_g: tuple[int, ...] = ()
    price_minor: tuple[tuple[int, ...], ...] = ()
    cold: int = AMBIENT | CHILLED  # classes that may be sent
    cold_pack_minor: int = 0  # per started `cold_pack_g` of goods that do not tolerate ambient
    cold_pack_g: int = 10_000


@dataclass(frozen=True, slots=True)
class Policy:
    """The cycle's declared terms."""

    packaging_minor_per_kg: int = 0
    commission_ppm: int = 0  # of the posted price
    payment_fee_ppm: int = 0  # of the posted price
    fairness_segments: int = 5
    fairness_ppm: int = 0  # dearest segment of a lot's fairness term, of its own ask
    small_farm_premium_ppm: int = 0  # of a small farm's ask, by which it counts as lower
    share_cap_ppm: int = 1_000_000  # of a product's demand from one farm, only where `share_cap_farms` are eligible
    small_floor_ppm: int = 0  # of a product's demand reserved for small farms, where as many of them are eligible
    share_cap_farms: int = 3
    price_band_ppm: int = 0  # asks within this band above the cheapest count as equal
    equalisation_ppm: int = 0  # of what a remote line's transport costs above the mean per kg; shown as a subsidy
    equalisation_from_m: int = 150_000  # a farm or point this far from its hub is remote


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a plan depends on, except `Params`."""

    currency: str
    places: Places
    products: Products
    farms: Farms
    hubs: Hubs
    points: Points
    lots: Lots
    batches: Batches
    vehicles: Vehicles
    roads: Roads = field(default_factory=Roads)
    rhythm: Rhythm = field(default_factory=Rhythm)
    parcels: Parcels = field(default_factory=Parcels)
    policy: Policy = field(default_factory=Policy)
    pins: Pins = field(default_factory=Pins)
    holds: Holds = field(default_factory=Holds)
    earlier: Earlier = field(default_factory=Earlier)
