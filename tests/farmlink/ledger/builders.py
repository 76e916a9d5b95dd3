"""Accounts by name and entries in a line."""

from __future__ import annotations

from uuid import UUID, uuid5

from farmlink.ledger.values import Account, AccountKind, Entry, EntryId, EntryKind, Posting

NAMES = UUID("01981a3c-7b1e-7c4d-9f2a-000000000000")


def whose(name: str) -> UUID:
    """The id of a person, an order or a farm, by its name."""
    return uuid5(NAMES, name)


def account(kind: AccountKind, name: str = "Ada", currency: str = "EUR") -> Account:
    return Account(kind, whose(name), currency)


CREDIT = account(AccountKind.CREDIT)
HOLD = account(AccountKind.HOLD, "order 1")
BANK = account(AccountKind.BANK, "hub")
FARM = account(AccountKind.FARM, "Elm Farm")
RECEIVABLE = account(AccountKind.RECEIVABLE)


def moved(
    debit: Account,
    credit: Account,
    minor: int,
    key: str = "one",
    kind: EntryKind = EntryKind.TOP_UP,
    reverses: EntryId | None = None,
) -> Entry:
    """So much goes from one account to another."""
    postings = (Posting(debit, minor), Posting(credit, -minor))
    return Entry(key, kind, whose("order 1"), postings, reverses)
