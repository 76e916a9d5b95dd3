"""Lots as they are offered, read and failed; quantities in the product's base unit."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.catalogue.values import ProductId
from farmlink.kernel.events import Event
from farmlink.network.values import FarmId, RegionId

LotId = NewType("LotId", UUID)


class LotState(StrEnum):
    """Whether a lot can still be sent."""

    OFFERED = "offered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class LotDraft:
    """A lot as its farm offers it; what is left out follows from quantity, harvest day and product."""

    farm_id: FarmId
    product_id: ProductId
    grade: int
    quantity: int
    ask_minor_per_1000: int
    harvest_on: date
    minimum: int = 0
    pack: int = 1
    collect_from: date | None = None
    collect_until: date | None = None
    shelf_days: int | None = None
    daily_capacity: int | None = None
    forecast_low: int | None = None
    forecast_likely: int | None = None
    forecast_high: int | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LotChange:
    """What a farm may change of a lot it offered."""

    quantity: int
    minimum: int
    ask_minor_per_1000: int
    daily_capacity: int
    forecast_low: int
    forecast_likely: int
    forecast_high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotCard:
    """A lot as its farm and planners see it; `allocated` is what all cycles together are promised of it."""

    id: LotId
    farm_id: FarmId
    product_id: ProductId
    grade: int
    code: str | None
    quantity: int
    minimum: int
    pack: int
    ask_minor_per_1000: int
    harvest_on: date
    collect_from: date
    collect_until: date
    shelf_days: int
    daily_capacity: int
    forecast_low: int
    forecast_likely: int
    forecast_high: int
    state: LotState
    allocated: int
    revision: int


@dataclass(frozen=True, slots=True)
class LotColumns:
    """Many lots in columns of one length, ordered by id: what a plan is made from."""

    id: tuple[UUID, ...]
    farm_id: tuple[UUID, ...]
    product_id: tuple[UUID, ...]
    grade: tuple[int, ...]
    quantity: tuple[int, ...]
    allocated: tuple[int, ...]
    minimum: tuple[int, ...]
    pack: tuple[int, ...]
    ask_minor_per_1000: tuple[int, ...]
    harvest_on: tuple[date, ...]
    shelf_days: tuple[int, ...]
    daily_capacity: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """What the lots of a product in a grade can give, and the sums over every base unit of it.

    These are metres from the hub, millionths of promises that its farms keep, and millionths of shelf life left.
    """

    product_id: ProductId
    grade: int
    quantity: int
    distance: int
    kept: int
    freshness: int


@dataclass(frozen=True, slots=True)
class OfferedBy:
    """What one farm can give of a product in a grade on a day, and between which days it is harvested."""

    product_id: ProductId
    grade: int
    farm_id: FarmId
    quantity: int
    harvest_from: date
    harvest_until: date


@dataclass(frozen=True, slots=True)
class SupplyChanged(Event):
    """A region's lots hold more or less than before; what its shops sell follows."""

    name: ClassVar[str] = "supply.changed.v1"
    region_id: RegionId


@dataclass(frozen=True, slots=True)
class HarvestFailed(Event):
    """A farm will not have a lot; whoever counts on it plans again."""

    name: ClassVar[str] = "harvest.failed.v1"
    lot_id: LotId
    farm_id: FarmId
    product_id: ProductId
    region_id: RegionId
    allocated: int
