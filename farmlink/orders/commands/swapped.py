"""Lines that come in the place of others, when those are cut or fall short: what their consumers agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from farmlink.kernel.ids import uuid7
from farmlink.orders.values import Swap
from farmlink.store.pipeline import uuids, wholes
from farmlink.store.transaction import Transaction

ADD = """
INSERT INTO order_line (id, order_id, cycle_id, place_id, listing_id, product_id, grade, packs, quantity, weight_g,
  price_minor_per_1000, tax_ppm, total_minor, state, batch_id, swapped_from, in_place_of)
SELECT t.id, o.order_id, o.cycle_id, o.place_id, l.id, s.product_id, s.grade, t.packs, t.packs * l.pack,
  t.packs * l.weight_g, l.price_minor_per_1000, l.tax_ppm,
  (2 * t.packs * l.pack * l.price_minor_per_1000 + 1000) / 2000, 'placed', b.id,
  CASE WHEN o.batch_id IS NULL THEN o.id END, CASE WHEN o.batch_id IS NOT NULL THEN o.id END
FROM unnest(CAST(:ids AS uuid[]), CAST(:of AS uuid[]), CAST(:listings AS uuid[]), CAST(:packs AS bigint[]))
  AS t (id, of_line, listing_id, packs)
JOIN order_line o ON o.id = t.of_line JOIN listing l ON l.id = t.listing_id JOIN stock s ON s.id = l.stock_id
LEFT JOIN batch b ON o.batch_id IS NOT NULL
  AND (b.cycle_id, b.product_id, b.grade, b.place_id) = (o.cycle_id, s.product_id, s.grade, o.place_id)
RETURNING id, order_id, place_id, listing_id, quantity, weight_g, total_minor
"""


def add_swapped(tx: Transaction, swaps: Sequence[Swap]) -> Sequence[Row[Any]]:
    """Add a line for each swap, at the posted price; the new lines.

    It comes in the place of a line that the cut-off is about to cut or, if that is in a batch already, of one that
    falls short; then it is in the batch that it is taken from, and what an order can cost at most stays as it is: what
    comes is worth no more than what falls short.
    """
    if not swaps:
        return []
    named = {
        "ids": uuids(uuid7() for _ in swaps),
        "of": uuids(swap.line_id for swap in swaps),
        "listings": uuids(swap.listing_id for swap in swaps),
        "packs": wholes(swap.packs for swap in swaps),
    }
    added = tx.execute(ADD, named).all()
    tx.session.expire_all()
    return added
