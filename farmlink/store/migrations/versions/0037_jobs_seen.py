"""What the scheduler's jobs did last, and which backups were made."""

import sqlalchemy as sa
from alembic import op

revision = "0037_jobs_seen"
down_revision = "0036_choices_of_letters"

KINDS = (
    "registration",
    "known-address",
    "password-reset",
    "application",
    "order",
    "order-cancelled",
    "lines-dropped",
    "order-adjusted",
    "standing",
    "order-stands",
    "cut-off-moved",
    "too-few",
    "question",
    "question-withdrawn",
    "silence",
    "standby",
    "harvest-failed",
    "plan-degraded",
    "shortage",
    "nothing-served",
    "invitation",
    "answered-for",
    "final-price",
    "credited",
    "payment",
    "bank-details",
    "refund-credited",
    "books-differ",
    "claim-made",
    "claim-decided",
    "answer-soon",
    "sign-in-code",
)
NEW_KINDS = ("jobs-failing",)


def upgrade() -> None:
    op.create_table(
        "job_seen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("every_s", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_ms", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("failing_since_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("every_s > 0 AND took_ms >= 0 AND failures >= 0", name="job_seen_counted"),
        sa.CheckConstraint("ended_at >= started_at", name="job_seen_ends_after_it_starts"),
        sa.CheckConstraint("(failures > 0) = (error IS NOT NULL)", name="job_seen_says_what_fails"),
        sa.CheckConstraint("(failures > 0) = (failing_since_at IS NOT NULL)", name="job_seen_says_since_when"),
        sa.CheckConstraint("told_at IS NULL OR failures > 0", name="job_seen_told_of_trouble_alone"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "backup_made",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("schema_revision", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken", sa.String(), nullable=True),
        sa.CheckConstraint("size_bytes > 0", name="backup_made_has_a_size"),
        sa.CheckConstraint("verified_at IS NOT NULL OR broken IS NULL", name="backup_made_judged_when_looked_at"),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("length(digest) = 64", name="backup_made_digest_whole"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_backup_made_made_at", "backup_made", ["made_at"])
    _allow(KINDS + NEW_KINDS)


def downgrade() -> None:
    op.execute(f"DELETE FROM message WHERE kind = '{NEW_KINDS[0]}'")  # a word that the earlier schema does not have
    _allow(KINDS)
    op.drop_index("ix_backup_made_made_at", table_name="backup_made")
    op.drop_table("backup_made")
    op.drop_table("job_seen")


def _allow(kinds: tuple[str, ...]) -> None:
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.execute(f"ALTER TABLE message ADD CONSTRAINT message_kind CHECK (kind IN {kinds})")
