"""What was counted on the way of the goods that a claim is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from farmlink.claims import rules
from farmlink.claims.values import Claim, Counted, Trail
from farmlink.confirmations import queries as confirmations
from farmlink.cycles.values import CycleId
from farmlink.dispatch import queries as dispatch
from farmlink.dispatch.queries.places import hand_outs_at
from farmlink.dispatch.values import ReceiptView
from farmlink.network.values import PointId
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderLine
from farmlink.planning import queries as planning
from farmlink.store.transaction import Transaction
from farmlink.supply.values import LotId


def trail(tx: Transaction, claim: Claim) -> Trail:
    """The quantities of the batch that a claim's line was a part of, and what its point counted of its pack."""
    line = next(one for one in orders.lines_of(tx, [claim.order_id])[claim.order_id] if one.id == claim.line_id)
    ends = [end for found in hand_outs_at(tx, claim.cycle_id, claim.place_id).values() for end in found]
    lines = orders.lines_of(tx, sorted({end.order_id for end in ends}))
    alike = {one.id for found in lines.values() for one in found if _goods(one) == _goods(line)}
    batches = {one.batch_id for found in lines.values() for one in found if one.id in alike and one.batch_id}
    mine = dispatch.receipts_of(tx, claim.cycle_id, batches)
    of_point = [end for end in ends if end.line_id in alike]
    promised = _promised(tx, claim.cycle_id, mine)
    return Trail(
        ordered=sum(end.ordered for end in of_point),
        allocated=sum(view.allocated for view in mine),
        confirmed=sum(promised.values()),
        received=sum(view.received or 0 for view in mine),
        sent=sum(end.due for end in of_point),
        handed_out=sum(end.handed_out or 0 for end in of_point),
        all_short=rules.came_short((promised[lot_id], came) for lot_id, came in _received(mine).items()),
        arrival=_arrival(tx, claim, line),
    )


def _goods(line: OrderLine) -> tuple[UUID, int]:
    return line.product_id, line.grade


def _promised(tx: Transaction, cycle_id: CycleId, mine: Sequence[ReceiptView]) -> dict[LotId, int]:
    """What farms promised of what was allocated; a lot that promised less did so to all its batches alike."""
    plan_id = planning.published_plan(tx, cycle_id)
    whole = {} if plan_id is None else {one.lot_id: one.quantity for one in planning.allocated_lots(tx, plan_id)}
    said = confirmations.last_words(tx, cycle_id, {LotId(view.lot_id) for view in mine})
    found = defaultdict[LotId, int](int)
    for view in mine:
        lot_id = LotId(view.lot_id)
        found[lot_id] += view.allocated * min(whole[lot_id], said.get(lot_id, 0)) // whole[lot_id]
    return found


def _received(mine: Sequence[ReceiptView]) -> dict[LotId, int | None]:
    """What the dock counted of each lot; nothing where it has not counted all that was to come of it."""
    counts = defaultdict[LotId, list[int | None]](list)
    for view in mine:
        counts[LotId(view.lot_id)].append(view.received)
    return {lot_id: None if None in found else sum(one or 0 for one in found) for lot_id, found in counts.items()}


def _arrival(tx: Transaction, claim: Claim, line: OrderLine) -> Counted | None:
    counts = dispatch.arrival(tx, claim.cycle_id, PointId(claim.place_id))
    counted = next((one for one in counts if one.listing_id == line.listing_id), None)
    if counted is None or counted.counted is None:
        return None
    return Counted(counted.counted, counted.missing, counted.damaged)
