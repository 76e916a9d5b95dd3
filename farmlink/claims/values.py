"""What goes in and out of claims, and what they announce; quantities are base units of the line's product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.cycles.values import CycleId
from farmlink.kernel.events import Event
from farmlink.kernel.pictures import Picture
from farmlink.network.values import PlaceId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.people.values import PersonId
from farmlink.store.pictures import PictureId

ClaimId = NewType("ClaimId", UUID)


class Kind(StrEnum):
    """What was not right."""

    MISSING = "missing"
    DAMAGED = "damaged"
    SPOILT = "spoilt"
    OTHER = "other"


class State(StrEnum):
    """A claim waits for the point's leader, then for the hub's planners, and ends in one of two ways."""

    OPEN = "open"
    PASSED_ON = "passed-on"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Step(StrEnum):
    """Where on its way something went wrong, as far as the counts say."""

    FARM = "farm"
    ROAD = "road"
    HUB = "hub"
    POINT = "point"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim:
    """What somebody claims about a line of an order, with photos of it."""

    order_id: OrderId
    line_id: OrderLineId
    kind: Kind
    quantity: int
    note: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim as those see it whom it concerns.

    Until `answer_by` the point's leader answers; `word` is what they passed it on with, nothing if they were silent.
    `accepted` is the part that was granted; `blame` is where it went wrong, written with the decision.
    """

    id: ClaimId
    order_id: OrderId
    line_id: OrderLineId
    cycle_id: CycleId
    place_id: PlaceId
    claimant_id: PersonId
    kind: Kind
    quantity: int
    note: str
    state: State
    made_at: datetime
    answer_by: datetime | None
    word: str
    passed_on_at: datetime | None
    accepted: int | None
    reason: str
    blame: Step | None
    decided_at: datetime | None
    pictures: tuple[PictureId, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a point counted of a pack when it came; what is missing did not come."""

    counted: int
    missing: int
    damaged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What was counted on the way of a line's goods to its point: the quantities of its batch, and the point's count.

    `received` is what the dock counted; `all_short` tells whether less came in of every lot than its farm had promised,
    nothing while the dock has not counted one of them. `sent` is what of the batch was due to the point; the arrival is
    of the line's own pack, and none until somebody counted it.
    """

    ordered: int
    allocated: int
    confirmed: int
    received: int
    sent: int
    handed_out: int
    all_short: bool | None = False
    arrival: Counted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimable:
    """A line that was handed out: what of it can still be claimed, how often it was, and until when it can be."""

    line_id: OrderLineId
    handed_out: int
    left: int
    times: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Granted:
    """How a claim is accepted: as it was `seen` by who decides, which part of it, and why not all of it."""

    claim_id: ClaimId
    seen: State
    quantity: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClaimMade(Event):
    """Somebody says that something was not right."""

    name: ClassVar[str] = "claims.made.v1"

    claim_id: ClaimId
    order_id: OrderId
    place_id: PlaceId


@dataclass(frozen=True, slots=True)
class ClaimDecided(Event):
    """A claim has ended: accepted, wholly or in part, or declined."""

    name: ClassVar[str] = "claims.decided.v1"

    claim_id: ClaimId
    order_id: OrderId
    claimant_id: PersonId
