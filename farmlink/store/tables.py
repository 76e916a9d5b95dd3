"""What every change leaves behind in the transaction of its cause."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Uuid, text
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


class PictureRow(SQLModel, table=True):
    """A picture that somebody sent, freed of what it says beside what is seen; it goes when they are erased."""

    __tablename__ = "picture"
    __table_args__ = (
        CheckConstraint("media_type IN ('image/jpeg', 'image/png', 'image/webp')", name="picture_media_type_known"),
        CheckConstraint("octet_length(content) BETWEEN 1 AND 2000000", name="picture_not_too_large"),
        CheckConstraint("width > 0 AND height > 0", name="picture_of_something"),
    )

    id: UUID = identity()
    sent_by: UUID = Field(index=True, sa_type=Uuid)
    media_type: str
    content: bytes = Field(sa_type=LargeBinary)
    width: int = whole()
    height: int = whole()
    sent_at: datetime = instant()


class JobSeen(SQLModel, table=True):
    """A job of the scheduler as its last run was written down, what fails since when, and who wishes it done now."""

    __tablename__ = "job_seen"
    __table_args__ = (
        CheckConstraint("every_s > 0 AND took_ms >= 0 AND failures >= 0", name="job_seen_counted"),
        CheckConstraint("ended_at >= started_at", name="job_seen_ends_after_it_starts"),
        CheckConstraint("(failures > 0) = (error IS NOT NULL)", name="job_seen_says_what_fails"),
        CheckConstraint("(failures > 0) = (failing_since_at IS NOT NULL)", name="job_seen_says_since_when"),
        CheckConstraint("told_at IS NULL OR failures > 0", name="job_seen_told_of_trouble_alone"),
    )

    id: UUID = identity()
    name: str = Field(unique=True)
    every_s: int = whole()
    started_at: datetime = instant()
    ended_at: datetime = instant()
    took_ms: int = whole()
    failures: int = whole()
    error: str | None = None
    failing_since_at: datetime | None = instant(default=None)
    told_at: datetime | None = instant(default=None)
    wished_at: datetime | None = instant(default=None)


class BackupMade(SQLModel, table=True):
    """A file to which the whole database was written, and when it was last found whole, or else what was found."""

    __tablename__ = "backup_made"
    __table_args__ = (
        CheckConstraint("length(digest) = 64", name="backup_made_digest_whole"),
        CheckConstraint("size_bytes > 0", name="backup_made_has_a_size"),
        CheckConstraint("verified_at IS NOT NULL OR broken IS NULL", name="backup_made_judged_when_looked_at"),
    )

    id: UUID = identity()
    digest: str = Field(unique=True)
    host: str
    path: str
    size_bytes: int = whole()
    schema_revision: str
    made_at: datetime = instant(index=True)
    verified_at: datetime | None = instant(default=None)
    broken: str | None = None


keep_immutable(AuditEntry.__table__)  # type: ignore[attr-defined]  # SQLModel does not declare it
keep_immutable(AuditSeal.__table__)  # type: ignore[attr-defined]  # SQLModel does not declare it
