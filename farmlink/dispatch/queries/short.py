"""What will be short of orders, as their consumers are told before anything comes in."""

from collections import defaultdict

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.dispatch.tables import ShortLine, ShortOrder
from farmlink.dispatch.values import ShortLineView, ShortOrderId, ShortOrderView
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.store.transaction import Transaction

SAID = """
SELECT newest.order_id, line_id, foreseen FROM (
  SELECT DISTINCT ON (order_id) id, order_id FROM short_order WHERE cycle_id = :cycle ORDER BY order_id, id DESC
) AS newest JOIN short_line ON short_order_id = newest.id
"""


def foreseen(tx: Transaction, cycle_id: CycleId) -> dict[OrderId, dict[OrderLineId, int]]:
    """What will come of each short line, in base units, as was said last; orders that come in full are left out."""
    said: dict[OrderId, dict[OrderLineId, int]] = defaultdict(dict)
    for row in tx.execute(SAID, {"cycle": cycle_id}):
        said[OrderId(row.order_id)][OrderLineId(row.line_id)] = row.foreseen
    return dict(said)


def short_order(tx: Transaction, short_order_id: ShortOrderId) -> ShortOrderView | None:
    """What was foreseen of an order; nothing if something newer was."""
    row = tx.get(ShortOrder, short_order_id)
    same = select(ShortOrder.id).where(ShortOrder.order_id == row.order_id)
    if tx.session.exec(same.where(col(ShortOrder.id) > row.id).limit(1)).first() is not None:
        return None
    lines = select(ShortLine).where(ShortLine.short_order_id == row.id)
    short = [
        ShortLineView(OrderLineId(line.line_id), line.ordered, line.foreseen, line.reason)
        for line in tx.session.exec(lines.order_by(col(ShortLine.line_id)))
    ]
    return ShortOrderView(short_order_id, CycleId(row.cycle_id), OrderId(row.order_id), tuple(short))
