"""Ordering the same again: the goods of an order in the next cycle that sells them, or again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.pages.shop.baskets import Lines
from api.pages.shop.own import EVERYTHING, own_order
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, CycleId, Listing, ListingId
from farmlink.kernel.page import Page, Paging, part
from farmlink.network import queries as network
from farmlink.network.values import PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import Goods, Order, Shortage, StandingLine, WantedLine
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Listed:
    """An order in a list, with its cycle and where it is handed out; no point is home."""

    order: Order
    cycle: Cycle
    point: str | None


def listed(tx: Transaction, reader: PersonId, paging: Paging) -> Page[Listed]:
    """One's orders, the newest first."""
    found = orders.orders(tx, EVERYTHING, consumer_id=reader).items
    shown = part(found[::-1], paging, lambda one: one.id)
    running = {one.cycle_id: cycles.cycle(tx, one.cycle_id) for one in shown.items}
    points = network.points_by_id(tx, {PointId(one.place_id) for one in shown.items if not one.at_home})
    rows = [
        Listed(one, running[one.cycle_id], None if one.at_home else points[PointId(one.place_id)].name)
        for one in shown.items
    ]
    return Page(rows, shown.next)


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
    """The cycle that closes next, takes one's order where it was handed out, and sells some of it; and what of it."""
    point_id = None if order.at_home else PointId(order.place_id)
    found = cycles.open_cycles(tx, EVERYTHING, point_id=point_id, viewer=reader).items
    goods = goods_of(tx, order)
    for cycle in sorted(found, key=lambda one: (one.closes_at, one.id)):
        if own_order(tx, cycle.id, reader) is None:
            lines = _sold(goods, cycles.listings(tx, cycle.id))
            if lines:
                return cycle.id, lines
    return None, ()


def _sold(goods: Iterable[StandingLine], listings: Iterable[Listing]) -> Lines:
    sold: dict[Goods, ListingId] = {_goods(one): one.id for one in listings if one.left >= one.pack}
    lines = []
    for one in goods:
        if one.goods not in sold:
            continue
        instead = tuple(sold[other] for other in one.substitutes if other in sold)
        swaps = one.shortage is Shortage.SWAP
        shortage = Shortage.LESS if swaps and not instead else one.shortage
        lines.append(WantedLine(sold[one.goods], one.packs, one.most, shortage, instead if swaps else ()))
    return tuple(lines)


def _goods(listing: Listing) -> Goods:
    return Goods(listing.product_id, listing.grade, listing.variant_id)
