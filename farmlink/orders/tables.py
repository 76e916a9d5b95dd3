"""Orders and their lines, and standing orders."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from farmlink.orders.values import CutKind, OrderState, Shortage, StandingState
from farmlink.policy.values import ShortageRule
from farmlink.policy.values.reasons import AT_CUT_OFF, listed
from farmlink.store.columns import document, identity, instant, reference, whole
from farmlink.store.transitions import attach_trigger, guard_transitions, keep_immutable

STATES = f"state IN ({', '.join(repr(state.value) for state in OrderState)})"
REASONED = "(state = 'cancelled') = (reason IS NOT NULL)"
CUT = "packs < coalesce(wanted_packs, packs)"
SHORTAGES = f"shortage IN ({', '.join(repr(shortage.value) for shortage in Shortage)})"
REASONS = listed("reason", AT_CUT_OFF)


class ConsumerOrder(SQLModel, table=True):
    """What one consumer wants from one cycle, for themselves or for somebody else; one of each stands at a time."""

    __tablename__ = "consumer_order"
    __table_args__ = (
        Index(
            "consumer_order_once_a_cycle",
            "cycle_id",
            "consumer_id",
            unique=True,
            postgresql_where=text("state = 'placed' AND recipient_id IS NULL"),
        ),
        Index(
            "consumer_order_once_a_recipient",
            "cycle_id",
            "consumer_id",
            "recipient_id",
            unique=True,
            postgresql_where=text("state = 'placed' AND recipient_id IS NOT NULL"),
        ),
        CheckConstraint("recipient_id IS NULL OR NOT at_home", name="consumer_order_gift_is_collected"),
        UniqueConstraint("id", "cycle_id", "place_id", name="consumer_order_destination"),
        ForeignKeyConstraint(
            ["cycle_id", "place_id"], ["cycle_place.cycle_id", "cycle_place.place_id"], name="consumer_order_served"
        ),
        CheckConstraint(STATES, name="consumer_order_state_known"),
        CheckConstraint(f"{REASONED} AND {REASONS}", name="consumer_order_reason_given"),
        CheckConstraint("delivery_fee_minor >= 0 AND total_minor >= 0", name="consumer_order_amounts_not_negative"),
    )

    id: UUID = identity()
    cycle_id: UUID = Field()
    consumer_id: UUID = reference("person.id")
    recipient_id: UUID | None = reference("person.id", nullable=True, default=None)
    place_id: UUID = Field()
    at_home: bool = False
    state: str = OrderState.PLACED.value
    reason: str | None = None
    currency: str = Field(max_length=3)
    delivery_fee_minor: int = whole()
    total_minor: int = whole()
    placed_at: datetime = instant()
    amended_at: datetime | None = instant(default=None, nullable=True)
    revision: int = whole(default=1)


class OrderLine(SQLModel, table=True):
    """One listing in an order; cycle, place, product and grade are copied, so that batches are a grouping of lines."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "listing_id", name="order_line_once_a_listing"),
        ForeignKeyConstraint(
            ["order_id", "cycle_id", "place_id"],
            ["consumer_order.id", "consumer_order.cycle_id", "consumer_order.place_id"],
            name="order_line_goes_where_its_order_goes",
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(
            ["batch_id", "cycle_id", "product_id", "grade", "place_id"],
            ["batch.id", "batch.cycle_id", "batch.product_id", "batch.grade", "batch.place_id"],
            name="order_line_in_its_batch",
        ),
        CheckConstraint(STATES, name="order_line_state_known"),
        CheckConstraint(
            f"(state = 'cancelled' OR {CUT}) = (reason IS NOT NULL) AND {REASONS}", name="order_line_reason_given"
        ),
        CheckConstraint("wanted_packs > 0 AND most_packs >= packs", name="order_line_packs_welcome"),
        CheckConstraint(SHORTAGES, name="order_line_shortage_known"),
        CheckConstraint(
            "(shortage = 'swap') = (cardinality(substitutes) > 0)", name="order_line_swapped_for_something"
        ),
        CheckConstraint("packs > 0 AND quantity > 0 AND weight_g > 0", name="order_line_quantity_positive"),
        CheckConstraint("price_minor_per_1000 >= 0", name="order_line_price_not_negative"),
        CheckConstraint("price_before_minor_per_1000 > price_minor_per_1000", name="order_line_price_fell"),
        CheckConstraint(
            "total_minor = (2 * quantity * price_minor_per_1000 + 1000) / 2000", name="order_line_rounded_once"
        ),
        Index("order_line_by_cycle", "cycle_id"),
    )

    id: UUID = identity()
    order_id: UUID = Field()
    cycle_id: UUID = Field()
    place_id: UUID = Field()
    listing_id: UUID = reference("listing.id", index=False)
    product_id: UUID = Field()
    grade: int = whole()
    packs: int = whole()
    most_packs: int | None = whole(default=None, nullable=True)
    wanted_packs: int | None = whole(default=None, nullable=True)
    shortage: str = Field(default=Shortage.LESS.value, sa_column_kwargs={"server_default": Shortage.LESS.value})
    substitutes: list[UUID] = Field(
        default_factory=list, sa_type=ARRAY(Uuid), sa_column_kwargs={"server_default": text("'{}'")}
    )
    quantity: int = whole()
    weight_g: int = whole()
    price_minor_per_1000: int = whole()
    price_before_minor_per_1000: int | None = whole(default=None, nullable=True)
    tax_ppm: int = whole()
    total_minor: int = whole()
    state: str = OrderState.PLACED.value
    reason: str | None = None
    batch_id: UUID | None = Field(default=None, index=True)
    swapped_from: UUID | None = reference("order_line.id", nullable=True, default=None)
    in_place_of: UUID | None = reference("order_line.id", nullable=True, default=None)


