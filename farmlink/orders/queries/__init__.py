"""What is read of orders: one's own, a cycle's, and what they come to."""

from farmlink.orders.queries.confirmation import confirmation, line_names, recipient
from farmlink.orders.queries.cut import cut_shares
from farmlink.orders.queries.named import in_place, named_by_orders, named_in
from farmlink.orders.queries.placed import (
    batched_lines,
    consumers,
    has_ordered_at,
    home_orders,
    ids_of,
    lines_of,
    needed_homes,
    order,
    order_value,
    ordered,
    ordered_homes,
    ordered_in,
    ordered_in_each,
    orders,
    seen,
)
from farmlink.orders.queries.served import served

__all__ = [
    "batched_lines",
    "confirmation",
    "consumers",
    "cut_shares",
    "has_ordered_at",
    "home_orders",
    "ids_of",
    "in_place",
    "line_names",
    "lines_of",
    "named_by_orders",
    "named_in",
    "needed_homes",
    "order",
    "order_value",
    "ordered",
    "ordered_homes",
    "ordered_in",
    "ordered_in_each",
    "orders",
    "recipient",
    "seen",
    "served",
]
