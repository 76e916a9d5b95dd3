"""What goes in and out of dispatch, and what it announces."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.events import Event
from farmlink.kernel.geo import Coordinates
from farmlink.kernel.pictures import Picture
from farmlink.network.values import Address, HomeId, HubId, PointId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.people.values import PersonId
from farmlink.planning.values import AllocationId
from farmlink.policy.values import ShortageRule
from farmlink.store.pictures import PictureId

ShortOrderId = NewType("ShortOrderId", UUID)


class ShortReason(StrEnum):
    """Why less was handed out than was ordered, beside the plan's own reasons for what it leaves unserved.

    `not-planned` is said where the plan itself gives no reason.
    """

    NOT_PLANNED = "not-planned"
    NOT_RECEIVED = "not-received"
    NOT_WHOLE = "not-whole"
    SWAPPED = "swapped"
    NOT_COLLECTED = "not-collected"
    SPOILED = "spoiled"


@dataclass(frozen=True, slots=True)
class Received:
    """What a hub counted of one allocation, in base units."""

    allocation_id: AllocationId
    received: int


@dataclass(frozen=True, slots=True)
class Handed:
    """What of one line was handed out, in base units; less than due needs a reason."""

    line_id: OrderLineId
    handed_out: int
    reason: ShortReason | None = None


@dataclass(frozen=True, slots=True)
class HandOutView:
    """One line at its pick-up point: why less is due than ordered, and why less was handed out than was due."""

    line_id: OrderLineId
    order_id: OrderId
    ordered: int
    due: int
    handed_out: int | None
    reason: str | None
    end_reason: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeDelivery:
    """An order that is brought home: to whom and where, for who brings it."""

    order_id: OrderId
    home_id: HomeId
    name: str
    phone: str | None
    address: Address | None
    coordinates: Coordinates


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One allocation at the hub where it comes in; `received` is None until somebody there counted."""

    allocation_id: AllocationId
    hub_id: HubId
    lot_id: UUID
    batch_id: UUID
    allocated: int
    received: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedClaim:
    """What a line claimed of a batch and what is due of it, in base units: all that the shortage rule looked at.

    `extra` is the part that was only welcome to fill a case, `balance_ppm` what the fairness ledger owed its consumer.
    `whose` is the lowest line of the same person in the batch: by it they draw, once for all their lines.
    """

    line_id: OrderLineId
    whose: OrderLineId
    ordered: int
    pack: int
    extra: int
    all_or_nothing: bool
    balance_ppm: int
    due: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedBatch:
    """How a batch was shared: first what was `planned` over what was ordered, then what `came` over those shares."""

    batch_id: UUID
    rule: ShortageRule
    seed: str
    planned: int
    came: int
    claims: tuple[SharedClaim, ...]


@dataclass(frozen=True, slots=True)
class ShortLineView:
    """What will come at most of a line that will be short, in base units, and why no more."""

    line_id: OrderLineId
    ordered: int
    foreseen: int
    reason: str


@dataclass(frozen=True, slots=True)
class ShortOrderView:
    """What will be short of an order, by all that its cycle's farms have promised; without lines it comes in full."""

    id: ShortOrderId
    cycle_id: CycleId
    order_id: OrderId
    lines: tuple[ShortLineView, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a leader counted of one listing's packs, in base units: all that came, and the part that is damaged."""

    listing_id: ListingId
    counted: int
    damaged: int = 0
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalView:
    """What was sent of one listing to a point and what came there, in base units; none counted until somebody did."""

    listing_id: ListingId
    sent: int
    counted: int | None = None
    damaged: int = 0
    missing: int = 0
    picture_id: PictureId | None = None
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """The quantities that stay apart all the way, valued at posted price, and what lies between them by reason."""

    ordered_minor: int
    due_minor: int
    handed_out_minor: int
    short_minor: dict[str, int]


@dataclass(frozen=True, slots=True)
class ShortageForeseen(Event):
    """What will be short of an order is known, or is not what it was."""

    name: ClassVar[str] = "dispatch.shortage-foreseen.v1"

    short_order_id: ShortOrderId
    order_id: OrderId
    consumer_id: PersonId


@dataclass(frozen=True, slots=True)
class GoodsReceived(Event):
    """A hub counted what came in."""

    name: ClassVar[str] = "dispatch.received.v1"

    cycle_id: CycleId
    allocations: int


@dataclass(frozen=True, slots=True)
class GoodsArrived(Event):
    """The leader of a point counted what came there."""

    name: ClassVar[str] = "dispatch.arrived.v1"

    cycle_id: CycleId
    point_id: PointId
    listings: int


@dataclass(frozen=True, slots=True)
class GoodsShared(Event):
    """Every line knows what is due to it."""

    name: ClassVar[str] = "dispatch.shared.v1"

    cycle_id: CycleId
    lines: int
    short: int


@dataclass(frozen=True, slots=True)
class OrderHandedOut(Event):
    """Somebody has what was due to them."""

    name: ClassVar[str] = "dispatch.handed-out.v1"

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class CycleFinished(Event):
    """Every line of a cycle ended."""

    name: ClassVar[str] = "dispatch.finished.v1"

    cycle_id: CycleId
