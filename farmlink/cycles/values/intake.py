"""What orders find of their cycle: it held open, its listings, and the places where it hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values.cycle import HomeTerms, Stage
from farmlink.cycles.values.ids import CycleId, ListingId, StockId
from farmlink.network.values import PlaceId, RegionId
from farmlink.people.values import PersonId


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
