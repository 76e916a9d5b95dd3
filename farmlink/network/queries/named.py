"""What stands in the network, found by part of its name: for whoever keeps its records."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlmodel import col, or_, select

from farmlink.kernel.page import Page, Paging, page
from farmlink.network.queries.cards import farm_card, hub_card, point_card, region_card, vehicle_card
from farmlink.network.queries.rows import within
from farmlink.network.tables import Farm, Hub, Point, Region, Vehicle
from farmlink.network.values import FarmCard, HubCard, HubId, PointCard, Reach, RegionCard, RegionId, VehicleCard
from farmlink.store.pages import fetched
from farmlink.store.transaction import Transaction


def farms_named(tx: Transaction, asked: str, paging: Paging, reach: Reach | None) -> Page[FarmCard]:
    """Farms for which somebody acts, approved or not, by part of name, code or town."""
    rows = fetched(tx, _places(Farm, asked, reach), col(Farm.id), paging)
    return page([farm_card(row) for row in rows], paging, lambda card: card.id)


def points_named(tx: Transaction, asked: str, paging: Paging, reach: Reach | None) -> Page[PointCard]:
    """Pick-up points for which somebody acts, approved or not, by part of name, code or town."""
    rows = fetched(tx, _places(Point, asked, reach), col(Point.id), paging)
    return page([point_card(row) for row in rows], paging, lambda card: card.id)


def hubs_named(tx: Transaction, asked: str, paging: Paging, among: Collection[HubId] | None) -> Page[HubCard]:
    """Hubs by part of the name, all or among these."""
    rows = fetched(tx, _named(Hub, asked, Hub.id, among), col(Hub.id), paging)
    return page([hub_card(row) for row in rows], paging, lambda card: card.id)


def vehicles_named(tx: Transaction, asked: str, paging: Paging, of_hubs: Collection[HubId] | None) -> Page[VehicleCard]:
    """Vehicles by part of the name, all or those at home in these hubs."""
    rows = fetched(tx, _named(Vehicle, asked, Vehicle.hub_id, of_hubs), col(Vehicle.id), paging)
    return page([vehicle_card(row) for row in rows], paging, lambda card: card.id)


def regions_named(tx: Transaction, asked: str, paging: Paging, among: Collection[RegionId] | None) -> Page[RegionCard]:
    """Regions by part of the name, all or among these."""
    rows = fetched(tx, _named(Region, asked, Region.id, among), col(Region.id), paging)
    return page([region_card(row) for row in rows], paging, lambda card: card.id)


def _named(table: Any, asked: str, key: Any, among: Collection[Any] | None) -> Any:
    chosen = select(table).where(table.name.icontains(asked, autoescape=True))
    return chosen if among is None else chosen.where(key.in_(list(among)))


def _places(table: Any, asked: str, reach: Reach | None) -> Any:
    spoken = (table.name, table.code, table.address["town"].as_string())
    chosen = select(table).where(or_(*(part.icontains(asked, autoescape=True) for part in spoken)))
    return chosen if reach is None else chosen.where(within(table, reach))
