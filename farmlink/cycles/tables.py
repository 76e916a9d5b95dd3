"""Cycles, what they sell, where they hand it out, and who is invited."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, UniqueConstraint, Uuid, text
from sqlmodel import Field, SQLModel

from farmlink.cycles.rules import ARROWS
from farmlink.cycles.values import Silence, Stage
from farmlink.store.columns import document, identity, instant, reference, whole
from farmlink.store.transitions import attach_trigger, guard_transitions


def _among(column: str, words: type[Stage] | type[Silence]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


class OrderCycle(SQLModel, table=True):
    """One round of ordering, from draft to done; region, zone and currency are its hub's, fixed when it was made.

    It opens and closes at the planned moments or earlier by hand; what was planned stays, for the copy of next week.
    Where the clocks skip the wall time that was planned, `opens_meant` and `closes_meant` keep it for the copy too.
    """

    __tablename__ = "order_cycle"
    __table_args__ = (
        CheckConstraint(_among("stage", Stage), name="order_cycle_stage_known"),
        CheckConstraint(_among("silence", Silence), name="order_cycle_silence_known"),
        CheckConstraint("opens_at < closes_at", name="order_cycle_opens_before_it_closes"),
        CheckConstraint("collect_on <= hand_out_on", name="order_cycle_collects_before_hand_out"),
        CheckConstraint("answer_hours BETWEEN 1 AND 240", name="order_cycle_answer_hours_sane"),
        CheckConstraint(
            "threshold_minor >= 0 AND markup_ppm >= 0 AND delivery_fee_minor >= 0 AND minimum_order_minor >= 0",
            name="order_cycle_amounts_not_negative",
        ),
        CheckConstraint(
            "num_nulls(home_fee_minor, home_minimum_minor, home_range_m) IN (0, 3)", name="order_cycle_homes_or_not"
        ),
        CheckConstraint(
            "home_fee_minor >= 0 AND home_minimum_minor >= 0 AND home_range_m > 0", name="order_cycle_homes_in_reach"
        ),
        CheckConstraint("stage = 'draft' OR policy_version IS NOT NULL", name="order_cycle_policy_pinned"),
        CheckConstraint("stage <> 'confirming' OR answers_due_at IS NOT NULL", name="order_cycle_answers_due"),
        CheckConstraint("(stage = 'draft') = (opened_at IS NULL)", name="order_cycle_opened_once"),
        CheckConstraint("(stage IN ('draft', 'open')) = (closed_at IS NULL)", name="order_cycle_closed_once"),
        CheckConstraint("extended_from_at < closes_at", name="order_cycle_extended_to_later"),
        Index("order_cycle_due", "stage", "closes_at"),
    )

    id: UUID = identity()
    hub_id: UUID = reference("hub.id")
    region_id: UUID = reference("region.id")
    time_zone: str
    currency: str = Field(max_length=3)
    stage: str = Stage.DRAFT.value
    paused: bool = False
    opens_at: datetime = instant()
    closes_at: datetime = instant()
    opens_meant: datetime | None = Field(default=None, sa_type=DateTime)
    closes_meant: datetime | None = Field(default=None, sa_type=DateTime)
    extended_from_at: datetime | None = instant(default=None, nullable=True)
    opened_at: datetime | None = instant(default=None, nullable=True)
    closed_at: datetime | None = instant(default=None, nullable=True)
    collect_on: date
    hand_out_on: date
    answer_hours: int = whole()
    answers_due_at: datetime | None = instant(default=None, nullable=True)
    silence: str
    threshold_minor: int = whole()
    markup_ppm: int = whole()
    delivery_fee_minor: int = whole()
    minimum_order_minor: int = whole()
    private: bool = False
    home_fee_minor: int | None = whole(default=None, nullable=True)
    home_minimum_minor: int | None = whole(default=None, nullable=True)
    home_range_m: int | None = whole(default=None, nullable=True)
    policy_version: int | None = whole(default=None, nullable=True)
    revision: int = whole(default=1)


class Stock(SQLModel, table=True):
    """What a cycle has of one product and grade, in base units, shared by all its packs."""

    __tablename__ = "stock"
    __table_args__ = (
        UniqueConstraint("cycle_id", "product_id", "grade", name="stock_once_a_cycle"),
        ForeignKeyConstraint(
            ["product_id", "grade"], ["grade.product_id", "grade.rank"], name="stock_grade_of_product"
        ),
        CheckConstraint("grade BETWEEN 1 AND 5", name="stock_grade_known"),
        CheckConstraint("0 <= reserved AND reserved <= available", name="stock_reserved_within_available"),
        CheckConstraint("threshold >= 0 AND (cap IS NULL OR cap >= 0)", name="stock_limits_not_negative"),
    )

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id", index=False)
    product_id: UUID = reference("product.id", index=False)
    grade: int = whole()
    cap: int | None = whole(default=None, nullable=True)
    threshold: int = whole(default=0)
    available: int = whole(default=0)
    reserved: int = whole(default=0)


class Listing(SQLModel, table=True):
    """One pack for sale in one cycle, at a price with tax that only falls."""

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("stock_id", "variant_id", name="listing_once_a_stock"),
        CheckConstraint("pack > 0 AND weight_g > 0", name="listing_pack_positive"),
        CheckConstraint("price_minor_per_1000 >= 0", name="listing_price_not_negative"),
        CheckConstraint("tax_ppm BETWEEN 0 AND 1000000", name="listing_tax_is_a_share"),
    )

    id: UUID = identity()
    stock_id: UUID = reference("stock.id", index=False)
    variant_id: UUID = reference("variant.id")
    pack: int = whole()
    weight_g: int = whole()
    price_minor_per_1000: int = whole()
    tax_ppm: int = whole(default=0)
    price_steps: list[Any] = document(default_factory=list)


class CyclePlace(SQLModel, table=True):
    """A cycle hands out at a point, whose capacity it follows, never below the orders, or brings an order to a home."""

    __tablename__ = "cycle_place"
    __table_args__ = (
        CheckConstraint("0 <= orders AND orders <= capacity_orders", name="cycle_place_orders_within_capacity"),
        CheckConstraint("0 <= weight_g AND weight_g <= capacity_g", name="cycle_place_weight_within_capacity"),
        CheckConstraint("num_nonnulls(point_id, home_id) = 1", name="cycle_place_is_a_point_or_a_home"),
        CheckConstraint("place_id = coalesce(point_id, home_id)", name="cycle_place_is_its_point_or_home"),
    )

    cycle_id: UUID = Field(foreign_key="order_cycle.id", primary_key=True, sa_type=Uuid)
    place_id: UUID = Field(primary_key=True, sa_type=Uuid)
    point_id: UUID | None = reference("point.id", nullable=True, default=None)
    home_id: UUID | None = reference("home.id", nullable=True, default=None)
    closed: bool = False
    capacity_orders: int = whole()
    capacity_g: int = whole()
    orders: int = whole(default=0)
    weight_g: int = whole(default=0)


class CycleInvitation(SQLModel, table=True):
    """Somebody may see and use a private cycle."""

    __tablename__ = "cycle_invitation"

    cycle_id: UUID = Field(foreign_key="order_cycle.id", primary_key=True, sa_type=Uuid)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True, index=True, sa_type=Uuid)
    invited_at: datetime = instant(sa_column_kwargs={"server_default": text("now()")})


guard_transitions(
    OrderCycle.__table__,  # type: ignore[attr-defined]  # SQLModel hides SQLAlchemy's attribute
    "stage",
    {old.value: frozenset(new.value for new in follow) for old, follow in ARROWS.items()},
)
attach_trigger(
    SQLModel.metadata.tables["listing"],
    "listing_price_falls",
    "BEFORE UPDATE OF price_minor_per_1000, stock_id ON listing FOR EACH ROW"
    " WHEN (NEW.price_minor_per_1000 > OLD.price_minor_per_1000 OR NEW.stock_id <> OLD.stock_id)",
    "IF EXISTS (SELECT FROM stock JOIN order_cycle ON order_cycle.id = cycle_id"
    " WHERE stock.id IN (OLD.stock_id, NEW.stock_id) AND stage <> 'draft') THEN"
    " RAISE EXCEPTION 'the posted price of listing % only falls', OLD.id USING ERRCODE = 'check_violation'; END IF;"
    " RETURN NEW;",
)
