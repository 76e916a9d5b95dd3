"""Bodies of order cycles."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from api.shapes import UnitPrice
from farmlink.catalogue.values import ProductId, VariantId
from farmlink.cycles.commands.listings import MOST_CASE_PACKS
from farmlink.cycles.rules import FARTHEST_HOME_M
from farmlink.cycles.rules.thresholds import LONGEST_EXTENSION_HOURS
from farmlink.cycles.values import CycleId, CycleTerms, HomeTerms, ListingTerms, PriceStep, Silence, Unmet
from farmlink.network.values import HubId, PointId

Amount = Annotated[int, msgspec.Meta(ge=0, le=10**12, examples=[2500])]
Share = Annotated[int, msgspec.Meta(ge=0, le=10_000_000, description="Millionths.", examples=[180_000])]
Threshold = Annotated[
    int,
    msgspec.Meta(
        ge=0,
        le=10**12,
        description="What the orders must come to by the cut-off, as `/progress` counts; prices settle after that.",
        examples=[50_000],
    ),
]
WALL_TIME = "Without an offset: wall time at the hub."
Opening = Annotated[datetime, msgspec.Meta(description=WALL_TIME, examples=["2026-11-20T08:00:00"])]
CutOff = Annotated[datetime, msgspec.Meta(description=WALL_TIME, examples=["2026-11-23T08:00:00"])]


class HomesBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How orders are brought home: for which fee, from which order on, and how far from a hub as the crow flies."""

    fee_minor: Amount
    minimum_order_minor: Amount = 0
    range_m: Annotated[int, msgspec.Meta(ge=1, le=FARTHEST_HOME_M, examples=[30_000])]


class CycleBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a planner decides about a cycle."""

    hub_id: UUID
    opens: Opening
    closes: CutOff
    collect_on: Annotated[date, msgspec.Meta(examples=["2026-11-24"])]
    hand_out_on: Annotated[date, msgspec.Meta(examples=["2026-11-25"])]
    answer_hours: Annotated[int, msgspec.Meta(ge=1, le=240)] = 12
    silence: Silence = Silence.FARM_CHOICE
    threshold_minor: Threshold = 0
    markup_ppm: Share = 0
    delivery_fee_minor: Amount = 0
    minimum_order_minor: Amount = 0
    private: bool = False
    extension_hours: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=LONGEST_EXTENSION_HOURS,
            description="By how much the cut-off is put off, once, when too few have joined by then.",
            examples=[24],
        ),
    ] = 0
    unmet: Unmet = Unmet.ZERO
    homes: HomesBody | None = None
    point_ids: Annotated[list[UUID], msgspec.Meta(max_length=5000)] | None = None

    def value(self) -> CycleTerms:
        """The terms as the command takes them."""
        points = None if self.point_ids is None else tuple(map(PointId, self.point_ids))
        plain = msgspec.structs.asdict(self)
        homes = None if self.homes is None else HomeTerms(**msgspec.structs.asdict(self.homes))
        return CycleTerms(**plain | {"hub_id": HubId(self.hub_id), "point_ids": points, "homes": homes})


class Step(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """From this much ordered, everybody pays this price."""

    from_quantity: Annotated[int, msgspec.Meta(ge=1, le=10**12)]
    price_minor_per_1000: UnitPrice


class Pack(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One pack for sale; without a price, the lots behind it and the markup make one."""

    product_id: UUID
    grade: Annotated[int, msgspec.Meta(ge=1, le=5)]
    variant_id: UUID
    price_minor_per_1000: UnitPrice | None = None
    tax_ppm: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    price_steps: Annotated[list[Step], msgspec.Meta(max_length=20)] = []
    case_packs: Annotated[int, msgspec.Meta(ge=1, le=MOST_CASE_PACKS, description="Packs in a case.")] = 1
    threshold: Amount = 0
    unmet: Unmet | None = None
    cap: Amount | None = None

    def value(self, cycle_id: CycleId) -> ListingTerms:
        """The listing as the command takes it."""
        steps = tuple(PriceStep(step.from_quantity, step.price_minor_per_1000) for step in self.price_steps)
        given = {"product_id": ProductId(self.product_id), "variant_id": VariantId(self.variant_id)}
        return ListingTerms(cycle_id=cycle_id, **msgspec.structs.asdict(self) | given | {"price_steps": steps})


class Assortment(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Packs to be sold."""

    listings: Annotated[list[Pack], msgspec.Meta(min_length=1, max_length=5000)]


class Extension(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A later cut-off."""

    closes: CutOff


class Copying(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How much later the copy is."""

    days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 7


class Guests(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Who may see a private cycle."""

    person_ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=5000)]


class Invited(msgspec.Struct, frozen=True):
    """How many people were newly invited."""

    invited: int


class Price(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A price that is not higher than the posted one."""

    price_minor_per_1000: UnitPrice
