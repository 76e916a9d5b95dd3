"""Immutable plans with their rows, and the one pointer that says which of them holds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from farmlink.policy.values.reasons import BY_PLAN, listed
from farmlink.store.columns import document, identity, instant, reference, whole
from farmlink.store.transitions import attach_trigger, keep_immutable


class Plan(SQLModel, table=True):
    """A verified plan; never changed. The blobs are the whole problem and solution, the hash is of the problem.

    `left_out` is what the problem does not hold because the solver takes nothing so large, and why; `held` is what
    planners held to when it was made, and whether it could be kept.
    """

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("cycle_id", "version", name="plan_versions_differ"),
        UniqueConstraint("run_id", name="plan_of_one_run"),
        CheckConstraint("version > 0", name="plan_version_positive"),
        CheckConstraint("landed_minor >= 0 AND ordered >= 0 AND planned >= 0", name="plan_figures_not_negative"),
        CheckConstraint("planned <= ordered", name="plan_serves_what_was_ordered"),
    )

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id")
    run_id: UUID = reference("plan_run.id")
    version: int = whole()
    seed: int = whole()
    stopped_by: str
    degraded: bool
    inputs_hash: str
    versions: dict[str, Any] = document()
    figures: dict[str, Any] = document()
    left_out: list[dict[str, Any]] = document()
    landed_minor: int = whole()
    ordered: int = whole()
    planned: int = whole()
    problem: bytes = Field(sa_type=LargeBinary)
    solution: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = instant()
    held: list[dict[str, Any]] = document(sa_column_kwargs={"server_default": text("'[]'")})


class EditedPlan(SQLModel, table=True):
    """A version that was changed by hand: from which, by which moves, and which rules it breaks.

    `read_at` is when the inputs of the version under it were read: it answers no wish that came later.
    """

    __tablename__ = "edited_plan"

    plan_id: UUID = Field(primary_key=True, foreign_key="plan.id")
    base_id: UUID = reference("plan.id")
    moves: list[dict[str, Any]] = document()
    broken: list[dict[str, Any]] = document()
    read_at: datetime = instant()


class PublishedPlan(SQLModel, table=True):
    """The one pointer that says which version of a cycle's plan holds."""

    __tablename__ = "published_plan"

    cycle_id: UUID = Field(primary_key=True, foreign_key="order_cycle.id")
    plan_id: UUID = reference("plan.id")
    published_at: datetime = instant()


class Allocation(SQLModel, table=True):
    """Lot serves batch with a quantity, in one version of a plan: from the hub that fetches it to the one it leaves."""

    __tablename__ = "allocation"
    __table_args__ = (
        UniqueConstraint("plan_id", "lot_id", "batch_id", name="allocation_pairs_differ"),
        CheckConstraint("quantity > 0", name="allocation_quantity_positive"),
        Index("allocation_in_its_plan", "plan_id", "id"),
    )

    id: UUID = identity()
    plan_id: UUID = reference("plan.id", index=False)
    lot_id: UUID = reference("lot.id")
    batch_id: UUID = reference("batch.id")
    quantity: int = whole()
    collecting_hub_id: UUID = reference("hub.id", index=False)
    delivering_hub_id: UUID = reference("hub.id", index=False)


class Shortfall(SQLModel, table=True):
    """What of a batch a plan leaves unserved, and why."""

    __tablename__ = "shortfall"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="shortfall_quantity_positive"),
        CheckConstraint(listed("reason", BY_PLAN), name="shortfall_reason_listed"),
    )

    plan_id: UUID = Field(primary_key=True, foreign_key="plan.id")
    batch_id: UUID = Field(primary_key=True, foreign_key="batch.id")
    quantity: int = whole()
    reason: str


class Standby(SQLModel, table=True):
    """A lot whose farm may yet be asked, and for how much, because others are expected to decline."""

    __tablename__ = "standby"
    __table_args__ = (
        UniqueConstraint("plan_id", "lot_id", name="standby_lots_differ"),
        CheckConstraint("quantity > 0", name="standby_quantity_positive"),
    )

    id: UUID = identity()
    plan_id: UUID = reference("plan.id")
    lot_id: UUID = reference("lot.id")
    quantity: int = whole()


