"""What takes the place of what falls short: agreed substitutes, as far as something of them is left over there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import Listing, ListingId
from farmlink.dispatch.rules.sharing import DueLine
from farmlink.kernel.money import line_total_minor
from farmlink.network.values import PlaceId
from farmlink.orders.rules.swapping import Missing, Option, swaps_in_turn
from farmlink.orders.values import OrderId, Shortage, Swap

Goods = tuple[PlaceId, ProductId, int]
"""What a batch is of: a place, a product and a grade."""


def swaps(
    shares: Sequence[DueLine],
    left: Mapping[Goods, int],
    listings: Mapping[ListingId, Listing],
    ordered: Collection[tuple[OrderId, ListingId]],
) -> list[Swap]:
    """Which packs of what else come in the place of what falls short; `left` is what nobody is due of what came in."""
    return swaps_in_turn([_missing(one, listings) for one in shares if _would_swap(one)], left, ordered)


def _would_swap(one: DueLine) -> bool:
    return one.line.shortage is Shortage.SWAP and one.due < one.line.quantity


def _missing(one: DueLine, listings: Mapping[ListingId, Listing]) -> Missing:
    line = one.line
    return Missing(
        line_id=line.line_id,
        order_id=line.order_id,
        whose=line.whose,
        balance_ppm=one.balance_ppm,
        seed=one.seed,
        missing_minor=line.total_minor - line_total_minor(one.due, line.price_minor_per_1000),
        options=tuple(
            _option(line.place_id, listings[listing_id]) for listing_id in line.substitutes if listing_id in listings
        ),
    )


def _option(place_id: PlaceId, found: Listing) -> Option:
    goods: Goods = (place_id, found.product_id, found.grade)
    return Option(found.id, found.pack, found.price_minor_per_1000, ((goods, found.pack),))
