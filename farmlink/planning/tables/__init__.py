"""What is stored of planning: runs, immutable plans with their rows, and what a plan again keeps."""

from farmlink.planning.tables.held import Hold, Pin
from farmlink.planning.tables.plans import (
    Allocation,
    EditedPlan,
    Plan,
    PlanFarm,
    PlanHub,
    PlanRoute,
    PlanStop,
    PublishedPlan,
    Shortfall,
    Standby,
)
from farmlink.planning.tables.runs import PlanRun, PlanWish, WhatIf

__all__ = [
    "Allocation",
    "EditedPlan",
    "Hold",
    "Pin",
    "Plan",
    "PlanFarm",
    "PlanHub",
    "PlanRoute",
    "PlanRun",
    "PlanStop",
    "PlanWish",
    "PublishedPlan",
    "Shortfall",
    "Standby",
    "WhatIf",
]
