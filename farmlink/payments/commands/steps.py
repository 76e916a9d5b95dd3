"""What providers are asked for takes its turn and ends once; a worker that died is outwaited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from farmlink.payments import rules
from farmlink.payments.commands.write import add_steps, write_turns
from farmlink.payments.queries import STEP, lock_payment, payment_by_id, step_of
from farmlink.payments.rules.waiting import HOLD_WATCHED_EVERY
from farmlink.payments.values import (
    Method,
    Opened,
    Payment,
    PaymentFellThrough,
    PaymentId,
    RefundCredited,
    Seen,
    Standing,
    State,
    Step,
    StepId,
    StepKind,
    StepState,
    Turn,
)
from farmlink.store.pipeline import texts, uuids
from farmlink.store.transaction import Transaction

MOST: Final = 20
LEASE: Final = timedelta(minutes=5)
"""Longer than a turn takes when four at once do it, and providers let two requests of every step time out."""
LONGEST_ERROR: Final = 200
CALLED_OFF = """
SELECT EXISTS (
  SELECT FROM payment_step c WHERE c.payment_id = :id AND c.kind = 'cancel' AND c.state <> 'waiting' AND NOT EXISTS (
    SELECT FROM payment_step r WHERE r.payment_id = :id AND r.kind = 'refund' AND r.place > c.place
  )
)
"""
DUE: Final = f"""
{STEP} WHERE s.state = 'waiting' AND s.due_at <= clock_timestamp() AND p.method = ANY(CAST(:methods AS text[]))
AND CASE s.kind WHEN 'look' THEN p.reference IS NOT NULL ELSE NOT EXISTS (
  SELECT FROM payment_step e
  WHERE e.payment_id = s.payment_id AND e.state = 'waiting' AND e.kind <> 'look' AND e.place < s.place
) END ORDER BY s.due_at, s.id LIMIT :most FOR UPDATE OF s SKIP LOCKED
"""
TAKE = """
UPDATE payment_step SET attempts = attempts + 1, due_at = clock_timestamp() + :lease
WHERE id = ANY(CAST(:ids AS uuid[]))
"""
END = """
UPDATE payment_step SET state = :state, ended_at = transaction_timestamp(), last_error = :error
WHERE id = :id AND state = 'waiting' RETURNING id
"""
ASK_AFTER = """
UPDATE payment_step SET due_at = clock_timestamp()
WHERE payment_id = :id AND kind = 'refund' AND state IN ('done', 'stuck')
"""
PUT_OFF = """
UPDATE payment_step SET due_at = clock_timestamp() + :wait, last_error = :error
WHERE id = :id AND state = 'waiting' AND attempts = :attempts
"""


def take_steps(tx: Transaction, methods: Iterable[Method]) -> list[Step]:
    """Take steps that are due, in each payment's order, for as long as the lease lasts."""
    named = {"methods": texts(method.value for method in methods), "most": MOST}
    taken = [step_of(row) for row in tx.execute(DUE, named)]
    tx.execute(TAKE, {"ids": uuids(step.id for step in taken), "lease": LEASE})
    return taken


def opened(tx: Transaction, step: Step, found: Opened) -> None:
    """Keep what the provider calls an intent, and look from now on whether the payer has paid."""
    payment = lock_payment(tx, step.payment.id)
    if not _end(tx, step.id, StepState.DONE):
        return
    _write(tx, payment, rules.opened(payment, found))
    if payment.state is State.AUTHORISING:
        look_again(tx, payment.id)


def see(tx: Transaction, step: Step, standing: Standing) -> None:
    """Act on how an intent stands; as long as its payer has not paid, look again, and at last no more.

    What its provider holds is looked at now and then until the hold ends, for it may be let go there.
    """
    payment = lock_payment(tx, step.payment.id)
    waiting = payment.state is State.AUTHORISING and standing.seen is Seen.WAITING
    if waiting and not rules.gives_up(step.asked_at, tx.now):
        put_off(tx, step, None)
        return
    called_off = _called_off(tx, payment)
    turn = rules.give_up(payment) if waiting else rules.seen(payment, standing, called_off=called_off)
    if rules.watched(turn.payment):
        _put_off(tx, step, HOLD_WATCHED_EVERY, None)
        _write(tx, payment, turn)
    elif _end(tx, step.id, StepState.DONE):
        _write(tx, payment, turn)


