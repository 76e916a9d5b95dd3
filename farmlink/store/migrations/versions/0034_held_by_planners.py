"""What planners hold to for the next plan, plans kept by hand, and plans of other inputs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034_held_by_planners"
down_revision = "0033_holds_lapse"

KEEP = """
DO $$ DECLARE living text; BEGIN
SELECT string_agg(c.id\\:\\:text, ', ' ORDER BY c.id) INTO living FROM order_cycle c
WHERE c.stage NOT IN ('done', 'cancelled') AND (
  EXISTS (SELECT FROM hold h WHERE h.cycle_id = c.id)
  OR EXISTS (SELECT FROM what_if w WHERE w.cycle_id = c.id)
  OR EXISTS (SELECT FROM plan p WHERE p.cycle_id = c.id
    AND (p.held <> '[]' OR EXISTS (SELECT FROM edited_plan e WHERE e.plan_id = p.id)))
);
IF living IS NOT NULL THEN
RAISE EXCEPTION 'cycles % have plans made by hand, pins or what-ifs, of which the earlier schema knows nothing', living
USING HINT = 'Wait until they are done, or cancel them.', ERRCODE = 'check_violation'; END IF; END $$
"""


def upgrade() -> None:
    op.create_table(
        "what_if",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("assumptions", JSONB(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["order_cycle.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_what_if_cycle_id", "what_if", ["cycle_id"])
    op.add_column("plan_run", sa.Column("what_if_id", sa.Uuid(), nullable=True))
    op.create_index("ix_plan_run_what_if_id", "plan_run", ["what_if_id"])
    op.create_foreign_key("plan_run_what_if_id_fkey", "plan_run", "what_if", ["what_if_id"], ["id"])
    op.create_table(
        "edited_plan",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("moves", JSONB(), nullable=False),
        sa.Column("broken", JSONB(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["plan.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.PrimaryKeyConstraint("plan_id"),
    )
    op.create_index("ix_edited_plan_base_id", "edited_plan", ["base_id"])
    op.add_column("plan", sa.Column("held", JSONB(), server_default=sa.text("'[]'"), nullable=False))
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('farm', 'stop')", name="hold_kind_known"),
        sa.CheckConstraint("phase IN ('collection', 'delivery')", name="hold_phase_known"),
        sa.CheckConstraint("(kind = 'stop') = (vehicle_id IS NOT NULL)", name="hold_of_a_stop_names_its_truck"),
        sa.ForeignKeyConstraint(["cycle_id"], ["order_cycle.id"]),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"]),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicle.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cycle_id", "kind", "phase", "place_id", name="hold_once"),
    )
    op.create_index("ix_hold_plan_id", "hold", ["plan_id"])
    for table in ("edited_plan", "what_if"):
        _keep_immutable(table)
    op.execute(
        "CREATE FUNCTION published_plan_may_hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF EXISTS (SELECT FROM edited_plan WHERE plan_id = NEW.plan_id AND broken <> '[]') THEN"
        " RAISE EXCEPTION 'plan % breaks rules', NEW.plan_id USING ERRCODE = 'check_violation'; END IF;"
        " IF EXISTS (SELECT FROM plan JOIN plan_run ON plan_run.id = run_id"
        " WHERE plan.id = NEW.plan_id AND what_if_id IS NOT NULL) THEN"
        " RAISE EXCEPTION 'plan % is of other inputs', NEW.plan_id USING ERRCODE = 'check_violation'; END IF;"
        " RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER published_plan_may_hold BEFORE INSERT OR UPDATE OF plan_id ON published_plan"
        " FOR EACH ROW EXECUTE FUNCTION published_plan_may_hold()"
    )


def downgrade() -> None:
    op.execute(KEEP)  # a plan of other inputs would pass for one that may hold
    op.execute("DROP TRIGGER published_plan_may_hold ON published_plan")
    op.execute("DROP FUNCTION published_plan_may_hold()")
    op.drop_table("hold")
    op.drop_column("plan", "held")
    op.drop_table("edited_plan")
    op.execute("DROP FUNCTION edited_plan_stays()")
    op.drop_constraint("plan_run_what_if_id_fkey", "plan_run", type_="foreignkey")
    op.drop_index("ix_plan_run_what_if_id", table_name="plan_run")
    op.drop_column("plan_run", "what_if_id")
    op.drop_table("what_if")
    op.execute("DROP FUNCTION what_if_stays()")


def _keep_immutable(table: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{table} is never changed' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()"
    )
