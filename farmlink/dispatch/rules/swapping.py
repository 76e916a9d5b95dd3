"""What takes the place of what falls short: agreed substitutes, as far as something of them is left over there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import Listing, ListingId
from farmlink.dispatch.rules.sharing import DueLine
from farmlink.kernel.money import line_total_minor
from farmlink.network.values import PlaceId
from farmlink.orders.values import OrderId, Shortage, Swap
from farmlink.policy.rules.sharing import draw

Goods = tuple[PlaceId, ProductId, int]
"""What a batch is of: a place, a product and a grade."""


def swaps(
    shares: Sequence[DueLine],
    left: Mapping[Goods, int],
    listings: Mapping[ListingId, Listing],
    ordered: Collection[tuple[OrderId, ListingId]],
) -> list[Swap]:
    """Which packs of what else come in the place of what falls short, for those who agreed to it.

    `left` is what nobody is due of what came in. Whom the fairness ledger owes most chooses first, then the draw of
    their batch decides; each takes the best of their own list that is there. What comes is worth no more than what is
    missing. What an order holds already is no substitute in it.
    """
    there, taken = dict(left), set(ordered)
    found: list[Swap] = []
    for one in sorted(filter(_would_swap, shares), key=_turn):
        missing_minor = one.line.total_minor - line_total_minor(one.due, one.line.price_minor_per_1000)
        for listing in (listings[listing_id] for listing_id in one.line.substitutes if listing_id in listings):
            goods = (one.line.place_id, listing.product_id, listing.grade)
            packs = _packs(listing, there.get(goods, 0), missing_minor)
            if packs and (one.line.order_id, listing.id) not in taken:
                taken.add((one.line.order_id, listing.id))
                there[goods] -= packs * listing.pack
                missing_minor -= line_total_minor(packs * listing.pack, listing.price_minor_per_1000)
                found.append(Swap(one.line.line_id, listing.id, packs))
    return found


def _would_swap(one: DueLine) -> bool:
    return one.line.shortage is Shortage.SWAP and one.due < one.line.quantity


def _turn(one: DueLine) -> tuple[int, str]:
    return -one.balance_ppm, draw(one.seed, one.line.line_id)


def _packs(listing: Listing, left: int, missing_minor: int) -> int:
    """How many packs are left over and worth no more than what is missing; what costs nothing is not swapped."""
    if not listing.price_minor_per_1000:
        return 0
    paid = (2000 * missing_minor + 999) // (2 * listing.price_minor_per_1000)  # the most that rounds to no more
    return min(left, paid) // listing.pack
