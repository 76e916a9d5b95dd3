"""What goes in and out of dispatch, and what it announces."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from farmlink.cycles.values import CycleId
from farmlink.kernel.events import Event
from farmlink.kernel.geo import Coordinates
from farmlink.network.values import Address, HomeId
from farmlink.orders.values import OrderId, OrderLineId
from farmlink.planning.values import AllocationId


class ShortReason(StrEnum):
    """Why less was handed out than was ordered, beside the plan's own reasons for what it leaves unserved.

    `not-planned` is said where the plan itself gives no reason.
    """

    NOT_PLANNED = "not-planned"
    NOT_RECEIVED = "not-received"
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
    """One allocation at its hub; `received` is None until somebody counted."""

    allocation_id: AllocationId
    lot_id: UUID
    batch_id: UUID
    allocated: int
    received: int | None


@dataclass(frozen=True, slots=True)
class Flow:
    """The quantities that stay apart all the way, valued at posted price; `short` in base units by reason."""

    ordered_minor: int
    due_minor: int
    handed_out_minor: int
    short: dict[str, int]


@dataclass(frozen=True, slots=True)
class GoodsReceived(Event):
    """A hub counted what came in."""

    name: ClassVar[str] = "dispatch.received.v1"

    cycle_id: CycleId
    allocations: int


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
