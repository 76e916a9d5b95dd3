"""Starting a payment, once for each thing that is paid for, and keeping up with what that comes to."""

from __future__ import annotations

from uuid import UUID

from farmlink.kernel.ids import uuid7
from farmlink.ledger import commands as ledger
from farmlink.payments import rules
from farmlink.payments.commands.write import write_turns
from farmlink.payments.queries import lock_about, payment_by_id
from farmlink.payments.rules.postings import credit_account
from farmlink.payments.values import Method, NewPayment, Payment
from farmlink.store.idempotency import KeyReusedError
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def start(tx: Transaction, new: NewPayment) -> Payment:
    """Hold account credit, promise to pay at pick-up, or ask a provider; the same key again changes nothing.

    Another method takes the place of one that holds nothing yet, or credit. Of credit as much is held as is there.
    """
    exclude(tx, new.about)
    known = payment_by_id(tx, new.key)
    if known is not None:
        if not _same(known, new):
            raise KeyReusedError(key=new.key)
        return known
    earlier = lock_about(tx, [new.about]).values()
    # Before the new one, for one thing has one payment that has not failed.
    write_turns(tx, [(before, rules.replace_open(before, new.method)) for before in earlier])
    return _begin(tx, new)


def follow(tx: Transaction, about: UUID, total_minor: int) -> None:
    """An order was changed: what is held for it never stays above it, and of credit as much is held as is there.

    What a provider holds or took does not rise, for its payer would have to be asked: the rest is due at pick-up.
    What comes to nothing is paid by nothing, until it is checked out anew.
    """
    for before in lock_about(tx, [about]).values():
        if rules.follows(before) and rules.outgrown(before, total_minor, _credit_minor(tx, before)):
            write_turns(tx, [(before, rules.make_room(before))])
            _begin(tx, _larger(before, total_minor))
        else:
            write_turns(tx, [(before, rules.lower(before, total_minor))])


def _begin(tx: Transaction, new: NewPayment) -> Payment:
    credit_minor = _credit_minor(tx, new) if new.method is Method.CREDIT else 0
    (payment,) = write_turns(tx, [(None, rules.begin(new, tx.now, credit_minor))])
    tx.record("payment.start", payment.id, about=payment.about, method=payment.method.value)
    return payment


def _larger(before: Payment, total_minor: int) -> NewPayment:
    return NewPayment(
        key=uuid7(),
        about=before.about,
        payer_id=before.payer_id,
        method=before.method,
        amount_minor=total_minor,
        currency=before.currency,
    )


def _credit_minor(tx: Transaction, whose: NewPayment | Payment) -> int:
    """What credit a payer has left; nobody else takes of it until the transaction ends."""
    return -ledger.hold_still(tx, credit_account(whose.payer_id, whose.currency))


def _same(known: Payment, new: NewPayment) -> bool:
    asked = (new.about, new.payer_id, new.method, new.amount_minor, new.currency)
    return (known.about, known.payer_id, known.method, known.asked_minor, known.currency) == asked
