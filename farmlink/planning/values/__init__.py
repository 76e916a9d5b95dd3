"""What goes in and out of planning, and what it announces."""

from farmlink.planning.values.edited import Broken, Edit, Move
from farmlink.planning.values.holds import HeldTo, HoldKind, HoldView
from farmlink.planning.values.ids import AllocationId, HoldId, PlanId, RunId, StandbyId, WhatIfId
from farmlink.planning.values.limits import Crowd, Held, PinChange
from farmlink.planning.values.plans import (
    AllocatedLot,
    AllocationView,
    ExplanationView,
    FarmShare,
    MadePlan,
    PlanMade,
    PlanView,
    RouteView,
    Sending,
    ShortfallView,
    StandbyView,
    StopView,
    Subject,
)
from farmlink.planning.values.runs import Budget, DuePlan, Progress, RunView
from farmlink.planning.values.supposed import AS_IT_IS, MOST_DEMAND_PERCENT, MOST_KM_PERCENT, Assumptions

__all__ = [
    "AS_IT_IS",
    "MOST_DEMAND_PERCENT",
    "MOST_KM_PERCENT",
    "AllocatedLot",
    "AllocationId",
    "AllocationView",
    "Assumptions",
    "Broken",
    "Budget",
    "Crowd",
    "DuePlan",
    "Edit",
    "ExplanationView",
    "FarmShare",
    "Held",
    "HeldTo",
    "HoldId",
    "HoldKind",
    "HoldView",
    "MadePlan",
    "Move",
    "PinChange",
    "PlanId",
    "PlanMade",
    "PlanView",
    "Progress",
    "RouteView",
    "RunId",
    "RunView",
    "Sending",
    "ShortfallView",
    "StandbyId",
    "StandbyView",
    "StopView",
    "Subject",
    "WhatIfId",
]
