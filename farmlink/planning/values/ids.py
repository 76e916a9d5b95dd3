"""Ids of planning."""

from typing import NewType
from uuid import UUID

PlanId = NewType("PlanId", UUID)
RunId = NewType("RunId", UUID)
WhatIfId = NewType("WhatIfId", UUID)
AllocationId = NewType("AllocationId", UUID)
StandbyId = NewType("StandbyId", UUID)
HoldId = NewType("HoldId", UUID)
