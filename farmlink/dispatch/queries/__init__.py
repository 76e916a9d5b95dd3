"""What is read of dispatch."""

from farmlink.dispatch.queries.arriving import amiss, arrival, arrival_picture, has_begun
from farmlink.dispatch.queries.ending import newest_plan, nothing_comes, unserved_cycles
from farmlink.dispatch.queries.foretold import foretold
from farmlink.dispatch.queries.goods import (
    flow,
    hand_outs,
    handed_out,
    is_shared,
    lines_by_batch,
    orders_at,
    receipts,
    receipts_of,
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
from farmlink.dispatch.queries.shared import cut_shares, left_over, shared_batches, shortage_rule
from farmlink.dispatch.queries.short import foreseen, short_order
from farmlink.dispatch.queries.tallies import consumer_tallies, farm_tallies

__all__ = [
    "amiss",
    "arrival",
    "arrival_picture",
    "consumer_tallies",
    "cut_shares",
    "docked_receipts",
    "docked_receipts_page",
    "farm_tallies",
    "flow",
    "foreseen",
    "foretold",
    "hand_outs",
    "handed_out",
    "has_begun",
    "home_deliveries",
    "is_shared",
    "left_over",
    "lines_by_batch",
    "newest_plan",
    "nothing_comes",
    "orders_at",
    "receipts",
    "receipts_of",
    "receipts_page",
    "require_bringer",
    "require_counting",
    "require_hands",
    "require_own_dock",
    "require_point_leader",
    "require_reader",
    "shared_batches",
    "short_order",
    "shortage_rule",
    "unserved",
    "unserved_cycles",
]
