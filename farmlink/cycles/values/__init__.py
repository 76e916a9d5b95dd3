"""What goes into and comes out of order cycles."""

from farmlink.cycles.values.cycle import Cycle, CycleTerms, HomeTerms, Silence, Stage
from farmlink.cycles.values.events import CycleExtended, CycleMoved, CyclePaused, StockOutdated, ThresholdMoved
from farmlink.cycles.values.ids import CycleId, ListingId, Place, StockId
from farmlink.cycles.values.intake import LivedIn, Load, Offered, OpenCycle, Space
from farmlink.cycles.values.listing import Listing, ListingTerms, PriceStep
from farmlink.cycles.values.thresholds import ListingProgress, NextStep, Threshold, ThresholdState, Unmet

__all__ = [
    "Cycle",
    "CycleExtended",
    "CycleId",
    "CycleMoved",
    "CyclePaused",
    "CycleTerms",
    "HomeTerms",
    "Listing",
    "ListingId",
    "ListingProgress",
    "ListingTerms",
    "LivedIn",
    "Load",
    "NextStep",
    "Offered",
    "OpenCycle",
    "Place",
    "PriceStep",
    "Silence",
    "Space",
    "Stage",
    "StockId",
    "StockOutdated",
    "Threshold",
    "ThresholdMoved",
    "ThresholdState",
    "Unmet",
]
