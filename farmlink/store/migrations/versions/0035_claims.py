"""Claims about what was handed out, what points count at arrival, and pictures of both."""

import sqlalchemy as sa
from alembic import op

revision = "0035_claims"
down_revision = "0034_held_by_planners"

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
)
NEW_KINDS = ("claim-made", "claim-decided")


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("media_type IN ('image/jpeg', 'image/png', 'image/webp')", name="picture_media_type_known"),
        sa.CheckConstraint("octet_length(content) BETWEEN 1 AND 2000000", name="picture_not_too_large"),
        sa.CheckConstraint("width > 0 AND height > 0", name="picture_of_something"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_picture_sent_by"), "picture", ["sent_by"], unique=False)
    op.create_table(
        "arrival_count",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("damaged", sa.BigInteger(), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("0 <= damaged AND damaged <= counted", name="arrival_count_damaged_of_counted"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "place_id"], ["cycle_place.cycle_id", "cycle_place.place_id"], name="arrival_count_at_place"
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
        ),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("cycle_id", "place_id", "listing_id"),
    )
    op.create_index(op.f("ix_arrival_count_picture_id"), "arrival_count", ["picture_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("claimant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("passed_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("blame", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'accepted') = (accepted IS NOT NULL)", name="claim_accepted_in_part"),
        sa.CheckConstraint("(state IN ('accepted', 'declined')) = (decided_at IS NOT NULL)", name="claim_decided_once"),
        sa.CheckConstraint("blame IN ('farm', 'road', 'hub', 'point', 'unknown')", name="claim_blame_known"),
        sa.CheckConstraint("kind IN ('missing', 'damaged', 'spoilt', 'other')", name="claim_kind_known"),
        sa.CheckConstraint("state <> 'declined' OR btrim(reason) <> ''", name="claim_declined_with_reason"),
        sa.CheckConstraint("state <> 'open' OR answer_by IS NOT NULL", name="claim_open_until"),
        sa.CheckConstraint("state IN ('open', 'passed-on', 'accepted', 'declined')", name="claim_state_known"),
        sa.CheckConstraint("(decided_at IS NULL) = (blame IS NULL)", name="claim_decided_with_blame"),
        sa.CheckConstraint("0 < accepted AND accepted <= quantity", name="claim_accepted_of_claimed"),
        sa.CheckConstraint("quantity > 0", name="claim_of_something"),
        sa.ForeignKeyConstraint(
            ["claimant_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["order_cycle.id"],
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["order_line.id"],
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["consumer_order.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("claim_at_place", "claim", ["place_id", "id"], unique=False)
    op.create_index(
        "claim_passed_on", "claim", ["cycle_id"], unique=False, postgresql_where=sa.text("state = 'passed-on'")
    )
    op.create_index(
        "claim_unanswered", "claim", ["answer_by"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_index(op.f("ix_claim_claimant_id"), "claim", ["claimant_id"], unique=False)
    op.create_index(op.f("ix_claim_cycle_id"), "claim", ["cycle_id"], unique=False)
    op.create_index(op.f("ix_claim_line_id"), "claim", ["line_id"], unique=False)
    op.create_index(op.f("ix_claim_order_id"), "claim", ["order_id"], unique=False)
    op.create_table(
        "claim_picture",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["claim.id"],
        ),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("claim_id", "picture_id"),
    )
    op.create_index(op.f("ix_claim_picture_picture_id"), "claim_picture", ["picture_id"], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.claim_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['open accepted', 'open passed-on', 'passed-on accepted', 'passed-on declined']\\:\\:text[]) THEN RAISE EXCEPTION 'claim.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute(
        "CREATE TRIGGER claim_state_moves BEFORE UPDATE OF state ON public.claim FOR EACH ROW EXECUTE FUNCTION claim_state_moves()"
    )
    _allow(KINDS + NEW_KINDS)


def downgrade() -> None:
    op.execute(f"DELETE FROM message WHERE kind IN {NEW_KINDS}")  # words that the earlier schema does not have
    _allow(KINDS)
    op.execute("DROP TRIGGER claim_state_moves ON claim")
    op.execute("DROP FUNCTION claim_state_moves()")
    op.drop_index(op.f("ix_claim_picture_picture_id"), table_name="claim_picture")
    op.drop_table("claim_picture")
    op.drop_index(op.f("ix_claim_order_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_line_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_cycle_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_claimant_id"), table_name="claim")
    op.drop_index("claim_unanswered", table_name="claim", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("claim_passed_on", table_name="claim", postgresql_where=sa.text("state = 'passed-on'"))
    op.drop_index("claim_at_place", table_name="claim")
    op.drop_table("claim")
    op.drop_index(op.f("ix_arrival_count_picture_id"), table_name="arrival_count")
    op.drop_table("arrival_count")
    op.drop_index(op.f("ix_picture_sent_by"), table_name="picture")
    op.drop_table("picture")


def _allow(kinds: tuple[str, ...]) -> None:
    op.execute("ALTER TABLE message DROP CONSTRAINT message_kind")
    op.execute(f"ALTER TABLE message ADD CONSTRAINT message_kind CHECK (kind IN {kinds})")
