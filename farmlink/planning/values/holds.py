"""What planners hold to: a farm's lots as one version of a plan takes them, or the truck that serves a place in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from farmlink.cycles.values import CycleId
from farmlink.network.values import VehicleId
from farmlink.planning.values.ids import HoldId, PlanId


class HoldKind(StrEnum):
    """What is held to."""

    FARM = "farm"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class HoldView:
    """A farm whose lots keep the quantities of a version, or a place that keeps the truck of a version in a phase."""

    id: HoldId
    cycle_id: CycleId
    plan_id: PlanId
    version: int
    kind: HoldKind
    phase: str
    place_id: UUID
    vehicle_id: VehicleId | None
    held_at: datetime


@dataclass(frozen=True, slots=True)
class HeldTo:
    """What a plan made of a hold: `code` is `kept`, or says why it could not be."""

    kind: HoldKind
    phase: str
    place_id: UUID
    vehicle_id: UUID | None
    code: str
