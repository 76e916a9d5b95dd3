"""What orders hold or ever held."""

from __future__ import annotations

from collections.abc import Collection

from farmlink.cycles.values import CycleId, ListingId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

NAMED = "SELECT order_id, listing_id FROM order_line WHERE order_id = ANY(CAST(:orders AS uuid[]))"
NAMED_IN = "SELECT order_id, listing_id FROM order_line WHERE cycle_id = :cycle"
IN_PLACE = "SELECT id FROM order_line WHERE cycle_id = :cycle AND in_place_of IS NOT NULL"


def named_by_orders(tx: Transaction, order_ids: Collection[OrderId]) -> set[tuple[OrderId, ListingId]]:
    """What these orders name, cancelled or not."""
    rows = tx.execute(NAMED, {"orders": uuids(order_ids)})
    return {(OrderId(row.order_id), ListingId(row.listing_id)) for row in rows}


def named_in(tx: Transaction, cycle_id: CycleId) -> set[tuple[OrderId, ListingId]]:
    """What each order of a cycle names, cancelled or not."""
    rows = tx.execute(NAMED_IN, {"cycle": cycle_id})
    return {(OrderId(row.order_id), ListingId(row.listing_id)) for row in rows}


def in_place(tx: Transaction, cycle_id: CycleId) -> list[OrderLineId]:
    """Lines of a cycle that came in the place of others when what came in was shared out."""
    return [OrderLineId(line_id) for line_id in tx.execute(IN_PLACE, {"cycle": cycle_id}).scalars()]
