"""What goes in and out of confirmations, and what it announces."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.cycles.values import CycleId
from farmlink.kernel.events import Event
from farmlink.network.values import FarmId
from farmlink.planning.values import PlanId
from farmlink.supply.values import LotId

RequestId = NewType("RequestId", UUID)


class Reply(StrEnum):
    """What a farmer may answer."""

    ACCEPTED = "accepted"
    REDUCED = "reduced"
    DECLINED = "declined"


class RequestState(StrEnum):
    """How a question stands; all but open are final."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REDUCED = "reduced"
    DECLINED = "declined"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"


class DeclineReason(StrEnum):
    """Why a farm cannot send all: the closed list behind the icons."""

    WEATHER = "weather"
    PEST = "pest"
    UNRIPE = "unripe"
    SOLD = "sold"
    LABOUR = "labour"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Answer:
    """A farmer's answer; `quantity` only with a reduced one, in base units; `reason` with a reduced or declined one."""

    reply: Reply
    quantity: int | None = None
    reason: DeclineReason | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What the rules want asked of one lot; nothing to ask where `quantity` equals `floor`."""

    lot_id: LotId
    quantity: int
    floor: int


@dataclass(frozen=True, slots=True)
class RequestView:
    """A question as its farm and the planner see it.

    An answer that somebody else gave for the farm is `on_behalf`: until `due_at` the farm's own takes its
    place, as far as the plan still asks.
    """

    id: RequestId
    cycle_id: CycleId
    farm_id: FarmId
    lot_id: LotId
    plan_id: PlanId
    day: date
    quantity: int
    floor: int
    state: str
    answered: int | None
    reason: str | None
    standing: bool
    on_behalf: bool
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing a plan led to."""

    cycle_id: CycleId
    plan_id: PlanId
    asked: int
    kept: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class WouldAsk:
    """What publishing a plan now would tell farms: new questions, those that stand, and those no longer asked."""

    asked: list[Question]
    kept: list[Question]
    withdrawn: list[RequestView]


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """How a cycle's questions stand."""

    open: int = 0
    accepted: int = 0
    reduced: int = 0
    declined: int = 0
    lapsed: int = 0
    superseded: int = 0


@dataclass(frozen=True, slots=True)
class PlanPublished(Event):
    """A version of a plan holds from now on; `before` is the one that held until then."""

    name: ClassVar[str] = "plan.published.v1"

    cycle_id: CycleId
    plan_id: PlanId
    before: PlanId | None = None


@dataclass(frozen=True, slots=True)
class ConfirmationAsked(Event):
    """A farm is asked for a quantity; the message carries a signed link."""

    name: ClassVar[str] = "confirmation.asked.v1"

    request_id: RequestId
    farm_id: FarmId
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ConfirmationWithdrawn(Event):
    """A question is no longer asked: the plan does not need that quantity any more."""

    name: ClassVar[str] = "confirmation.withdrawn.v1"

    request_id: RequestId
    farm_id: FarmId


@dataclass(frozen=True, slots=True)
class ConfirmationAnswered(Event):
    """A farm's final answer, or its silence."""

    name: ClassVar[str] = "confirmation.answered.v1"

    request_id: RequestId
    farm_id: FarmId
    state: str


@dataclass(frozen=True, slots=True)
class AnsweredOnBehalf(Event):
    """A planner answered for a farm, by its word on the phone; the farm is told, and may object."""

    name: ClassVar[str] = "confirmation.answered-on-behalf.v1"

    request_id: RequestId
    farm_id: FarmId


@dataclass(frozen=True, slots=True)
class AnswersComplete(Event):
    """No question of a cycle is open; `cut` says whether anything asked for was not promised."""

    name: ClassVar[str] = "confirmation.complete.v1"

    cycle_id: CycleId
    plan_id: PlanId
    cut: bool
