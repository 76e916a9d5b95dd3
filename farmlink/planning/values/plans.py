"""Plans as they are made, stored and seen."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from farmlink.cycles.values import CycleId
from farmlink.kernel.events import Event
from farmlink.network.values import FarmId, HubId
from farmlink.planning.values.edited import Edit
from farmlink.planning.values.holds import HeldTo
from farmlink.planning.values.ids import AllocationId, PlanId, RunId, StandbyId
from farmlink.planning.values.supposed import Assumptions
from farmlink.supply.values import LotId


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan's figures, without its blobs.

    `edit` is there where somebody changed another version by hand, `what_if` where its inputs are not what is; `held`
    says what became of that to which planners hold.
    """

    id: PlanId
    cycle_id: CycleId
    run_id: RunId
    version: int
    seed: int
    stopped_by: str
    degraded: bool
    inputs_hash: str
    versions: dict[str, Any]
    figures: dict[str, Any]
    made_at: datetime
    published: bool
    edit: Edit | None = None
    what_if: Assumptions | None = None
    held: list[HeldTo] = field(default_factory=list)

    @property
    def may_hold(self) -> bool:
        """Tell whether it keeps every rule and is made of what is."""
        return self.what_if is None and not (self.edit and self.edit.broken)


@dataclass(frozen=True, slots=True)
class AllocatedLot:
    """What a plan takes of one lot in all: the quantity of one confirmation request."""

    lot_id: LotId
    quantity: int


@dataclass(frozen=True, slots=True)
class AllocationView:
    """One allocation: which lot serves which batch, the hub where it comes in, and the hub where it goes out."""

    id: AllocationId
    lot_id: LotId
    batch_id: UUID
    quantity: int
    collecting_hub_id: HubId
    delivering_hub_id: HubId


@dataclass(frozen=True, slots=True)
class ShortfallView:
    """What of a batch stays unserved, and why."""

    batch_id: UUID
    quantity: int
    reason: str


@dataclass(frozen=True, slots=True)
class StandbyView:
    """A lot that may yet be asked for so much, because others are expected to decline."""

    id: StandbyId
    plan_id: PlanId
    lot_id: LotId
    quantity: int


class Subject(StrEnum):
    """What an explanation is about."""

    FARM = "farm"
    LOT = "lot"
    BATCH = "batch"
    POINT = "point"
    VEHICLE = "vehicle"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """Why a plan treats one subject as it does: a stable code, and whole numbers whose unit is in their name."""

    subject: Subject
    id: UUID
    code: str
    facts: dict[str, int]


@dataclass(frozen=True, slots=True)
class StopView:
    """One visit of a route."""

    position: int
    place_id: UUID
    arrive_at: datetime
    start_at: datetime
    leave_at: datetime
    weight_g: int


@dataclass(frozen=True, slots=True)
class RouteView:
    """One trip of a vehicle with its visits in order."""

    number: int
    phase: str
    vehicle_id: UUID
    depart_at: datetime
    return_at: datetime
    distance_m: int
    stops: list[StopView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlanMade(Event):
    """A verified plan is stored."""

    name: ClassVar[str] = "plan.made.v1"

    cycle_id: CycleId
    plan_id: PlanId
    version: int
    degraded: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """An allocation on its way into the database."""

    lot_id: UUID
    batch_id: UUID
    quantity: int
    collecting_hub_id: UUID
    delivering_hub_id: UUID


@dataclass(frozen=True, slots=True)
class FarmShare:
    """What a farm offers and sells, by its own asks, in one plan or over a season."""

    farm_id: FarmId
    offered_minor: int
    sold_minor: int


@dataclass(frozen=True, slots=True)
class MadePlan:
    """A verified plan on its way into the database; its rows carry the ids of lots, batches, vehicles and places."""

    seed: int
    stopped_by: str
    degraded: bool
    inputs_hash: str
    versions: dict[str, Any]
    figures: dict[str, Any]
    left_out: list[ExplanationView]
    landed_minor: int
    ordered: int
    planned: int
    problem: bytes
    solution: bytes
    allocations: list[Sending]
    shortfalls: list[ShortfallView]
    standby: list[tuple[UUID, int]]
    routes: list[RouteView]
    intake_g: list[tuple[UUID, int]]
    shares: list[FarmShare]
    held: list[HeldTo] = field(default_factory=list)
