"""Publishing a plan: its version holds, its lots are taken, and each farm is asked one question a lot."""

from collections.abc import Mapping

from sqlmodel import col, select

from farmlink.confirmations import rules
from farmlink.confirmations.commands.complete import complete_if_answered
from farmlink.confirmations.queries import request_view
from farmlink.confirmations.tables import ConfirmationRequest
from farmlink.confirmations.values import (
    ConfirmationAsked,
    ConfirmationWithdrawn,
    PlanPublished,
    Published,
    Question,
    RequestId,
)
from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.values import CycleId, Stage
from farmlink.network.values import FarmId
from farmlink.planning import commands as planning
from farmlink.planning import queries as plans
from farmlink.planning.rules import PlanOutdatedError, require_plannable
from farmlink.planning.values import PlanId
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction
from farmlink.supply import commands as supply
from farmlink.supply import queries as lots
from farmlink.supply.values import LotCard, LotId


def publish(tx: Transaction, plan_id: PlanId) -> Published:
    """Make a plan hold and ask what it needs; a question whose quantity did not change is not asked again."""
    cycle_id = plans.get_plan(tx, plan_id).cycle_id
    exclude(tx, cycle_id)
    before = plans.published_plan(tx, cycle_id)
    if before == plan_id:
        return Published(cycle_id, plan_id, asked=0, kept=0, withdrawn=0)
    stage = cycle_queries.cycle(tx, cycle_id).stage
    require_plannable(stage)
    planning.point_to(tx, plan_id)
    taken = _taken(tx, plan_id)
    _take(tx, taken, _taken(tx, before) if before else {})
    if stage is not Stage.PLANNED:
        cycles.move(tx, cycle_id, Stage.PLANNED)
    cycles.move(tx, cycle_id, Stage.CONFIRMING)
    promised = {pin.lot_id: pin.at_least for pin in plans.pins(tx, cycle_id)}
    published = _ask(tx, cycle_id, plan_id, rules.questions(taken, promised))
    tx.announce(PlanPublished(cycle_id, plan_id, before))
    tx.record("plan.publish", plan_id, cycle_id=cycle_id, asked=published.asked, withdrawn=published.withdrawn)
    complete_if_answered(tx, cycle_id, plan_id)
    return published


def _taken(tx: Transaction, plan_id: PlanId) -> dict[LotId, int]:
    return {lot.lot_id: lot.quantity for lot in plans.allocated_lots(tx, plan_id)}


def _take(tx: Transaction, taken: Mapping[LotId, int], released: Mapping[LotId, int]) -> None:
    """Book what the new version takes of each lot for what the old one took; refused if the lots changed meanwhile."""
    held: dict[LotId, LotCard] = supply.lock_lots(tx, {*taken, *released})
    if gone := rules.outdated(taken, released, held):
        raise PlanOutdatedError(lots=[str(lot_id) for lot_id in gone[:10]])
    supply.set_allocated(
        tx, {lot: card.allocated + taken.get(lot, 0) - released.get(lot, 0) for lot, card in held.items()}
    )


def _ask(tx: Transaction, cycle_id: CycleId, plan_id: PlanId, questions: list[Question]) -> Published:
    """Keep the open questions that still stand, withdraw the others, ask what is new."""
    wanted = {question.lot_id: question for question in questions}
    standing: set[LotId] = set()
    withdrawn = 0
    for request in tx.session.exec(
        select(ConfirmationRequest)
        .where(ConfirmationRequest.cycle_id == cycle_id, ConfirmationRequest.state == "open")
        .order_by(col(ConfirmationRequest.lot_id))
        .with_for_update()
    ):
        question = wanted.get(LotId(request.lot_id))
        if question is not None and rules.still_stands(request_view(request), question):
            standing.add(question.lot_id)
            continue
        request.state = "superseded"
        tx.session.add(request)
        tx.announce(ConfirmationWithdrawn(RequestId(request.id), FarmId(request.farm_id)))
        withdrawn += 1
    tx.session.flush()  # the old questions end before new ones open: a lot has one at a time
    fresh = [question for lot_id, question in wanted.items() if lot_id not in standing]
    _open(tx, cycle_id, plan_id, fresh)
    return Published(cycle_id, plan_id, asked=len(fresh), kept=len(standing), withdrawn=withdrawn)


def _open(tx: Transaction, cycle_id: CycleId, plan_id: PlanId, questions: list[Question]) -> None:
    cycle = cycle_queries.cycle(tx, cycle_id)
    assert cycle.answers_due_at is not None, "a cycle that confirms has a deadline; the database checks it"
    asked = lots.lots_by_id(tx, [question.lot_id for question in questions])
    for question in questions:
        request = ConfirmationRequest(
            cycle_id=cycle_id,
            farm_id=asked[question.lot_id].farm_id,
            lot_id=question.lot_id,
            plan_id=plan_id,
            day=cycle.collect_on,
            quantity=question.quantity,
            floor=question.floor,
            asked_at=tx.now,
            due_at=cycle.answers_due_at,
            remind_at=rules.remind_at(tx.now, cycle.answers_due_at),
        )
        tx.session.add(request)
        tx.announce(ConfirmationAsked(RequestId(request.id), FarmId(request.farm_id), cycle.answers_due_at))
    tx.session.flush()
