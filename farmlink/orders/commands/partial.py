"""What a missed threshold leaves, where that was declared: what the lots hold is shared at the cut-off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, StockId, ThresholdState
from farmlink.orders.commands.agreed import cased, cut_and_swap, offered_for, pinned_rule, room_for, standing_lines
from farmlink.orders.rules.cases import Cased
from farmlink.orders.rules.partial import PartialLine, shared_packs
from farmlink.orders.values import CancelReason, OrderLineId
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction


def share_partial(tx: Transaction, cycle_id: CycleId, owed_ppm: Mapping[PersonId, int] | None = None) -> int:
    """Share what the lots hold of goods that missed their threshold and come in part; the lines that changed.

    Whoever agreed to something else gets what is left of that in the place of what falls away. The shortage rule is
    that of the policy that the cycle pinned. The cycle is held alone, and nothing is in a batch.
    """
    held = cycles.held_in_part(tx, cycle_id)
    sold = cycle_queries.listings(tx, cycle_id)
    cases = {one.id: one.case_packs for one in sold if one.threshold_state is ThresholdState.PARTIAL}
    lines = standing_lines(tx, cycle_id, cases, owed_ppm or {})
    if not lines:
        return 0
    offered = offered_for(tx, lines)
    listings = [cased(offered[listing_id], cases[listing_id], found) for listing_id, found in lines.items()]
    seed, rule, changed = cycles.cut_seed(tx, cycle_id), pinned_rule(tx, cycle_id), dict[OrderLineId, int]()
    room = room_for(tx, cycle_id, [line for one in listings for line in one.lines], offered.values())
    for stock_id, sharing in _by_stock(listings).items():
        asked = sum(one.packs * one.pack for one in sharing)
        room.left[stock_id] = min(room.left[stock_id], held[stock_id] - asked)
        changed |= shared_packs(rule, _lines(sharing), held[stock_id], seed=f"{seed}/{stock_id}")
    if not changed:
        return 0
    swaps = cut_and_swap(tx, cycle_id, listings, changed, room, offered, CancelReason.NOT_ENOUGH)
    cycles.refresh_available(tx, cycle_id)
    tx.record("cycle.share-partial", cycle_id, lines=len(changed), swaps=swaps)
    return len(changed)


def _by_stock(listings: Sequence[Cased]) -> dict[StockId, list[Cased]]:
    found: dict[StockId, list[Cased]] = defaultdict(list)
    for one in listings:
        found[one.stock_id].append(one)
    return found


def _lines(listings: Sequence[Cased]) -> list[PartialLine]:
    return [
        PartialLine(id=line.id, packs=line.packs, pack=one.pack, shortage=line.shortage, balance_ppm=line.balance_ppm)
        for one in listings
        for line in one.lines
    ]
