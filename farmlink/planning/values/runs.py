"""Runs: how long they may try, how far they are, and what waits for one."""

from dataclasses import dataclass
from datetime import datetime

from farmlink.cycles.values import CycleId
from farmlink.network.values import RegionId
from farmlink.planning.values.ids import PlanId, RunId, WhatIfId
from farmlink.planning.values.supposed import Assumptions


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
    With `what_if`, its plan is of other inputs and never holds.
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
    what_if: Assumptions | None = None


@dataclass(frozen=True, slots=True)
class DuePlan:
    """A cycle that waits for a plan; `ready` is one that was made since and only waits to be published.

    With a `what_if_id` it is a planner who waits, for a plan of other inputs.
    """

    cycle_id: CycleId
    region_id: RegionId
    run_id: RunId
    cause: str
    seed: int
    publish: bool
    ready: PlanId | None
    what_if_id: WhatIfId | None = None
