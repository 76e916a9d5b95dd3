"""What orders announce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from farmlink.cycles.values import CycleId
from farmlink.kernel.events import Event
from farmlink.network.values import PlaceId
from farmlink.orders.values.wanted import CancelReason, OrderId, OrderLineId
from farmlink.people.values import PersonId


@dataclass(frozen=True, slots=True)
class OrderPlaced(Event):
    """Somebody ordered; the confirmation follows."""

    name: ClassVar[str] = "order.placed.v1"
    order_id: OrderId
    cycle_id: CycleId
    consumer_id: PersonId
    place_id: PlaceId
    hand_out_on: date
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class OrderAmended(Event):
    """An order changed; its confirmation is sent anew."""

    name: ClassVar[str] = "order.amended.v1"
    order_id: OrderId
    cycle_id: CycleId
    consumer_id: PersonId
    total_minor: int


@dataclass(frozen=True, slots=True)
class OrderCancelled(Event):
    """An order will not be served, and why."""

    name: ClassVar[str] = "order.cancelled.v1"
    order_id: OrderId
    cycle_id: CycleId
    consumer_id: PersonId
    reason: CancelReason


@dataclass(frozen=True, slots=True)
class OrderAdjusted(Event):
    """The cut-off gave an order more or less of something, as its consumer had agreed; the rest is as it was."""

    name: ClassVar[str] = "order.adjusted.v1"
    order_id: OrderId
    cycle_id: CycleId
    consumer_id: PersonId
    total_minor: int


@dataclass(frozen=True, slots=True)
class OrderCheaper(Event):
    """So many joined that an order costs less at the cut-off; what was held above that went back at once."""

    name: ClassVar[str] = "order.cheaper.v1"
    order_id: OrderId
    cycle_id: CycleId
    consumer_id: PersonId
    total_minor: int


@dataclass(frozen=True, slots=True)
class LineDropped(Event):
    """One line of an order will not be served, and why; the rest of the order stands."""

    name: ClassVar[str] = "order.line-dropped.v1"
    order_id: OrderId
    line_id: OrderLineId
    consumer_id: PersonId
    reason: CancelReason
