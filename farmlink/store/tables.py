"""What every change leaves behind in the transaction of its cause."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from farmlink.store.columns import document, identity, instant, whole
from farmlink.store.transitions import keep_immutable


class OutboxEvent(SQLModel, table=True):
    """An announced event that waits for its relay; delivered at least once."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="outbox_event_attempts_counted"),
        CheckConstraint("delivered_at IS NULL OR dead_at IS NULL", name="outbox_event_one_end"),
        Index("outbox_event_waiting", "due_at", postgresql_where=text("delivered_at IS NULL AND dead_at IS NULL")),
        Index("outbox_event_dead", "dead_at", postgresql_where=text("dead_at IS NOT NULL")),
    )

    id: UUID = identity()
    name: str
    payload: dict[str, Any] = document()
    announced_at: datetime = instant()
    due_at: datetime = instant()
    attempts: int = 0
    last_error: str | None = None
    delivered_at: datetime | None = instant(default=None)
    dead_at: datetime | None = instant(default=None)


class IdempotencyKey(SQLModel, table=True):
    """One key of one actor has one effect: its outcome or its refusal is answered again."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        CheckConstraint("outcome IS NULL OR refusal IS NULL", name="idempotency_key_one_answer"),
        Index("idempotency_key_used_at", "used_at"),
    )

    actor: str = Field(primary_key=True)
    key: UUID = Field(primary_key=True)
    command: str
    fingerprint: str
    outcome: Any = document(nullable=True, default=None)
    refusal: Any = document(nullable=True, default=None)
    used_at: datetime = instant()


class AuditEntry(SQLModel, table=True):
    """Who did what to what, when; ids only, never personal data."""

    __tablename__ = "audit_entry"

    id: UUID = identity()
    actor: str
    action: str
    subject: UUID = Field(index=True)
    facts: dict[str, Any] = document()
    done_at: datetime = instant(index=True)


class AuditSeal(SQLModel, table=True):
    """One link of the audit's chain: its digest covers the entry and the seal before it."""

    __tablename__ = "audit_seal"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="audit_seal_digest_whole"),)

    position: int = whole(primary_key=True)
    entry_id: UUID = Field(foreign_key="audit_entry.id", unique=True)
    digest: str
    sealed_at: datetime = instant()


keep_immutable(AuditEntry.__table__)  # type: ignore[attr-defined]  # SQLModel does not declare it
keep_immutable(AuditSeal.__table__)  # type: ignore[attr-defined]  # SQLModel does not declare it
