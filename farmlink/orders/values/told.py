"""What a consumer is told of an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from farmlink.kernel.money import Money
from farmlink.orders.values.wanted import Order, OrderLineId


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
    """A line as its consumer reads it; `there` counts packs, as many as the line has unless it falls short.

    Before the cut-off, up to `most` are welcome to fill a case; after it, `wanted` were ordered if the line has others.
    It may come `instead_of` another line; what goes `by_weight` costs what it weighs in the end.
    """

    name: str
    packs: int
    there: Decimal
    amount: Money
    most: int | None = None
    wanted: int | None = None
    by_weight: bool = False
    instead_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Where and when an order is handed out, in the hub's time, and until when it can be changed; no point is home.

    A gift is collected by its recipient. Each crate may bear a deposit, which comes back with it.
    """

    hand_out_on: date
    closes_at: datetime
    time_zone: str
    point: str | None
    address: str
    hours: str
    recipient: str = ""
    deposit: Money | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What there is to say of an order as it stands: what comes, where and when it is handed out, what it costs."""

    subject: str
    body: str
