"""Farms and pick-up points: what is approved is public, the rest belongs to its organisation and to planners."""

from collections.abc import Iterable

from sqlmodel import col, select

from farmlink.kernel.page import Page, Paging, page
from farmlink.network.queries.cards import farm_card, point_card
from farmlink.network.queries.rows import rows_of, visible, within
from farmlink.network.tables import Farm, Point
from farmlink.network.values import Approval, FarmCard, FarmId, FarmSign, PointCard, PointId, Reach, RegionId
from farmlink.people.values import OrganisationId
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction


def farm(tx: Transaction, farm_id: FarmId, seen_by: Reach | None = None) -> FarmCard:
    """One farm; with `seen_by`, one that is not approved exists only within that reach."""
    return farm_card(visible(tx, Farm, farm_id, seen_by))


def farms(
    tx: Transaction,
    paging: Paging,
    region_id: RegionId | None = None,
    seen_by: Reach | None = None,
) -> Page[FarmCard]:
    """Farms of a region; with `seen_by`, the approved ones and those within that reach."""
    rows = rows_of(tx, Farm, paging, seen_by=seen_by, region_id=region_id)
    return page([farm_card(row) for row in rows], paging, lambda card: card.id)


def farm_sign(card: FarmCard) -> FarmSign:
    """What everybody may know of a farm."""
    return FarmSign(card.id, card.region_id, card.name, card.address, card.coordinates, card.families, card.hours)


def farms_of(tx: Transaction, region_id: RegionId) -> list[FarmCard]:
    """All farms of a region, whether approved or not."""
    return [farm_card(row) for row in rows_of(tx, Farm, region_id=region_id)]


def pending_farms(tx: Transaction) -> list[FarmCard]:
    """Farms that wait for approval, the oldest first."""
    return [farm_card(row) for row in rows_of(tx, Farm, state=[Approval.PENDING])]


def farms_by_id(tx: Transaction, farm_ids: Iterable[FarmId]) -> dict[FarmId, FarmCard]:
    """Many farms at once."""
    rows = tx.session.exec(select(Farm).where(among(col(Farm.id), farm_ids)))
    return {card.id: card for card in map(farm_card, rows)}


def approved_farms(tx: Transaction, region_id: RegionId) -> list[FarmId]:
    """Farms of a region that may offer lots."""
    chosen = select(Farm.id).where(Farm.region_id == region_id, Farm.state == Approval.APPROVED)
    return [FarmId(farm_id) for farm_id in tx.session.exec(chosen.order_by(col(Farm.id)))]


def farms_owned_by(tx: Transaction, organisation_ids: Iterable[OrganisationId]) -> list[FarmId]:
    """Farms that belong to these organisations."""
    chosen = select(Farm.id).where(col(Farm.organisation_id).in_(list(organisation_ids)))
    return [FarmId(farm_id) for farm_id in tx.session.exec(chosen)]


def farms_within(tx: Transaction, reach: Reach) -> list[FarmId]:
    """Farms for which somebody acts."""
    return [FarmId(farm_id) for farm_id in tx.session.exec(select(Farm.id).where(within(Farm, reach)))]


def point(tx: Transaction, point_id: PointId, seen_by: Reach | None = None) -> PointCard:
    """One pick-up point; with `seen_by`, one that is not approved exists only within that reach."""
    return point_card(visible(tx, Point, point_id, seen_by))


def points(
    tx: Transaction,
    paging: Paging,
    region_id: RegionId | None = None,
    seen_by: Reach | None = None,
) -> Page[PointCard]:
    """Pick-up points of a region; with `seen_by`, the approved ones and those within that reach."""
    rows = rows_of(tx, Point, paging, seen_by=seen_by, region_id=region_id)
    return page([point_card(row) for row in rows], paging, lambda card: card.id)


def points_of(tx: Transaction, region_id: RegionId) -> list[PointCard]:
    """All pick-up points of a region, whether approved or not."""
    return [point_card(row) for row in rows_of(tx, Point, region_id=region_id)]


def pending_points(tx: Transaction) -> list[PointCard]:
    """Points that wait for approval, the oldest first."""
    return [point_card(row) for row in rows_of(tx, Point, state=[Approval.PENDING])]


def points_by_id(tx: Transaction, point_ids: Iterable[PointId]) -> dict[PointId, PointCard]:
    """Many points at once."""
    rows = tx.session.exec(select(Point).where(among(col(Point.id), point_ids)))
    return {card.id: card for card in map(point_card, rows)}
