"""Whole cases at the cut-off: what is missing is filled up where that is welcome, what is too much falls away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, ListingId, Load, Offered
from farmlink.kernel.ids import uuid7
from farmlink.network.values import PlaceId
from farmlink.orders.commands.cutting import set_packs
from farmlink.orders.rules.cases import Cased, CaseLine, Room, whole_cases
from farmlink.orders.rules.swapping import swaps_at_cut_off
from farmlink.orders.values import CancelReason, OrderId, OrderLineId, Shortage, Swap
from farmlink.payments import commands as payments
from farmlink.people.values import PersonId
from farmlink.policy import queries as policy
from farmlink.store.pipeline import uuids, wholes
from farmlink.store.transaction import Transaction

LINES = """
SELECT l.id, l.order_id, l.listing_id, l.place_id, l.packs, coalesce(l.most_packs, l.packs) AS most,
       l.price_minor_per_1000, l.shortage, l.substitutes, o.consumer_id
FROM order_line l JOIN consumer_order o ON o.id = l.order_id
WHERE l.cycle_id = :cycle AND l.state = 'placed' AND l.listing_id = ANY(CAST(:listings AS uuid[])) ORDER BY l.id
"""
ORDERED = "SELECT order_id, listing_id FROM order_line WHERE order_id = ANY(CAST(:orders AS uuid[]))"
ADD = """
INSERT INTO order_line (id, order_id, cycle_id, place_id, listing_id, product_id, grade, packs, quantity, weight_g,
  price_minor_per_1000, tax_ppm, total_minor, state)
SELECT t.id, o.order_id, o.cycle_id, o.place_id, l.id, s.product_id, s.grade, t.packs, t.packs * l.pack,
  t.packs * l.weight_g, l.price_minor_per_1000, l.tax_ppm,
  (2 * t.packs * l.pack * l.price_minor_per_1000 + 1000) / 2000, 'placed'
FROM unnest(CAST(:ids AS uuid[]), CAST(:of AS uuid[]), CAST(:listings AS uuid[]), CAST(:packs AS bigint[]))
  AS t (id, of_line, listing_id, packs)
JOIN order_line o ON o.id = t.of_line JOIN listing l ON l.id = t.listing_id JOIN stock s ON s.id = l.stock_id
RETURNING place_id, listing_id, quantity, weight_g
"""
WELCOMED = """
SELECT id, total_minor FROM consumer_order o WHERE cycle_id = :cycle AND state = 'placed'
AND EXISTS (SELECT FROM order_line l WHERE l.order_id = o.id AND l.state = 'placed' AND l.most_packs > l.packs)
"""


def fill_cases(tx: Transaction, cycle_id: CycleId, owed_ppm: Mapping[PersonId, int] | None = None) -> int:
    """Make what is ordered of everything that is bought in cases whole cases; the number of lines that changed.

    Whoever agreed to something else gets what is left of that in the place of what falls away.
    The shortage rule is that of the policy that the cycle pinned; `owed_ppm` is what the fairness ledger owes
    consumers. The cycle is held alone, and nothing is in a batch yet.
    """
    filled = _fill(tx, cycle_id, owed_ppm or {})
    # Nothing more is welcome from now on: what was held for it goes back.
    welcomed = tx.execute(WELCOMED, {"cycle": cycle_id})
    payments.lower_many(tx, {OrderId(row.id): row.total_minor for row in welcomed})
    return filled


def _fill(tx: Transaction, cycle_id: CycleId, owed_ppm: Mapping[PersonId, int]) -> int:
    cases = {one.id: one.case_packs for one in cycle_queries.listings(tx, cycle_id) if one.case_packs > 1}
    lines = _lines(tx, cycle_id, cases, owed_ppm)
    if not lines:
        return 0
    every = [line for found in lines.values() for line in found]
    spaces = cycles.spaces(tx, {(cycle_id, line.place_id) for line in every})
    offered = cycles.offers(tx, [*lines, *(listing_id for line in every for listing_id in line.substitutes)])
    pinned = cycle_queries.cycle(tx, cycle_id).policy_version
    assert pinned is not None, "a cycle that has orders was opened; the database checks that it pinned a policy then"
    rule, seed = policy.at(tx, pinned).document.shortage_rule, str(cycle_id)
    listings = [_cased(offered[listing_id], cases[listing_id], found) for listing_id, found in lines.items()]
    left = {offer.stock_id: offer.left for offer in offered.values()}
    left_g = {space.place_id: space.left_g for space in spaces.values()}
    changed = whole_cases(rule, listings, left, left_g, seed=seed)
    if not changed:
        return 0
    loose = {listing_id: offer for listing_id, offer in offered.items() if listing_id not in cases}
    swaps = swaps_at_cut_off(listings, changed, loose, Room(left, left_g), _ordered(tx, every), seed=seed)
    added = _add(tx, swaps)  # before anything is cut, so that no order is empty for a moment
    set_packs(tx, cycle_id, changed, CancelReason.CASE_NOT_FULL)
    _take(tx, cycle_id, added, offered)
    tx.record("cycle.fill-cases", cycle_id, lines=len(changed), swaps=len(swaps))
    return len(changed)


def _lines(
    tx: Transaction, cycle_id: CycleId, cases: Mapping[ListingId, int], owed_ppm: Mapping[PersonId, int]
) -> dict[ListingId, list[CaseLine]]:
    """The standing lines of what is bought in cases, by listing."""
    found: dict[ListingId, list[CaseLine]] = defaultdict(list)
    for row in tx.execute(LINES, {"cycle": cycle_id, "listings": uuids(cases)}):
        found[ListingId(row.listing_id)].append(
            CaseLine(
                id=OrderLineId(row.id),
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


def _ordered(tx: Transaction, lines: Sequence[CaseLine]) -> set[tuple[OrderId, ListingId]]:
    """What the orders of these lines hold already, cancelled or not."""
    rows = tx.execute(ORDERED, {"orders": uuids({line.order_id for line in lines})})
    return {(OrderId(row.order_id), ListingId(row.listing_id)) for row in rows}


def _cased(offer: Offered, case_packs: int, lines: Sequence[CaseLine]) -> Cased:
    return Cased(
        id=offer.listing_id,
        stock_id=offer.stock_id,
        pack=offer.pack,
        weight_g=offer.weight_g,
        case_packs=case_packs,
        lines=tuple(lines),
    )


def _add(tx: Transaction, swaps: Sequence[Swap]) -> Sequence[Row[Any]]:
    """Add a line for each swap, at the posted price."""
    if not swaps:
        return []
    named = {
        "ids": uuids(uuid7() for _ in swaps),
        "of": uuids(swap.line_id for swap in swaps),
        "listings": uuids(swap.listing_id for swap in swaps),
        "packs": wholes(swap.packs for swap in swaps),
    }
    return tx.execute(ADD, named).all()


def _take(tx: Transaction, cycle_id: CycleId, added: Sequence[Row[Any]], offered: Mapping[ListingId, Offered]) -> None:
    """Take from stock and places what was added, now that the cuts have given back."""
    quantities, weights = Counter[ListingId](), Counter[PlaceId]()
    for row in added:
        quantities[ListingId(row.listing_id)] += row.quantity
        weights[PlaceId(row.place_id)] += row.weight_g
    if added:
        cycles.reserve(tx, offered, quantities)
        cycles.occupy(tx, {(cycle_id, place_id): Load(0, weight_g) for place_id, weight_g in weights.items()})
