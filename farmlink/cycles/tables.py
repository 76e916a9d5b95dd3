"""Cycles, what they sell, where they hand it out, and who is invited."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, UniqueConstraint, Uuid, text
from sqlmodel import Field, SQLModel

from farmlink.cycles.rules import ARROWS
from farmlink.cycles.rules.thresholds import LONGEST_EXTENSION_HOURS, STEPS
from farmlink.cycles.values import Silence, Stage, ThresholdState, Unmet
from farmlink.store.columns import document, identity, instant, reference, whole
from farmlink.store.transitions import attach_trigger, guard_transitions


def _among(column: str, words: type[Stage | Silence | ThresholdState | Unmet]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


def _word(first: ThresholdState | Unmet) -> Any:
    """A word of its enumeration; rows of earlier versions have the first one."""
    return Field(default=first.value, sa_column_kwargs={"server_default": first.value})


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
        CheckConstraint(_among("threshold_state", ThresholdState), name="order_cycle_threshold_state_known"),
        CheckConstraint(_among("unmet", Unmet), name="order_cycle_unmet_known"),
        CheckConstraint(f"extension_hours BETWEEN 0 AND {LONGEST_EXTENSION_HOURS}", name="order_cycle_extension_sane"),
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
    extension_hours: int = whole(default=0, sa_column_kwargs={"server_default": "0"})
    unmet: str = _word(Unmet.ZERO)
    threshold_state: str = _word(ThresholdState.OPEN)
    home_fee_minor: int | None = whole(default=None, nullable=True)
    home_minimum_minor: int | None = whole(default=None, nullable=True)
    home_range_m: int | None = whole(default=None, nullable=True)
    policy_version: int | None = whole(default=None, nullable=True)
    cut_seed: str | None = None
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
        CheckConstraint(_among("threshold_state", ThresholdState), name="stock_threshold_state_known"),
        CheckConstraint(_among("unmet", Unmet), name="stock_unmet_known"),
    )

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id", index=False)
    product_id: UUID = reference("product.id", index=False)
    grade: int = whole()
    cap: int | None = whole(default=None, nullable=True)
    threshold: int = whole(default=0)
    unmet: str = _word(Unmet.ZERO)
    threshold_state: str = _word(ThresholdState.OPEN)
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
        CheckConstraint("case_packs > 0", name="listing_case_holds_packs"),
    )

    id: UUID = identity()
    stock_id: UUID = reference("stock.id", index=False)
    variant_id: UUID = reference("variant.id")
    pack: int = whole()
    weight_g: int = whole()
    price_minor_per_1000: int = whole()
    tax_ppm: int = whole(default=0)
    price_steps: list[Any] = document(default_factory=list)
    case_packs: int = whole(default=1, sa_column_kwargs={"server_default": "1"})


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


_cycle, _stock, _listing = (SQLModel.metadata.tables[name] for name in ("order_cycle", "stock", "listing"))
_STEPS = {old.value: frozenset(new.value for new in follow) for old, follow in STEPS.items()}
guard_transitions(
    _cycle, "stage", {old.value: frozenset(new.value for new in follow) for old, follow in ARROWS.items()}
)
guard_transitions(_cycle, "threshold_state", _STEPS)
guard_transitions(_stock, "threshold_state", _STEPS)
_TERMS = "(OLD.threshold_minor, OLD.unmet, OLD.extension_hours)"
attach_trigger(
    _cycle,
    "order_cycle_stays_as_promised",
    "BEFORE UPDATE OF threshold_minor, unmet, extension_hours ON order_cycle FOR EACH ROW"
    f" WHEN (OLD.stage <> 'draft' AND {_TERMS} IS DISTINCT FROM {_TERMS.replace('OLD', 'NEW')})",
    "RAISE EXCEPTION 'cycle % stays as it was promised', OLD.id USING ERRCODE = 'check_violation';",
)
attach_trigger(
    _listing,
    "listing_price_falls",
    "BEFORE UPDATE OF price_minor_per_1000, stock_id ON listing FOR EACH ROW"
    " WHEN (NEW.price_minor_per_1000 > OLD.price_minor_per_1000 OR NEW.stock_id <> OLD.stock_id)",
    "IF EXISTS (SELECT FROM stock JOIN order_cycle ON order_cycle.id = cycle_id"
    " WHERE stock.id IN (OLD.stock_id, NEW.stock_id) AND stage <> 'draft') THEN"
    " RAISE EXCEPTION 'the posted price of listing % only falls', OLD.id USING ERRCODE = 'check_violation'; END IF;"
    " RETURN NEW;",
)
_PACK = "(OLD.variant_id, OLD.pack, OLD.weight_g, OLD.tax_ppm, OLD.case_packs)"
attach_trigger(
    _listing,
    "listing_stays_as_ordered",
    "BEFORE UPDATE ON listing FOR EACH ROW"
    f" WHEN ({_PACK} IS DISTINCT FROM {_PACK.replace('OLD', 'NEW')} OR NEW.price_steps <> OLD.price_steps"
    " AND NEW.price_minor_per_1000 >= OLD.price_minor_per_1000)",
    "IF EXISTS (SELECT FROM stock WHERE id = OLD.stock_id AND reserved > 0) THEN"
    " RAISE EXCEPTION 'listing % stays as it was ordered', OLD.id USING ERRCODE = 'check_violation'; END IF;"
    " RETURN NEW;",
)
attach_trigger(
    _stock,
    "stock_stays_as_ordered",
    "BEFORE UPDATE OF threshold, cap, unmet ON stock FOR EACH ROW WHEN (OLD.reserved > 0 AND"
    " (NEW.threshold > OLD.threshold OR (NEW.cap, NEW.unmet) IS DISTINCT FROM (OLD.cap, OLD.unmet)))",
    "RAISE EXCEPTION 'stock % stays as it was ordered', OLD.id USING ERRCODE = 'check_violation';",
)
