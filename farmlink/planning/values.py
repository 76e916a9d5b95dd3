"""What goes in and out of planning, and what it announces."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, NewType
from uuid import UUID

from farmlink.cycles.values import CycleId
from farmlink.kernel.events import Event
from farmlink.network.values import FarmId, HubId, RegionId
from farmlink.supply.values import LotId

PlanId = NewType("PlanId", UUID)
RunId = NewType("RunId", UUID)
AllocationId = NewType("AllocationId", UUID)
StandbyId = NewType("StandbyId", UUID)


@dataclass(frozen=True, slots=True)
class Budget:
    """How long a run may try and how much it may use; iterations decide the result, the clock only aborts."""

    seed: int = 1
    deadline_s: int = 120
    memory_mb: int = 4096
    iterations: int | None = None
    rounds: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, or has come when it ended: best and bound in minor units; no figure that was told is lost."""

    stage: str
    best_minor: int | None = None
    bound_minor: int | None = None
    elapsed_s: int = 0
    memory_mb: int = 0
    peak_memory_mb: int = 0


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as planners see it: `waiting` until the scheduler begins it, then running, until it ends.

    It ends done, failed, cancelled, or stopped with the scheduler that it lived in: the next one begins a new run.
    """

    id: RunId
    cycle_id: CycleId
    cause: str
    state: str
    seed: int
    publish: bool
    progress: Progress
    cancel_asked: bool
    error: str | None
    started_at: datetime
    ended_at: datetime | None
    plan_id: PlanId | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan's figures, without its blobs."""

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
class PinChange:
    """New limits of what may be sent of a lot."""

    lot_id: LotId
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Held:
    """What plans of other cycles hold: trucks that are out, weight through hubs, and what is picked that day."""

    vehicles: frozenset[UUID]
    intake_g: Mapping[HubId, int]
    picked: Mapping[LotId, int]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Where two plans would meet: trucks on two roads, hubs with too little room, lots with too little of a day."""

    vehicles: list[UUID]
    hubs: list[HubId]
    lots: list[LotId]


@dataclass(frozen=True, slots=True)
class DuePlan:
    """A cycle that waits for a plan; `ready` is one that was made since and only waits to be published."""

    cycle_id: CycleId
    region_id: RegionId
    run_id: RunId
    cause: str
    seed: int
    publish: bool
    ready: PlanId | None


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
