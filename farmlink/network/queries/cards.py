"""Rows of the network as values."""

from typing import Any

import msgspec

from farmlink.catalogue.values import ColdClass
from farmlink.kernel.geo import Box, Coordinates
from farmlink.network.tables import Farm, Hub, Point, Region, Vehicle
from farmlink.network.values import (
    Address,
    Approval,
    FarmCard,
    FarmId,
    HubCard,
    HubId,
    HubState,
    OpenHours,
    Parcels,
    PointCard,
    PointId,
    RegionCard,
    RegionId,
    Rhythm,
    Roads,
    VehicleCard,
    VehicleId,
)
from farmlink.people.values import OrganisationId


def region_card(row: Region) -> RegionCard:
    """A region's row as a value."""
    return RegionCard(
        id=RegionId(row.id),
        name=row.name,
        time_zone=row.time_zone,
        currency=row.currency,
        extent=msgspec.convert(row.extent, Box),
        roads=msgspec.convert(row.roads, Roads),
        parcels=msgspec.convert(row.parcels, Parcels),
        rhythm=msgspec.convert(row.rhythm, Rhythm),
        revision=row.revision,
    )


def hub_card(row: Hub) -> HubCard:
    """A hub's row as a value."""
    return HubCard(
        id=HubId(row.id),
        **_place(row),
        time_zone=row.time_zone,
        currency=row.currency,
        fixed_minor=row.fixed_minor,
        handling_minor_per_kg=row.handling_minor_per_kg,
        throughput_g=row.throughput_g,
        state=HubState(row.state),
    )


def farm_card(row: Farm) -> FarmCard:
    """A farm's row as a value."""
    return FarmCard(
        id=FarmId(row.id),
        **_place(row),
        code=row.code,
        families=tuple(row.families),
        standing_yes=row.standing_yes,
        state=Approval(row.state),
    )


def point_card(row: Point) -> PointCard:
    """A pick-up point's row as a value."""
    return PointCard(
        id=PointId(row.id),
        **_place(row),
        code=row.code,
        capacity_orders=row.capacity_orders,
        capacity_g=row.capacity_g,
        closed_days=tuple(row.closed_days),
        by_truck=row.by_truck,
        by_parcel=row.by_parcel,
        state=Approval(row.state),
    )


def vehicle_card(row: Vehicle) -> VehicleCard:
    """A vehicle's row as a value."""
    return VehicleCard(
        id=VehicleId(row.id),
        hub_id=HubId(row.hub_id),
        name=row.name,
        weight_g=row.weight_g,
        volume_ml=row.volume_ml,
        crates=row.crates,
        cold_classes=tuple(ColdClass(cold) for cold in row.cold_classes),
        fixed_minor=row.fixed_minor,
        minor_per_km=row.minor_per_km,
        minor_per_hour=row.minor_per_hour,
        shift_s=row.shift_s,
        in_service=row.in_service,
        revision=row.revision,
    )


def _place(row: Hub | Farm | Point) -> dict[str, Any]:
    return {
        "region_id": RegionId(row.region_id),
        "organisation_id": OrganisationId(row.organisation_id),
        "name": row.name,
        "address": msgspec.convert(row.address, Address),
        "coordinates": Coordinates(row.latitude_e6, row.longitude_e6),
        "hours": msgspec.convert(row.hours, tuple[OpenHours, ...]),
        "revision": row.revision,
    }
