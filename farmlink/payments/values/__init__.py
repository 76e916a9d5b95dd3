"""What goes into and comes out of payments; orders and persons are opaque ids here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.kernel.events import Event
from farmlink.ledger.values import Entry
from farmlink.payments.values.books import (
    Booked,
    BooksDiffer,
    Compared,
    Difference,
    Moved,
    Reconciled,
    Skipped,
    Span,
    Why,
)
from farmlink.payments.values.methods import CAN, Capabilities, Method, Offer

__all__ = [
    "CAN",
    "Back",
    "Booked",
    "BooksDiffer",
    "Capabilities",
    "Charge",
    "Compared",
    "Difference",
    "Method",
    "Moved",
    "NewPayment",
    "NewStep",
    "Offer",
    "Opened",
    "Payment",
    "PaymentFellThrough",
    "PaymentId",
    "Reconciled",
    "RefundCredited",
    "RefundStuck",
    "Seen",
    "Skipped",
    "Span",
    "Standing",
    "State",
    "Step",
    "StepId",
    "StepKind",
    "StepState",
    "Turn",
    "Why",
]

PaymentId = NewType("PaymentId", UUID)
StepId = NewType("StepId", UUID)


class State(StrEnum):
    """How a payment stands: a hold ends once, charged or released; what is not held is due at pick-up."""

    PROMISED = "promised"
    AUTHORISING = "authorising"
    HELD = "held"
    CAPTURED = "captured"
    DUE = "due"
    COLLECTED = "collected"
    RELEASED = "released"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """A payment to be started; `key` makes it happen once, `about` is the order."""

    key: UUID
    about: UUID
    payer_id: UUID
    method: Method
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment as it stands.

    `asked_minor` was asked for at checkout, and at most `most_minor` of it may still be taken; `charged_minor` is what
    settlement asked for, of which `captured_minor` came out of the hold and `due_minor` is still to be collected at
    the pick-up point. `refunded_minor` of what was captured went back the way it came, `credited_minor` of what was
    collected to the payer's credit. `pay_with` is what the payer's own device pays the provider with.
    """

    id: PaymentId
    about: UUID
    payer_id: UUID
    method: Method
    currency: str
    state: State
    asked_minor: int
    most_minor: int
    started_at: datetime
    held_minor: int = 0
    charged_minor: int | None = None
    captured_minor: int = 0
    due_minor: int = 0
    collected_minor: int = 0
    refunded_minor: int = 0
    credited_minor: int = 0
    point_id: UUID | None = None
    reference: str | None = None
    pay_with: str | None = None

    @property
    def can(self) -> Capabilities:
        """What its method can do."""
        return CAN[self.method]


@dataclass(frozen=True, slots=True)
class Charge:
    """What settlement asks for an order: all of it, once."""

    about: UUID
    payer_id: UUID
    amount_minor: int
    currency: str


class StepKind(StrEnum):
    """What is asked of a provider: open an intent, look at it, capture the hold, call it off, give money back."""

    OPEN = "open"
    LOOK = "look"
    CAPTURE = "capture"
    CANCEL = "cancel"
    REFUND = "refund"


class StepState(StrEnum):
    """A step waits until the provider did it, or refused it for good; a refund may come back long after it was done.

    A refund that is stuck waits for us: the provider wants to be told there where the money is to go.
    """

    WAITING = "waiting"
    DONE = "done"
    STUCK = "stuck"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NewStep:
    """Something that a provider is to do."""

    kind: StepKind
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step whose turn it is; its id is the key under which the provider does it once."""

    id: StepId
    kind: StepKind
    amount_minor: int
    attempts: int
    asked_at: datetime
    payment: Payment
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """An intent at a provider: its name there, and what the payer's device pays with."""

    reference: str
    pay_with: str


class Seen(StrEnum):
    """How an intent stands at its provider: the payer has not paid yet, has paid, or cannot any more."""

    WAITING = "waiting"
    PAID = "paid"
    GONE = "gone"


class Back(StrEnum):
    """Where money is that was given back: with its payer or on its way, stuck until we act there, or ours again."""

    AWAY = "away"
    STUCK = "stuck"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an intent stands, and how much the payer authorised or paid."""

    seen: Seen
    amount_minor: int = 0


@dataclass(frozen=True, slots=True)
class PaymentFellThrough(Event):
    """A provider's word cost a payment its money: it failed, or its hold was let go before the charge."""

    name: ClassVar[str] = "payment.fell-through.v1"
    payment_id: PaymentId
    about: UUID
    payer_id: UUID


@dataclass(frozen=True, slots=True)
class RefundCredited(Event):
    """A provider will not give back what it took, so the payer has it as account credit."""

    name: ClassVar[str] = "payment.refund-credited.v1"
    step_id: StepId
    payer_id: UUID


@dataclass(frozen=True, slots=True)
class RefundStuck(Event):
    """A provider could not bring a payer what was given back, and waits until we tell it there what to do."""

    name: ClassVar[str] = "payment.refund-stuck.v1"
    step_id: StepId
    payment_id: PaymentId


@dataclass(frozen=True, slots=True)
class Turn:
    """What a rule makes of a payment: how it stands then, what is posted, and what its provider is to do.

    `drops` says that whatever still waited for the provider is of no use any more.
    """

    payment: Payment
    entries: tuple[Entry, ...] = ()
    steps: tuple[NewStep, ...] = ()
    drops: bool = False
