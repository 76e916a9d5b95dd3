"""What goes into and comes out of order cycles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.catalogue.values import ProductId, VariantId
from farmlink.kernel.events import Event
from farmlink.network.values import HubId, PlaceId, PointId, RegionId
from farmlink.people.values import PersonId

CycleId = NewType("CycleId", UUID)
StockId = NewType("StockId", UUID)
ListingId = NewType("ListingId", UUID)
Place = tuple[CycleId, PlaceId]
"""A point or a home as a cycle's destination."""


class Stage(StrEnum):
    """How far a cycle has come."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PLANNED = "planned"
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    MOVING = "moving"
    DONE = "done"
    CANCELLED = "cancelled"


class Silence(StrEnum):
    """What it means when a farm does not answer in time."""

    NO = "no"
    FARM_CHOICE = "farm-choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeTerms:
    """How a cycle brings orders home: for which fee, from which order on, and how far from a hub as the crow flies."""

    fee_minor: int
    minimum_order_minor: int = 0
    range_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleTerms:
    """What a planner decides about a cycle; a moment without an offset is wall time in the hub's zone."""

    hub_id: HubId
    opens: datetime
    closes: datetime
    collect_on: date
    hand_out_on: date
    answer_hours: int = 12
    silence: Silence = Silence.FARM_CHOICE
    threshold_minor: int = 0
    markup_ppm: int = 0
    delivery_fee_minor: int = 0
    minimum_order_minor: int = 0
    private: bool = False
    homes: HomeTerms | None = None
    """Without them nothing is brought home; their fee and minimum stand in the place of the cycle's own."""
    point_ids: tuple[PointId, ...] | None = None
    """Places where goods are handed out; without them every point of the region is served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A cycle as planners and consumers see it; `server_at` is the clock that its countdown goes by.

    `opens_at` and `closes_at` are what was planned, `opened_at` and `closed_at` what happened.
    """

    id: CycleId
    hub_id: HubId
    region_id: RegionId
    time_zone: str
    currency: str
    stage: Stage
    paused: bool
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    collect_on: date
    hand_out_on: date
    answer_hours: int
    answers_due_at: datetime | None
    silence: Silence
    threshold_minor: int
    markup_ppm: int
    delivery_fee_minor: int
    minimum_order_minor: int
    private: bool
    homes: HomeTerms | None
    policy_version: int | None
    revision: int
    server_at: datetime


@dataclass(frozen=True, slots=True)
class PriceStep:
    """From this much ordered in base units, everybody pays this price; steps only fall."""

    from_quantity: int
    price_minor_per_1000: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingTerms:
    """One pack for sale; without a price, the asks behind it and the cycle's markup make one."""

    cycle_id: CycleId
    product_id: ProductId
    grade: int
    variant_id: VariantId
    price_minor_per_1000: int | None = None
    tax_ppm: int = 0
    price_steps: tuple[PriceStep, ...] = ()
    threshold: int = 0
    cap: int | None = None
    """At most this many base units of product and grade are sold, whatever the lots hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A pack in the shop; `left` is in base units and shared by all packs of the same product and grade."""

    id: ListingId
    cycle_id: CycleId
    product_id: ProductId
    variant_id: VariantId
    grade: int
    pack: int
    weight_g: int
    price_minor_per_1000: int
    tax_ppm: int
    price_steps: tuple[PriceStep, ...]
    threshold: int
    ordered: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCycle:
    """What an order needs to know of the cycle it holds open."""

    id: CycleId
    stage: Stage
    paused: bool
    opens_at: datetime
    closes_at: datetime
    judged_at: datetime
    collect_on: date
    hand_out_on: date
    currency: str
    time_zone: str
    delivery_fee_minor: int
    minimum_order_minor: int
    private: bool
    region_id: RegionId
    homes: HomeTerms | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A listing with its stock locked: what one order line needs to know."""

    listing_id: ListingId
    stock_id: StockId
    cycle_id: CycleId
    product_id: ProductId
    grade: int
    pack: int
    weight_g: int
    price_minor_per_1000: int
    tax_ppm: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """What a place of a cycle has space for, locked; `closed` if it hands nothing out on that day."""

    cycle_id: CycleId
    place_id: PlaceId
    closed: bool
    orders_left: int
    left_g: int
    at_home: bool = False


@dataclass(frozen=True, slots=True)
class LivedIn:
    """A home as a cycle judges it: who lives there now, in which region, how far from its nearest open hub."""

    person_id: PersonId
    region_id: RegionId
    from_hub_m: int | None


@dataclass(frozen=True, slots=True)
class Load:
    """What orders come to at a place; below zero gives back."""

    orders: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class CycleMoved(Event):
    """A cycle reached another stage."""

    name: ClassVar[str] = "cycle.moved.v1"
    cycle_id: CycleId
    old: Stage
    new: Stage


@dataclass(frozen=True, slots=True)
class StockOutdated(Event):
    """The lots behind what a cycle sells came, changed, were promised, failed or were withdrawn."""

    name: ClassVar[str] = "cycle.stock-outdated.v1"
    cycle_id: CycleId


@dataclass(frozen=True, slots=True)
class CyclePaused(Event):
    """Ordering stopped for a while, or went on."""

    name: ClassVar[str] = "cycle.paused.v1"
    cycle_id: CycleId
    paused: bool


@dataclass(frozen=True, slots=True)
class CycleExtended(Event):
    """The cut-off moved to later, so that more can join."""

    name: ClassVar[str] = "cycle.extended.v1"
    cycle_id: CycleId
    closes_at: datetime
