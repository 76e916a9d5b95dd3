"""Thresholds: what must be ordered by the cut-off, what becomes of it if it is not, and how far one has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values.ids import CycleId, ListingId, StockId


class Unmet(StrEnum):
    """What was declared for too few: nothing comes and nobody pays, or what is there is shared by the policy."""

    ZERO = "zero"
    PARTIAL = "partial"


class ThresholdState(StrEnum):
    """How far a threshold has come: it is judged at the cut-off and ends in exactly one way, charged or released."""

    OPEN = "open"
    SHORT = "short"
    EXTENDED = "extended"
    MET = "met"
    ZERO = "zero"
    PARTIAL = "partial"
    CHARGED = "charged"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What has to be ordered, and what is: minor units of the cycle, or base units of one of its goods.

    What a cycle came to is told while it is judged, and no more when it ends.
    """

    cycle_id: CycleId
    stock_id: StockId | None = None
    goods: tuple[ProductId, int] | None = None
    """Product and grade of a stock."""
    state: ThresholdState
    unmet: Unmet
    threshold: int
    ordered: int | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """Once so many base units more are ordered, everybody pays this price."""

    from_quantity: int
    price_minor_per_1000: int
    to_go: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingProgress:
    """How far a listing has come; quantities in base units of its product and grade, whatever the pack.

    `to_go` is missing until the threshold, by `due_at` the threshold takes its next step, it is `overdue` where nobody
    ended what was to come, and `price_minor_per_1000` is what everybody would pay if ordering stopped now. While people
    can join, it `says` so in the reader's language.
    """

    listing_id: ListingId
    ordered: int
    threshold: int
    to_go: int
    state: ThresholdState
    unmet: Unmet
    due_at: datetime | None
    overdue: bool
    price_minor_per_1000: int
    next_step: NextStep | None
    says: tuple[str, ...]
