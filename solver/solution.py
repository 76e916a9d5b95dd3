"""What is decided: allocations, routes, shortfalls and the figures that go with them, in columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from solver.problem import Flags, Ints, Names, no_ints

NONE = -1
"""Row number of nothing: a farm or a point that no hub serves."""


class Phase(IntEnum):
    """The three kinds of route of a plan."""

    COLLECTION = 0
    LINE_HAUL = 1
    DELIVERY = 2


class Reason(StrEnum):
    """Why a batch is short: the closed list."""

    NO_SUPPLY = "no-supply"  # nobody offers the product
    GRADE = "grade"  # offered, but not in the grade asked
    FRESHNESS = "freshness"  # offered, but too old at hand-out
    SOLD_OUT = "sold-out"  # all that is eligible is sent to other batches
    MINIMUM_VISIT = "minimum-visit"  # what is missing is less than a farm's least worth a visit
    WHOLE_PACKS = "whole-packs"  # what is missing is less than a pack
    SHARE_CAP = "share-cap"  # the declared cap on one farm's share binds
    HUB_THROUGHPUT = "hub-throughput"  # the hub can take no more
    VEHICLE_CAPACITY = "vehicle-capacity"  # the vehicles can carry no more
    COLD_CHAIN = "cold-chain"  # no vehicle or parcel carries its cold class
    NO_HUB = "no-hub"  # no hub is open
    UNREACHABLE = "unreachable"  # no vehicle reaches the farm or the point in time
    TOO_DEAR = "too-dear"  # serving costs more than the declared shortfall price
    PIN = "pin"  # a promise or a refusal of a farm binds


@dataclass(frozen=True, slots=True)
class Allocations:
    """Lot serves batch with a quantity in base units; one row a pair, ordered by lot, then batch."""

    lot: Ints = field(default_factory=no_ints)
    batch: Ints = field(default_factory=no_ints)
    quantity: Ints = field(default_factory=no_ints)


@dataclass(frozen=True, slots=True)
class Shortfalls:
    """What of a batch nobody sends; one row a batch that is short, with the binding `Reason`."""

    batch: Ints
    quantity: Ints
    reason: Names


@dataclass(frozen=True, slots=True)
class Routes:
    """One row a trip of a vehicle from its home hub and back; times include service, waiting and handling.

    A line haul spends half of `Rhythm.haul_handling_s` loading at home and half at each stop.
    """

    phase: Ints
    vehicle: Ints
    depart_s: Ints
    return_s: Ints
    distance_m: Ints


@dataclass(frozen=True, slots=True)
class Stops:
    """Visits, ordered by route and then by position; `arrive_s` <= `start_s` (service starts) <= `leave_s`."""

    route: Ints
    place: Ints
    arrive_s: Ints
    start_s: Ints
    leave_s: Ints


@dataclass(frozen=True, slots=True)
class Loads:
    """What of an allocation changes hands at a stop: taken on (collection) or put down (delivery).

    A line haul puts down what comes from the vehicle's home hub and takes on what goes to it, on one trip if need be.
    """

    stop: Ints
    allocation: Ints
    quantity: Ints


@dataclass(frozen=True, slots=True)
class Standby:
    """Lots that are told they may be asked, and for how much."""

    lot: Ints = field(default_factory=no_ints)
    quantity: Ints = field(default_factory=no_ints)


@dataclass(frozen=True, slots=True)
class Cost:
    """Landed cost by component in minor units, and beside it what is no money: shortfall prices and fairness terms."""

    purchase: int = 0
    collection: int = 0
    hub: int = 0
    line_haul: int = 0
    delivery: int = 0
    parcel: int = 0
    packaging: int = 0
    spoilage: int = 0
    commission: int = 0
    payment_fees: int = 0
    shortfall: int = 0
    fairness: int = 0
    subsidy: int = 0

    @property
    def landed(self) -> int:
        """Money only, before tax."""
        return (
            self.purchase + self.collection + self.hub + self.line_haul + self.delivery + self.parcel
            + self.packaging + self.spoilage + self.commission + self.payment_fees
        )  # fmt: skip

    @property
    def objective(self) -> int:
        """What the plan makes least."""
        return self.landed + self.fairness + self.shortfall


FLOOR_MISSED = "floor-missed"
"""Code of an explanation: a small farm's lot is left over although small farms have less than is reserved."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a farm, stop or batch got what it got; `code` is stable, `facts` are whole numbers with their unit named."""

    subject: str  # `farm`, `lot`, `point`, `batch`, `vehicle` or `hub`
    id: str
    code: str
    facts: dict[str, int] = field(default_factory=dict)


class StoppedBy(StrEnum):
    """What ended the search: only the first is reproducible."""

    ITERATIONS = "iterations"
    DEADLINE = "deadline"
    CANCELLED = "cancelled"
    GREEDY = "greedy"
    MEMORY = "memory"
    CRASHED = "crashed"
    BY_HAND = "by-hand"  # no search: somebody changed a plan


@dataclass(frozen=True, slots=True)
class Report:
    """How good the plan is and how it came to be."""

    cost: Cost
    bound_minor: int  # certified lower bound of the objective, routes included
    allocation_minor: int  # objective of the allocation alone (routes replaced by nothing)
    allocation_bound_minor: int
    stopped_by: StoppedBy
    seed: int
    degraded: bool = False
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """A plan; `solver.check` accepts it or it is not returned."""

    farm_hub: Ints  # hub of each farm, NONE when nothing is sent
    point_hub: Ints  # hub of each point, NONE when nothing arrives
    parcel: Flags  # points that are served by parcel
    allocations: Allocations
    shortfalls: Shortfalls
    routes: Routes
    stops: Stops
    loads: Loads
    standby: Standby
    report: Report


def degrade(solution: Solution, stopped_by: str) -> Solution:
    """The same plan, marked as less than what was asked for."""
    return replace(solution, report=replace(solution.report, degraded=True, stopped_by=StoppedBy(stopped_by)))
