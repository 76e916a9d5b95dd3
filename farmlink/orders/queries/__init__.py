"""What is read of orders: one's own, a cycle's, and what they come to."""

from farmlink.orders.queries.confirmation import confirmation, line_names, recipient
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
    orders,
    seen,
)

__all__ = [
    "batched_lines",
    "confirmation",
    "consumers",
    "has_ordered_at",
    "home_orders",
    "ids_of",
    "line_names",
    "lines_of",
    "needed_homes",
    "order",
    "order_value",
    "ordered",
    "ordered_homes",
    "ordered_in",
    "orders",
    "recipient",
    "seen",
]