class PlanRoute(SQLModel, table=True):
    """One trip of a vehicle."""

    __tablename__ = "plan_route"
    __table_args__ = (
        UniqueConstraint("plan_id", "number", name="plan_route_numbers_differ"),
        CheckConstraint("phase IN ('collection', 'line-haul', 'delivery')", name="plan_route_phase_known"),
        CheckConstraint("return_at >= depart_at AND distance_m >= 0", name="plan_route_goes_forward"),
    )

    id: UUID = identity()
    plan_id: UUID = reference("plan.id")
    number: int = whole()
    phase: str
    vehicle_id: UUID = reference("vehicle.id")
    depart_at: datetime = instant()
    return_at: datetime = instant()
    distance_m: int = whole()


class PlanHub(SQLModel, table=True):
    """What a plan brings through a hub: from its farms, and from other hubs."""

    __tablename__ = "plan_hub"
    __table_args__ = (CheckConstraint("intake_g > 0", name="plan_hub_intake_positive"),)

    plan_id: UUID = Field(primary_key=True, foreign_key="plan.id")
    hub_id: UUID = Field(primary_key=True, foreign_key="hub.id", index=True)
    intake_g: int = whole()


class PlanFarm(SQLModel, table=True):
    """What a farm offers a plan and sells in it, by its own asks: the season so far is the sum of these."""

    __tablename__ = "plan_farm"
    __table_args__ = (CheckConstraint("0 <= sold_minor AND sold_minor <= offered_minor", name="plan_farm_sells_offer"),)

    plan_id: UUID = Field(primary_key=True, foreign_key="plan.id")
    farm_id: UUID = Field(primary_key=True, foreign_key="farm.id", index=True)
    offered_minor: int = whole()
    sold_minor: int = whole()


class PlanStop(SQLModel, table=True):
    """One visit of a route, in its order; `place_id` is a farm, a hub or a point."""

    __tablename__ = "plan_stop"
    __table_args__ = (
        CheckConstraint("arrive_at <= start_at AND start_at <= leave_at", name="plan_stop_goes_forward"),
        CheckConstraint("weight_g >= 0", name="plan_stop_weight_not_negative"),
    )

    route_id: UUID = Field(primary_key=True, foreign_key="plan_route.id")
    position: int = Field(primary_key=True)
    place_id: UUID
    arrive_at: datetime = instant()
    start_at: datetime = instant()
    leave_at: datetime = instant()
    weight_g: int = whole()


attach_trigger(
    SQLModel.metadata.tables["published_plan"],
    "published_plan_goes_on",
    "BEFORE INSERT OR UPDATE OF cycle_id, plan_id ON published_plan FOR EACH ROW",
    "IF NOT EXISTS (SELECT FROM plan WHERE id = NEW.plan_id AND cycle_id = NEW.cycle_id) THEN"
    " RAISE EXCEPTION 'plan % is of another cycle', NEW.plan_id USING ERRCODE = 'check_violation'; END IF;"
    " IF TG_OP = 'UPDATE' AND (SELECT version FROM plan WHERE id = NEW.plan_id)"
    " < (SELECT version FROM plan WHERE id = OLD.plan_id) THEN"
    " RAISE EXCEPTION 'a later version than plan % holds', NEW.plan_id USING ERRCODE = 'check_violation'; END IF;"
    " RETURN NEW;",
)
attach_trigger(
    SQLModel.metadata.tables["published_plan"],
    "published_plan_may_hold",
    "BEFORE INSERT OR UPDATE OF plan_id ON published_plan FOR EACH ROW",
    "IF EXISTS (SELECT FROM edited_plan WHERE plan_id = NEW.plan_id AND broken <> '[]') THEN"
    " RAISE EXCEPTION 'plan % breaks rules', NEW.plan_id USING ERRCODE = 'check_violation'; END IF;"
    " IF EXISTS (SELECT FROM plan JOIN plan_run ON plan_run.id = run_id"
    " WHERE plan.id = NEW.plan_id AND what_if_id IS NOT NULL) THEN"
    " RAISE EXCEPTION 'plan % is of other inputs', NEW.plan_id USING ERRCODE = 'check_violation'; END IF;"
    " RETURN NEW;",
)
for _table in (
    "plan",
    "edited_plan",
    "allocation",
    "shortfall",
    "standby",
    "plan_route",
    "plan_stop",
    "plan_hub",
    "plan_farm",
):
    keep_immutable(SQLModel.metadata.tables[_table])  # what could change would break the promises that rest on it
