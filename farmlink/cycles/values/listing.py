"""What a cycle sells: packs, their prices, and how they go on sale."""

from __future__ import annotations

from dataclasses import dataclass

from farmlink.catalogue.values import ProductId, VariantId
from farmlink.cycles.values.ids import CycleId, ListingId
from farmlink.cycles.values.thresholds import ThresholdState, Unmet


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
    case_packs: int = 1
    """So many packs make a case; whole cases are bought."""
    threshold: int = 0
    unmet: Unmet | None = None
    """What becomes of these goods when too little of them is wanted; without a word, nothing of them comes."""
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
    case_packs: int
    threshold: int
    unmet: Unmet
    threshold_state: ThresholdState
    ordered: int
    left: int
