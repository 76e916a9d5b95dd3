"""What happens to cycles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from farmlink.cycles.values.cycle import Stage
from farmlink.cycles.values.ids import CycleId, StockId
from farmlink.cycles.values.thresholds import ThresholdState
from farmlink.kernel.events import Event


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


@dataclass(frozen=True, slots=True)
class ThresholdMoved(Event):
    """A cycle's threshold, or that of some of its goods, took a step; by `due_at` it takes the next, if there is one.

    Without a stock it is the cycle's own, in minor units; a stock's is in base units. What a cycle came to is told when
    it is judged, not when it ends.
    """

    name: ClassVar[str] = "cycle.threshold-moved.v1"
    cycle_id: CycleId
    stock_id: StockId | None
    old: ThresholdState
    new: ThresholdState
    ordered: int | None
    threshold: int
    due_at: datetime | None
