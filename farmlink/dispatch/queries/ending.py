"""Cycles to which nothing comes any more."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from farmlink.cycles import queries as cycles
from farmlink.cycles.queries.due import past_collection
from farmlink.cycles.values import CycleId, Stage
from farmlink.dispatch.queries.goods import is_shared, receipts
from farmlink.dispatch.tables import HandOut
from farmlink.kernel.clock import start_of_day
from farmlink.planning import queries as planning
from farmlink.planning.values import PlanId
from farmlink.store.transaction import Transaction


def unserved_cycles(tx: Transaction) -> tuple[CycleId, ...]:
    """Cycles whose day of collection is over and of which nothing is left to come, to count or to hand out."""
    return tuple(cycle_id for cycle_id in past_collection(tx) if nothing_comes(tx, cycle_id))


def nothing_comes(tx: Transaction, cycle_id: CycleId) -> bool:
    """Tell whether a cycle has nothing to wait for: its plan sends nothing, or nothing came of what it sends.

    A plan that sends something and that nobody published is its planner's to decide about. A truck that is late may
    come until the day of the hand-out is over, though its goods were counted as none.
    """
    cycle = cycles.cycle(tx, cycle_id)
    if cycle.stage is Stage.PLANNED:
        newest = newest_plan(tx, cycle_id)
        return newest is not None and not planning.allocated_lots(tx, newest)
    if is_shared(tx, cycle_id):
        due = select(HandOut.line_id).where(HandOut.cycle_id == cycle_id, col(HandOut.due) > 0)
        return tx.session.exec(due.limit(1)).first() is None
    counted = [view.received for view in receipts(tx, cycle_id)]
    if cycle.stage is Stage.CONFIRMED:
        return not counted
    over = start_of_day(cycle.hand_out_on + timedelta(days=1), cycle.time_zone) <= tx.now
    return over and all(received == 0 for received in counted)


def newest_plan(tx: Transaction, cycle_id: CycleId) -> PlanId | None:
    """The last plan that was made for a cycle and not only to see what if."""
    return next((plan.id for plan in planning.plans(tx, cycle_id) if plan.what_if is None), None)
