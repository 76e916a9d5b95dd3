"""What a missed threshold leaves, where that was declared: what the lots hold is shared at the cut-off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, StockId
from farmlink.orders.commands.cutting import set_packs
from farmlink.orders.rules.partial import PartialLine, shared_packs
from farmlink.orders.values import CancelReason, OrderLineId, Shortage
from farmlink.people.values import PersonId
from farmlink.policy import queries as policy
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

LINES = """
SELECT l.id, t.stock_id, l.packs, l.quantity / l.packs AS pack, l.shortage, o.consumer_id
FROM listing t JOIN order_line l ON l.listing_id = t.id JOIN consumer_order o ON o.id = l.order_id
WHERE t.stock_id = ANY(CAST(:stocks AS uuid[])) AND l.cycle_id = :cycle AND l.state = 'placed' ORDER BY l.id
"""


def share_partial(tx: Transaction, cycle_id: CycleId, owed_ppm: Mapping[PersonId, int] | None = None) -> int:
    """Share what the lots hold of goods that missed their threshold and come in part; the lines that changed.

    The shortage rule is that of the policy that the cycle pinned. The cycle is held alone, and nothing is in a batch.
    """
    held = cycles.held_in_part(tx, cycle_id)
    if not held:
        return 0
    pinned = cycle_queries.cycle(tx, cycle_id).policy_version
    assert pinned is not None, "a cycle that has orders was opened; the database checks that it pinned a policy then"
    rule = policy.at(tx, pinned).document.shortage_rule
    changed: dict[OrderLineId, int] = {}
    for stock_id, lines in _lines(tx, cycle_id, held, owed_ppm or {}).items():
        changed |= shared_packs(rule, lines, held[stock_id], seed=f"{cycle_id}/{stock_id}")
    return set_packs(tx, cycle_id, changed, CancelReason.NOT_ENOUGH)


def _lines(
    tx: Transaction, cycle_id: CycleId, held: Mapping[StockId, int], owed_ppm: Mapping[PersonId, int]
) -> dict[StockId, list[PartialLine]]:
    found: dict[StockId, list[PartialLine]] = defaultdict(list)
    for row in tx.execute(LINES, {"cycle": cycle_id, "stocks": uuids(held)}):
        line = PartialLine(
            id=OrderLineId(row.id),
            packs=row.packs,
            pack=row.pack,
            shortage=Shortage(row.shortage),
            balance_ppm=owed_ppm.get(PersonId(row.consumer_id), 0),
        )
        found[StockId(row.stock_id)].append(line)
    return found
