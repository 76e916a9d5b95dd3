"""Which cycles the clock has come to: the scheduler looks here for what is due."""

from __future__ import annotations

from datetime import datetime

from farmlink.cycles.rules.thresholds import CHARGED_WITHIN_DAYS
from farmlink.cycles.values import CycleId
from farmlink.store.transaction import Transaction

DUE_TO_OPEN = """
SELECT c.id FROM order_cycle c WHERE stage = 'draft' AND opens_at <= :now AND closes_at > :now
AND EXISTS (SELECT FROM stock s JOIN listing l ON l.stock_id = s.id WHERE s.cycle_id = c.id)
AND (EXISTS (SELECT FROM cycle_place p WHERE p.cycle_id = c.id) OR home_range_m IS NOT NULL) ORDER BY opens_at, id
"""
DUE_TO_CLOSE = "SELECT id FROM order_cycle WHERE stage = 'open' AND closes_at <= :now ORDER BY closes_at, id"
PAST_COLLECTION = """
SELECT id FROM order_cycle WHERE stage IN ('planned', 'confirmed', 'moving')
AND (collect_on + 1)::timestamp AT TIME ZONE time_zone <= :now ORDER BY collect_on, id
"""
OVERDUE = f"""
SELECT id FROM order_cycle WHERE threshold_state IN ('met', 'partial')
AND (hand_out_on + {1 + CHARGED_WITHIN_DAYS})::timestamp AT TIME ZONE time_zone <= :now ORDER BY hand_out_on, id
"""  # noqa: S608  # a number of our own


def due_to_open(tx: Transaction, now: datetime | None = None) -> tuple[CycleId, ...]:
    """Drafts whose opening has come and that have something to sell somewhere."""
    return _due(tx, DUE_TO_OPEN, now)


def due_to_close(tx: Transaction, now: datetime | None = None) -> tuple[CycleId, ...]:
    """Open cycles whose cut-off has come."""
    return _due(tx, DUE_TO_CLOSE, now)


def past_collection(tx: Transaction, now: datetime | None = None) -> tuple[CycleId, ...]:
    """Cycles that are planned and neither done nor waiting for farms, and whose day of collection is over."""
    return _due(tx, PAST_COLLECTION, now)


def overdue(tx: Transaction, now: datetime | None = None) -> tuple[CycleId, ...]:
    """Cycles whose threshold was to end by now, charged or released, and has not."""
    return _due(tx, OVERDUE, now)


def selling(tx: Transaction) -> tuple[CycleId, ...]:
    """Cycles whose stock follows the lots behind it: drafts and open ones."""
    rows = tx.execute("SELECT id FROM order_cycle WHERE stage IN ('draft', 'open') ORDER BY id")
    return tuple(map(CycleId, rows.scalars()))


def _due(tx: Transaction, statement: str, now: datetime | None) -> tuple[CycleId, ...]:
    return tuple(CycleId(key) for key in tx.execute(statement, {"now": now or tx.now}).scalars())
