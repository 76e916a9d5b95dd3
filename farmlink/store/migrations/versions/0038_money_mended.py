"""Refunds that stick, books compared by one scheduler, cuts that say what was to spare; old payments made good."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038_money_mended"
down_revision = "0037_jobs_seen"

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
    "jobs-failing",
)
NEW_KINDS = ("overdue", "refund-stuck")
OLD_MOVES = ("done refused", "waiting done", "waiting refused")
MOVES = (*OLD_MOVES, "done stuck", "stuck done", "stuck refused", "waiting stuck")
WATCH = """
INSERT INTO payment_step (id, payment_id, place, kind, amount_minor, state, attempts, asked_at, due_at)
SELECT gen_random_uuid(), p.id, coalesce(max(s.place), 0) + 1, 'look', 0, 'waiting', 0, now(), now()
FROM payment p LEFT JOIN payment_step s ON s.payment_id = p.id
WHERE p.state = 'held' AND p.method = 'stripe'
GROUP BY p.id HAVING NOT coalesce(bool_or(s.kind = 'look' AND s.state = 'waiting'), false)
"""
MAKE_ROOM = """
UPDATE payment p SET state = 'failed' FROM consumer_order o JOIN order_cycle c ON c.id = o.cycle_id
WHERE p.about = o.id AND p.state = 'released' AND p.charged_minor IS NULL
AND o.state = 'placed' AND c.stage <> 'cancelled'
"""


def moves(allowed: tuple[str, ...]) -> str:
    """The function that guards how a step's state moves."""
    arrows = ", ".join(f"'{arrow}'" for arrow in sorted(allowed))
    return f"""CREATE OR REPLACE FUNCTION public.payment_step_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY[{arrows}]\\:\\:text[]) THEN RAISE EXCEPTION 'payment_step.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
"""


def watched(states: str) -> None:
    """Which refunds are asked after."""
    op.drop_index("payment_step_given_back", table_name="payment_step")
    op.create_index(
        "payment_step_given_back", "payment_step", ["ended_at"], postgresql_where=sa.text(f"kind = 'refund' AND {states}")
    )


def allow(kinds: tuple[str, ...]) -> None:
    """Which kinds of messages there are."""
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.execute(f"ALTER TABLE message ADD CONSTRAINT message_kind CHECK (kind IN {kinds})")


def upgrade() -> None:
    allow(KINDS + NEW_KINDS)
    op.create_table(
        "books_compared",
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspected", postgresql.JSONB(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "method IN ('pick-up', 'credit', 'stripe', 'wechat', 'alipay')", name="books_compared_method_known"
        ),
        sa.PrimaryKeyConstraint("method", "last_on"),
    )
    op.add_column("cut_claim", sa.Column("welcome", sa.BigInteger(), nullable=True))
    op.add_column("cut_share", sa.Column("spare", sa.BigInteger(), nullable=True))
    op.execute("ALTER TABLE cut_claim ADD CONSTRAINT cut_claim_welcome CHECK (welcome >= 0)")
    op.execute("ALTER TABLE payment_step DROP CONSTRAINT payment_step_state_known")
    op.execute(
        "ALTER TABLE payment_step ADD CONSTRAINT payment_step_state_known"
        " CHECK (state IN ('waiting', 'done', 'stuck', 'refused'))"
    )
    op.execute(moves(MOVES))
    watched("state IN ('done', 'stuck')")
    # Holds from before they were watched, and those at which a look was refused, are looked at from now on.
    op.execute(WATCH)
    # What came to nothing before that made room for another payment: no rule releases a payment of a standing order.
    op.execute("ALTER TABLE payment DISABLE TRIGGER payment_state_moves")
    op.execute(MAKE_ROOM)
    op.execute("ALTER TABLE payment ENABLE TRIGGER payment_state_moves")


def downgrade() -> None:
    op.execute(f"DELETE FROM message WHERE kind IN {NEW_KINDS}")  # words that the earlier schema does not have
    allow(KINDS)
    op.execute("UPDATE payment_step SET state = 'done' WHERE state = 'stuck'")  # a word that the earlier schema lacks
    op.execute("ALTER TABLE payment_step DROP CONSTRAINT payment_step_state_known")
    op.execute(
        "ALTER TABLE payment_step ADD CONSTRAINT payment_step_state_known"
        " CHECK (state IN ('waiting', 'done', 'refused'))"
    )
    op.execute(moves(OLD_MOVES))
    watched("state = 'done'")
    op.execute("ALTER TABLE cut_claim DROP CONSTRAINT cut_claim_welcome")
    op.drop_column("cut_share", "spare")
    op.drop_column("cut_claim", "welcome")
    op.drop_table("books_compared")
