"""Ordering the same again: the goods of an order in the next cycle that sells them, or again and again."""

from __future__ import annotations

from collections.abc import Iterable

from api.pages.shop.baskets import Lines, ordered
from api.pages.shop.own import EVERYTHING, own_orders
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, Listing, ListingId
from farmlink.network.values import PointId
from farmlink.orders.values import Goods, Order, Shortage, StandingLine, WantedLine
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction


def goods_of(tx: Transaction, order: Order) -> list[StandingLine]:
    """What an order holds, whatever cycle sells it; what the cut-off changed counts as it was wanted."""
    named = {one for line in order.lines for one in (line.listing_id, *line.substitutes)}
    listings = cycles.listings_by_id(tx, named)
    return [
        StandingLine(
            _goods(listings[line.listing_id]),
            line.wanted_packs or line.packs,
            line.most_packs,
            line.shortage,
            tuple(_goods(listings[one]) for one in line.substitutes if one in listings),
        )
        for line in order.lines
        if line.swapped_from is None and line.in_place_of is None
    ]


def again_in(tx: Transaction, order: Order, reader: PersonId) -> tuple[CycleId | None, Lines]:
    """The cycle that closes next, hands out where the order was and sells some of it; and the basket for it.

    A cycle in which one has not ordered yet comes first; else what is missing comes to one's order there.
    """
    point_id = None if order.at_home else PointId(order.place_id)
    found = cycles.open_cycles(tx, EVERYTHING, point_id=point_id, viewer=reader).items
    goods, own = goods_of(tx, order), own_orders(tx, [one.id for one in found], reader)
    for cycle in sorted(found, key=lambda one: (one.id in own, one.closes_at, one.id)):
        lines = _sold(goods, cycles.listings(tx, cycle.id), ordered(own[cycle.id]) if cycle.id in own else ())
        if lines:
            return cycle.id, lines
    return None, ()


def _sold(goods: Iterable[StandingLine], listings: Iterable[Listing], own: Lines) -> Lines:
    """What is sold of these goods, after what one has ordered already; nothing if none of them is."""
    had = {line.listing_id for line in own}
    sold: dict[Goods, ListingId] = {_goods(one): one.id for one in listings if one.left >= one.pack or one.id in had}
    wanted = [one for one in goods if one.goods in sold]
    lines = []
    for one in wanted:
        if sold[one.goods] in had:
            continue
        instead = tuple(sold[other] for other in one.substitutes if other in sold)
        swaps = one.shortage is Shortage.SWAP
        shortage = Shortage.LESS if swaps and not instead else one.shortage
        lines.append(WantedLine(sold[one.goods], one.packs, one.most, shortage, instead if swaps else ()))
    return (*own, *lines) if wanted else ()


def _goods(listing: Listing) -> Goods:
    return Goods(listing.product_id, listing.grade, listing.variant_id)