class CutShareRow(SQLModel, table=True):
    """How a listing's cases, or what the lots hold of a stock, was shared at the cut-off; `id` is that of either."""

    __tablename__ = "cut_share"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(kind.value) for kind in CutKind)})", name="cut_share_kind_known"),
        CheckConstraint(f"rule IN ({', '.join(repr(rule.value) for rule in ShortageRule)})", name="cut_share_by_rule"),
        CheckConstraint("(kind = 'case') = (case_quantity IS NOT NULL)", name="cut_share_in_cases"),
        CheckConstraint("available >= 0 AND case_quantity > 0", name="cut_share_of_something"),
    )

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id")
    kind: str
    rule: str
    seed: str
    available: int = whole()
    case_quantity: int | None = whole(default=None, nullable=True)
    spare: int | None = whole(default=None, nullable=True)


class CutClaimRow(SQLModel, table=True):
    """What an order line claimed of that and what it got, in base units."""

    __tablename__ = "cut_claim"
    __table_args__ = (
        CheckConstraint("0 <= extra AND extra < wanted AND pack > 0", name="cut_claim_of_something"),
        CheckConstraint("0 <= got AND got <= wanted AND got % pack = 0", name="cut_claim_in_whole_packs"),
        CheckConstraint("NOT left_it OR (all_or_nothing AND got = 0)", name="cut_claim_left_whole"),
        CheckConstraint("welcome >= 0", name="cut_claim_welcome"),
    )

    share_id: UUID = Field(primary_key=True, foreign_key="cut_share.id")
    line_id: UUID = Field(primary_key=True, foreign_key="order_line.id", index=True)
    whose: UUID = reference("order_line.id", index=False)
    wanted: int = whole()
    pack: int = whole()
    extra: int = whole()
    all_or_nothing: bool
    balance_ppm: int = whole()
    got: int = whole()
    left_it: bool
    welcome: int | None = whole(default=None, nullable=True)


class StandingOrderRow(SQLModel, table=True):
    """What somebody orders of every so many cycles; `since_at` is when it was made or last resumed."""

    __tablename__ = "standing_order"
    __table_args__ = (
        CheckConstraint(
            f"state IN ({', '.join(repr(state.value) for state in StandingState)})", name="standing_order_state_known"
        ),
        CheckConstraint("every BETWEEN 1 AND 52", name="standing_order_rhythm_sane"),
        CheckConstraint("paused_until IS NULL OR state = 'paused'", name="standing_order_rests_until"),
        Index("standing_order_going_on", "region_id", postgresql_where=text("state <> 'ended'")),
    )

    id: UUID = identity()
    consumer_id: UUID = reference("person.id")
    region_id: UUID = reference("region.id", index=False)
    hub_id: UUID | None = reference("hub.id", nullable=True, default=None)
    point_id: UUID | None = reference("point.id", nullable=True, default=None)
    every: int = whole()
    lines: list[Any] = document()
    state: str = StandingState.RUNNING.value
    paused_until: date | None = None
    since_at: datetime = instant()
    revision: int = whole(default=1)


class StandingTurnRow(SQLModel, table=True):
    """What came of a standing order in one cycle, once."""

    __tablename__ = "standing_turn"
    __table_args__ = (UniqueConstraint("standing_order_id", "cycle_id", name="standing_turn_once_a_cycle"),)

    id: UUID = identity()
    standing_order_id: UUID = reference("standing_order.id", index=False)
    cycle_id: UUID = reference("order_cycle.id")
    order_id: UUID | None = reference("consumer_order.id", nullable=True, default=None)
    left_out: list[Any] = document(default_factory=list)
    refusal: list[Any] | None = Field(default=None, nullable=True, sa_type=JSONB(none_as_null=True))
    taken_at: datetime = instant()


IN_BATCH = "(OLD.batch_id, OLD.quantity, OLD.product_id, OLD.grade, OLD.place_id, OLD.cycle_id)"
STAYS = """
RAISE EXCEPTION 'order line % is in a batch: its quantity, goods and place stay', OLD.id
USING ERRCODE = 'check_violation';
"""
_MOVES = {OrderState.PLACED.value: frozenset({OrderState.CANCELLED.value})}
_order, _line = SQLModel.metadata.tables["consumer_order"], SQLModel.metadata.tables["order_line"]
guard_transitions(_order, "state", _MOVES)
guard_transitions(_line, "state", _MOVES)
guard_transitions(
    SQLModel.metadata.tables["standing_order"],
    "state",
    {
        "running": frozenset({"paused", "ended"}),
        "paused": frozenset({"running", "ended"}),
        "ended": frozenset(),
    },
)
for _table in ("standing_turn", "cut_share", "cut_claim"):
    keep_immutable(SQLModel.metadata.tables[_table])  # what came of it then stays what came of it
attach_trigger(
    _line,
    "order_line_stays_in_its_batch",
    "BEFORE UPDATE ON order_line FOR EACH ROW WHEN (OLD.batch_id IS NOT NULL"
    f" AND {IN_BATCH} IS DISTINCT FROM {IN_BATCH.replace('OLD', 'NEW')})",
    STAYS,
)
attach_trigger(
    _line,
    "order_line_stays_counted",
    "BEFORE DELETE ON order_line FOR EACH ROW WHEN (OLD.batch_id IS NOT NULL)",
    STAYS,
)
