"""What was claimed at the cut-off and what came of it is kept, so that anybody can reckon every cut again."""

import sqlalchemy as sa
from alembic import op

revision = "0032_cuts_reckoned_again"
down_revision = "0031_promises"


def upgrade() -> None:
    op.create_table(
        "cut_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("case_quantity", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('case', 'partial')", name="cut_share_kind_known"),
        sa.CheckConstraint("rule IN ('pro-rata', 'rotation', 'lottery', 'tolerance-first')", name="cut_share_by_rule"),
        sa.CheckConstraint("(kind = 'case') = (case_quantity IS NOT NULL)", name="cut_share_in_cases"),
        sa.CheckConstraint("available >= 0 AND case_quantity > 0", name="cut_share_of_something"),
        sa.ForeignKeyConstraint(["cycle_id"], ["order_cycle.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_cut_share_cycle_id", "cut_share", ["cycle_id"])
    op.create_table(
        "cut_claim",
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("whose", sa.Uuid(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("pack", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.BigInteger(), nullable=False),
        sa.Column("all_or_nothing", sa.Boolean(), nullable=False),
        sa.Column("balance_ppm", sa.BigInteger(), nullable=False),
        sa.Column("got", sa.BigInteger(), nullable=False),
        sa.Column("left_it", sa.Boolean(), nullable=False),
        sa.CheckConstraint("0 <= extra AND extra < wanted AND pack > 0", name="cut_claim_of_something"),
        sa.CheckConstraint("0 <= got AND got <= wanted AND got % pack = 0", name="cut_claim_in_whole_packs"),
        sa.CheckConstraint("NOT left_it OR (all_or_nothing AND got = 0)", name="cut_claim_left_whole"),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"]),
        sa.ForeignKeyConstraint(["share_id"], ["cut_share.id"]),
        sa.ForeignKeyConstraint(["whose"], ["order_line.id"]),
        sa.PrimaryKeyConstraint("share_id", "line_id"),
    )
    op.create_index("ix_cut_claim_line_id", "cut_claim", ["line_id"])
    for table in ("cut_share", "cut_claim"):
        _keep_immutable(table)


def downgrade() -> None:
    for table in ("cut_claim", "cut_share"):
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
