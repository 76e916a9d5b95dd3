"""Letters are written when their turn comes: they say what holds then, and hold tokens that are kept nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from farmlink.claims.values import ClaimId
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.dispatch import queries as dispatch
from farmlink.dispatch.values import ShortOrderId
from farmlink.kernel.errors import MissingError
from farmlink.network import queries as network
from farmlink.notify import queries, rules
from farmlink.notify.commands import (
    bank,
    books,
    cases,
    claims,
    dropped,
    jobs,
    overdue,
    payments,
    prices,
    questions,
    standing,
    thresholds,
)
from farmlink.notify.commands.choices import way_out
from farmlink.notify.commands.posting import end
from farmlink.notify.values import Kind, Letter, Reader, State, Waiting, Written
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId, OrderState, There, TurnId
from farmlink.payments.values import PaymentId, StepId
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.rules import INVITATION_LASTS, TOKEN_LASTS, TokenSpentError
from farmlink.people.rules.codes import CODE_LASTS
from farmlink.people.values import (
    ApplicationId,
    ApplicationStage,
    CodeId,
    OrganisationId,
    RegistrationId,
    ResetId,
)
from farmlink.planning import queries as planning
from farmlink.planning.values import PlanId, StandbyId
from farmlink.settlement.values import CreditNoteId
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from farmlink.supply.values import LotId

HOURS: Final = int(TOKEN_LASTS.total_seconds()) // 3600


def write_letter(tx: Transaction, message: Waiting, public_url: str) -> Letter | None:
    """Write a message for its reader; nothing, and it ends, when there is nobody to read it or nothing left to say."""
    try:
        if message.kind is Kind.REGISTRATION:
            return _registration(tx, RegistrationId(message.subject_id), public_url)
        token = ""
        person_id = message.person_id
        if person_id is None:
            person_id, token = people.make_reset_token(tx, ResetId(message.subject_id))
        contact = persons.contact(tx, person_id)
        if contact.email is None:
            end(tx, [message.id], State.NOBODY)
            return None
        reader = Reader(person_id, contact.email, contact.language, public_url)
        written = (
            _password(message.kind, reader, token) if token else WRITERS[message.kind](tx, message.subject_id, reader)
        )
    except (MissingError, TokenSpentError):
        written = None
    if written is None:
        end(tx, [message.id], State.OUTDATED)
        return None
    return _sealed(tx, message.kind, reader, written)


def _sealed(tx: Transaction, kind: Kind, reader: Reader, written: Written) -> Letter:
    """The letter as it goes out; one that may be done without names the way out at its foot."""
    letters = rules.LETTERS_OF.get(kind)
    if letters is None:
        return Letter(reader.to, reader.language, *written)
    subject, body = written
    ended_at = way_out(tx, letters, reader.person_id, reader.public_url)
    return Letter(reader.to, reader.language, subject, rules.foot(body, reader.language, ended_at), ended_at)


def _registration(tx: Transaction, registration_id: RegistrationId, public_url: str) -> Letter:
    email, language, token = people.make_registration_token(tx, registration_id)
    facts = {"link": f"{public_url}/registrations/{token}", "hours": HOURS}
    return Letter(email, language, *rules.write(rules.TEXTS[Kind.REGISTRATION], language, facts))


def _password(kind: Kind, reader: Reader, token: str) -> Written:
    """Write of a new password, or of the first one."""
    facts = {
        "link": f"{reader.public_url}/password-resets/{token}",
        "sign_in": f"{reader.public_url}/sign-in",
        "hours": HOURS,
        "days": INVITATION_LASTS.days,
    }
    return rules.write(rules.TEXTS[kind], reader.language, facts)


def _sign_in_code(tx: Transaction, code_id: UUID, reader: Reader) -> Written:
    facts = {"code": people.make_code(tx, CodeId(code_id)), "minutes": int(CODE_LASTS.total_seconds()) // 60}
    return rules.write(rules.TEXTS[Kind.SIGN_IN_CODE], reader.language, facts)


def _known_address(_tx: Transaction, _person_id: UUID, reader: Reader) -> Written:
    return rules.write(rules.TEXTS[Kind.KNOWN_ADDRESS], reader.language, {"link": f"{reader.public_url}/sign-in"})


def _application(tx: Transaction, application_id: UUID, reader: Reader) -> Written:
    decided = persons.application(tx, ApplicationId(application_id))
    text = rules.APPROVED if decided.stage is ApplicationStage.APPROVED else rules.DECLINED
    facts = {
        "organisation": decided.organisation_name,
        "why": decided.reason or "-",
        "link": f"{reader.public_url}/sign-in",
    }
    return rules.write(text, reader.language, facts)


def _order(tx: Transaction, order_id: UUID, reader: Reader) -> Written | None:
    if orders.order(tx, OrderId(order_id)).state is OrderState.CANCELLED:
        return None  # another message says so
    return _standing(tx, order_id, reader)


def _standing(tx: Transaction, order_id: UUID, reader: Reader) -> Written:
    """What there is to say of an order as it stands, cancelled or not."""
    lines = dispatch.hand_outs(tx, OrderId(order_id))
    there = There.of((one.line_id, one.due, one.handed_out) for one in lines)
    confirmation = orders.confirmation(tx, OrderId(order_id), reader.language, there)
    return confirmation.subject, f"{confirmation.body}\n"


def _lines_dropped(tx: Transaction, order_id: UUID, reader: Reader) -> Written | None:
    stands = _order(tx, order_id, reader)
    return None if stands is None else dropped.write_lines_dropped(tx, OrderId(order_id), reader.language, stands[1])


def _order_stands(tx: Transaction, order_id: UUID, reader: Reader) -> Written | None:
    stands = _order(tx, order_id, reader)
    return None if stands is None else thresholds.write_order_stands(tx, OrderId(order_id), reader.language, stands[1])


def _order_adjusted(tx: Transaction, order_id: UUID, reader: Reader) -> Written | None:
    stands = _order(tx, order_id, reader)
    return None if stands is None else cases.write_order_adjusted(tx, OrderId(order_id), reader.language, stands[1])


def _fell_short(tx: Transaction, turn_id: UUID, reader: Reader) -> Written:
    return standing.write_standing(tx, TurnId(turn_id), reader.language)


def _cut_off_moved(tx: Transaction, order_id: UUID, reader: Reader) -> Written | None:
    return thresholds.write_cut_off_moved(tx, OrderId(order_id), reader.language)


def _too_few(tx: Transaction, cycle_id: UUID, reader: Reader) -> Written | None:
    return thresholds.write_too_few(tx, CycleId(cycle_id), reader.language)


def _overdue(tx: Transaction, cycle_id: UUID, reader: Reader) -> Written | None:
    return overdue.write_overdue(tx, CycleId(cycle_id), reader.language)


def _final_price(tx: Transaction, order_id: UUID, reader: Reader) -> Written | None:
    return prices.write_final_price(tx, OrderId(order_id), reader.language)


def _credited(tx: Transaction, note_id: UUID, reader: Reader) -> Written | None:
    return prices.write_credited(tx, CreditNoteId(note_id), reader.language)


def _job_failing(tx: Transaction, job_id: UUID, reader: Reader) -> Written | None:
    return jobs.write_job_failing(tx, job_id, reader.language)


def _claim_made(tx: Transaction, claim_id: UUID, reader: Reader) -> Written | None:
    return claims.write_claim_made(tx, ClaimId(claim_id), reader)


def _claim_decided(tx: Transaction, claim_id: UUID, reader: Reader) -> Written:
    return claims.write_claim_decided(tx, ClaimId(claim_id), reader)


def _payment(tx: Transaction, payment_id: UUID, reader: Reader) -> Written | None:
    return payments.write_payment(tx, PaymentId(payment_id), reader.language)


def _refund_credited(tx: Transaction, step_id: UUID, reader: Reader) -> Written:
    return payments.write_refund_credited(tx, StepId(step_id), reader.language)


def _refund_stuck(tx: Transaction, payment_id: UUID, reader: Reader) -> Written | None:
    return books.write_refund_stuck(tx, PaymentId(payment_id), reader.language)


def _books_differ(tx: Transaction, payment_id: UUID, reader: Reader) -> Written:
    return books.write_books_differ(tx, PaymentId(payment_id), reader.language)


def _bank_details(tx: Transaction, organisation_id: UUID, reader: Reader) -> Written | None:
    return bank.write_bank_details(tx, OrganisationId(organisation_id), reader.language)


def _shortage(tx: Transaction, short_order_id: UUID, reader: Reader) -> Written | None:
    said = queries.shortage(tx, ShortOrderId(short_order_id), reader.language)
    if said is None:
        return None
    text, facts, zone = said
    return rules.write(text, reader.language, facts, zone)


def _standby(tx: Transaction, standby_id: UUID, reader: Reader) -> Written | None:
    waiting = planning.standby_lot(tx, StandbyId(standby_id))
    cycle = cycles.cycle(tx, planning.get_plan(tx, waiting.plan_id).cycle_id)
    holds = planning.published_plan(tx, cycle.id)
    if holds is None or (waiting.lot_id, waiting.quantity) not in {
        (one.lot_id, one.quantity) for one in planning.standby(tx, holds)
    }:
        return None  # the plan that holds says otherwise, and its own message says what
    facts = queries.goods_facts(tx, waiting.lot_id, waiting.quantity, reader.language) | {"day": cycle.collect_on}
    return rules.write(rules.TEXTS[Kind.STANDBY], reader.language, facts, cycle.time_zone)


def _harvest_failed(tx: Transaction, lot_id: UUID, reader: Reader) -> Written:
    lot = supply.lot(tx, LotId(lot_id))
    facts = queries.goods_facts(tx, lot.id, lot.quantity, reader.language)
    return rules.write(rules.TEXTS[Kind.HARVEST_FAILED], reader.language, facts)


def _plan_degraded(tx: Transaction, cycle_id: UUID, reader: Reader) -> Written:
    cycle = cycles.cycle(tx, CycleId(cycle_id))
    facts = {"day": cycle.collect_on, "hub": network.hub(tx, cycle.hub_id).name}
    return rules.write(rules.TEXTS[Kind.PLAN_DEGRADED], reader.language, facts, cycle.time_zone)


def _nothing_served(tx: Transaction, plan_id: UUID, reader: Reader) -> Written | None:
    plan = planning.get_plan(tx, PlanId(plan_id))
    if not plan.published:
        return None  # planned again meanwhile
    cycle = cycles.cycle(tx, plan.cycle_id)
    facts = {
        "day": cycle.hand_out_on,
        "hub": network.hub(tx, cycle.hub_id).name,
        "reasons": queries.reasons(tx, plan.id, reader.language),
    }
    return rules.write(rules.TEXTS[Kind.NOTHING_SERVED], reader.language, facts, cycle.time_zone)


WRITERS: Final[Mapping[Kind, Callable[[Transaction, UUID, Reader], Written | None]]] = {
    Kind.KNOWN_ADDRESS: _known_address,
    Kind.SIGN_IN_CODE: _sign_in_code,
    Kind.APPLICATION: _application,
    Kind.ORDER: _order,
    Kind.ORDER_CANCELLED: _standing,
    Kind.LINES_DROPPED: _lines_dropped,
    Kind.ORDER_STANDS: _order_stands,
    Kind.ORDER_ADJUSTED: _order_adjusted,
    Kind.STANDING: _fell_short,
    Kind.CUT_OFF_MOVED: _cut_off_moved,
    Kind.TOO_FEW: _too_few,
    Kind.OVERDUE: _overdue,
    Kind.FINAL_PRICE: _final_price,
    Kind.CREDITED: _credited,
    Kind.PAYMENT: _payment,
    Kind.BANK_DETAILS: _bank_details,
    Kind.REFUND_CREDITED: _refund_credited,
    Kind.BOOKS_DIFFER: _books_differ,
    Kind.REFUND_STUCK: _refund_stuck,
    Kind.JOBS_FAILING: _job_failing,
    Kind.CLAIM_MADE: _claim_made,
    Kind.CLAIM_DECIDED: _claim_decided,
    Kind.QUESTION: questions.write_question,
    Kind.ANSWER_SOON: questions.write_answer_soon,
    Kind.ANSWERED_FOR: questions.write_answered_for,
    Kind.QUESTION_WITHDRAWN: questions.write_question_withdrawn,
    Kind.SILENCE: questions.write_silence,
    Kind.STANDBY: _standby,
    Kind.HARVEST_FAILED: _harvest_failed,
    Kind.PLAN_DEGRADED: _plan_degraded,
    Kind.SHORTAGE: _shortage,
    Kind.NOTHING_SERVED: _nothing_served,
}
