"""How payments are posted: debit positive, credit negative."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

from farmlink.ledger.values import Account, AccountKind, Entry, EntryKind, Posting
from farmlink.payments.values import Method, Payment

OURS: Final = UUID("0199d3a0-51c2-7e4b-8a5d-6f2c9b7e1d30")
"""The name space of what belongs to the installation itself."""
OUR_BANK: Final = uuid5(OURS, "bank")


def provider_account(method: Method, currency: str) -> Account:
    """What a provider keeps for us."""
    return Account(AccountKind.PROVIDER, provider_owner(method), currency)


def provider_owner(method: Method) -> UUID:
    """Whose account it is in the ledger."""
    return uuid5(OURS, method.value)


def credit_account(payer_id: UUID, currency: str) -> Account:
    """What somebody paid in, or got back as credit."""
    return Account(AccountKind.CREDIT, payer_id, currency)


def hold_account(payment: Payment) -> Account:
    """What is held for one order."""
    return Account(AccountKind.HOLD, payment.about, payment.currency)


def owed_account(payment: Payment) -> Account:
    """What a payer owes."""
    return Account(AccountKind.RECEIVABLE, payment.payer_id, payment.currency)


def source_account(payment: Payment) -> Account:
    """Where the money of a payment comes from and goes back to; what was paid at the point goes back as credit."""
    if payment.can.online:
        return provider_account(payment.method, payment.currency)
    return credit_account(payment.payer_id, payment.currency)


def moved(
    payment: Payment, key: str, kind: EntryKind, amount_minor: int, *, to: Account, out_of: Account
) -> tuple[Entry, ...]:
    """An entry that debits one account and credits another; none for nothing."""
    if not amount_minor:
        return ()
    postings = (Posting(to, amount_minor), Posting(out_of, -amount_minor))
    return (Entry(f"{key}:{payment.id}", kind, payment.about, postings),)


def collect_key(payment_id: UUID, total_minor: int) -> str:
    """The key of the collection that made it so much in all."""
    return f"collect:{total_minor}:{payment_id}"


def held(payment: Payment, amount_minor: int) -> tuple[Entry, ...]:
    """What is held from now on."""
    source, hold = source_account(payment), hold_account(payment)
    return moved(payment, "hold", EntryKind.HOLD, amount_minor, to=source, out_of=hold)


def let_go(payment: Payment, key: str, amount_minor: int) -> tuple[Entry, ...]:
    """What goes back out of a hold, the way it came."""
    source, hold = source_account(payment), hold_account(payment)
    return moved(payment, key, EntryKind.RELEASE, amount_minor, to=hold, out_of=source)


def topped_up(key: UUID, person_id: UUID, amount_minor: int, currency: str, bank_id: UUID) -> Entry:
    """Credit that somebody paid in, at whose bank it is."""
    bank = Account(AccountKind.BANK, bank_id, currency)
    postings = (Posting(bank, amount_minor), Posting(credit_account(person_id, currency), -amount_minor))
    return Entry(f"top-up:{key}", EntryKind.TOP_UP, person_id, postings)
