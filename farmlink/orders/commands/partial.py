"""What a missed threshold leaves, where that was declared: what the lots hold is shared at the cut-off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, StockId, ThresholdState
from farmlink.orders.commands.agreed import cased, cut_and_swap, offered_for, pinned_rule, room_for, standing_lines
from farmlink.orders.rules.cases import Cased, claim_of
from farmlink.orders.rules.partial import shared_in_part
from farmlink.orders.values import CancelReason, CutShare
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
    seed, rule, shares = cycles.cut_seed(tx, cycle_id), pinned_rule(tx, cycle_id), list[CutShare]()
    room = room_for(tx, cycle_id, [line for one in listings for line in one.lines], offered.values())
    for stock_id, sharing in _by_stock(listings).items():
        claims = [claim_of(line, one.pack) for one in sharing for line in one.lines]
        asked = sum(claim.wanted for claim in claims)
        room.left[stock_id] = min(room.left[stock_id], held[stock_id] - asked)
        if asked > held[stock_id]:
            shares.append(shared_in_part(rule, stock_id, claims, held[stock_id], seed=seed))
    changed = cut_and_swap(tx, cycle_id, listings, shares, room, offered, CancelReason.NOT_ENOUGH)
    if changed:
        cycles.refresh_available(tx, cycle_id)
    return changed


def _by_stock(listings: Sequence[Cased]) -> dict[StockId, list[Cased]]:
    found: dict[StockId, list[Cased]] = defaultdict(list)
    for one in listings:
        found[one.stock_id].append(one)
    return found
