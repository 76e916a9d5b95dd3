"""Runs, what waits for one, and what is supposed by a planner."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from farmlink.store.columns import document, identity, instant, reference, whole
from farmlink.store.transitions import guard_transitions, keep_immutable


class PlanRun(SQLModel, table=True):
    """One attempt to plan a cycle; at most one is live in a region, and its lease tells the dead from the slow.

    `publish` says that its plan shall hold; the plan of any other run only lies there to be looked at, and that of one
    with a `what_if_id` never holds. A version that somebody keeps by hand has a run too, which ends as it begins.
    """

    __tablename__ = "plan_run"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'failed', 'cancelled', 'stopped')", name="plan_run_state_known"),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="plan_run_ends_once"),
        Index("plan_run_live", "region_id", unique=True, postgresql_where=text("state = 'running'")),
    )

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id")
    region_id: UUID = reference("region.id")
    cause: str
    state: str = "running"
    seed: int = whole()
    publish: bool
    progress: dict[str, Any] = document()
    cancel_asked: bool = False
    error: str | None = None
    started_at: datetime = instant()
    leased_until_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    what_if_id: UUID | None = reference("what_if.id", default=None)


class WhatIf(SQLModel, table=True):
    """What a planner supposes; its id is that of the run that waits for it, and it waits until one has ended."""

    __tablename__ = "what_if"

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id")
    seed: int = whole()
    assumptions: dict[str, Any] = document()
    asked_at: datetime = instant()


class PlanWish(SQLModel, table=True):
    """A cycle waits for a (new) plan; gone when one begun afterwards holds, or is stored to be looked at.

    The two never answer each other: what a planner only looks at must not hold because something else was waiting.
    """

    __tablename__ = "plan_wish"

    cycle_id: UUID = Field(primary_key=True, foreign_key="order_cycle.id")
    publish: bool = Field(primary_key=True)
    run_id: UUID
    cause: str
    seed: int = whole()
    wished_at: datetime = instant()


guard_transitions(
    SQLModel.metadata.tables["plan_run"],
    "state",
    {"running": frozenset({"done", "failed", "cancelled", "stopped"})},
)
keep_immutable(SQLModel.metadata.tables["what_if"])  # the plan that came of it is what it says
