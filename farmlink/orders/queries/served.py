"""What consumers of a cycle wanted, beside what was there for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import CycleId
from farmlink.kernel.money import line_total_minor
from farmlink.orders.values import CancelReason, OrderLineId, Served
from farmlink.people.values import PersonId
from farmlink.store.transaction import Transaction

WANTED = """
SELECT l.id, o.consumer_id, l.product_id, l.grade, l.price_minor_per_1000,
  l.quantity / l.packs * coalesce(l.wanted_packs, l.packs) AS wanted
FROM order_line l JOIN consumer_order o ON o.id = l.order_id
WHERE l.cycle_id = :cycle AND coalesce(l.in_place_of, l.swapped_from) IS NULL
  AND (l.state = 'placed' OR l.reason = ANY(:cut))
ORDER BY o.consumer_id, l.product_id, l.grade
"""


def served(tx: Transaction, cycle_id: CycleId, got: Mapping[OrderLineId, int]) -> list[Served]:
    """What each consumer wanted of each product and grade, and what of it they `got`, at the prices of their lines.

    What the cut-off cut counts as wanted, what was only welcome to fill a case does not; what came in the place of
    something else counts for nothing. `got` is in base units, by line; a line that is not in it got nothing.
    """
    cut = [CancelReason.CASE_NOT_FULL.value, CancelReason.NOT_ENOUGH.value]
    wanted_minor, got_minor = Counter[tuple[PersonId, ProductId, int]](), Counter[tuple[PersonId, ProductId, int]]()
    for row in tx.execute(WANTED, {"cycle": cycle_id, "cut": cut}):
        whose = (PersonId(row.consumer_id), ProductId(row.product_id), row.grade)
        there = min(row.wanted, got.get(row.id, 0))
        wanted_minor[whose] += line_total_minor(row.wanted, row.price_minor_per_1000)
        got_minor[whose] += line_total_minor(there, row.price_minor_per_1000)
    return [Served(*whose, minor, got_minor[whose]) for whose, minor in wanted_minor.items()]
