"""Whom it concerns what becomes of a cycle or of some of its goods: everybody whose order stands."""

from __future__ import annotations

from collections.abc import Collection

from farmlink.cycles.values import CycleId, StockId
from farmlink.orders.values import CancelReason, OrderId
from farmlink.orders.values.cut import CalledOff
from farmlink.people.values import PersonId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

CONCERNED = """
SELECT o.id, o.consumer_id FROM consumer_order o WHERE o.cycle_id = :cycle AND o.state = 'placed'
AND (CAST(:stocks AS uuid[]) IS NULL OR EXISTS (
  SELECT FROM order_line l JOIN stock s ON (s.cycle_id, s.product_id, s.grade) = (l.cycle_id, l.product_id, l.grade)
  WHERE l.order_id = o.id AND l.state = 'placed' AND s.id = ANY(CAST(:stocks AS uuid[]))
)) ORDER BY o.id
"""

CALLED_OFF = """
SELECT reason, count(*) AS orders, sum(total_minor - delivery_fee_minor)::bigint AS total_minor FROM consumer_order
WHERE cycle_id = :cycle AND state = 'cancelled' AND reason <> 'consumer' GROUP BY reason ORDER BY reason
"""


def concerned(tx: Transaction, cycle_id: CycleId, goods: Collection[StockId] | None = None) -> dict[OrderId, PersonId]:
    """Whose orders of a cycle stand: all of them, or those that hold some of these goods."""
    rows = tx.execute(CONCERNED, {"cycle": cycle_id, "stocks": None if goods is None else uuids(goods)})
    return {OrderId(row.id): PersonId(row.consumer_id) for row in rows}


def cancelled_for(tx: Transaction, cycle_id: CycleId) -> frozenset[CancelReason]:
    """Why orders of a cycle were cancelled, as far as any were."""
    found = "SELECT DISTINCT reason FROM consumer_order WHERE cycle_id = :cycle AND state = 'cancelled'"
    return frozenset(map(CancelReason, tx.execute(found, {"cycle": cycle_id}).scalars()))


def called_off(tx: Transaction, cycle_id: CycleId) -> list[CalledOff]:
    """What was ordered in a cycle and cancelled by somebody else than who ordered it, reason by reason."""
    rows = tx.execute(CALLED_OFF, {"cycle": cycle_id})
    return [CalledOff(CancelReason(row.reason), row.orders, row.total_minor) for row in rows]
