"""Lines that the cut-off cuts, and what comes in their place: what each consumer agreed to when they ordered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, ListingId, Load, Offered, ThresholdState
from farmlink.network.values import PlaceId
from farmlink.orders.commands.cutting import set_packs
from farmlink.orders.commands.kept import keep_shares
from farmlink.orders.commands.swapped import add_swapped
from farmlink.orders.queries.named import named_by_orders
from farmlink.orders.rules.cases import Cased, CaseLine, Room, changed_packs
from farmlink.orders.rules.swapping import swaps_at_cut_off
from farmlink.orders.values import CancelReason, CutShare, OrderId, OrderLineId, Shortage
from farmlink.people.values import PersonId
from farmlink.policy import queries as policy
from farmlink.policy.values import ShortageRule
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

LET_GO: Final = frozenset({ThresholdState.ZERO, ThresholdState.RELEASED})
LINES = """
SELECT l.id, l.order_id, l.listing_id, l.place_id, l.packs, coalesce(l.most_packs, l.packs) AS most,
       l.price_minor_per_1000, l.shortage, l.substitutes, o.consumer_id,
       first_value(l.id) OVER (PARTITION BY o.consumer_id, l.product_id, l.grade ORDER BY l.id) AS whose
FROM order_line l JOIN consumer_order o ON o.id = l.order_id
WHERE l.cycle_id = :cycle AND l.state = 'placed' AND l.listing_id = ANY(CAST(:listings AS uuid[])) ORDER BY l.id
"""


def pinned_rule(tx: Transaction, cycle_id: CycleId) -> ShortageRule:
    """The shortage rule of the policy that a cycle pinned when it opened."""
    pinned = cycle_queries.cycle(tx, cycle_id).policy_version
    assert pinned is not None, "a cycle that has orders was opened; the database checks that it pinned a policy then"
    return policy.at(tx, pinned).document.shortage_rule


def standing_lines(
    tx: Transaction, cycle_id: CycleId, listings: Collection[ListingId], owed_ppm: Mapping[PersonId, int]
) -> dict[ListingId, list[CaseLine]]:
    """The standing lines of some listings, by listing."""
    found: dict[ListingId, list[CaseLine]] = defaultdict(list)
    for row in tx.execute(LINES, {"cycle": cycle_id, "listings": uuids(listings)}):
        found[ListingId(row.listing_id)].append(
            CaseLine(
                id=OrderLineId(row.id),
                whose=OrderLineId(row.whose),
                order_id=OrderId(row.order_id),
                place_id=PlaceId(row.place_id),
                packs=row.packs,
                most=row.most,
                price_minor_per_1000=row.price_minor_per_1000,
                shortage=Shortage(row.shortage),
                substitutes=tuple(map(ListingId, row.substitutes)),
                balance_ppm=owed_ppm.get(PersonId(row.consumer_id), 0),
            )
        )
    return found


def offered_for(tx: Transaction, lines: Mapping[ListingId, Sequence[CaseLine]]) -> dict[ListingId, Offered]:
    """What these lines are of and what they may be swapped for, with the stock locked."""
    substitutes = (listing_id for found in lines.values() for line in found for listing_id in line.substitutes)
    return cycles.offers(tx, [*lines, *substitutes])


def room_for(tx: Transaction, cycle_id: CycleId, lines: Collection[CaseLine], offers: Collection[Offered]) -> Room:
    """What is left of the stock and at the places of these lines."""
    spaces = cycles.spaces(tx, {(cycle_id, line.place_id) for line in lines})
    left = {offer.stock_id: offer.left for offer in offers}
    return Room(left, {space.place_id: space.left_g for space in spaces.values()})


def cased(offer: Offered, case_packs: int, lines: Sequence[CaseLine]) -> Cased:
    """A listing with its lines."""
    return Cased(
        id=offer.listing_id,
        stock_id=offer.stock_id,
        pack=offer.pack,
        weight_g=offer.weight_g,
        case_packs=case_packs,
        lines=tuple(lines),
    )


def cut_and_swap(
    tx: Transaction,
    cycle_id: CycleId,
    listings: Sequence[Cased],
    shares: Sequence[CutShare],
    room: Room,
    offered: Mapping[ListingId, Offered],
    reason: CancelReason,
) -> int:
    """Give lines what was shared, and whoever agreed to something else what is left of that; the lines that changed.

    Nothing comes in the place of something that is bought in cases itself, or that too few wanted. `room` is what was
    left before. What was claimed is kept.
    """
    packs = changed_packs(shares)
    if not packs:
        return 0
    sold = cycle_queries.listings(tx, cycle_id)
    there = {one.id for one in sold if one.case_packs == 1 and one.threshold_state not in LET_GO}
    loose = {listing_id: offer for listing_id, offer in offered.items() if listing_id in there}
    named = named_by_orders(tx, {line.order_id for one in listings for line in one.lines})
    swaps = swaps_at_cut_off(listings, packs, loose, room, named, seed=cycles.cut_seed(tx, cycle_id))
    added = add_swapped(tx, swaps)  # before anything is cut, so that no order is empty for a moment
    set_packs(tx, cycle_id, packs, reason)
    _take(tx, cycle_id, added, offered)
    keep_shares(tx, cycle_id, shares)
    tx.record("cycle.cut", cycle_id, reason=reason.value, lines=len(packs), swaps=len(swaps))
    return len(packs)


def _take(tx: Transaction, cycle_id: CycleId, added: Sequence[Row[Any]], offered: Mapping[ListingId, Offered]) -> None:
    """Take from stock and places what was added, now that the cuts have given back."""
    quantities, weights = Counter[ListingId](), Counter[PlaceId]()
    for row in added:
        quantities[ListingId(row.listing_id)] += row.quantity
        weights[PlaceId(row.place_id)] += row.weight_g
    if added:
        cycles.reserve(tx, offered, quantities)
        cycles.occupy(tx, {(cycle_id, place_id): Load(0, weight_g) for place_id, weight_g in weights.items()})
