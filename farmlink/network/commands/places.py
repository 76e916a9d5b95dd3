"""Farms and pick-up points apply, are approved, change and are suspended."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from farmlink.kernel.errors import StaleError
from farmlink.network import queries
from farmlink.network.commands.editing import check_in, claim, columns_of, require_own, written
from farmlink.network.rules import places
from farmlink.network.tables import Farm, Point, Region
from farmlink.network.values import (
    Approval,
    FarmApproved,
    FarmCard,
    FarmDraft,
    FarmId,
    PointApproved,
    PointCard,
    PointChanged,
    PointDraft,
    PointId,
    Reach,
    RegionId,
)
from farmlink.people.commands import add_organisations
from farmlink.people.values import OrganisationKind
from farmlink.store.transaction import Transaction, missing

Draft = FarmDraft | PointDraft
TABLES: Final[dict[type[Draft], Any]] = {FarmDraft: Farm, PointDraft: Point}
OWNERS: Final[dict[type[Draft], OrganisationKind]] = {
    FarmDraft: OrganisationKind.FARM,
    PointDraft: OrganisationKind.POINT,
}


def add_farm(tx: Transaction, draft: FarmDraft, acting_for: Reach | None = None) -> FarmCard:
    """Apply with a farm; it waits for approval."""
    places.check_farm(draft)
    farm = _apply(tx, Farm, draft, acting_for)
    tx.record("farm.added", farm.id)
    return queries.farm_card(farm)


def change_farm(
    tx: Transaction, farm_id: FarmId, draft: FarmDraft, revision: int, acting_for: Reach | None = None
) -> FarmCard:
    """Replace what a farm says about itself; region and owner stay."""
    places.check_farm(draft)
    return queries.farm_card(_changed(tx, Farm, farm_id, draft, revision, acting_for))


def approve_farm(tx: Transaction, farm_id: FarmId) -> FarmCard:
    """Let a farm offer lots; twice changes nothing."""
    farm = tx.lock(Farm, farm_id)
    if _moved(tx, farm, Approval.APPROVED):
        tx.announce(FarmApproved(farm_id))
    return queries.farm_card(farm)


def suspend_farm(tx: Transaction, farm_id: FarmId) -> FarmCard:
    """Keep a farm from offering lots; what is promised stands."""
    farm = tx.lock(Farm, farm_id)
    _moved(tx, farm, Approval.SUSPENDED)
    return queries.farm_card(farm)


def add_point(tx: Transaction, draft: PointDraft, acting_for: Reach | None = None) -> PointCard:
    """Apply with a pick-up point; it waits for approval."""
    places.check_point(draft)
    point = _apply(tx, Point, draft, acting_for)
    tx.record("point.added", point.id)
    return queries.point_card(point)


def change_point(
    tx: Transaction, point_id: PointId, draft: PointDraft, revision: int, acting_for: Reach | None = None
) -> PointCard:
    """Replace what a point says about itself; region and owner stay."""
    places.check_point(draft)
    card = queries.point_card(_changed(tx, Point, point_id, draft, revision, acting_for))
    tx.announce(PointChanged(point_id))
    return card


def approve_point(tx: Transaction, point_id: PointId) -> PointCard:
    """Let consumers choose a point; twice changes nothing."""
    point = tx.lock(Point, point_id)
    if _moved(tx, point, Approval.APPROVED):
        tx.announce(PointApproved(point_id))
        tx.announce(PointChanged(point_id))
    return queries.point_card(point)


def suspend_point(tx: Transaction, point_id: PointId) -> PointCard:
    """Keep a point from being chosen; orders placed stand."""
    point = tx.lock(Point, point_id)
    if _moved(tx, point, Approval.SUSPENDED):
        tx.announce(PointChanged(point_id))
    return queries.point_card(point)


def known_places(
    tx: Transaction, kind: type[Draft], region_id: RegionId, codes: Sequence[str]
) -> dict[str, tuple[bool, FarmCard | PointCard]]:
    """The farms or points of a region that have these codes, and whether since this transaction began."""
    table = TABLES[kind]
    card: Any = queries.farm_card if kind is FarmDraft else queries.point_card
    chosen = select(table).where(table.region_id == region_id, col(table.code).in_(codes))
    return {str(row.code): (row.added_at == tx.now, card(row)) for row in tx.session.exec(chosen)}


def add_places(tx: Transaction, drafts: Sequence[Draft], *, approved: bool = False) -> None:
    """Add many judged farms or points, each with an organisation of its own; an import's way in."""
    for kind, table in TABLES.items():
        chosen = [draft for draft in drafts if isinstance(draft, kind)]
        owners = add_organisations(tx, [draft.name for draft in chosen], OWNERS[kind])
        state = Approval.APPROVED if approved else Approval.PENDING
        rows = [
            table(**columns_of(draft) | {"organisation_id": owner}, added_at=tx.now, state=state.value)
            for draft, owner in zip(chosen, owners, strict=True)
        ]
        tx.session.add_all(rows)
        tx.session.flush()
        for row in rows:
            tx.record(f"{table.__tablename__}.added", row.id, state=state.value)
            if approved:
                tx.announce(FarmApproved(FarmId(row.id)) if kind is FarmDraft else PointApproved(PointId(row.id)))


def _apply(
    tx: Transaction, table: type[Farm] | type[Point], draft: FarmDraft | PointDraft, acting_for: Reach | None
) -> Any:
    require_own(tx, draft, acting_for)
    check_in(tx.get(Region, draft.region_id), draft.coordinates)
    if draft.code is not None:
        claim(tx, table, None, region_id=draft.region_id, code=draft.code)
    return tx.add(table(**columns_of(draft), added_at=tx.now))


def _changed(
    tx: Transaction,
    table: Any,
    key: UUID,
    draft: FarmDraft | PointDraft,
    revision: int,
    acting_for: Reach | None,
) -> Any:
    row = tx.lock(table, key)
    if acting_for is not None and not acting_for.covers(row):
        raise missing(table, key)
    if row.revision != revision:
        raise StaleError
    check_in(tx.get(Region, row.region_id), draft.coordinates)
    if draft.code is not None:
        claim(tx, table, key, region_id=row.region_id, code=draft.code)
    return written(tx, row, draft)


def _moved(tx: Transaction, row: Farm | Point, state: Approval) -> bool:
    if row.state == state:
        return False
    row.state = state.value
    row.revision += 1
    tx.add(row)
    tx.record(f"{row.__tablename__}.{state}", row.id)
    return True
