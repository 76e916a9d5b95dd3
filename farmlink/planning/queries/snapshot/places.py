"""Where things are and what drives between them: hubs, farms, points and vehicles as columns."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np

from farmlink.kernel.geo import coarse
from farmlink.network import queries as network
from farmlink.network.values import (
    FarmCard,
    FarmId,
    HomeSite,
    HubCard,
    OpenHours,
    PlaceId,
    PointCard,
    PointId,
    Rhythm,
    VehicleCard,
)
from farmlink.planning.queries.snapshot.columns import cold_bits, flags, ints, names
from farmlink.planning.values import FarmShare
from farmlink.store.transaction import Transaction
from farmlink.supply.rules import expected_decline_ppm
from solver import problem as given

MINUTE_S: Final = 60
STREET_E6: Final = 1_000
"""A thousandth of a degree: a hundred metres, more or less."""


def destinations(tx: Transaction, place_ids: Collection[PlaceId]) -> list[PointCard | HomeSite]:
    """Where goods are asked for: points, and homes, of which a plan, kept for ever, knows no more than the street."""
    points = network.points_by_id(tx, map(PointId, place_ids)).values()
    homes = network.homes_by_id(tx, place_ids).values()
    return [*points, *(replace(home, coordinates=coarse(home.coordinates, STREET_E6)) for home in homes)]


def places(found: Sequence[HubCard | FarmCard | PointCard | HomeSite]) -> given.Places:
    """Hubs, then farms, then points and homes."""
    return given.Places(
        id=names(place.id for place in found),
        latitude_e6=ints(place.coordinates.latitude_e6 for place in found),
        longitude_e6=ints(place.coordinates.longitude_e6 for place in found),
    )


def hubs(found: Sequence[HubCard]) -> given.Hubs:
    """Open hubs; their places come first."""
    return given.Hubs(
        id=names(hub.id for hub in found),
        place=np.arange(len(found), dtype=np.int64),
        fixed_minor=ints(hub.fixed_minor for hub in found),
        handling_minor_per_kg=ints(hub.handling_minor_per_kg for hub in found),
        throughput_g=ints(hub.throughput_g for hub in found),
    )


def farms(
    found: Sequence[FarmCard],
    first: int,
    collect_on: date,
    rhythm: Rhythm,
    declines_ppm: Mapping[FarmId, int],
    season: Mapping[FarmId, FarmShare],
    small: Collection[FarmId],
) -> given.Farms:
    """Farms with something to send, and what each has sold of its offers in the season so far."""
    hours = [open_s(farm.hours, collect_on, rhythm) for farm in found]
    unknown = expected_decline_ppm(0, 0)
    shares = [season.get(farm.id, FarmShare(farm.id, 0, 0)) for farm in found]
    return given.Farms(
        id=names(farm.id for farm in found),
        place=np.arange(first, first + len(found), dtype=np.int64),
        opens_s=ints(opens for opens, _ in hours),
        closes_s=ints(closes for _, closes in hours),
        service_s=ints(rhythm.farm_service_s for _ in found),
        service_s_per_tonne=ints(rhythm.farm_service_s_per_tonne for _ in found),
        decline_ppm=ints(declines_ppm.get(farm.id, unknown) for farm in found),
        season_offered_minor=ints(share.offered_minor for share in shares),
        season_sold_minor=ints(share.sold_minor for share in shares),
        small=flags(farm.id in small for farm in found),
    )


def points(found: Sequence[PointCard | HomeSite], first: int, rhythm: Rhythm, moved: given.Rhythm) -> given.Points:
    """Places that ordered; their own hours are for consumers, trucks come in the rhythm's window.

    A home is one consignee: a round stops at its door, or a parcel goes there, as the region's tariff has it.
    """
    return given.Points(
        id=names(point.id for point in found),
        place=np.arange(first, first + len(found), dtype=np.int64),
        opens_s=ints(moved.deliver_from_s for _ in found),
        closes_s=ints(moved.deliver_until_s for _ in found),
        service_s=ints(_at_door(place, rhythm) for place in found),
        service_s_per_tonne=ints(rhythm.point_service_s_per_tonne for _ in found),
        by_truck=flags(isinstance(place, HomeSite) or place.by_truck for place in found),
        by_parcel=flags(isinstance(place, HomeSite) or place.by_parcel for place in found),
    )


def _at_door(place: PointCard | HomeSite, rhythm: Rhythm) -> int:
    return rhythm.home_service_s if isinstance(place, HomeSite) else rhythm.point_service_s


def vehicles(found: Sequence[VehicleCard], hub_row: Mapping[Any, int]) -> given.Vehicles:
    """Vehicles in service, each at its home hub."""
    return given.Vehicles(
        id=names(vehicle.id for vehicle in found),
        hub=ints(hub_row[vehicle.hub_id] for vehicle in found),
        weight_g=ints(vehicle.weight_g for vehicle in found),
        volume_ml=ints(vehicle.volume_ml for vehicle in found),
        crates=ints(vehicle.crates for vehicle in found),
        cold=ints(cold_bits(vehicle.cold_classes) for vehicle in found),
        fixed_minor=ints(vehicle.fixed_minor for vehicle in found),
        minor_per_km=ints(vehicle.minor_per_km for vehicle in found),
        minor_per_hour=ints(vehicle.minor_per_hour for vehicle in found),
        shift_s=ints(vehicle.shift_s for vehicle in found),
    )


def open_s(hours: Sequence[OpenHours], day: date, rhythm: Rhythm) -> tuple[int, int]:
    """When a farm can be visited on a day: without hours at all times, else from its first opening to its last closing.

    A day on which it closes before it opens is one on which it is closed.
    """
    if not hours:
        return rhythm.collect_from_s, rhythm.collect_until_s
    today = [opening for opening in hours if opening.weekday == day.weekday()]
    if not today:
        return rhythm.collect_until_s, rhythm.collect_from_s
    opens_s = min(opening.opens_minute for opening in today) * MINUTE_S
    closes_s = max(opening.closes_minute for opening in today) * MINUTE_S
    return max(opens_s, rhythm.collect_from_s), min(closes_s, rhythm.collect_until_s)
