"""What will be short of one order, for its consumer."""

from sqlmodel import col, select

from farmlink.dispatch.queries.short import short_order
from farmlink.dispatch.tables import ShortOrder
from farmlink.dispatch.values import ShortOrderId, ShortOrderView
from farmlink.orders.values import OrderId
from farmlink.store.transaction import Transaction


def foretold(tx: Transaction, order_id: OrderId) -> ShortOrderView | None:
    """What will be short of an order, as was said last; nothing if nobody has said that anything will be."""
    said = select(ShortOrder.id).where(ShortOrder.order_id == order_id).order_by(col(ShortOrder.id).desc())
    newest = tx.session.exec(said.limit(1)).first()
    return None if newest is None else short_order(tx, ShortOrderId(newest))
