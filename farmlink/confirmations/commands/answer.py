"""A farm's answer, and its silence: each promises a quantity, which the next plan keeps."""

from collections.abc import Sequence

from sqlmodel import col, select

from farmlink.confirmations import rules
from farmlink.confirmations.commands.complete import complete_if_answered
from farmlink.confirmations.queries import is_newest, request_view
from farmlink.confirmations.tables import ConfirmationRequest
from farmlink.confirmations.values import Answer, AnsweredOnBehalf, ConfirmationAnswered, RequestId, RequestView
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId, Silence
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.people import queries as people
from farmlink.people.values import PersonId, Role
from farmlink.planning import commands as planning
from farmlink.planning import queries as plans
from farmlink.planning.rules import PLANNABLE
from farmlink.planning.values import PinChange, PlanId
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction
from farmlink.supply import commands as supply_commands
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId, LotState


def answer(
    tx: Transaction,
    request_id: RequestId,
    given: Answer,
    person_id: PersonId | None,
    heard_from: PersonId | None = None,
) -> RequestView:
    """Take an answer; the same again is confirmed again, another one is refused. Nobody named is the farm itself.

    Who is no farmer of the farm answers for it: it is told at once, and until the deadline its own answer counts.
    `heard_from` is the farmer who said it to them, such as on the telephone; the audit keeps it.
    """
    exclude(tx, tx.get(ConfirmationRequest, request_id).cycle_id)
    request = tx.lock(ConfirmationRequest, request_id)
    if request.state == "superseded":
        raise rules.QuestionWithdrawnError(request_id=request_id)
    lot = supply.lot(tx, LotId(request.lot_id))
    promised, reason = rules.promised_by(given, request.quantity, request.floor, lot.pack)
    farmers = _farmers(tx, FarmId(request.farm_id))
    if heard_from is not None and heard_from not in farmers:
        raise MissingError(noun="person", id=heard_from)
    own = person_id is None or person_id in farmers
    objects = own and request.on_behalf and tx.now <= request.due_at
    if request.state in rules.FINAL and not objects:
        return _again(tx, request, given, promised)
    if request.state in rules.FINAL:
        _object(tx, request, given, promised, reason)
    elif tx.now > request.due_at:
        raise _lapsed(tx, request)
    else:
        _settle(tx, [(request, given.reply.value, promised, reason, False)], on_behalf=not own)
    action = "confirmation.answer" if own else "confirmation.answer-on-behalf"
    named = {"person_id": person_id, "heard_from": heard_from}
    persons = {name: person for name, person in named.items() if person is not None}
    tx.record(action, request_id, state=request.state, answered=promised, **persons)
    return request_view(request)


def _again(tx: Transaction, request: ConfirmationRequest, given: Answer, promised: int) -> RequestView:
    """Confirm what was said before; another answer is refused, and the first stands."""
    if (request.state, request.answered) == (given.reply.value, promised):
        return request_view(request)
    if request.state == "lapsed":
        raise _lapsed(tx, request)
    raise rules.AnsweredOtherwiseError(state=request.state, answered=request.answered)


def _object(tx: Transaction, request: ConfirmationRequest, given: Answer, promised: int, reason: str | None) -> None:
    """Put a farm's own answer in the place of what was said for it; the same is its own from now on."""
    cycle_id, before = CycleId(request.cycle_id), request.answered
    if (request.state, before) == (given.reply.value, promised):
        request.on_behalf = False
        tx.add(request)
        return
    if not rules.may_object(
        newest=is_newest(tx, request_view(request)),
        plannable=cycles.cycle(tx, cycle_id).stage in PLANNABLE,
        promised=promised,
        taken=_taken(tx, cycle_id, LotId(request.lot_id)),
    ):
        raise rules.AnsweredOtherwiseError(state=request.state, answered=before)
    supply_commands.forget_answer(tx, FarmId(request.farm_id), kept=before == request.quantity)
    _settle(tx, [(request, given.reply.value, promised, reason, False)])


def _taken(tx: Transaction, cycle_id: CycleId, lot_id: LotId) -> int:
    """What the plan that holds takes of a lot; nothing of one that failed since."""
    published = plans.published_plan(tx, cycle_id)
    if published is None or supply.lot(tx, lot_id).state is not LotState.OFFERED:
        return 0
    return sum(lot.quantity for lot in plans.allocated_lots(tx, published) if lot.lot_id == lot_id)


def _farmers(tx: Transaction, farm_id: FarmId) -> list[PersonId]:
    return people.member_ids(tx, network.farm(tx, farm_id).organisation_id, Role.FARMER)


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


def _settle(tx: Transaction, settled: Sequence[Settled], *, on_behalf: bool = False) -> None:
    """Write final answers, pin what they promise, and see whether they were the last."""
    if not settled:
        return
    cycle_id = CycleId(settled[0][0].cycle_id)
    offered = supply.lots_by_id(tx, [LotId(request.lot_id) for request, *_ in settled])
    pins: list[PinChange] = []
    for request, state, promised, reason, standing in settled:
        request.state, request.answered, request.reason = state, promised, reason
        request.standing, request.answered_at, request.on_behalf = standing, tx.now, on_behalf
        tx.session.add(request)
        if on_behalf:
            tx.announce(AnsweredOnBehalf(RequestId(request.id), FarmId(request.farm_id)))
        lot_id = LotId(request.lot_id)
        pins.append(PinChange(lot_id, *rules.limits(promised, request.quantity, offered[lot_id].quantity)))
        tx.announce(ConfirmationAnswered(RequestId(request.id), FarmId(request.farm_id), state))
    tx.session.flush()
    planning.set_pins(tx, cycle_id, pins)
    supply_commands.remember_answers(
        tx, [(FarmId(r.farm_id), promised >= r.quantity) for r, _, promised, _, _ in settled]
    )
    published = plans.published_plan(tx, cycle_id)
    assert published is not None, "questions exist only for a published plan"
    complete_if_answered(tx, cycle_id, PlanId(published))
