"""A payment that fell through, and a refund that became credit: the text, and who gets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Stage
from farmlink.kernel.locale import marked
from farmlink.kernel.money import Money
from farmlink.notify import rules
from farmlink.notify.commands.reactions import tell_many
from farmlink.notify.values import Kind
from farmlink.orders import queries as orders
from farmlink.orders.values import OrderId, OrderState
from farmlink.payments import queries as payments
from farmlink.payments.values import Payment, PaymentId, State, StepId
from farmlink.people.values import PersonId
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction

SUBJECT: Final = marked("The payment of your order for {day} did not come through")
NOTHING_TAKEN: Final = marked("Nothing was taken. Your order stands.")
AGAIN: Final = marked("Until {closes_at} you can choose again how you pay; otherwise you pay when you get it.")
AT_PICK_UP: Final = marked("You pay when you get it.")
LET_GO: Final = marked(
    "What was held for it was let go before it could be charged. {amount} are to pay when you get it."
)
CREDIT: Final = (
    marked("{amount} of your order for {day} are account credit now"),
    marked("{amount} could not go back the way you paid: whoever took your payment will not give it back."),
    marked("It stands as credit on your account, and you can pay with it when you order again."),
)


def say_payments_fell_through(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell a payer that their money did not come, so that nobody learns it at the pick-up point."""
    told = [(one.event_id, PersonId(one.event.payer_id), one.event.payment_id) for one in announced]
    tell_many(tx, Kind.PAYMENT, told)


def write_payment(tx: Transaction, payment_id: PaymentId, language: str) -> tuple[str, str] | None:
    """Write what fell through and what comes of it; nothing once it is paid otherwise, or nothing is to be paid."""
    payment = payments.payment_by_id(tx, payment_id)
    assert payment is not None, "it was announced when it was written"
    order = orders.order(tx, OrderId(payment.about))
    if order.state is OrderState.CANCELLED or not _matters(tx, payment):
        return None
    cycle = cycles.cycle(tx, order.cycle_id)
    open_still = cycle.stage is Stage.OPEN and tx.now < cycle.closes_at
    text = (SUBJECT, LET_GO) if payment.due_minor else (SUBJECT, NOTHING_TAKEN, AGAIN if open_still else AT_PICK_UP)
    facts = {
        "day": cycle.hand_out_on,
        "closes_at": cycle.closes_at,
        "amount": Money(payment.due_minor, payment.currency),
    }
    return rules.write(text, language, facts, cycle.time_zone)


def say_refunds_credited(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell a payer who waits for money to come back that it stands on their account instead."""
    told = [(one.event_id, PersonId(one.event.payer_id), one.event.step_id) for one in announced]
    tell_many(tx, Kind.REFUND_CREDITED, told)


def write_refund_credited(tx: Transaction, step_id: StepId, language: str) -> tuple[str, str]:
    """Write how much became credit, and of which order."""
    step = payments.refund_of(tx, step_id)
    cycle = cycles.cycle(tx, orders.order(tx, OrderId(step.payment.about)).cycle_id)
    facts = {"day": cycle.hand_out_on, "amount": Money(step.amount_minor, step.payment.currency)}
    return rules.write(CREDIT, language, facts, cycle.time_zone)


def _matters(tx: Transaction, payment: Payment) -> bool:
    if payment.state is State.FAILED:
        return payment.about not in payments.payments(tx, [payment.about])
    return payment.state is State.DUE
