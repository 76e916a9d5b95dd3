"""A payment until it is settled: started, lowered, released, settled. A hold ends here, and once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from farmlink.kernel.bounds import MOST, within
from farmlink.ledger.rules import ForeignCurrencyError, OverdrawnError
from farmlink.ledger.values import AccountKind, EntryKind
from farmlink.payments.rules import postings
from farmlink.payments.rules.arrows import OPEN
from farmlink.payments.rules.refusals import (
    AlreadyPaidError,
    ForeignPayerError,
    MethodCurrencyError,
    PaymentSettledError,
    SettledOtherwiseError,
)
from farmlink.payments.values import (
    Charge,
    Method,
    NewPayment,
    NewStep,
    Payment,
    PaymentId,
    State,
    StepKind,
    Turn,
)

CURRENCIES: Final[Mapping[Method, str]] = MappingProxyType({Method.WECHAT: "CNY", Method.ALIPAY: "CNY"})
"""What some providers take nothing else than."""


def takes(method: Method, currency: str) -> bool:
    """Tell whether one can pay in a currency by a method."""
    return CURRENCIES.get(method, currency) == currency


def begin(new: NewPayment, now: datetime, credit_minor: int = 0) -> Turn:
    """Start a payment: account credit is held at once, a provider is asked, and at pick-up it is promised.

    Of credit as much is held as is there, the rest is due at pick-up; who has none chooses another way.
    """
    within("amount_minor", new.amount_minor, 1, MOST)
    if not takes(new.method, new.currency):
        raise MethodCurrencyError(method=new.method.value, taken=CURRENCIES[new.method], asked=new.currency)
    payment = Payment(
        id=PaymentId(new.key),
        about=new.about,
        payer_id=new.payer_id,
        method=new.method,
        currency=new.currency,
        state=State.PROMISED,
        asked_minor=new.amount_minor,
        most_minor=new.amount_minor,
        started_at=now,
    )
    if payment.can.online:
        asked = replace(payment, state=State.AUTHORISING)
        return Turn(asked, steps=(NewStep(StepKind.OPEN, new.amount_minor),))
    if not payment.can.hold:
        return Turn(payment)
    if credit_minor <= 0:
        account = AccountKind.CREDIT.value
        raise OverdrawnError(account=account, left_minor=0, asked_minor=new.amount_minor, currency=new.currency)
    holding = replace(payment, state=State.HELD, held_minor=min(credit_minor, new.amount_minor))
    return Turn(holding, postings.held(payment, holding.held_minor))


def follows(payment: Payment) -> bool:
    """Tell whether what is held grows with its order: of credit, for which nobody has to be asked."""
    return payment.state is State.HELD and not payment.can.online


def outgrown(payment: Payment, total_minor: int, credit_minor: int) -> bool:
    """Tell whether a larger hold is to take a hold's place, `credit_minor` being free beside it."""
    return total_minor > payment.most_minor or (credit_minor > 0 and total_minor > payment.held_minor)


def make_room(payment: Payment) -> Turn:
    """End a payment so that another can take its place: a hold goes back whole, and no hold ever rises."""
    return _ended(payment, State.FAILED)


def replace_open(payment: Payment, method: Method) -> Turn:
    """Give up what holds nothing yet for somebody who chose otherwise, and credit for somebody who chose no credit."""
    kept = payment.state is State.HELD and (payment.can.online or payment.method is method)
    if payment.state not in OPEN or kept:
        raise AlreadyPaidError(method=payment.method.value)
    return make_room(payment)


def lower(payment: Payment, total_minor: int) -> Turn:
    """The price fell: what is held above it goes back at once; it never asks for more than it did.

    What costs nothing needs no payment; should it cost something again, or bear a deposit, another takes its place.
    """
    within("total_minor", total_minor, 0, MOST)
    if payment.state not in OPEN or total_minor >= payment.most_minor:
        return Turn(payment)
    if total_minor == 0:
        return make_room(payment)
    back = max(0, payment.held_minor - total_minor)
    lowered = replace(payment, most_minor=total_minor, held_minor=payment.held_minor - back)
    entries = postings.let_go(payment, f"lower:{total_minor}", back)
    return Turn(lowered, entries, _given_back(payment, back))


def release(payment: Payment) -> Turn:
    """Nothing is to be paid: a hold ends released, and whatever its provider has of it goes back."""
    if payment.state in (State.RELEASED, State.FAILED):
        return Turn(payment)
    if payment.state not in OPEN:
        raise PaymentSettledError(charged_minor=payment.charged_minor, currency=payment.currency)
    return _ended(payment, State.RELEASED)


def _ended(payment: Payment, state: State) -> Turn:
    back = payment.held_minor
    ended = replace(payment, state=state, most_minor=0, held_minor=0, pay_with=None)
    steps = (NewStep(StepKind.CANCEL, back or payment.asked_minor),) if payment.can.online else ()
    return Turn(ended, postings.let_go(payment, "release", back), steps)


def settle(payment: Payment, charge: Charge) -> Turn:
    """Charge an order: out of the hold what it holds at most, the rest of the hold goes back, the rest is due."""
    within("amount_minor", charge.amount_minor, 0, MOST)
    if charge.payer_id != payment.payer_id:
        raise ForeignPayerError(about=payment.about)
    if charge.currency != payment.currency:
        raise ForeignCurrencyError(what="payment", expected=payment.currency, given=charge.currency)
    if payment.state not in OPEN:
        return _settled_again(payment, charge)
    if charge.amount_minor == 0:
        turn = release(payment)
        return replace(turn, payment=replace(turn.payment, charged_minor=0))
    taken = min(payment.held_minor, charge.amount_minor)
    back, due = payment.held_minor - taken, charge.amount_minor - taken
    settled = replace(
        payment,
        state=State.DUE if due else State.CAPTURED,
        held_minor=0,
        charged_minor=charge.amount_minor,
        captured_minor=taken,
        due_minor=due,
        pay_with=None,
    )
    hold, owed = postings.hold_account(payment), postings.owed_account(payment)
    entries = postings.moved(payment, "capture", EntryKind.CAPTURE, taken, to=hold, out_of=owed)
    return Turn(settled, entries + postings.let_go(payment, "release", back), _charging(payment, taken, back))


def _settled_again(payment: Payment, charge: Charge) -> Turn:
    if charge.amount_minor != (payment.charged_minor or 0):
        raise SettledOtherwiseError(
            charged_minor=payment.charged_minor or 0, amount_minor=charge.amount_minor, currency=payment.currency
        )
    return Turn(payment)


def _charging(payment: Payment, taken: int, back: int) -> tuple[NewStep, ...]:
    """What a provider is to do with a hold that ends charged; a payer who has not authorised yet is stopped."""
    if not payment.can.online:
        return ()
    if payment.state is State.AUTHORISING:
        return (NewStep(StepKind.CANCEL, payment.asked_minor),)
    capture = (NewStep(StepKind.CAPTURE, taken),) if payment.can.hold else ()
    return capture + _given_back(payment, back)


def _given_back(payment: Payment, back: int) -> tuple[NewStep, ...]:
    """What a provider is to give back now; one that only holds lets go of it with the capture."""
    if not back or not payment.can.online or payment.can.partial_capture:
        return ()
    return (NewStep(StepKind.REFUND, back),)
