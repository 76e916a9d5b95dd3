"""What will be short is told before it is handed out, planners hear that nothing comes, and staff invites people."""

import sqlalchemy as sa
from alembic import op

revision = "0021_what_will_be_short"
down_revision = "0020_nobodys_homes"

EARLIER = (
    "registration",
    "known-address",
    "password-reset",
    "application",
    "order",
    "order-cancelled",
    "lines-dropped",
    "question",
    "question-withdrawn",
    "silence",
    "standby",
    "harvest-failed",
    "plan-degraded",
)
LATER = ("shortage", "nothing-served", "invitation")


def upgrade() -> None:
    op.create_table(
        "short_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("foreseen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["order_cycle.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["consumer_order.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "plan_id", name="short_order_once_a_plan"),
    )
    op.create_index("ix_short_order_cycle_id", "short_order", ["cycle_id"])
    op.create_index("ix_short_order_plan_id", "short_order", ["plan_id"])
    op.create_table(
        "short_line",
        sa.Column("short_order_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("ordered", sa.BigInteger(), nullable=False),
        sa.Column("foreseen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("btrim(reason) <> ''", name="short_line_reason_said"),
        sa.CheckConstraint("0 <= foreseen AND foreseen < ordered", name="short_line_is_short"),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"]),
        sa.ForeignKeyConstraint(["short_order_id"], ["short_order.id"]),
        sa.PrimaryKeyConstraint("short_order_id", "line_id"),
    )
    for table in ("short_order", "short_line"):
        _keep_immutable(table)
    _limit_kinds(*EARLIER, *LATER)


def downgrade() -> None:
    op.execute(f"DELETE FROM message WHERE kind IN ({_quoted(LATER)})")
    _limit_kinds(*EARLIER)
    for table in ("short_line", "short_order"):
        op.drop_table(table)
        op.execute(f"DROP FUNCTION {table}_stays()")


def _keep_immutable(table: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{table} is never changed' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()"
    )


def _limit_kinds(*kinds: str) -> None:
    op.drop_constraint("message_kind", "message", type_="check")
    op.create_check_constraint("message_kind", "message", f"kind IN ({_quoted(kinds)})")


def _quoted(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)
