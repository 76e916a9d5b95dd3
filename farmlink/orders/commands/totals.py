"""What follows for orders when lines of theirs changed: those that are empty are gone, the others are added up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row

from farmlink.orders.values import CancelReason, OrderId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

CANCEL_EMPTY = """
UPDATE consumer_order o SET state = 'cancelled', reason = :reason, revision = revision + 1
WHERE id = ANY(CAST(:orders AS uuid[])) AND state = 'placed'
AND NOT EXISTS (SELECT FROM order_line l WHERE l.order_id = o.id AND l.state = 'placed')
RETURNING id, consumer_id, place_id
"""
ADD_UP = """
UPDATE consumer_order o SET total_minor = o.delivery_fee_minor + s.total_minor, revision = revision + 1
FROM (SELECT order_id, sum(total_minor)::bigint AS total_minor FROM order_line
      WHERE order_id = ANY(CAST(:orders AS uuid[])) AND state = 'placed' GROUP BY order_id) s
WHERE o.id = s.order_id RETURNING o.id, o.consumer_id, o.total_minor
"""


def cancel_empty(tx: Transaction, order_ids: Collection[OrderId], reason: CancelReason) -> Sequence[Row[Any]]:
    """Cancel those of these orders of which no line stands any more; which, whose, and where they would have gone."""
    gone = tx.execute(CANCEL_EMPTY, {"orders": uuids(order_ids), "reason": reason.value}).all()
    tx.session.expire_all()
    return gone


def add_up(tx: Transaction, order_ids: Collection[OrderId]) -> Sequence[Row[Any]]:
    """Make the totals of these orders those of their standing lines; whose they are, and what they come to."""
    changed = tx.execute(ADD_UP, {"orders": uuids(order_ids)}).all()
    tx.session.expire_all()
    return changed
