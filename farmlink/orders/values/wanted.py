"""Orders: what is wanted, and what stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.errors import RefusedError
from farmlink.network.values import HomeId, PlaceId
from farmlink.people.values import PersonId

OrderId = NewType("OrderId", UUID)
OrderLineId = NewType("OrderLineId", UUID)


class OrderState(StrEnum):
    """An order stands, or it was cancelled."""

    PLACED = "placed"
    CANCELLED = "cancelled"


class CancelReason(StrEnum):
    """Why an order or a line of it was cancelled; `no-orders` is said of a cycle in which nothing was ordered."""

    CONSUMER = "consumer"
    THRESHOLD = "threshold"
    NO_ORDERS = "no-orders"
    PLANNER = "planner"
    CASE_NOT_FULL = "case-not-full"
    NOT_ENOUGH = "not-enough"


class Shortage(StrEnum):
    """What a consumer accepts of a line that falls short: less of it, what they agreed on instead, or none of it."""

    LESS = "less"
    SWAP = "swap"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class WantedLine:
    """So many packs of a listing, and what else would do.

    Up to `most` packs are welcome if that fills a case. `substitutes` are listings of the cycle, the best one first.
    """

    listing_id: ListingId
    packs: int
    most: int | None = None
    shortage: Shortage = Shortage.LESS
    substitutes: tuple[ListingId, ...] = ()

    @property
    def says_more(self) -> bool:
        """Tell whether it says anything beside how many packs."""
        return self.most is not None or self.shortage is not Shortage.LESS or bool(self.substitutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """An order to be placed; `key` makes it happen once for the transaction's actor.

    A gift is collected by its recipient, whom the consumer named. With `leave_out`, lines that cannot be had are left
    out of the order; otherwise it is refused for them.
    """

    key: UUID
    cycle_id: CycleId
    consumer_id: PersonId
    place_id: PlaceId
    lines: tuple[WantedLine, ...]
    recipient_id: PersonId | None = None
    leave_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What an order shall be from now on: all its lines, and where it is handed out."""

    order_id: OrderId
    revision: int
    place_id: PlaceId
    lines: tuple[WantedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One listing in an order, at the price and tax rate it was ordered at; `total_minor` contains the tax.

    `most_packs` is what was welcome to fill a case; `wanted_packs` what was ordered, if the cut-off changed that.
    A line that was cut has the reason, as one that was cancelled has.
    """

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
    most_packs: int | None = None
    wanted_packs: int | None = None
    shortage: Shortage = Shortage.LESS
    substitutes: tuple[ListingId, ...] = ()
    price_before_minor_per_1000: int | None = None
    """The price that it was ordered at, if that fell at the cut-off."""
    swapped_from: OrderLineId | None = None
    """The line that the cut-off cut, and in the place of which this came, as its consumer agreed."""
    in_place_of: OrderLineId | None = None
    """The line whose consumer agreed to take this if that falls short; known when what came in is shared out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchedLine:
    """A standing line and the batch it is a part of: what sharing out looks at; quantities in base units.

    `whose` is the lowest line of the same person in that batch: by it they draw, once for all their lines. `extra` is
    the part of `quantity` that came to it because it was welcome to fill a case.
    """

    line_id: OrderLineId
    whose: OrderLineId
    order_id: OrderId
    consumer_id: PersonId
    batch_id: UUID
    place_id: PlaceId
    quantity: int
    pack: int
    price_minor_per_1000: int
    total_minor: int
    extra: int = 0
    shortage: Shortage = Shortage.LESS
    substitutes: tuple[ListingId, ...] = ()


@dataclass(frozen=True, slots=True)
class Swap:
    """So many packs of another listing in the place of what falls short of a line."""

    line_id: OrderLineId
    listing_id: ListingId
    packs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as its consumer sees it; `total_minor` is the most it can cost for what it holds.

    `place_id` is a pick-up point, or `at_home` the consumer's home. A gift has a recipient, who collects it.
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
    recipient_id: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a placing: an order or a refusal; `repeated` if its key had its effect before."""

    order: Order | None
    refusal: RefusedError | None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """What a consumer wanted of a product and grade, and what of that they got, at the prices of their lines."""

    consumer_id: PersonId
    product_id: ProductId
    grade: int
    wanted_minor: int
    got_minor: int


@dataclass(frozen=True, slots=True)
class HomeOrder:
    """A standing order that is brought home."""

    order_id: OrderId
    consumer_id: PersonId
    home_id: HomeId


@dataclass(frozen=True, slots=True)
class Ordered:
    """What a cycle's orders come to so far, at the prices they were ordered at.

    Fees are not counted, and neither are goods that would be dropped, because too little of them is ordered yet;
    `served` are the orders that have something else in them.
    """

    orders: int
    total_minor: int
    served: int
