"""Reading the network: what is approved is public, the rest belongs to its organisation and to planners."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from sqlmodel import col, select

from farmlink.catalogue.values import ColdClass
from farmlink.kernel.geo import Box, Coordinates
from farmlink.kernel.page import Page, Paging, page
from farmlink.network.tables import Farm, Hub, Point, Region, Vehicle
from farmlink.network.values import (
    Address,
    Approval,
    FarmCard,
    FarmId,
    FarmSign,
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
from farmlink.store.transaction import Transaction, missing


def region(tx: Transaction, region_id: RegionId) -> RegionCard:
    """One region."""
    return region_card(tx.get(Region, region_id))


def regions(tx: Transaction, paging: Paging) -> Page[RegionCard]:
    """Regions in the order they were made."""
    return page([region_card(row) for row in _rows(tx, Region, paging)], paging, lambda card: card.id)


def hub(tx: Transaction, hub_id: HubId) -> HubCard:
    """One hub."""
    return hub_card(tx.get(Hub, hub_id))


def hubs(tx: Transaction, paging: Paging, region_id: RegionId | None = None) -> Page[HubCard]:
    """Hubs of a region, candidates and closed ones included."""
    rows = _rows(tx, Hub, paging, region_id=region_id)
    return page([hub_card(row) for row in rows], paging, lambda card: card.id)


def hubs_of(tx: Transaction, region_id: RegionId) -> list[HubCard]:
    """All hubs of a region; planning picks by state."""
    return [hub_card(row) for row in _rows(tx, Hub, region_id=region_id)]


def planned_by(tx: Transaction, organisation_ids: Iterable[OrganisationId]) -> frozenset[RegionId]:
    """Regions in which these organisations keep a hub."""
    chosen = select(Hub.region_id).where(col(Hub.organisation_id).in_(list(organisation_ids)))
    return frozenset(RegionId(region_id) for region_id in tx.session.exec(chosen))


def settled_in(tx: Transaction, region_ids: Iterable[RegionId]) -> frozenset[OrganisationId]:
    """Organisations of the farms and pick-up points of these regions."""
    regions = list(region_ids)
    found = [
        tx.session.exec(select(table.organisation_id).where(col(table.region_id).in_(regions)))
        for table in (Farm, Point)
    ]
    return frozenset(OrganisationId(organisation_id) for rows in found for organisation_id in rows)


def vehicles(tx: Transaction, paging: Paging, hub_id: HubId | None = None) -> Page[VehicleCard]:
    """Vehicles at home in a hub, or anywhere."""
    rows = _rows(tx, Vehicle, paging, hub_id=hub_id)
    return page([vehicle_card(row) for row in rows], paging, lambda card: card.id)


def vehicles_of(tx: Transaction, hub_ids: Iterable[HubId]) -> list[VehicleCard]:
    """All vehicles at home in these hubs, out of service included."""
    return [vehicle_card(row) for row in _rows(tx, Vehicle, hub_id=list(hub_ids))]


def vehicle(tx: Transaction, vehicle_id: VehicleId) -> VehicleCard:
    """One vehicle."""
    return vehicle_card(tx.get(Vehicle, vehicle_id))


def farm(tx: Transaction, farm_id: FarmId, seen_by: frozenset[OrganisationId] | None = None) -> FarmCard:
    """One farm; with `seen_by`, one that is not approved exists only for its own organisation."""
    return farm_card(_visible(tx, Farm, farm_id, seen_by))


def farms(
    tx: Transaction,
    paging: Paging,
    region_id: RegionId | None = None,
    seen_by: frozenset[OrganisationId] | None = None,
) -> Page[FarmCard]:
    """Farms of a region; with `seen_by`, the approved ones and those organisations' own."""
    rows = _rows(tx, Farm, paging, seen_by=seen_by, region_id=region_id)
    return page([farm_card(row) for row in rows], paging, lambda card: card.id)


def farm_sign(card: FarmCard) -> FarmSign:
    """What everybody may know of a farm."""
    return FarmSign(card.id, card.region_id, card.name, card.address, card.coordinates, card.families, card.hours)


def farms_of(tx: Transaction, region_id: RegionId) -> list[FarmCard]:
    """All farms of a region, whether approved or not."""
    return [farm_card(row) for row in _rows(tx, Farm, region_id=region_id)]


def farms_by_id(tx: Transaction, farm_ids: Iterable[FarmId]) -> dict[FarmId, FarmCard]:
    """Many farms at once."""
    rows = tx.session.exec(select(Farm).where(col(Farm.id).in_(list(farm_ids))))
    return {card.id: card for card in map(farm_card, rows)}


def approved_farms(tx: Transaction, region_id: RegionId) -> list[FarmId]:
    """Farms of a region that may offer lots."""
    chosen = select(Farm.id).where(Farm.region_id == region_id, Farm.state == Approval.APPROVED)
    return [FarmId(farm_id) for farm_id in tx.session.exec(chosen.order_by(col(Farm.id)))]


def farms_owned_by(tx: Transaction, organisation_ids: Iterable[OrganisationId]) -> list[FarmId]:
    """Farms that belong to these organisations."""
    chosen = select(Farm.id).where(col(Farm.organisation_id).in_(list(organisation_ids)))
    return [FarmId(farm_id) for farm_id in tx.session.exec(chosen)]


def point(tx: Transaction, point_id: PointId, seen_by: frozenset[OrganisationId] | None = None) -> PointCard:
    """One pick-up point; with `seen_by`, one that is not approved exists only for its own organisation."""
    return point_card(_visible(tx, Point, point_id, seen_by))


def points(
    tx: Transaction,
    paging: Paging,
    region_id: RegionId | None = None,
    seen_by: frozenset[OrganisationId] | None = None,
) -> Page[PointCard]:
    """Pick-up points of a region; with `seen_by`, the approved ones and those organisations' own."""
    rows = _rows(tx, Point, paging, seen_by=seen_by, region_id=region_id)
    return page([point_card(row) for row in rows], paging, lambda card: card.id)


def points_of(tx: Transaction, region_id: RegionId) -> list[PointCard]:
    """All pick-up points of a region, whether approved or not."""
    return [point_card(row) for row in _rows(tx, Point, region_id=region_id)]


def points_by_id(tx: Transaction, point_ids: Iterable[PointId]) -> dict[PointId, PointCard]:
    """Many points at once."""
    rows = tx.session.exec(select(Point).where(col(Point.id).in_(list(point_ids))))
    return {card.id: card for card in map(point_card, rows)}


def _rows(
    tx: Transaction,
    table: Any,
    paging: Paging | None = None,
    *,
    seen_by: frozenset[OrganisationId] | None = None,
    **equal: UUID | list[Any] | None,
) -> list[Any]:
    chosen = select(table).order_by(table.id)
    for name, value in equal.items():
        if isinstance(value, list):
            chosen = chosen.where(getattr(table, name).in_(value))
        elif value is not None:
            chosen = chosen.where(getattr(table, name) == value)
    if seen_by is not None:
        chosen = chosen.where((table.state == Approval.APPROVED) | table.organisation_id.in_(seen_by))
    if paging is not None:
        chosen = chosen.limit(paging.limit + 1)
        if paging.after is not None:
            chosen = chosen.where(table.id > paging.after)
    return list(tx.session.exec(chosen))


def _visible(tx: Transaction, table: Any, key: UUID, seen_by: frozenset[OrganisationId] | None) -> Any:
    row = tx.get(table, key)
    if seen_by is not None and row.state != Approval.APPROVED and row.organisation_id not in seen_by:
        raise missing(table, key)
    return row


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
        small=row.small,
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
