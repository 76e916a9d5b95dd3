"""What consumers and farms wanted and got of a finished cycle: what the fairness ledger is written from."""

from collections import Counter

from farmlink.cycles.values import CycleId
from farmlink.dispatch.queries.goods import receipts
from farmlink.dispatch.values import ShortReason
from farmlink.fairness.values import Tally
from farmlink.network.values import FarmId
from farmlink.orders.values import CancelReason
from farmlink.planning import queries as planning
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId

CONSUMERS = """
SELECT consumer_id, product_id, grade, sum(wanted_minor)::bigint AS wanted_minor, sum(got_minor)::bigint AS got_minor
FROM (
  SELECT o.consumer_id, l.product_id, l.grade, (2 * q.wanted * l.price_minor_per_1000 + 1000) / 2000 AS wanted_minor,
         (2 * least(q.wanted, q.got) * l.price_minor_per_1000 + 1000) / 2000 AS got_minor
  FROM order_line l JOIN consumer_order o ON o.id = l.order_id LEFT JOIN hand_out h ON h.line_id = l.id,
  LATERAL (
    SELECT l.quantity / l.packs * coalesce(l.wanted_packs, l.packs) AS wanted,
           coalesce(CASE WHEN h.end_reason = :waived THEN h.due ELSE h.handed_out END, 0) AS got
  ) q
  WHERE l.cycle_id = :cycle AND coalesce(l.in_place_of, l.swapped_from) IS NULL
    AND (l.state = 'placed' OR l.reason = ANY(:cut))
) AS line GROUP BY consumer_id, product_id, grade ORDER BY consumer_id, product_id, grade
"""


def consumer_tallies(tx: Transaction, cycle_id: CycleId) -> list[Tally]:
    """What each consumer wanted of each product and grade, and what was there for them, at the prices of their lines.

    What the cut-off cut counts as wanted, what was only welcome to fill a case does not; what somebody did not collect
    was there for them, and what came in the place of something else counts for nothing.
    """
    cut = [CancelReason.CASE_NOT_FULL.value, CancelReason.NOT_ENOUGH.value]
    named = {"cycle": cycle_id, "cut": cut, "waived": ShortReason.NOT_COLLECTED.value}
    return [
        Tally(row.consumer_id, (row.product_id, row.grade), row.wanted_minor, row.got_minor)
        for row in tx.execute(CONSUMERS, named)
    ]


def farm_tallies(tx: Transaction, cycle_id: CycleId) -> list[Tally]:
    """What each farm offered, and what of it came in, by its own asks; what it did not send is no offer of it."""
    sent, came = Counter[FarmId](), Counter[FarmId]()
    views = receipts(tx, cycle_id)
    lots = supply.lots_by_id(tx, [LotId(view.lot_id) for view in views])
    for view in views:
        lot = lots[LotId(view.lot_id)]
        sent[lot.farm_id] += view.allocated * lot.ask_minor_per_1000
        came[lot.farm_id] += (view.received or 0) * lot.ask_minor_per_1000
    tallies = []
    for farm_id, share in sorted(planning.planned_shares(tx, [cycle_id]).items()):
        got = share.sold_minor * came[farm_id] // sent[farm_id] if sent[farm_id] else 0
        tallies.append(Tally(farm_id, None, share.offered_minor - share.sold_minor + got, got))
    return tallies
