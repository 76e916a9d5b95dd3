"""A provider's own books beside ours: what is read of them, what is judged, and what is left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from farmlink.kernel.events import Event
from farmlink.payments.values.methods import Method


@dataclass(frozen=True, slots=True)
class Booked:
    """What a provider's own books say of one intent: still held, and taken less what was given back."""

    held_minor: int
    taken_minor: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What a provider's own books say it took for an intent, or gave back when below zero.

    `reference` is the intent's name there, `payment_id` what it was told of ours, if anything.
    """

    reference: str
    payment_id: UUID | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days at providers, first and last; what was still moving after `quiet_at` is judged another time."""

    first: date
    last: date
    quiet_at: datetime

    @property
    def all(self) -> list[date]:
        """Every day of them."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a provider's books and ours disagree about one thing that is paid for: what is held, and what was taken."""

    method: Method
    about: UUID
    payments: tuple[UUID, ...]
    currency: str
    ours: Booked
    theirs: Booked

    @property
    def amount_minor(self) -> int:
        """By how much, each way; a hold may be larger at its provider, which lets go of the rest with the capture."""
        held, holding = self.ours.held_minor, self.theirs.held_minor
        return abs(self.ours.taken_minor - self.theirs.taken_minor) + (max(0, held - holding) if held else holding)


@dataclass(frozen=True, slots=True)
class Compared:
    """One provider's books beside ours in one currency: how many things were judged, and what was taken for them."""

    method: Method
    currency: str
    judged: int
    ours_minor: int
    theirs_minor: int
    differences: tuple[Difference, ...]


class Why(StrEnum):
    """Why a payment is not judged now; of several reasons the first.

    It began before what the provider's books show or after the days that are read; its payer has not paid yet; a refund
    is stuck there; the provider has still to do something; or it moved so lately that the books may not show it.
    """

    OLDER = "older"
    LATER = "later"
    UNPAID = "unpaid"
    STUCK = "stuck"
    WAITS = "waits"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A payment that is open, can be given back or began in these days, and why neither it nor its order is judged."""

    payment_id: UUID
    about: UUID
    why: Why


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What came of comparing one provider's books of some days with ours."""

    method: Method
    span: Span
    compared: tuple[Compared, ...]
    skipped: tuple[Skipped, ...]

    @property
    def judged(self) -> int:
        """How many things were judged."""
        return sum(one.judged for one in self.compared)

    @property
    def differences(self) -> list[Difference]:
        """All of them."""
        return [one for found in self.compared for one in found.differences]


@dataclass(frozen=True, slots=True)
class BooksDiffer(Event):
    """A provider's books and ours disagree about a payment; the same disagreement has the same `difference_id`."""

    name: ClassVar[str] = "payment.books-differ.v1"
    difference_id: UUID
    payment_id: UUID
