"""Checking out: how an order is paid, decided before the cut-off or not at all. Lock order as for changing an order."""

from __future__ import annotations

from uuid import UUID

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId
from farmlink.orders.queries import lines_of, order_value
from farmlink.orders.rules import OrderCancelledError, most_of
from farmlink.orders.tables import ConsumerOrder
from farmlink.orders.values import OrderId, OrderState
from farmlink.payments import commands as payments
from farmlink.payments.values import Method, NewPayment, Payment
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def checkout(tx: Transaction, order_id: OrderId, method: Method, key: UUID) -> Payment:
    """Pay an order by one method, for all that it can come to; who never checks out pays at pick-up.

    Deposits are left out, for nobody knows yet in how many crates it comes: they are due at pick-up.

    The cycle is held open meanwhile: whoever comes during the cut-off is either in time with all, or refused.
    """
    found = tx.get(ConsumerOrder, order_id)
    cycles.hold_open(tx, CycleId(found.cycle_id), even_paused=True)
    exclude(tx, found.consumer_id)
    order = tx.lock(ConsumerOrder, order_id)
    if order.state == OrderState.CANCELLED:
        raise OrderCancelledError(order_id=order_id)
    return payments.start(
        tx,
        NewPayment(
            key=key,
            about=order.id,
            payer_id=order.consumer_id,
            method=method,
            amount_minor=most_of(order_value(order, lines_of(tx, [order_id])[order_id])),
            currency=order.currency,
        ),
    )
