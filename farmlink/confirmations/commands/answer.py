"""A farm's answer, and its silence: each promises a quantity, which the next plan keeps."""

from collections.abc import Sequence

from sqlmodel import col, select

from farmlink.confirmations import rules
from farmlink.confirmations.commands.complete import complete_if_answered
from farmlink.confirmations.queries import request_view
from farmlink.confirmations.tables import ConfirmationRequest
from farmlink.confirmations.values import Answer, ConfirmationAnswered, RequestId, RequestView
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, Silence
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.people.values import PersonId
from farmlink.planning import commands as planning
from farmlink.planning import queries as plans
from farmlink.planning.values import PinChange, PlanId
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId


def answer(tx: Transaction, request_id: RequestId, given: Answer, holder_id: PersonId | None = None) -> RequestView:
    """Take a farm's answer, by a link from its holder; the same again is confirmed again, another one is refused."""
    exclude(tx, tx.get(ConfirmationRequest, request_id).cycle_id)
    request = tx.lock(ConfirmationRequest, request_id)
    if request.state == "superseded":
        raise rules.QuestionWithdrawnError(request_id=request_id)
    lot = supply.lot(tx, LotId(request.lot_id))
    promised, reason = rules.promised_by(given, request.quantity, request.floor, lot.pack)
    if request.state in rules.FINAL:
        if (request.state, request.answered) == (given.reply.value, promised):
            return request_view(request)
        if request.state == "lapsed":
            raise _lapsed(tx, request)
        raise rules.AnsweredOtherwiseError(state=request.state, answered=request.answered)
    if tx.now > request.due_at:
        raise _lapsed(tx, request)
    _settle(tx, [(request, given.reply.value, promised, reason, False)])
    holder = {} if holder_id is None else {"person_id": holder_id}
    tx.record("confirmation.answer", request_id, state=request.state, answered=promised, **holder)
    return request_view(request)


def _lapsed(tx: Transaction, request: ConfirmationRequest) -> rules.QuestionLapsedError:
    zone = cycles.cycle(tx, CycleId(request.cycle_id)).time_zone
    return rules.QuestionLapsedError(due_at=request.due_at, zone=zone)


def lapse(tx: Transaction, cycle_id: CycleId) -> int:
    """Take the silence of every farm whose time is over as the cycle's rule says; the number of questions ended."""
    exclude(tx, cycle_id)
    farm_choice = cycles.cycle(tx, cycle_id).silence is Silence.FARM_CHOICE
    late = tx.session.exec(
        select(ConfirmationRequest)
        .where(
            ConfirmationRequest.cycle_id == cycle_id,
            ConfirmationRequest.state == "open",
            col(ConfirmationRequest.due_at) <= tx.now,
        )
        .order_by(col(ConfirmationRequest.lot_id))
        .with_for_update()
    ).all()
    farms = network.farms_by_id(tx, {FarmId(request.farm_id) for request in late})
    settled: list[Settled] = []
    for request in late:
        yes = farms[FarmId(request.farm_id)].standing_yes
        state, promised = rules.promised_by_silence(
            request.quantity, request.floor, standing_yes=yes, farm_choice=farm_choice
        )
        settled.append((request, state, promised, None, state == "accepted"))
    _settle(tx, settled)
    if settled:
        tx.record("confirmation.lapse", cycle_id, ended=len(settled))
    return len(settled)


def end_answers(tx: Transaction, cycle_id: CycleId) -> int:
    """Stop waiting before the deadline, as a planner may: who has not answered by now was silent."""
    exclude(tx, cycle_id)
    tx.execute(
        "UPDATE confirmation_request SET due_at = :now WHERE cycle_id = :cycle AND state = 'open' AND due_at > :now",
        {"cycle": cycle_id, "now": tx.now},
    )
    tx.session.expire_all()
    tx.record("confirmation.end-answers", cycle_id)
    return lapse(tx, cycle_id)


Settled = tuple[ConfirmationRequest, str, int, str | None, bool]


def _settle(tx: Transaction, settled: Sequence[Settled]) -> None:
    """Write final answers, pin what they promise, and see whether they were the last."""
    if not settled:
        return
    cycle_id = CycleId(settled[0][0].cycle_id)
    offered = supply.lots_by_id(tx, [LotId(request.lot_id) for request, *_ in settled])
    pins: list[PinChange] = []
    for request, state, promised, reason, standing in settled:
        request.state, request.answered, request.reason = state, promised, reason
        request.standing, request.answered_at = standing, tx.now
        tx.session.add(request)
        lot_id = LotId(request.lot_id)
        pins.append(PinChange(lot_id, *rules.limits(promised, request.quantity, offered[lot_id].quantity)))
        tx.announce(ConfirmationAnswered(RequestId(request.id), FarmId(request.farm_id), state))
    tx.session.flush()
    planning.set_pins(tx, cycle_id, pins)
    planning.remember_answers(tx, [(FarmId(r.farm_id), promised >= r.quantity) for r, _, promised, _, _ in settled])
    published = plans.published_plan(tx, cycle_id)
    assert published is not None, "questions exist only for a published plan"
    complete_if_answered(tx, cycle_id, PlanId(published))
