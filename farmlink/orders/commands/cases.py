"""Whole cases at the cut-off: what is missing is filled up where that is welcome, what is too much falls away."""

from __future__ import annotations

from collections.abc import Mapping

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId
from farmlink.orders.commands.agreed import cased, cut_and_swap, offered_for, pinned_rule, room_for, standing_lines
from farmlink.orders.rules.cases import whole_cases
from farmlink.orders.values import CancelReason
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction


def fill_cases(tx: Transaction, cycle_id: CycleId, owed_ppm: Mapping[PersonId, int] | None = None) -> int:
    """Make what is ordered of everything that is bought in cases whole cases; the number of lines that changed.

    Whoever agreed to something else gets what is left of that in the place of what falls away.
    The shortage rule is that of the policy that the cycle pinned; `owed_ppm` is what the fairness ledger owes
    consumers. The cycle is held alone, and nothing is in a batch yet.
    """
    cases = {one.id: one.case_packs for one in cycle_queries.listings(tx, cycle_id) if one.case_packs > 1}
    lines = standing_lines(tx, cycle_id, cases, owed_ppm or {})
    if not lines:
        return 0
    offered = offered_for(tx, lines)
    room = room_for(tx, cycle_id, [line for found in lines.values() for line in found], offered.values())
    listings = [cased(offered[listing_id], cases[listing_id], found) for listing_id, found in lines.items()]
    seed = cycles.cut_seed(tx, cycle_id)
    shares = whole_cases(pinned_rule(tx, cycle_id), listings, room.left, room.left_g, seed=seed)
    return cut_and_swap(tx, cycle_id, listings, shares, room, offered, CancelReason.CASE_NOT_FULL)
