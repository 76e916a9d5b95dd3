"""What was counted on the way of the goods that a claim is about."""

from __future__ import annotations

from uuid import UUID

from farmlink.claims.values import Claim, Counted, Trail
from farmlink.confirmations import queries as confirmations
from farmlink.cycles.values import CycleId
from farmlink.dispatch import queries as dispatch
from farmlink.dispatch.queries.places import hand_outs_at
from farmlink.dispatch.values import ReceiptView
from farmlink.kernel.page import Paging
from farmlink.network.values import PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderLine
from farmlink.planning import queries as planning
from farmlink.store.transaction import Transaction
from farmlink.supply.values import LotId

EVERY = Paging(100_000)


def trail(tx: Transaction, claim: Claim) -> Trail:
    """The quantities of the batch that a claim's line was a part of, and what its point counted of its pack."""
    line = next(one for one in orders.lines_of(tx, [claim.order_id])[claim.order_id] if one.id == claim.line_id)
    ends = [end for found in hand_outs_at(tx, claim.cycle_id, claim.place_id).values() for end in found]
    lines = orders.lines_of(tx, sorted({end.order_id for end in ends}))
    alike = {one.id for found in lines.values() for one in found if _goods(one) == _goods(line)}
    batches = {one.batch_id for found in lines.values() for one in found if one.id in alike and one.batch_id}
    mine = dispatch.receipts_of(tx, claim.cycle_id, batches)
    of_point = [end for end in ends if end.line_id in alike]
    return Trail(
        ordered=sum(end.ordered for end in of_point),
        allocated=sum(view.allocated for view in mine),
        confirmed=_confirmed(tx, claim.cycle_id, mine),
        received=sum(view.received or 0 for view in mine),
        sent=sum(end.due for end in of_point),
        handed_out=sum(end.handed_out or 0 for end in of_point),
        arrival=_arrival(tx, claim, line),
    )


def _goods(line: OrderLine) -> tuple[UUID, int]:
    return line.product_id, line.grade


def _confirmed(tx: Transaction, cycle_id: CycleId, mine: list[ReceiptView]) -> int:
    """What farms promised of what was allocated; a lot that promised less did so to all its batches alike."""
    plan_id = planning.published_plan(tx, cycle_id)
    whole = {} if plan_id is None else {one.lot_id: one.quantity for one in planning.allocated_lots(tx, plan_id)}
    newest = {one.lot_id: one for one in confirmations.requests(tx, EVERY, cycle_id=cycle_id).items}
    promised = {lot_id: one.answered or 0 for lot_id, one in newest.items()}
    found = 0
    for view in mine:
        lot_id = LotId(view.lot_id)
        found += view.allocated * min(whole[lot_id], promised.get(lot_id, 0)) // whole[lot_id]
    return found


def _arrival(tx: Transaction, claim: Claim, line: OrderLine) -> Counted | None:
    counts = dispatch.arrival(tx, claim.cycle_id, PointId(claim.place_id))
    counted = next((one for one in counts if one.listing_id == line.listing_id), None)
    if counted is None or counted.counted is None:
        return None
    return Counted(counted.counted, counted.missing, counted.damaged)
