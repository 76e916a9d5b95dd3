"""What consumers and farms wanted and got of a finished cycle: what the fairness ledger is written from."""

from collections import Counter

from farmlink.cycles.values import CycleId
from farmlink.dispatch.queries.goods import receipts
from farmlink.dispatch.values import ShortReason
from farmlink.fairness.values import Tally
from farmlink.network.values import FarmId
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderLineId
from farmlink.planning import queries as planning
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId

GOT = """
SELECT line_id, CASE WHEN end_reason = :waived THEN due ELSE handed_out END AS got FROM hand_out WHERE cycle_id = :cycle
"""


def consumer_tallies(tx: Transaction, cycle_id: CycleId) -> list[Tally]:
    """What each consumer wanted of each product and grade, and what was there for them, at the prices of their lines.

    What somebody did not collect was there for them.
    """
    ends = tx.execute(GOT, {"cycle": cycle_id, "waived": ShortReason.NOT_COLLECTED.value})
    got = {OrderLineId(row.line_id): row.got or 0 for row in ends}
    return [
        Tally(one.consumer_id, (one.product_id, one.grade), one.wanted_minor, one.got_minor)
        for one in orders.served(tx, cycle_id, got)
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
