"""What arrived of each allocation and what became of each order line."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from farmlink.dispatch.values import ShortReason
from farmlink.store.columns import instant, reference, whole
from farmlink.store.transitions import attach_trigger

ENDED = ", ".join(repr(reason.value) for reason in (ShortReason.NOT_COLLECTED, ShortReason.SPOILED))


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
    `worth_minor` is what the whole line comes to at its posted price.
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
        CheckConstraint(f"btrim(reason) <> '' AND reason NOT IN ({ENDED})", name="hand_out_reason_said"),
        CheckConstraint("(due = ordered) = (reason IS NULL)", name="hand_out_short_has_reason"),
        CheckConstraint(f"end_reason IN ({ENDED})", name="hand_out_end_reason_known"),
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
    shared_at: datetime = instant()
    ended_at: datetime | None = instant(default=None, nullable=True)


attach_trigger(
    SQLModel.metadata.tables["hand_out"],
    "hand_out_ends_once_for_all",
    "BEFORE UPDATE OR DELETE ON hand_out FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)",
    "RAISE EXCEPTION 'line % has ended', OLD.line_id USING ERRCODE = 'check_violation';",
)
