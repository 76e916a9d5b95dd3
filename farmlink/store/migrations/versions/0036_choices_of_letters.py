"""What each person wants to be told, codes for one sign-in, and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0036_choices_of_letters"
down_revision = "0035_claims"

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
)
NEW_KINDS = ("answer-soon", "sign-in-code")
STATES = ("waiting", "sent", "failed", "nobody", "outdated")
NEW_STATE = "unwanted"


def upgrade() -> None:
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("email_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(email_hash) = 32", name="sign_in_code_address_hashed"),
        sa.CheckConstraint("octet_length(browser_hash) = 32", name="sign_in_code_browser_hashed"),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name="sign_in_code_few_tries"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("browser_hash"),
        sa.UniqueConstraint("email_hash"),
    )
    op.create_index("ix_sign_in_code_expires_at", "sign_in_code", ["expires_at"])
    op.create_index("ix_sign_in_code_person_id", "sign_in_code", ["person_id"])
    op.create_table(
        "unwanted_letters",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("letters", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "letters IN ('orders', 'prices', 'standing-orders', 'money-back', 'farm', 'reminders', 'cycles',"
            " 'platform')",
            name="unwanted_letters_known",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id", "letters"),
    )
    op.add_column("confirmation_request", sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "confirmation_request_to_remind",
        "confirmation_request",
        ["remind_at"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.add_column("sign_in", sa.Column("browser", sa.String(), server_default="", nullable=False))
    _allow("letter_ask", "kind", ("registration", "password-reset", "sign-in-code"))
    _allow("message", "kind", KINDS + NEW_KINDS)
    _allow("message", "state", (*STATES, NEW_STATE))
    _let_wait_become((*STATES, NEW_STATE))


def downgrade() -> None:
    # Words that the earlier schema does not have.
    op.execute(f"DELETE FROM message WHERE kind IN {NEW_KINDS} OR state = '{NEW_STATE}'")
    op.execute("DELETE FROM letter_ask WHERE kind = 'sign-in-code'")
    _let_wait_become(STATES)
    _allow("message", "state", STATES)
    _allow("message", "kind", KINDS)
    _allow("letter_ask", "kind", ("registration", "password-reset"))
    op.drop_column("sign_in", "browser")
    op.drop_index("confirmation_request_to_remind", table_name="confirmation_request")
    op.drop_column("confirmation_request", "remind_at")
    op.drop_table("unwanted_letters")
    op.drop_table("sign_in_code")


def _allow(table: str, column: str, words: tuple[str, ...]) -> None:
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column} CHECK ({column} IN {words})")


def _let_wait_become(states: tuple[str, ...]) -> None:
    arrows = ", ".join(sorted(f"'waiting {state}'" for state in states if state != "waiting"))
    op.execute(f"""CREATE OR REPLACE FUNCTION public.message_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY[{arrows}]\\:\\:text[]) THEN RAISE EXCEPTION 'message.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
