"""What happens to money after settlement, and before any: collected, given back, paid in."""

from __future__ import annotations

from uuid import UUID

from farmlink.kernel.bounds import MOST, within
from farmlink.ledger import commands as ledger
from farmlink.ledger.values import EntryId
from farmlink.payments import rules
from farmlink.payments.commands.write import write_turns
from farmlink.payments.queries import last_collected_minor, lock_one
from farmlink.payments.rules.postings import OUR_BANK, topped_up
from farmlink.payments.rules.refusals import RefundDiffersError
from farmlink.payments.tables import PaymentRefund
from farmlink.payments.values import Payment
from farmlink.store.transaction import Transaction


def collect(tx: Transaction, about: UUID, point_id: UUID, amount_minor: int) -> Payment:
    """Keep that the leader of a point was paid what is due there; told twice, it was paid once."""
    before = lock_one(tx, about)
    turn = rules.collect(before, point_id, amount_minor, last_collected_minor(tx, before))
    if turn.entries:
        tx.record("payment.collect", before.id, amount_minor=amount_minor, point_id=point_id)
    return write_turns(tx, [(before, turn)])[0]


def refund(tx: Transaction, key: UUID, about: UUID, amount_minor: int) -> Payment:
    """Give back at most what is left of a charge, once under each key.

    What is still due is asked less; what was captured goes back the way it came; cash comes back as account credit.
    """
    before = lock_one(tx, about)
    made = tx.find(PaymentRefund, key)
    if made is not None:
        if (made.payment_id, made.amount_minor) != (before.id, amount_minor):
            raise RefundDiffersError(refunded_minor=made.amount_minor, currency=before.currency)
        return before
    (after,) = write_turns(tx, [(before, rules.refund(before, key, amount_minor))])
    tx.add(PaymentRefund(id=key, payment_id=before.id, amount_minor=amount_minor, refunded_at=tx.now))
    tx.record("payment.refund", before.id, amount_minor=amount_minor)
    return after


def top_up(
    tx: Transaction, key: UUID, person_id: UUID, amount_minor: int, currency: str, bank_id: UUID = OUR_BANK
) -> EntryId:
    """Keep that somebody paid credit in, once under each key; `bank_id` is whose account it came to, such as a hub."""
    within("amount_minor", amount_minor, 1, MOST)
    tx.record("payment.top-up", person_id, amount_minor=amount_minor)
    return ledger.post(tx, topped_up(key, person_id, amount_minor, currency, bank_id))
