"""Messages: ids only. The address is read and the text is written when a message is sent, and neither is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from farmlink.notify.rules import ARROWS
from farmlink.notify.values import Kind, Letters, State
from farmlink.store.columns import identity, instant, reference
from farmlink.store.transitions import guard_transitions


def one_of(column: str, choices: type[Kind | Letters | State]) -> str:
    """SQL that limits a column to the words of its enumeration."""
    return f"{column} IN ({', '.join(repr(choice.value) for choice in choices)})"


class Message(SQLModel, table=True):
    """One message to one person about one thing; `cause` is the event, or what many events have in common.

    Whose address is not a person's yet, or is known only to the subject, has no person.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="message_kind"),
        CheckConstraint(one_of("state", State), name="message_state"),
        CheckConstraint("attempts >= 0", name="message_attempts_counted"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="message_sent_sometime"),
        UniqueConstraint("cause", "kind", "person_id", name="message_once_a_cause", postgresql_nulls_not_distinct=True),
        Index("message_due", "due_at", "id", postgresql_where=text("state = 'waiting'")),
    )

    id: UUID = identity()
    cause: UUID
    kind: str
    person_id: UUID | None = reference("person.id", nullable=True, default=None)
    subject_id: UUID
    state: str = State.WAITING.value
    attempts: int = Field(default=0)
    asked_at: datetime = instant()
    due_at: datetime = instant()
    sent_at: datetime | None = instant(default=None)
    last_error: str | None = None


class UnwantedLetters(SQLModel, table=True):
    """Letters that a person wants no more of; what is not here is wanted."""

    __tablename__ = "unwanted_letters"
    __table_args__ = (CheckConstraint(one_of("letters", Letters), name="unwanted_letters_known"),)

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    letters: str = Field(primary_key=True)
    ended_at: datetime = instant()


guard_transitions(SQLModel.metadata.tables["message"], "state", ARROWS)
