"""Money that went back and may come back: asked after for weeks, and credited once when its payer's bank refused it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from farmlink.payments.commands.steps import LONGEST_ERROR, MOST, mend
from farmlink.payments.queries import STEP, lock_payment, step_of
from farmlink.payments.rules.waiting import REFUND_WATCHED_EVERY, REFUND_WATCHED_FOR
from farmlink.payments.values import Method, RefundStuck, Step
from farmlink.store.pipeline import texts, uuids
from farmlink.store.transaction import Transaction

GIVEN_BACK: Final = f"""
{STEP} WHERE s.kind = 'refund' AND (
  s.state = 'stuck' OR s.state = 'done' AND s.ended_at > clock_timestamp() - CAST(:watched_for AS interval)
) AND s.due_at <= clock_timestamp() AND p.method = ANY(CAST(:methods AS text[]))
ORDER BY s.due_at, s.id LIMIT :most FOR UPDATE OF s SKIP LOCKED
"""
ASKED = "UPDATE payment_step SET due_at = clock_timestamp() + :every WHERE id = ANY(CAST(:ids AS uuid[]))"
COME_BACK = """
UPDATE payment_step SET state = 'refused', last_error = :error
WHERE id = :id AND state IN ('done', 'stuck') RETURNING id
"""
STICK = """
UPDATE payment_step SET state = 'stuck', ended_at = transaction_timestamp(), last_error = :error,
  due_at = clock_timestamp() + :every
WHERE id = :id AND state IN ('waiting', 'done') RETURNING id
"""
GO_ON = """
UPDATE payment_step SET state = 'done', ended_at = transaction_timestamp(), last_error = NULL
WHERE id = :id AND state = 'stuck'
"""


def take_given_back(tx: Transaction, methods: Iterable[Method]) -> list[Step]:
    """Take refunds whose turn it is to be asked after; each has its next turn a day later."""
    named = {"methods": texts(method.value for method in methods), "most": MOST, "watched_for": REFUND_WATCHED_FOR}
    taken = [step_of(row) for row in tx.execute(GIVEN_BACK, named)]
    tx.execute(ASKED, {"ids": uuids(step.id for step in taken), "every": REFUND_WATCHED_EVERY})
    return taken


def stick(tx: Transaction, step: Step, error: str) -> None:
    """Keep that a refund sticks at its provider, and tell of it once: it is asked after until it was settled there.

    It is nobody's credit as long as it may still reach the payer.
    """
    payment = lock_payment(tx, step.payment.id)
    named = {"id": step.id, "error": error[:LONGEST_ERROR], "every": REFUND_WATCHED_EVERY}
    if tx.execute(STICK, named).first() is not None:
        tx.announce(RefundStuck(step.id, payment.id))
        tx.record("payment.stuck", payment.id, amount_minor=step.amount_minor)


def go_on(tx: Transaction, step: Step) -> None:
    """Keep that a refund that stuck is on its way to its payer again."""
    tx.execute(GO_ON, {"id": step.id})


def come_back(tx: Transaction, step: Step, error: str) -> None:
    """Keep that a refund did not reach its payer after all, who has it as credit instead; told twice, it came once."""
    payment = lock_payment(tx, step.payment.id)
    if tx.execute(COME_BACK, {"id": step.id, "error": error[:LONGEST_ERROR]}).first() is not None:
        mend(tx, payment, step)
