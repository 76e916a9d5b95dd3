"""Plans of cycles beside each other, runs stopped with their scheduler, goods on the move that are not planned again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016_plans_beside_each_other"
down_revision = "0015_run_kinds"


def upgrade() -> None:
    op.create_table('plan_hub',
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('hub_id', sa.Uuid(), nullable=False),
    sa.Column('intake_g', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('intake_g > 0', name='plan_hub_intake_positive'),
    sa.ForeignKeyConstraint(['hub_id'], ['hub.id'], ),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], ),
    sa.PrimaryKeyConstraint('plan_id', 'hub_id')
    )
    op.create_index(op.f('ix_plan_hub_hub_id'), 'plan_hub', ['hub_id'], unique=False)
    op.drop_table('job_run')
    op.execute("ALTER TABLE plan_run DROP CONSTRAINT plan_run_state_known")
    op.execute("""CREATE OR REPLACE FUNCTION public.order_cycle_stage_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.stage IS DISTINCT FROM OLD.stage AND (OLD.stage\\:\\:text || ' ' || NEW.stage\\:\\:text) <> ALL (ARRAY['closed cancelled', 'closed planned', 'confirmed moving', 'confirmed planned', 'confirming confirmed', 'confirming planned', 'draft open', 'moving done', 'open cancelled', 'open closed', 'planned confirming']\\:\\:text[]) THEN RAISE EXCEPTION 'order_cycle.stage cannot move from % to %', OLD.stage, NEW.stage USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.plan_hub_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'plan_hub is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.plan_run_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['running cancelled', 'running done', 'running failed', 'running stopped']\\:\\:text[]) THEN RAISE EXCEPTION 'plan_run.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("ALTER TABLE plan_run ADD CONSTRAINT plan_run_state_known CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'stopped'))")
    op.execute("CREATE TRIGGER plan_hub_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.plan_hub FOR EACH STATEMENT EXECUTE FUNCTION plan_hub_stays()")


def downgrade() -> None:
    op.execute("DROP TRIGGER plan_hub_stays ON plan_hub")
    op.execute("ALTER TABLE plan_run DISABLE TRIGGER plan_run_state_moves")
    op.execute("UPDATE plan_run SET state = 'failed', error = 'its scheduler was stopped' WHERE state = 'stopped'")
    op.execute("ALTER TABLE plan_run ENABLE TRIGGER plan_run_state_moves")
    op.execute("ALTER TABLE plan_run DROP CONSTRAINT plan_run_state_known")
    op.execute("DROP FUNCTION plan_hub_stays()")
    op.execute("""CREATE OR REPLACE FUNCTION public.order_cycle_stage_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.stage IS DISTINCT FROM OLD.stage AND (OLD.stage\\:\\:text || ' ' || NEW.stage\\:\\:text) <> ALL (ARRAY['closed cancelled', 'closed planned', 'confirmed moving', 'confirmed planned', 'confirming confirmed', 'confirming planned', 'draft open', 'moving done', 'moving planned', 'open cancelled', 'open closed', 'planned confirming']\\:\\:text[]) THEN RAISE EXCEPTION 'order_cycle.stage cannot move from % to %', OLD.stage, NEW.stage USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.plan_run_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['running cancelled', 'running done', 'running failed']\\:\\:text[]) THEN RAISE EXCEPTION 'plan_run.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("ALTER TABLE plan_run ADD CONSTRAINT plan_run_state_known CHECK (state IN ('running', 'done', 'failed', 'cancelled'))")
    op.create_table('job_run',
    sa.Column('id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('job', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('subject', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('slot', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('holder', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('token', sa.BIGINT(), autoincrement=False, nullable=False),
    sa.Column('leased_until_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
    sa.Column('claimed_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
    sa.Column('finished_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=True),
    sa.CheckConstraint('token > 0', name=op.f('job_run_token_counts')),
    sa.PrimaryKeyConstraint('id', name=op.f('job_run_pkey')),
    sa.UniqueConstraint('job', 'subject', 'slot', name=op.f('job_run_once'), postgresql_include=[], postgresql_nulls_not_distinct=False)
    )
    op.drop_index(op.f('ix_plan_hub_hub_id'), table_name='plan_hub')
    op.drop_table('plan_hub')
