"""Starting a payment: once for each thing that is paid for."""

from __future__ import annotations

from farmlink.payments import rules
from farmlink.payments.commands.write import write_turns
from farmlink.payments.queries import lock_about, payment_by_id
from farmlink.payments.values import NewPayment, Payment
from farmlink.store.idempotency import KeyReusedError
from farmlink.store.locks import exclude
from farmlink.store.transaction import Transaction


def start(tx: Transaction, new: NewPayment) -> Payment:
    """Hold account credit, promise to pay at pick-up, or ask a provider; the same key again changes nothing.

    Another method takes the place of one that holds nothing yet. More credit than there is is refused by the ledger.
    """
    exclude(tx, new.about)
    known = payment_by_id(tx, new.key)
    if known is not None:
        if not _same(known, new):
            raise KeyReusedError(key=new.key)
        return known
    earlier = lock_about(tx, [new.about]).values()
    # Before the new one, for one thing has one payment that has not failed.
    write_turns(tx, [(before, rules.replace_open(before)) for before in earlier])
    (payment,) = write_turns(tx, [(None, rules.begin(new, tx.now))])
    tx.record("payment.start", payment.id, about=payment.about, method=payment.method.value)
    return payment


def _same(known: Payment, new: NewPayment) -> bool:
    asked = (new.about, new.payer_id, new.method, new.amount_minor, new.currency)
    return (known.about, known.payer_id, known.method, known.asked_minor, known.currency) == asked
