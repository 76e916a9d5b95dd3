"""What arrived of each allocation and what became of each order line."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from farmlink.policy.values.reasons import AT_HAND_OUT, AT_SHARING, BY_PLAN, listed
from farmlink.store.columns import identity, instant, reference, whole
from farmlink.store.transitions import attach_trigger, keep_immutable

SHARED = listed("reason", (*BY_PLAN, *AT_SHARING))


class ShortOrder(SQLModel, table=True):
    """That an order will be short when every farm has answered, or is not any more; the newest row says what holds."""

    __tablename__ = "short_order"
    __table_args__ = (UniqueConstraint("order_id", "plan_id", name="short_order_once_a_plan"),)

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id")
    order_id: UUID = reference("consumer_order.id", index=False)
    plan_id: UUID = reference("plan.id")
    foreseen_at: datetime = instant()


class ShortLine(SQLModel, table=True):
    """What will come at most of a line that will be short, and why no more."""

    __tablename__ = "short_line"
    __table_args__ = (
        CheckConstraint("0 <= foreseen AND foreseen < ordered", name="short_line_is_short"),
        CheckConstraint(SHARED, name="short_line_reason_listed"),
    )

    short_order_id: UUID = Field(primary_key=True, foreign_key="short_order.id")
    line_id: UUID = Field(primary_key=True, foreign_key="order_line.id")
    ordered: int = whole()
    foreseen: int = whole()
    reason: str


class Receipt(SQLModel, table=True):
    """What a hub received of an allocation; corrected until it is shared out."""

    __tablename__ = "receipt"
    __table_args__ = (CheckConstraint("received >= 0", name="receipt_not_negative"),)

    allocation_id: UUID = Field(primary_key=True, foreign_key="allocation.id")
    cycle_id: UUID = reference("order_cycle.id")
    received: int = whole()
    received_at: datetime = instant()


class HandOut(SQLModel, table=True):
    """What of an order line is due, and what was handed out; anything less than ordered has a reason.

    `reason` is why less is due than was ordered: not received, or what the plan says of its batch.
    `end_reason` is why less was handed out than was due.
    `worth_minor` is what the whole line comes to at its posted price; `balance_ppm` is what the fairness ledger owed
    its consumer when it was shared out.
    """

    __tablename__ = "hand_out"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "place_id"], ["cycle_place.cycle_id", "cycle_place.place_id"], name="hand_out_at_its_place"
        ),
        CheckConstraint("ordered > 0 AND worth_minor >= 0", name="hand_out_of_something"),
        CheckConstraint("0 <= due AND due <= ordered", name="hand_out_due_within_ordered"),
        CheckConstraint("handed_out IS NULL OR (0 <= handed_out AND handed_out <= due)", name="hand_out_within_due"),
        CheckConstraint("(handed_out IS NULL) = (ended_at IS NULL)", name="hand_out_ends_once"),
        CheckConstraint(SHARED, name="hand_out_reason_listed"),
        CheckConstraint("(due = ordered) = (reason IS NULL)", name="hand_out_short_has_reason"),
        CheckConstraint(listed("end_reason", AT_HAND_OUT), name="hand_out_end_reason_known"),
        CheckConstraint("(coalesce(handed_out, due) = due) = (end_reason IS NULL)", name="hand_out_end_has_reason"),
    )

    line_id: UUID = Field(primary_key=True, foreign_key="order_line.id")
    order_id: UUID = reference("consumer_order.id")
    cycle_id: UUID = reference("order_cycle.id")
    place_id: UUID = Field(index=True)
    ordered: int = whole()
    worth_minor: int = whole()
    due: int = whole()
    handed_out: int | None = whole(default=None, nullable=True)
    reason: str | None = None
    end_reason: str | None = None
    balance_ppm: int = whole(default=0, sa_column_kwargs={"server_default": "0"})
    shared_at: datetime = instant()
    ended_at: datetime | None = instant(default=None, nullable=True)


class ArrivalCount(SQLModel, table=True):
    """What the leader of a point counted of a pack when it came; corrected until the hand-out begins.

    `counted` is all that came, `damaged` the part of it that nobody would take.
    """

    __tablename__ = "arrival_count"
    __table_args__ = (
        ForeignKeyConstraint(
            ["cycle_id", "place_id"], ["cycle_place.cycle_id", "cycle_place.place_id"], name="arrival_count_at_place"
        ),
        CheckConstraint("0 <= damaged AND damaged <= counted", name="arrival_count_damaged_of_counted"),
    )

    cycle_id: UUID = Field(primary_key=True)
    place_id: UUID = Field(primary_key=True)
    listing_id: UUID = Field(primary_key=True, foreign_key="listing.id")
    counted: int = whole()
    damaged: int = whole()
    picture_id: UUID | None = reference("picture.id", nullable=True, default=None, ondelete="SET NULL")
    counted_at: datetime = instant()


attach_trigger(
    SQLModel.metadata.tables["hand_out"],
    "hand_out_ends_once_for_all",
    "BEFORE UPDATE OR DELETE ON hand_out FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)",
    "RAISE EXCEPTION 'line % has ended', OLD.line_id USING ERRCODE = 'check_violation';",
)
attach_trigger(
    SQLModel.metadata.tables["receipt"],
    "receipt_within_what_was_sent",
    "BEFORE INSERT OR UPDATE ON receipt FOR EACH ROW",
    "IF NEW.received > (SELECT quantity FROM allocation WHERE id = NEW.allocation_id) THEN"
    " RAISE EXCEPTION 'more came in of % than was sent', NEW.allocation_id USING ERRCODE = 'check_violation'; END IF;"
    " IF EXISTS (SELECT FROM hand_out WHERE cycle_id = NEW.cycle_id) THEN"
    " RAISE EXCEPTION 'what came in has been shared out' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
for _table in ("short_order", "short_line"):
    keep_immutable(SQLModel.metadata.tables[_table])  # what somebody was told stays what they were told
