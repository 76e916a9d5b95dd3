"""What goes into and comes out of orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.events import Event
from farmlink.kernel.money import Money
from farmlink.network.values import HomeId, PlaceId
from farmlink.people.values import PersonId

OrderId = NewType("OrderId", UUID)
OrderLineId = NewType("OrderLineId", UUID)


class OrderState(StrEnum):
    """An order stands, or it was cancelled."""

    PLACED = "placed"
    CANCELLED = "cancelled"


class CancelReason(StrEnum):
    """Why an order or a line of it was cancelled."""

    CONSUMER = "consumer"
    THRESHOLD = "threshold"
    NO_ORDERS = "no-orders"
    PLANNER = "planner"


@dataclass(frozen=True, slots=True)
class WantedLine:
    """So many packs of a listing."""

    listing_id: ListingId
    packs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """An order to be placed; `key` makes it happen once for the transaction's actor."""

    key: UUID
    cycle_id: CycleId
    consumer_id: PersonId
    place_id: PlaceId
    lines: tuple[WantedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What an order shall be from now on: all its lines, and where it is handed out."""

    order_id: OrderId
    revision: int
    place_id: PlaceId
    lines: tuple[WantedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One listing in an order, at the price and tax rate it was ordered at; `total_minor` contains the tax."""

    id: OrderLineId
    listing_id: ListingId
    product_id: ProductId
    grade: int
    packs: int
    quantity: int
    weight_g: int
    price_minor_per_1000: int
    tax_ppm: int
    total_minor: int
    state: OrderState = OrderState.PLACED
    reason: CancelReason | None = None
    batch_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedLine:
    """A standing line and the batch it is a part of: what sharing out looks at; quantities in base units."""

    line_id: OrderLineId
    order_id: OrderId
    batch_id: UUID
    place_id: PlaceId
    quantity: int
    pack: int
    total_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as its consumer sees it; `total_minor` is the most it can cost, paid when it is handed out.

    `place_id` is a pick-up point, or `at_home` the consumer's home.
    """

    id: OrderId
    cycle_id: CycleId
    consumer_id: PersonId
    place_id: PlaceId
    at_home: bool
    state: OrderState
    reason: CancelReason | None
    currency: str
    delivery_fee_minor: int
    total_minor: int
    placed_at: datetime
    amended_at: datetime | None
    revision: int
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOrder(Order):
    """An order as it stands now: once the goods are shared out, `due_minor` is what is to pay for it.

    That is what is there for its consumer, later what was handed out, at the prices of the lines; the delivery fee
    comes to it if that is anything at all.
    """

    due_minor: int | None


@dataclass(frozen=True, slots=True)
class There:
    """What is there of the lines of an order, in base units: what is due, then what was handed out; all has `ended`."""

    quantities: Mapping[OrderLineId, int]
    ended: bool

    @classmethod
    def of(cls, lines: Iterable[tuple[OrderLineId, int, int | None]]) -> There | None:
        """Tell it from what is due of each line and what was handed out; nothing before the goods are shared out."""
        rows = list(lines)
        quantities = {line_id: due if handed_out is None else handed_out for line_id, due, handed_out in rows}
        return cls(quantities, all(handed_out is not None for *_, handed_out in rows)) if rows else None


class Told(StrEnum):
    """What can be said of a standing order: it can be changed or not any more, is there, or was handed out."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    DUE = "due"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Item:
    """A line as its consumer reads it; `there` counts packs, as many as were ordered unless it falls short."""

    name: str
    packs: int
    there: Decimal
    amount: Money


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a placing: an order or a refusal; `repeated` if its key had its effect before."""

    order: Order | None
    refusal: RefusedError | None
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Where and when an order is handed out, in the hub's time, and until when it can be changed; no point is home."""

    hand_out_on: date
    closes_at: datetime
    time_zone: str
    point: str | None
    address: str
    hours: str


@dataclass(frozen=True, slots=True)
class HomeOrder:
    """A standing order that is brought home."""

    order_id: OrderId
    consumer_id: PersonId
    home_id: HomeId


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What there is to say of an order as it stands: what comes, where and when it is handed out, what it costs."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """What a cycle's orders come to so far, at the prices they were ordered at.

    Fees are not counted, and neither are goods of which too little is ordered to reach their own threshold.
    """

    orders: int
    total_minor: int


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
class LineDropped(Event):
    """One line of an order will not be served, and why; the rest of the order stands."""

    name: ClassVar[str] = "order.line-dropped.v1"
    order_id: OrderId
    line_id: OrderLineId
    consumer_id: PersonId
    reason: CancelReason
