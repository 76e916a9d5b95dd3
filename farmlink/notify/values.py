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


class State(StrEnum):
    """A message waits, and then ends in one of four ways."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NOBODY = "nobody"
    OUTDATED = "outdated"


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
class Letter:
    """A message as its reader gets it; it is never stored."""

    to: str
    language: str
    subject: str
    body: str
