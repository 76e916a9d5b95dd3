"""When the last question of a cycle is answered."""

from sqlalchemy import text
from sqlmodel import select

from farmlink.confirmations import rules
from farmlink.confirmations.tables import ConfirmationRequest
from farmlink.confirmations.values import AnswersComplete
from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, Stage
from farmlink.planning import commands as planning
from farmlink.planning import queries as plans
from farmlink.planning.values import PlanId
from farmlink.store.transaction import Transaction


def complete_if_answered(tx: Transaction, cycle_id: CycleId, plan_id: PlanId) -> None:
    """Say so when no question is open: with all promised the cycle is confirmed, else it is planned again."""
    is_open = select(ConfirmationRequest.id).where(
        ConfirmationRequest.cycle_id == cycle_id,
        text("state = 'open'"),  # a literal, so that a prepared plan can use the index of open questions
    )
    if tx.session.exec(is_open.limit(1)).first() is not None:
        return
    taken = {lot.lot_id: lot.quantity for lot in plans.allocated_lots(tx, plan_id)}
    promised = {pin.lot_id: pin.at_least for pin in plans.pins(tx, cycle_id)}
    cut = bool(rules.questions(taken, promised))
    if cut:
        planning.wish_plan(tx, cycle_id, "answers")
    elif cycle_queries.cycle(tx, cycle_id).stage == Stage.CONFIRMING:
        cycles.move(tx, cycle_id, Stage.CONFIRMED)
    tx.announce(AnswersComplete(cycle_id, plan_id, cut))
