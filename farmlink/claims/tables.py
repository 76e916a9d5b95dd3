"""Claims and the photos that came with them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from farmlink.claims.rules import ARROWS
from farmlink.claims.values import Kind, State, Step
from farmlink.store.columns import identity, instant, reference, whole
from farmlink.store.transitions import guard_transitions


def _one_of(column: str, choices: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(choice.value) for choice in choices)})"


class ClaimRow(SQLModel, table=True):
    """What somebody claims of a line that was handed out; accepted, its credit note has the same id."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="claim_of_something"),
        CheckConstraint(_one_of("kind", Kind), name="claim_kind_known"),
        CheckConstraint(_one_of("state", State), name="claim_state_known"),
        CheckConstraint(_one_of("blame", Step), name="claim_blame_known"),
        CheckConstraint("(state = 'accepted') = (accepted IS NOT NULL)", name="claim_accepted_in_part"),
        CheckConstraint("0 < accepted AND accepted <= quantity", name="claim_accepted_of_claimed"),
        CheckConstraint("(state IN ('accepted', 'declined')) = (decided_at IS NOT NULL)", name="claim_decided_once"),
        CheckConstraint("(decided_at IS NULL) = (blame IS NULL)", name="claim_decided_with_blame"),
        CheckConstraint("state <> 'declined' OR btrim(reason) <> ''", name="claim_declined_with_reason"),
        CheckConstraint("state <> 'open' OR answer_by IS NOT NULL", name="claim_open_until"),
        Index("claim_unanswered", "answer_by", postgresql_where=text("state = 'open'")),
        Index("claim_passed_on", "cycle_id", postgresql_where=text("state = 'passed-on'")),
        Index("claim_at_place", "place_id", "id"),
    )

    id: UUID = identity()
    order_id: UUID = reference("consumer_order.id")
    line_id: UUID = reference("order_line.id")
    cycle_id: UUID = reference("order_cycle.id")
    place_id: UUID
    claimant_id: UUID = reference("person.id")
    kind: str
    quantity: int = whole()
    note: str = ""
    state: str = State.OPEN.value
    made_at: datetime = instant()
    answer_by: datetime | None = instant(default=None, nullable=True)
    word: str = ""
    passed_on_at: datetime | None = instant(default=None, nullable=True)
    accepted: int | None = whole(default=None, nullable=True)
    reason: str = ""
    blame: str | None = None
    decided_at: datetime | None = instant(default=None, nullable=True)


class ClaimPicture(SQLModel, table=True):
    """A photo of what is claimed; it goes when its sender is erased."""

    __tablename__ = "claim_picture"

    claim_id: UUID = Field(primary_key=True, foreign_key="claim.id")
    picture_id: UUID = Field(primary_key=True, foreign_key="picture.id", ondelete="CASCADE", index=True)


guard_transitions(SQLModel.metadata.tables["claim"], "state", ARROWS)
