"""What is read of dispatch."""

from farmlink.dispatch.queries.goods import (
    flow,
    hand_outs,
    handed_out,
    is_shared,
    lines_by_batch,
    receipts,
    unserved,
)
from farmlink.dispatch.queries.hands import (
    require_bringer,
    require_dock,
    require_hands,
    require_own_dock,
    require_point_leader,
    require_reader,
)
from farmlink.dispatch.queries.homes import home_deliveries

__all__ = [
    "flow",
    "hand_outs",
    "handed_out",
    "home_deliveries",
    "is_shared",
    "lines_by_batch",
    "receipts",
    "require_bringer",
    "require_dock",
    "require_hands",
    "require_own_dock",
    "require_point_leader",
    "require_reader",
    "unserved",
]
