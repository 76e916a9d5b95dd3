"""What comes out of demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NewType
from uuid import UUID

from farmlink.catalogue.values import ProductId
from farmlink.cycles.values import CycleId, Stage, ThresholdState, Unmet
from farmlink.kernel.events import Event
from farmlink.network.values import PlaceId
from farmlink.orders.values import CancelReason

BatchId = NewType("BatchId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """All that one place wants of one product in one grade or better; `worth_minor` is its posted price with tax."""

    id: BatchId
    cycle_id: CycleId
    product_id: ProductId
    grade: int
    place_id: PlaceId
    quantity: int
    worth_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """What all places together want of one product and grade."""

    product_id: ProductId
    grade: int
    places: int
    lines: int
    quantity: int
    worth_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a cycle has come: `to_go_minor` is missing until its threshold, by `due_at` that takes its next step.

    Too few at the cut-off put it off by `extension_hours`, once; then they are `unmet`. It is `overdue` where everybody
    was to be charged or released by now, and nobody finished the cycle.
    """

    cycle_id: CycleId
    orders: int
    total_minor: int
    currency: str
    threshold_minor: int
    to_go_minor: int
    state: ThresholdState
    unmet: Unmet
    extension_hours: int
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreTime:
    """Why a cycle that was to close takes orders `until` later: of its threshold only `total_minor` was reached.

    Without a threshold it waits for the first order that can be served. `reason` is why it would be let go as things
    stand; there is none once enough have joined.
    """

    until: datetime
    reason: CancelReason | None
    total_minor: int
    threshold_minor: int
    to_go_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a cycle came to at its cut-off; one that too few joined was put off once, as declared, and is `extended`."""

    cycle_id: CycleId
    stage: Stage
    orders: int
    lines: int
    batches: int
    worth_minor: int
    extended: MoreTime | None = None


@dataclass(frozen=True, slots=True)
class DemandClosed(Event):
    """A cycle's orders became batches; they can be planned."""

    name: ClassVar[str] = "demand.closed.v1"
    cycle_id: CycleId
    batches: int
