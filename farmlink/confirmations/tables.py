"""Questions to farms and their answers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from farmlink.confirmations.rules import ARROWS
from farmlink.store.columns import identity, instant, reference, whole
from farmlink.store.transitions import attach_trigger, guard_transitions


class ConfirmationRequest(SQLModel, table=True):
    """May we have this much of this lot on this day? `floor` was promised before and holds whatever the answer is.

    From `remind_at` on its farm is reminded once; it is empty where nobody is reminded, and as soon as somebody was.
    """

    __tablename__ = "confirmation_request"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'accepted', 'reduced', 'declined', 'lapsed', 'superseded')",
            name="confirmation_request_state_known",
        ),
        CheckConstraint("0 <= floor AND floor < quantity", name="confirmation_request_asks_for_more_than_promised"),
        CheckConstraint(
            "CASE state WHEN 'open' THEN answered IS NULL AND answered_at IS NULL"
            " WHEN 'superseded' THEN answered IS NULL"
            " WHEN 'accepted' THEN answered = quantity"
            " WHEN 'reduced' THEN answered > floor AND answered < quantity"
            " ELSE answered = floor END",
            name="confirmation_request_answer_fits_state",
        ),
        CheckConstraint(
            "NOT on_behalf OR (state IN ('accepted', 'reduced', 'declined') AND NOT standing)",
            name="confirmation_request_somebody_answered",
        ),
        CheckConstraint("state <> 'declined' OR reason IS NOT NULL", name="confirmation_request_decline_has_reason"),
        UniqueConstraint("lot_id", "day", "plan_id", name="confirmation_request_once_a_version"),
        Index("confirmation_request_open", "cycle_id", "lot_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("confirmation_request_due", "due_at", postgresql_where=text("state = 'open'")),
        Index("confirmation_request_to_remind", "remind_at", postgresql_where=text("state = 'open'")),
    )

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id")
    farm_id: UUID = reference("farm.id")
    lot_id: UUID = reference("lot.id")
    plan_id: UUID = reference("plan.id")
    day: date
    quantity: int = whole()
    floor: int = whole()
    state: str = "open"
    answered: int | None = whole(default=None, nullable=True)
    reason: str | None = None
    standing: bool = False
    on_behalf: bool = False
    asked_at: datetime = instant()
    due_at: datetime = instant()
    answered_at: datetime | None = instant(default=None, nullable=True)
    remind_at: datetime | None = instant(default=None, nullable=True)


_request = SQLModel.metadata.tables["confirmation_request"]
guard_transitions(_request, "state", ARROWS)
attach_trigger(
    _request,
    "confirmation_request_answer_stays",
    "BEFORE UPDATE ON confirmation_request FOR EACH ROW WHEN (OLD.state <> 'open' AND OLD IS DISTINCT FROM NEW"
    " AND NOT (OLD.on_behalf AND NOT NEW.on_behalf AND (OLD.quantity, OLD.floor) = (NEW.quantity, NEW.floor)))",
    "RAISE EXCEPTION 'question % has its final answer', OLD.id USING ERRCODE = 'check_violation';",
)
