"""Regions; their documents carry the field names of the solver's roads, rhythm and parcels."""

from dataclasses import dataclass
from typing import Final

from farmlink.catalogue.values import ColdClass
from farmlink.kernel.geo import Box
from farmlink.network.values.ids import RegionId

WORLD: Final = Box(-90_000_000, -180_000_000, 90_000_000, 180_000_000)
"""The extent of a region that has not said where it ends; swapped coordinates are then not told apart."""


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
class Roads:
    """Great-circle distance x circuity; the leg's first band is driven at the first speed, and so on."""

    circuity_ppm: int = 1_270_000
    band_limit_m: tuple[int, ...] = (10_000, 40_000)
    speed_m_per_h: tuple[int, ...] = (40_000, 64_000, 88_000)
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When things move, seconds after local midnight of the collection day, and how long a stop takes."""

    collect_from_s: int = 8 * 3600
    collect_until_s: int = 16 * 3600
    haul_from_s: int = 17 * 3600
    haul_until_s: int = 26 * 3600
    haul_handling_s: int = 5400
    sort_s: int = 12_600
    deliver_from_s: int = 31 * 3600
    deliver_until_s: int = 38 * 3600
    hand_out_day: int = 1
    crate_g: int = 9000
    farm_service_s: int = 600
    farm_service_s_per_tonne: int = 1200
    point_service_s: int = 720
    point_service_s_per_tonne: int = 1500
    home_service_s: int = 240


@dataclass(frozen=True, slots=True)
class Parcels:
    """Tariff[zone][weight step, rounded up]; no zones means that nothing goes by parcel."""

    zone_limit_m: tuple[int, ...] = ()
    weight_limit_g: tuple[int, ...] = ()
    price_minor: tuple[tuple[int, ...], ...] = ()
    cold_classes: tuple[ColdClass, ...] = (ColdClass.AMBIENT, ColdClass.CHILLED)
    cold_pack_minor: int = 0
    cold_pack_g: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionDraft:
    """A region as its editor wrote it."""

    name: str
    time_zone: str
    currency: str
    extent: Box = WORLD
    roads: Roads = Roads()
    parcels: Parcels = Parcels()
    rhythm: Rhythm = Rhythm()


@dataclass(frozen=True, slots=True)
class RegionCard:
    """A region as it stands."""

    id: RegionId
    name: str
    time_zone: str
    currency: str
    extent: Box
    roads: Roads
    parcels: Parcels
    rhythm: Rhythm
    revision: int
