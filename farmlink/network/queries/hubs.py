"""Regions, hubs and their vehicles."""

from collections.abc import Iterable

from sqlmodel import col, select

from farmlink.kernel.page import Page, Paging, page
from farmlink.network.queries.cards import hub_card, region_card, vehicle_card
from farmlink.network.queries.rows import rows_of
from farmlink.network.tables import Farm, Hub, Point, Region, Vehicle
from farmlink.network.values import HubCard, HubId, RegionCard, RegionId, VehicleCard, VehicleId
from farmlink.people.values import OrganisationId, Principal, Role
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction


def region(tx: Transaction, region_id: RegionId) -> RegionCard:
    """One region."""
    return region_card(tx.get(Region, region_id))


def regions(tx: Transaction, paging: Paging) -> Page[RegionCard]:
    """Regions in the order they were made."""
    return page([region_card(row) for row in rows_of(tx, Region, paging)], paging, lambda card: card.id)


def common_zone(tx: Transaction) -> str:
    """The clock of the regions if they have one in common, else the world's: of several none is every reader's."""
    zones = tx.execute("SELECT DISTINCT time_zone FROM region LIMIT 2").scalars().all()
    return zones[0] if len(zones) == 1 else "UTC"


def hub(tx: Transaction, hub_id: HubId) -> HubCard:
    """One hub."""
    return hub_card(tx.get(Hub, hub_id))


def hubs_by_id(tx: Transaction, hub_ids: Iterable[HubId]) -> dict[HubId, HubCard]:
    """Many hubs at once."""
    return {HubId(row.id): hub_card(row) for row in tx.session.exec(select(Hub).where(among(col(Hub.id), hub_ids)))}


def hubs(tx: Transaction, paging: Paging, region_id: RegionId | None = None) -> Page[HubCard]:
    """Hubs of a region, candidates and closed ones included."""
    rows = rows_of(tx, Hub, paging, region_id=region_id)
    return page([hub_card(row) for row in rows], paging, lambda card: card.id)


def hubs_of(tx: Transaction, region_id: RegionId) -> list[HubCard]:
    """All hubs of a region; planning picks by state."""
    return [hub_card(row) for row in rows_of(tx, Hub, region_id=region_id)]


def planned_by(tx: Transaction, organisation_ids: Iterable[OrganisationId]) -> frozenset[RegionId]:
    """Regions in which these organisations keep a hub."""
    chosen = select(Hub.region_id).where(col(Hub.organisation_id).in_(list(organisation_ids)))
    return frozenset(RegionId(region_id) for region_id in tx.session.exec(chosen))


def kept_by(tx: Transaction, organisation_ids: Iterable[OrganisationId]) -> list[HubCard]:
    """The hubs that these organisations keep."""
    chosen = select(Hub).where(col(Hub.organisation_id).in_(list(organisation_ids))).order_by(col(Hub.id))
    return [hub_card(row) for row in tx.session.exec(chosen)]


def plans_region(tx: Transaction, principal: Principal, region_id: RegionId) -> bool:
    """Tell whether somebody plans a region: at one of its hubs, or at the platform."""
    planned = planned_by(tx, principal.organisations(Role.PLANNER, Role.ADMIN))
    return region_id in planned or principal.serves_platform(Role.PLANNER, Role.ADMIN)


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
    rows = rows_of(tx, Vehicle, paging, hub_id=hub_id)
    return page([vehicle_card(row) for row in rows], paging, lambda card: card.id)


def vehicles_of(tx: Transaction, hub_ids: Iterable[HubId]) -> list[VehicleCard]:
    """All vehicles at home in these hubs, out of service included."""
    return [vehicle_card(row) for row in rows_of(tx, Vehicle, hub_id=list(hub_ids))]


def vehicles_by_id(tx: Transaction, vehicle_ids: Iterable[VehicleId]) -> dict[VehicleId, VehicleCard]:
    """Many vehicles at once."""
    rows = tx.session.exec(select(Vehicle).where(among(col(Vehicle.id), vehicle_ids)))
    return {card.id: card for card in map(vehicle_card, rows)}


def vehicle(tx: Transaction, vehicle_id: VehicleId) -> VehicleCard:
    """One vehicle."""
    return vehicle_card(tx.get(Vehicle, vehicle_id))
