"""How a wish for packs becomes an order line."""

from __future__ import annotations

from farmlink.cycles.values import Offered
from farmlink.kernel.ids import uuid7
from farmlink.kernel.money import line_total_minor
from farmlink.orders.rules import price_kept
from farmlink.orders.values import OrderLine, OrderLineId, WantedLine


def ordered_line(offer: Offered, wanted: WantedLine, before: OrderLine | None = None) -> OrderLine:
    """A line of the packs that are wanted, rounded once; one that was there before keeps its id, tax rate and price."""
    packs, most = wanted.packs, wanted.most or wanted.packs
    quantity = packs * offer.pack
    price = price_kept(before.price_minor_per_1000 if before else None, offer.price_minor_per_1000)
    return OrderLine(
        id=before.id if before else OrderLineId(uuid7()),
        listing_id=offer.listing_id,
        product_id=offer.product_id,
        grade=offer.grade,
        packs=packs,
        quantity=quantity,
        weight_g=packs * offer.weight_g,
        price_minor_per_1000=price,
        tax_ppm=before.tax_ppm if before else offer.tax_ppm,
        total_minor=line_total_minor(quantity, price),
        most_packs=most if most > packs else None,
        shortage=wanted.shortage,
        substitutes=wanted.substitutes,
    )
