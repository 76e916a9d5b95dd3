"""What the next plan keeps: what farms promised or refused, and what planners hold to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from farmlink.store.columns import identity, instant, reference, whole


class Pin(SQLModel, table=True):
    """What a farm promised or refused of a lot in a cycle: the next plan sends no less and no more."""

    __tablename__ = "pin"
    __table_args__ = (CheckConstraint("at_least BETWEEN 0 AND at_most", name="pin_limits_in_order"),)

    cycle_id: UUID = Field(primary_key=True, foreign_key="order_cycle.id")
    lot_id: UUID = Field(primary_key=True, foreign_key="lot.id")
    at_least: int = whole()
    at_most: int = whole()


class Hold(SQLModel, table=True):
    """What planners hold to: a farm's lots as a version takes them, or the truck that serves a place in it."""

    __tablename__ = "hold"
    __table_args__ = (
        UniqueConstraint("cycle_id", "kind", "phase", "place_id", name="hold_once"),
        CheckConstraint("kind IN ('farm', 'stop')", name="hold_kind_known"),
        CheckConstraint("phase IN ('collection', 'delivery')", name="hold_phase_known"),
        CheckConstraint("(kind = 'stop') = (vehicle_id IS NOT NULL)", name="hold_of_a_stop_names_its_truck"),
    )

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id", index=False)
    plan_id: UUID = reference("plan.id")
    kind: str
    phase: str
    place_id: UUID
    vehicle_id: UUID | None = reference("vehicle.id", index=False, default=None)
    held_at: datetime = instant()