def called_off(tx: Transaction, step: Step, standing: Standing) -> None:
    """Keep that an intent was called off; what its payer had paid by then is given back in a step of its own."""
    payment = lock_payment(tx, step.payment.id)
    if _end(tx, step.id, StepState.DONE):
        _write(tx, payment, rules.called_off(payment, step, standing))


def done(tx: Transaction, step: Step) -> None:
    """Keep that a provider did a step; its money was posted when it was asked for."""
    _end(tx, step.id, StepState.DONE)


def refuse(tx: Transaction, step: Step, error: str) -> None:
    """Keep that a provider will never do a step, and mend what was counted on.

    A refused look ends no watch: what is held stays held, and is looked at again.
    """
    payment = lock_payment(tx, step.payment.id)
    if step.kind is StepKind.LOOK and rules.watched(payment):
        _put_off(tx, step, HOLD_WATCHED_EVERY, error)
    elif _end(tx, step.id, StepState.REFUSED, error):
        mend(tx, payment, step)


def mend(tx: Transaction, payment: Payment, step: Step) -> None:
    """Undo what was counted on; money that does not reach its payer stands as their credit, and they are told."""
    turn = rules.refused(payment, step)
    _write(tx, payment, turn)
    if step.kind is StepKind.REFUND and turn.entries:
        tx.announce(RefundCredited(step.id, payment.payer_id))
    tx.record("payment.refused", payment.id, step=step.kind.value)


def put_off(tx: Transaction, step: Step, error: str | None) -> None:
    """Ask again later, under the same key; what somebody heard meanwhile goes before.

    A payer for whom no intent could be opened in time chooses anew; should it have been opened, it is called off.
    """
    if step.kind is StepKind.OPEN and rules.gives_up(step.asked_at, tx.now):
        payment = lock_payment(tx, step.payment.id)
        _write(tx, payment, rules.give_up(payment))
    _put_off(tx, step, rules.wait_after(step.attempts + 1, step.kind), error)


def hear(tx: Transaction, method: Method, payment_id: UUID) -> None:
    """A provider says that something happened to a payment: look at it now. Unknown ones are nobody's business.

    One that was called off is looked at too: somebody may have paid by a code that could not be closed. What went back
    is asked after, for it may have come back from the payer's bank.
    """
    known = payment_by_id(tx, payment_id)
    if known is None or known.method is not method:
        return
    if known.state is State.AUTHORISING or rules.watched(known) or _called_off(tx, known):
        look_again(tx, known.id)
    tx.execute(ASK_AFTER, {"id": known.id})


def look_again(tx: Transaction, payment_id: PaymentId) -> None:
    """Look how an intent stands as soon as somebody can."""
    lock_payment(tx, payment_id)
    add_steps(tx, [(payment_id, StepKind.LOOK, 0)])


def _put_off(tx: Transaction, step: Step, wait: timedelta, error: str | None) -> None:
    shown = None if error is None else error[:LONGEST_ERROR]
    tx.execute(PUT_OFF, {"id": step.id, "attempts": step.attempts + 1, "wait": wait, "error": shown})


def _called_off(tx: Transaction, payment: Payment) -> bool:
    """Tell whether a payment was called off and nothing went back since: what is paid for it now came too late."""
    return not payment.can.hold and bool(tx.execute(CALLED_OFF, {"id": payment.id}).scalar_one())


def _end(tx: Transaction, step_id: StepId, state: StepState, error: str | None = None) -> bool:
    """End a step; False if somebody else ended it."""
    shown = None if error is None else error[:LONGEST_ERROR]
    return tx.execute(END, {"id": step_id, "state": state.value, "error": shown}).first() is not None


def _write(tx: Transaction, payment: Payment, turn: Turn) -> None:
    write_turns(tx, [(payment, turn)])
    if turn.drops or (turn.payment.state is State.FAILED and payment.state is not State.FAILED):
        tx.announce(PaymentFellThrough(payment.id, payment.about, payment.payer_id))
