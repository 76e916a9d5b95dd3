"""What a provider's word makes of a payment, in whatever order and how often it comes."""

from __future__ import annotations

from dataclasses import replace

from farmlink.ledger.values import Entry, EntryKind
from farmlink.payments.rules import postings
from farmlink.payments.values import NewStep, Opened, Payment, Seen, Standing, State, Step, StepKind, Turn


def seen(payment: Payment, standing: Standing, *, called_off: bool = False) -> Turn:
    """Hold what the payer authorised; what is above the price, because it fell meanwhile, goes back at once.

    A hold that is gone has lapsed.
    Who authorises when nothing is asked any more gets it back with the calling off; who could still do so after it
    was `called_off`, because the calling off found nothing, gets it back now.
    """
    if called_off and standing.seen is Seen.PAID:
        return Turn(payment, steps=(NewStep(StepKind.REFUND, standing.amount_minor),))
    if payment.state is State.HELD and payment.can.hold and standing.seen is Seen.GONE:
        return _lapsed(payment)
    if payment.state is not State.AUTHORISING or standing.seen is Seen.WAITING:
        return Turn(payment)
    if standing.seen is Seen.GONE:
        return Turn(replace(payment, state=State.FAILED, most_minor=0, pay_with=None))
    kept = min(payment.most_minor, standing.amount_minor)
    back = standing.amount_minor - kept
    entries = postings.held(payment, standing.amount_minor) + postings.let_go(payment, "lower", back)
    steps = (NewStep(StepKind.REFUND, back),) if back and not payment.can.partial_capture else ()
    return Turn(replace(payment, state=State.HELD, held_minor=kept, pay_with=None), entries, steps)


def _lapsed(payment: Payment) -> Turn:
    """A hold that its provider let go holds nothing; its payer pays otherwise, or at pick-up."""
    lapsed = replace(payment, state=State.FAILED, most_minor=0, held_minor=0)
    return Turn(lapsed, postings.let_go(payment, "lapse", payment.held_minor))


def watched(payment: Payment) -> bool:
    """Tell whether a provider may still let go of what it holds, so that it is asked now and then."""
    return payment.state is State.HELD and payment.can.hold and payment.can.online


def give_up(payment: Payment) -> Turn:
    """Wait no longer for a payer; their intent is called off, so that nothing is taken later."""
    if payment.state is not State.AUTHORISING:
        return Turn(payment)
    steps = (NewStep(StepKind.CANCEL, payment.asked_minor),)
    return Turn(replace(payment, state=State.FAILED, most_minor=0, pay_with=None), steps=steps)


def called_off(payment: Payment, step: Step, standing: Standing) -> Turn:
    """Give back what was paid before an intent was called off; a hold that was called off was never taken."""
    if standing.seen is not Seen.PAID or payment.can.hold:
        return Turn(payment)
    return Turn(payment, steps=(NewStep(StepKind.REFUND, step.amount_minor),))


def refused(payment: Payment, step: Step) -> Turn:
    """What it means that a provider will never do a step; only what it took and keeps becomes credit."""
    match step.kind:
        case StepKind.OPEN if payment.state is State.AUTHORISING:
            return Turn(replace(payment, state=State.FAILED, most_minor=0))
        case StepKind.LOOK:
            return give_up(payment)
        case StepKind.CAPTURE:
            return _let_go_before(payment)
        case StepKind.REFUND:
            return Turn(payment, _credited(payment, step))
        case _:
            return Turn(payment)


def _let_go_before(payment: Payment) -> Turn:
    """A hold that its provider let go before the charge was none: what was counted on becomes due at pick-up."""
    missing = payment.captured_minor - payment.refunded_minor
    due = payment.due_minor + missing
    state = State.COLLECTED if payment.collected_minor else State.RELEASED
    owed, source = postings.owed_account(payment), postings.source_account(payment)
    entries = postings.moved(payment, "let-go", EntryKind.RELEASE, missing, to=owed, out_of=source)
    unheld = replace(payment, state=State.DUE if due else state, due_minor=due, captured_minor=0, refunded_minor=0)
    return Turn(unheld, entries, drops=True)


def _credited(payment: Payment, step: Step) -> tuple[Entry, ...]:
    """What a provider will not give back, the payer gets as credit."""
    source, credit = postings.source_account(payment), postings.credit_account(payment.payer_id, payment.currency)
    key = f"credit:{step.id}"
    return postings.moved(payment, key, EntryKind.REFUND, step.amount_minor, to=source, out_of=credit)


def opened(payment: Payment, found: Opened) -> Turn:
    """Know an intent by the name that its provider gave it; what its payer pays with is of use while it is asked."""
    pay_with = found.pay_with if payment.state is State.AUTHORISING else None
    return Turn(replace(payment, reference=found.reference, pay_with=pay_with))
