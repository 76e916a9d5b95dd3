"""What is there of an order at its pick-up point or door, as its consumer and those who hand it out are told."""

from farmlink.dispatch import queries as dispatch
from farmlink.orders.values import OrderId, There
from farmlink.store.transaction import Transaction


def there(tx: Transaction, order_id: OrderId) -> There | None:
    """What is due of an order, then what was handed out; nothing before the goods are shared out."""
    return There.of((one.line_id, one.due, one.handed_out) for one in dispatch.hand_outs(tx, order_id))
