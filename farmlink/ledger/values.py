"""What goes into and comes out of the ledger: debit is positive, credit is negative."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

EntryId = NewType("EntryId", UUID)


class AccountKind(StrEnum):
    """What an account holds; owners are opaque ids, such as a person's, an order's or a farm's."""

    CREDIT = "consumer-credit"
    HOLD = "hold"
    RECEIVABLE = "consumer-receivable"
    DEPOSIT = "crate-deposit"
    FARM = "farm-payable"
    COMMISSION = "leader-commission"
    HUB = "hub-fees"
    TAX = "taxes"
    CARRIAGE = "carriage"
    SPREAD = "spread"
    RELIEF = "fee-relief"
    PROVIDER = "provider-clearing"
    CASH = "point-cash"
    BANK = "bank"


class EntryKind(StrEnum):
    """What happened to the money."""

    TOP_UP = "top-up"
    HOLD = "hold"
    RELEASE = "release"
    CAPTURE = "capture"
    COLLECT = "collect"
    REFUND = "refund"
    CHARGE = "charge"
    CREDIT_NOTE = "credit-note"
    PAY_OUT = "pay-out"
    HAND_OVER = "hand-over"


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """Whose money of what kind, in one currency; it is there from its first posting on."""

    kind: AccountKind
    owner_id: UUID
    currency: str


@dataclass(frozen=True, slots=True, order=True)
class Posting:
    """So much is debited (above zero) or credited (below zero) to an account."""

    account: Account
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Postings that stand or fall together and sum to zero in every currency.

    `key` says what the entry is for: the same key has one effect. `about` is what it concerns, such as an order.
    `reverses` names the entry that this one takes back, wholly or in part.
    """

    key: str
    kind: EntryKind
    about: UUID
    postings: tuple[Posting, ...]
    reverses: EntryId | None = None

    def says(self) -> tuple[object, ...]:
        """Tell what the entry means, whatever the order of its postings."""
        return self.key, self.kind, self.about, self.reverses, sorted(self.postings)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry as it was posted."""

    id: EntryId
    key: str
    kind: EntryKind
    about: UUID
    postings: tuple[Posting, ...]
    reverses: EntryId | None
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Movement:
    """What one entry did to one account."""

    entry_id: EntryId
    kind: EntryKind
    about: UUID
    amount_minor: int
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on an account: above zero is owed to us or in our hands, below zero is owed to its owner."""

    kind: AccountKind
    owner_id: UUID
    currency: str
    balance_minor: int


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """What a consumer has with us in one currency: free credit, what orders hold of it, and what is still to pay."""

    currency: str
    credit_minor: int
    held_minor: int
    to_pay_minor: int


def accounts_of(entries: Iterable[Entry]) -> list[Account]:
    """The accounts that entries touch, in the one order in which everybody locks them."""
    return sorted({posting.account for entry in entries for posting in entry.postings})
