"""Lots: what a farm offers of one product in one grade, and how much of it is promised; how farms kept their word."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from farmlink.store.columns import identity, instant, reference, whole
from farmlink.store.transitions import guard_transitions

MOVES = {"offered": frozenset({"failed", "withdrawn"}), "failed": frozenset[str](), "withdrawn": frozenset[str]()}


class Lot(SQLModel, table=True):
    """Base units offered, shared by every pack and cycle; sent in whole packs, none or at least the minimum."""

    __tablename__: ClassVar[str] = "lot"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="lot_quantity"),
        CheckConstraint("minimum BETWEEN 0 AND quantity", name="lot_minimum"),
        CheckConstraint("pack > 0 AND pack <= quantity", name="lot_pack"),
        CheckConstraint("daily_capacity > 0", name="lot_daily_capacity"),
        CheckConstraint("ask_minor_per_1000 >= 0", name="lot_ask"),
        CheckConstraint(
            "0 <= forecast_low AND forecast_low <= forecast_likely AND forecast_likely <= forecast_high",
            name="lot_forecast",
        ),
        CheckConstraint("quantity <= forecast_high", name="lot_quantity_within_forecast"),
        CheckConstraint("harvest_on <= collect_until AND collect_from <= collect_until", name="lot_window"),
        CheckConstraint("shelf_days BETWEEN 1 AND 3650", name="lot_shelf_days"),
        CheckConstraint("0 <= allocated AND allocated <= quantity", name="lot_allocated_within_quantity"),
        CheckConstraint("state IN ('offered', 'failed', 'withdrawn')", name="lot_state"),
        ForeignKeyConstraint(["product_id", "grade"], ["grade.product_id", "grade.rank"], name="lot_grade_of_product"),
        UniqueConstraint("farm_id", "code", name="lot_code_once"),
        Index("ix_lot_product", "product_id", "grade"),
        Index("ix_lot_collectable", "collect_until", "collect_from", postgresql_where="state = 'offered'"),
    )

    id: UUID = identity()
    farm_id: UUID = reference("farm.id")
    product_id: UUID = reference("product.id", index=False)
    grade: int = whole()
    code: str | None = Field(default=None, sa_type=Text)
    quantity: int = whole()
    minimum: int = whole()
    pack: int = whole()
    ask_minor_per_1000: int = whole()
    harvest_on: date
    collect_from: date
    collect_until: date
    shelf_days: int = whole()
    daily_capacity: int = whole()
    forecast_low: int = whole()
    forecast_likely: int = whole()
    forecast_high: int = whole()
    state: str = Field(default="offered", sa_type=Text)
    allocated: int = whole(default=0)
    offered_at: datetime = instant()
    revision: int = whole(default=1)


class FarmRecord(SQLModel, table=True):
    """How a farm has kept to what it was asked for: what its expected decline and its place in the shop rest on."""

    __tablename__: ClassVar[str] = "farm_record"
    __table_args__ = (CheckConstraint("0 <= kept AND kept <= asked", name="farm_record_kept_of_asked"),)

    farm_id: UUID = Field(primary_key=True, foreign_key="farm.id")
    asked: int = whole(default=0)
    kept: int = whole(default=0)


guard_transitions(Lot.__table__, "state", MOVES)  # type: ignore[attr-defined]  # SQLModel does not declare it
