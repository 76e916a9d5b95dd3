"""What goes into and comes out of payments; orders and persons are opaque ids here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Final, NewType
from uuid import UUID

from farmlink.kernel.events import Event
from farmlink.ledger.values import Entry

PaymentId = NewType("PaymentId", UUID)
StepId = NewType("StepId", UUID)


class Method(StrEnum):
    """How somebody pays."""

    PICK_UP = "pick-up"
    CREDIT = "credit"
    STRIPE = "stripe"
    WECHAT = "wechat"
    ALIPAY = "alipay"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a method can do.

    What can `hold` takes nothing before the charge; else a provider takes all at checkout and gives the rest back.
    What cannot give money back the way it came gives it as account credit. `online` is at a provider. After `hold_days`
    a provider lets go of what it holds; none is a hold without end, or no hold at all.
    """

    hold: bool
    partial_capture: bool
    partial_refund: bool
    online: bool
    hold_days: int | None = None


CAN: Final[Mapping[Method, Capabilities]] = MappingProxyType(
    {
        Method.PICK_UP: Capabilities(hold=False, partial_capture=False, partial_refund=False, online=False),
        Method.CREDIT: Capabilities(hold=True, partial_capture=True, partial_refund=True, online=False),
        Method.STRIPE: Capabilities(hold=True, partial_capture=True, partial_refund=True, online=True, hold_days=7),
        Method.WECHAT: Capabilities(hold=False, partial_capture=False, partial_refund=True, online=True),
        Method.ALIPAY: Capabilities(hold=False, partial_capture=False, partial_refund=True, online=True),
    }
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A method that this installation offers, and what it can do."""

    method: Method
    can: Capabilities


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
    """A step waits until the provider did it, or refused it for good; a refund may come back long after it was done."""

    WAITING = "waiting"
    DONE = "done"
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


@dataclass(frozen=True, slots=True)
class Standing:
    """How an intent stands, and how much the payer authorised or paid."""

    seen: Seen
    amount_minor: int = 0


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


@dataclass(frozen=True, slots=True)
class BooksDiffer(Event):
    """A provider's books and ours disagree about a payment; the same disagreement has the same `difference_id`."""

    name: ClassVar[str] = "payment.books-differ.v1"
    difference_id: UUID
    payment_id: UUID


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
class Turn:
    """What a rule makes of a payment: how it stands then, what is posted, and what its provider is to do.

    `drops` says that whatever still waited for the provider is of no use any more.
    """

    payment: Payment
    entries: tuple[Entry, ...] = ()
    steps: tuple[NewStep, ...] = ()
    drops: bool = False
