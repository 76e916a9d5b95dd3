"""What is read of dispatch."""

from farmlink.dispatch.queries.goods import (
    flow,
    hand_outs,
    handed_out,
    is_shared,
    lines_by_batch,
    orders_at,
    receipts,
    receipts_page,
    unserved,
)
from farmlink.dispatch.queries.hands import (
    docked_receipts,
    docked_receipts_page,
    require_bringer,
    require_counting,
    require_hands,
    require_own_dock,
    require_point_leader,
    require_reader,
)
from farmlink.dispatch.queries.homes import home_deliveries
from farmlink.dispatch.queries.short import foreseen, short_order

__all__ = [
    "docked_receipts",
    "docked_receipts_page",
    "flow",
    "foreseen",
    "hand_outs",
    "handed_out",
    "home_deliveries",
    "is_shared",
    "lines_by_batch",
    "orders_at",
    "receipts",
    "receipts_page",
    "require_bringer",
    "require_counting",
    "require_hands",
    "require_own_dock",
    "require_point_leader",
    "require_reader",
    "short_order",
    "unserved",
]
