"""A payment after it is settled: what is due is collected at the point, and what was taken can be given back."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from farmlink.kernel.bounds import MOST, within
from farmlink.ledger.values import Account, AccountKind, Entry, EntryKind, Posting
from farmlink.payments.rules import postings
from farmlink.payments.rules.refusals import NotDueError, RefundAboveCaptureError
from farmlink.payments.values import NewStep, Payment, State, StepKind, Turn


def collect(payment: Payment, point_id: UUID, amount_minor: int, last_minor: int | None = None) -> Turn:
    """Take at the point what is due there; told twice by the same point, it was taken once.

    `last_minor` is what was taken there last: less than `collected_minor` when a hold lapsed after the first time.
    """
    within("amount_minor", amount_minor, 1, MOST)
    if payment.state is State.COLLECTED and (payment.point_id, last_minor) == (point_id, amount_minor):
        return Turn(payment)
    if amount_minor != payment.due_minor:
        raise NotDueError(due_minor=payment.due_minor, amount_minor=amount_minor, currency=payment.currency)
    till = Account(AccountKind.CASH, point_id, payment.currency)
    owed = postings.owed_account(payment)
    total = payment.collected_minor + amount_minor
    collected = replace(payment, state=State.COLLECTED, due_minor=0, collected_minor=total, point_id=point_id)
    key = f"collect:{total}"
    return Turn(collected, postings.moved(payment, key, EntryKind.COLLECT, amount_minor, to=till, out_of=owed))


def refundable(payment: Payment) -> int:
    """What can still be given back: what is due is asked less, what was captured or collected is paid back."""
    paid_back = payment.refunded_minor + payment.credited_minor
    return payment.due_minor + payment.captured_minor + payment.collected_minor - paid_back


def refund(payment: Payment, key: UUID, amount_minor: int) -> Turn:
    """Give back: what is due is asked less first, then money goes back the way it came, and cash as credit."""
    within("amount_minor", amount_minor, 1, MOST)
    left = refundable(payment)
    if amount_minor > left:
        raise RefundAboveCaptureError(left_minor=left, amount_minor=amount_minor, currency=payment.currency)
    spared = min(payment.due_minor, amount_minor)
    returned = min(payment.captured_minor - payment.refunded_minor, amount_minor - spared)
    credited = amount_minor - spared - returned
    given_back = replace(
        payment,
        state=_after(payment, spared),
        due_minor=payment.due_minor - spared,
        refunded_minor=payment.refunded_minor + returned,
        credited_minor=payment.credited_minor + credited,
    )
    steps = (NewStep(StepKind.REFUND, returned),) if returned and payment.can.online else ()
    return Turn(given_back, _paid_back(payment, key, returned, credited), steps)


def _after(payment: Payment, spared: int) -> State:
    if payment.state is not State.DUE or spared < payment.due_minor:
        return payment.state
    if payment.captured_minor:
        return State.CAPTURED
    return State.COLLECTED if payment.collected_minor else State.RELEASED


def _paid_back(payment: Payment, key: UUID, returned: int, credited: int) -> tuple[Entry, ...]:
    if not returned + credited:
        return ()
    credit = postings.credit_account(payment.payer_id, payment.currency)
    shares = [(postings.source_account(payment), returned), (credit, credited)]
    given = [Posting(account, -minor) for account, minor in shares if minor]
    owed = Posting(postings.owed_account(payment), returned + credited)
    return (Entry(f"refund:{key}", EntryKind.REFUND, payment.about, (owed, *given)),)
