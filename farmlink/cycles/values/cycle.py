"""A cycle: how far it has come, what its planner decides, and what everybody sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from farmlink.cycles.values.ids import CycleId
from farmlink.cycles.values.thresholds import ThresholdState, Unmet
from farmlink.network.values import HubId, PointId, RegionId


class Stage(StrEnum):
    """How far a cycle has come."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PLANNED = "planned"
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    MOVING = "moving"
    DONE = "done"
    CANCELLED = "cancelled"


class Silence(StrEnum):
    """What it means when a farm does not answer in time."""

    NO = "no"
    FARM_CHOICE = "farm-choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeTerms:
    """How a cycle brings orders home: for which fee, from which order on, and how far from a hub as the crow flies."""

    fee_minor: int
    minimum_order_minor: int = 0
    range_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleTerms:
    """What a planner decides about a cycle; a moment without an offset is wall time in the hub's zone."""

    hub_id: HubId
    opens: datetime
    closes: datetime
    collect_on: date
    hand_out_on: date
    answer_hours: int = 12
    silence: Silence = Silence.FARM_CHOICE
    threshold_minor: int = 0
    markup_ppm: int = 0
    delivery_fee_minor: int = 0
    minimum_order_minor: int = 0
    private: bool = False
    extension_hours: int = 0
    """By how much the cut-off is put off, once, when too few have joined by then; declared before anybody orders."""
    unmet: Unmet = Unmet.ZERO
    homes: HomeTerms | None = None
    """Without them nothing is brought home; their fee and minimum stand in the place of the cycle's own."""
    point_ids: tuple[PointId, ...] | None = None
    """Places where goods are handed out; without them every point of the region is served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A cycle as planners and consumers see it; `server_at` is the clock that its countdown goes by.

    `opens_at` and `closes_at` are what was planned, `opened_at` and `closed_at` what happened.
    """

    id: CycleId
    hub_id: HubId
    region_id: RegionId
    time_zone: str
    currency: str
    stage: Stage
    paused: bool
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    collect_on: date
    hand_out_on: date
    answer_hours: int
    answers_due_at: datetime | None
    silence: Silence
    threshold_minor: int
    markup_ppm: int
    delivery_fee_minor: int
    minimum_order_minor: int
    private: bool
    extension_hours: int
    unmet: Unmet
    threshold_state: ThresholdState
    homes: HomeTerms | None
    policy_version: int | None
    cut_seed: str | None
    """What lots were drawn with where the cut-off cut somebody; drawn then, so that nobody knew it who ordered."""
    revision: int
    server_at: datetime
