"""Orders and their lines."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from farmlink.orders.values import CancelReason, OrderState
from farmlink.store.columns import identity, instant, reference, whole
from farmlink.store.transitions import attach_trigger, guard_transitions

STATES = f"state IN ({', '.join(repr(state.value) for state in OrderState)})"
REASONED = "(state = 'cancelled') = (reason IS NOT NULL)"
REASONS = f"reason IN ({', '.join(repr(reason.value) for reason in CancelReason)})"


class ConsumerOrder(SQLModel, table=True):
    """What one consumer wants from one cycle; at most one stands at a time."""

    __tablename__ = "consumer_order"
    __table_args__ = (
        Index(
            "consumer_order_once_a_cycle",
            "cycle_id",
            "consumer_id",
            unique=True,
            postgresql_where=text("state = 'placed'"),
        ),
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
        CheckConstraint(f"{REASONED} AND {REASONS}", name="order_line_reason_given"),
        CheckConstraint("packs > 0 AND quantity > 0 AND weight_g > 0", name="order_line_quantity_positive"),
        CheckConstraint("price_minor_per_1000 >= 0", name="order_line_price_not_negative"),
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
    quantity: int = whole()
    weight_g: int = whole()
    price_minor_per_1000: int = whole()
    tax_ppm: int = whole()
    total_minor: int = whole()
    state: str = OrderState.PLACED.value
    reason: str | None = None
    batch_id: UUID | None = Field(default=None, index=True)


IN_BATCH = "(OLD.batch_id, OLD.quantity, OLD.product_id, OLD.grade, OLD.place_id, OLD.cycle_id)"
STAYS = """
RAISE EXCEPTION 'order line % is in a batch: its quantity, goods and place stay', OLD.id
USING ERRCODE = 'check_violation';
"""
_MOVES = {OrderState.PLACED.value: frozenset({OrderState.CANCELLED.value})}
_order, _line = SQLModel.metadata.tables["consumer_order"], SQLModel.metadata.tables["order_line"]
guard_transitions(_order, "state", _MOVES)
guard_transitions(_line, "state", _MOVES)
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
