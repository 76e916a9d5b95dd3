"""Messages as they travel: what is waiting, and what is put into the post."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType
from uuid import UUID

from farmlink.people.values import PersonId

MessageId = NewType("MessageId", UUID)


class Kind(StrEnum):
    """What a message is about; its subject's id says about which one."""

    REGISTRATION = "registration"
    KNOWN_ADDRESS = "known-address"
    PASSWORD_RESET = "password-reset"  # noqa: S105  # the name of a kind of message
    APPLICATION = "application"
    ORDER = "order"
    ORDER_CANCELLED = "order-cancelled"
    LINES_DROPPED = "lines-dropped"
    ORDER_ADJUSTED = "order-adjusted"
    STANDING = "standing"
    ORDER_STANDS = "order-stands"
    CUT_OFF_MOVED = "cut-off-moved"
    TOO_FEW = "too-few"
    QUESTION = "question"
    QUESTION_WITHDRAWN = "question-withdrawn"
    SILENCE = "silence"
    STANDBY = "standby"
    HARVEST_FAILED = "harvest-failed"
    PLAN_DEGRADED = "plan-degraded"
    SHORTAGE = "shortage"
    NOTHING_SERVED = "nothing-served"
    INVITATION = "invitation"
    ANSWERED_FOR = "answered-for"
    FINAL_PRICE = "final-price"
    CREDITED = "credited"
    PAYMENT = "payment"
    BANK_DETAILS = "bank-details"
    REFUND_CREDITED = "refund-credited"
    BOOKS_DIFFER = "books-differ"
    CLAIM_MADE = "claim-made"
    CLAIM_DECIDED = "claim-decided"
    ANSWER_SOON = "answer-soon"
    SIGN_IN_CODE = "sign-in-code"
    JOBS_FAILING = "jobs-failing"
    OVERDUE = "overdue"
    REFUND_STUCK = "refund-stuck"


class Letters(StrEnum):
    """A group of letters that somebody may do without; whatever is in none of them always comes."""

    ORDERS = "orders"
    PRICES = "prices"
    STANDING_ORDERS = "standing-orders"
    MONEY_BACK = "money-back"
    FARM = "farm"
    REMINDERS = "reminders"
    CYCLES = "cycles"
    PLATFORM = "platform"


class State(StrEnum):
    """A message waits, and then ends in one of five ways."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NOBODY = "nobody"
    OUTDATED = "outdated"
    UNWANTED = "unwanted"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message whose turn it is; `attempts` counts this one, and tells its sender from later ones."""

    id: MessageId
    kind: Kind
    person_id: PersonId | None
    subject_id: UUID
    attempts: int


@dataclass(frozen=True, slots=True)
class Turn:
    """What a look found: messages to write, and how many were looked at."""

    messages: tuple[Waiting, ...]
    seen: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether somebody wants letters of one group."""

    letters: Letters
    wanted: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a letter is written for, and where its links lead."""

    person_id: PersonId
    to: str
    language: str
    public_url: str


Written = tuple[str, str]
"""Subject and body."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its reader gets it; it is never stored. One that may be done without says where it is ended."""

    to: str
    language: str
    subject: str
    body: str
    ended_at: str = ""
