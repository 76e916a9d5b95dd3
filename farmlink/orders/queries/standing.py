"""What is read of standing orders: one's own, what came of them, and where some are due."""

from __future__ import annotations

import msgspec
from sqlmodel import col, select

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId
from farmlink.kernel.errors import MissingError, RefusedError
from farmlink.kernel.page import Page, Paging, page
from farmlink.network.values import HubId, PointId, RegionId
from farmlink.orders.tables import StandingOrderRow, StandingTurnRow
from farmlink.orders.values import (
    Missed,
    OrderId,
    StandingId,
    StandingLine,
    StandingOrder,
    StandingState,
    Turn,
    TurnId,
)
from farmlink.people.values import PersonId
from farmlink.store.idempotency import recalled
from farmlink.store.pages import fetched
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

DUE = """
s.state <> 'ended' AND s.region_id = :region AND (s.hub_id IS NULL OR s.hub_id = :hub) AND s.since_at <= :opened
AND (s.state = 'running' OR s.paused_until <= :handed_out)
AND (s.point_id = ANY(CAST(:points AS uuid[])) OR (s.point_id IS NULL AND :homes))
AND NOT EXISTS (SELECT FROM standing_turn t WHERE t.standing_order_id = s.id AND t.cycle_id = :cycle)
"""
"""Standing orders that a cycle has not served yet, and that it hands out to."""


def standing_orders(tx: Transaction, paging: Paging, consumer_id: PersonId) -> Page[StandingOrder]:
    """One's own standing orders, those that have ended too, as they were made."""
    chosen = select(StandingOrderRow).where(StandingOrderRow.consumer_id == consumer_id)
    rows = fetched(tx, chosen, col(StandingOrderRow.id), paging)
    return page([standing_value(row) for row in rows], paging, lambda found: found.id)


def standing_order(tx: Transaction, standing_id: StandingId, viewer: PersonId) -> StandingOrder:
    """One standing order; only one's own exist."""
    row = tx.find(StandingOrderRow, standing_id)
    if row is None or row.consumer_id != viewer:
        raise MissingError(noun="standing order", id=standing_id)
    return standing_value(row)


def turns(tx: Transaction, paging: Paging, standing_id: StandingId) -> Page[Turn]:
    """What came of a standing order, cycle by cycle."""
    chosen = select(StandingTurnRow).where(StandingTurnRow.standing_order_id == standing_id)
    rows = fetched(tx, chosen, col(StandingTurnRow.id), paging)
    return page([_turn(row) for row in rows], paging, lambda found: found.id)


def turn(tx: Transaction, turn_id: TurnId) -> tuple[Turn, RefusedError | None]:
    """What came of a standing order in one cycle, and why nothing did, if so."""
    row = tx.get(StandingTurnRow, turn_id)
    return _turn(row), None if row.refusal is None else recalled(row.refusal)


def standing_due(tx: Transaction) -> list[CycleId]:
    """Cycles that take orders and in which standing orders have not had their turn."""
    found = f"SELECT EXISTS (SELECT FROM standing_order s WHERE {DUE})"  # noqa: S608  # our own words
    return [cycle.id for cycle in cycles.open_to_all(tx) if tx.execute(found, due_in(tx, cycle)).scalar()]


def due_in(tx: Transaction, cycle: Cycle) -> dict[str, object]:
    """By what a cycle finds the standing orders that it serves."""
    return {
        "cycle": cycle.id,
        "region": cycle.region_id,
        "hub": cycle.hub_id,
        "opened": cycle.opened_at,
        "handed_out": cycle.hand_out_on,
        "points": uuids(cycles.served_points(tx, cycle.id)),
        "homes": cycle.homes is not None,
    }


def standing_value(row: StandingOrderRow) -> StandingOrder:
    """A standing order's row as a value."""
    return StandingOrder(
        id=StandingId(row.id),
        consumer_id=PersonId(row.consumer_id),
        region_id=RegionId(row.region_id),
        hub_id=HubId(row.hub_id) if row.hub_id else None,
        point_id=PointId(row.point_id) if row.point_id else None,
        every=row.every,
        lines=msgspec.convert(row.lines, tuple[StandingLine, ...]),
        state=StandingState(row.state),
        paused_until=row.paused_until,
        revision=row.revision,
    )


def _turn(row: StandingTurnRow) -> Turn:
    return Turn(
        id=TurnId(row.id),
        standing_order_id=StandingId(row.standing_order_id),
        cycle_id=CycleId(row.cycle_id),
        order_id=OrderId(row.order_id) if row.order_id else None,
        left_out=msgspec.convert(row.left_out, tuple[Missed, ...]),
        refused=None if row.refusal is None else recalled(row.refusal).code,
    )
