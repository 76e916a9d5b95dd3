"""Standing orders: what somebody wants again and again, and what came of it each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.catalogue.values import ProductId, VariantId
from farmlink.cycles.values import CycleId
from farmlink.kernel.events import Event
from farmlink.network.values import HubId, PointId, RegionId
from farmlink.orders.values.wanted import OrderId, Shortage
from farmlink.people.values import PersonId

StandingId = NewType("StandingId", UUID)
TurnId = NewType("TurnId", UUID)


class StandingState(StrEnum):
    """A standing order runs, rests for a while, or has ended for good."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class LeftOut(StrEnum):
    """Why something of a standing order was left out."""

    NOT_SOLD = "not-sold"
    SOLD_OUT = "sold-out"


@dataclass(frozen=True, slots=True, order=True)
class Goods:
    """A pack of a product in a grade, whatever cycle sells it."""

    product_id: ProductId
    grade: int
    variant_id: VariantId


@dataclass(frozen=True, slots=True)
class StandingLine:
    """So many packs each time, and what else would do, as in an order."""

    goods: Goods
    packs: int
    most: int | None = None
    shortage: Shortage = Shortage.LESS
    substitutes: tuple[Goods, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingTerms:
    """What is ordered of every `every`-th cycle that hands out there: at a point, or without one at home.

    Of a hub, only its own cycles count; else all of the region.
    """

    point_id: PointId | None
    lines: tuple[StandingLine, ...]
    every: int = 1
    hub_id: HubId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOrder(StandingTerms):
    """A standing order as its consumer sees it; one that rests may do so until a day of hand-out."""

    id: StandingId
    consumer_id: PersonId
    region_id: RegionId
    state: StandingState
    paused_until: date | None
    revision: int


@dataclass(frozen=True, slots=True)
class Missed:
    """Goods that an order was placed without, and why."""

    goods: Goods
    reason: LeftOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What came of a standing order in a cycle: an order, a refusal (its code), or neither if it was not its turn."""

    id: TurnId
    standing_order_id: StandingId
    cycle_id: CycleId
    order_id: OrderId | None
    left_out: tuple[Missed, ...]
    refused: str | None


@dataclass(frozen=True, slots=True)
class StandingFellShort(Event):
    """Something of a standing order, or all of it, could not be ordered this time."""

    name: ClassVar[str] = "order.standing-fell-short.v1"
    turn_id: TurnId
    consumer_id: PersonId
