"""What is read of dispatch."""

from farmlink.dispatch.queries.goods import flow, hand_outs, is_shared, lines_by_batch, receipts
from farmlink.dispatch.queries.hands import (
    require_dock,
    require_leader,
    require_own_dock,
    require_point_leader,
    require_reader,
)

__all__ = [
    "flow",
    "hand_outs",
    "is_shared",
    "lines_by_batch",
    "receipts",
    "require_dock",
    "require_leader",
    "require_own_dock",
    "require_point_leader",
    "require_reader",
]
