"""What an order comes to before it is placed: at most this, and never more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from api.pages.shop.baskets import Lines, ordered
from api.pages.shop.near import distances_m, home_of
from api.pages.shop.own import EVERYTHING
from farmlink.catalogue import queries as catalogue
from farmlink.catalogue.values import ProductCard, VariantCard
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Cycle, Listing
from farmlink.kernel.money import line_total_minor
from farmlink.ledger import queries as ledger
from farmlink.network import queries as network
from farmlink.network.values import HomeCard, PointCard
from farmlink.orders.rules import price_kept
from farmlink.orders.values import Order, WantedLine
from farmlink.people import queries as people
from farmlink.people.values import PersonId, Recipient
from farmlink.policy import queries as policy
from farmlink.policy.values import Charges, PolicyVersion
from farmlink.store.transaction import Transaction

MOST_POINTS = 200
"""Longer lists of pick-up points are searched on a page of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a basket: what it costs, and what it would cost if all came that is welcome."""

    line: WantedLine
    listing: Listing
    product: ProductCard
    variant: VariantCard
    instead: Sequence[Mapping[str, str]]
    minor: int
    most_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """All that is said before somebody orders; the fee for a home stands in the place of that for a point."""

    rows: Sequence[Row]
    gone: Sequence[Row]
    points: Sequence[PointCard]
    has_all_points: bool
    far: Mapping[UUID, int]
    home: HomeCard | None
    recipients: Sequence[Recipient]
    charges: Charges
    credit_minor: int

    @property
    def goods_minor(self) -> int:
        """What the goods cost at most, without fees and without what is only welcome."""
        return sum(row.minor for row in self.rows)

    @property
    def may_fail(self) -> bool:
        """Whether anything of it comes only if enough people join."""
        return any(row.listing.threshold for row in self.rows)

    @property
    def extra_minor(self) -> int:
        """What comes to it if all that is welcome fills cases."""
        return sum(row.most_minor - row.minor for row in self.rows)


def bill(  # who orders what, where, on top of which order
    tx: Transaction, cycle: Cycle, lines: Lines, reader: PersonId | None, point: PointCard | None, order: Order | None
) -> Bill:
    """What a basket comes to, with what there is to choose from; lines of other cycles are left out.

    `gone` is what the order that it would change holds, and the basket does not.
    """
    kept = {line.listing_id for line in lines}
    gone = tuple(line for line in ordered(order) if line.listing_id not in kept) if order else ()
    version = cycle.policy_version
    document = policy.current(tx).document if version is None else policy.at(tx, PolicyVersion(version)).document
    points, has_all = _points(tx, cycle, point)
    return Bill(
        rows=_rows(tx, cycle, lines, order),
        gone=_rows(tx, cycle, gone, order),
        points=points,
        has_all_points=has_all,
        far=distances_m(tx, points, reader, point),
        home=home_of(tx, reader) if cycle.homes else None,
        recipients=[] if reader is None else people.recipients(tx, reader, EVERYTHING).items,
        charges=document.charges,
        credit_minor=_credit_minor(tx, reader, cycle.currency),
    )


def _rows(tx: Transaction, cycle: Cycle, lines: Lines, order: Order | None) -> list[Row]:
    """What each line costs, at the price that it has kept if it was ordered before."""
    named = {one for line in lines for one in (line.listing_id, *line.substitutes)}
    listings = {key: one for key, one in cycles.listings_by_id(tx, named).items() if one.cycle_id == cycle.id}
    products = catalogue.products_by_id(tx, {one.product_id for one in listings.values()})
    variants = catalogue.variants_by_id(tx, {one.variant_id for one in listings.values()})
    frozen = {line.listing_id: line.price_minor_per_1000 for line in order.lines} if order else {}
    rows = []
    for line in lines:
        listing = listings.get(line.listing_id)
        if listing is None:
            continue
        price = price_kept(frozen.get(listing.id), listing.price_minor_per_1000)
        rows.append(
            Row(
                line=line,
                listing=listing,
                product=products[listing.product_id],
                variant=variants[listing.variant_id],
                instead=[products[listings[one].product_id].name for one in line.substitutes if one in listings],
                minor=line_total_minor(listing.pack * line.packs, price),
                most_minor=line_total_minor(listing.pack * (line.most or line.packs), price),
            )
        )
    return rows


def _points(tx: Transaction, cycle: Cycle, point: PointCard | None) -> tuple[list[PointCard], bool]:
    """Where the cycle hands out, and whether that is everywhere; of very many, only the one that was chosen."""
    served = cycles.served_points(tx, cycle.id)
    if len(served) > MOST_POINTS:
        return [point] if point is not None and point.id in served else [], False
    return network.find_points(tx, "", MOST_POINTS, served), True


def _credit_minor(tx: Transaction, reader: UUID | None, currency: str) -> int:
    found = [] if reader is None else ledger.own_money(tx, reader, [])
    return next((one.credit_minor for one in found if one.currency == currency), 0)
