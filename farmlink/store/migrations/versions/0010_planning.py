"""Planning."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010_planning"
down_revision = "0009_demand"


def upgrade() -> None:
    op.create_table('farm_record',
    sa.Column('farm_id', sa.Uuid(), nullable=False),
    sa.Column('asked', sa.BigInteger(), nullable=False),
    sa.Column('kept', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('0 <= kept AND kept <= asked', name='farm_record_kept_of_asked'),
    sa.ForeignKeyConstraint(['farm_id'], ['farm.id'], ),
    sa.PrimaryKeyConstraint('farm_id')
    )
    op.create_table('pin',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('at_least', sa.BigInteger(), nullable=False),
    sa.Column('at_most', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('at_least BETWEEN 0 AND at_most', name='pin_limits_in_order'),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], ),
    sa.PrimaryKeyConstraint('cycle_id', 'lot_id')
    )
    op.create_table('plan_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('cause', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('progress', postgresql.JSONB(), nullable=False),
    sa.Column('cancel_asked', sa.Boolean(), nullable=False),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leased_until_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name='plan_run_ends_once'),
    sa.CheckConstraint("state IN ('running', 'done', 'failed', 'cancelled')", name='plan_run_state_known'),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_plan_run_cycle_id'), 'plan_run', ['cycle_id'], unique=False)
    op.create_index(op.f('ix_plan_run_region_id'), 'plan_run', ['region_id'], unique=False)
    op.create_index('plan_run_live', 'plan_run', ['region_id'], unique=True, postgresql_where=sa.text("state = 'running'"))
    op.create_table('plan_wish',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('cause', sa.String(), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('publish', sa.Boolean(), nullable=False),
    sa.Column('wished_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.PrimaryKeyConstraint('cycle_id')
    )
    op.create_table('plan',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('stopped_by', sa.String(), nullable=False),
    sa.Column('degraded', sa.Boolean(), nullable=False),
    sa.Column('inputs_hash', sa.String(), nullable=False),
    sa.Column('versions', postgresql.JSONB(), nullable=False),
    sa.Column('figures', postgresql.JSONB(), nullable=False),
    sa.Column('landed_minor', sa.BigInteger(), nullable=False),
    sa.Column('ordered', sa.BigInteger(), nullable=False),
    sa.Column('planned', sa.BigInteger(), nullable=False),
    sa.Column('problem', sa.LargeBinary(), nullable=False),
    sa.Column('solution', sa.LargeBinary(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('landed_minor >= 0 AND ordered >= 0 AND planned >= 0', name='plan_figures_not_negative'),
    sa.CheckConstraint('planned <= ordered', name='plan_serves_what_was_ordered'),
    sa.CheckConstraint('version > 0', name='plan_version_positive'),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['run_id'], ['plan_run.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('cycle_id', 'version', name='plan_versions_differ'),
    sa.UniqueConstraint('run_id', name='plan_of_one_run')
    )
    op.create_index(op.f('ix_plan_cycle_id'), 'plan', ['cycle_id'], unique=False)
    op.create_index(op.f('ix_plan_run_id'), 'plan', ['run_id'], unique=False)
    op.create_table('allocation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity > 0', name='allocation_quantity_positive'),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], ),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], ),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('plan_id', 'lot_id', 'batch_id', name='allocation_pairs_differ')
    )
    op.create_index(op.f('ix_allocation_batch_id'), 'allocation', ['batch_id'], unique=False)
    op.create_index(op.f('ix_allocation_lot_id'), 'allocation', ['lot_id'], unique=False)
    op.create_index(op.f('ix_allocation_plan_id'), 'allocation', ['plan_id'], unique=False)
    op.create_table('plan_route',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('phase', sa.String(), nullable=False),
    sa.Column('vehicle_id', sa.Uuid(), nullable=False),
    sa.Column('depart_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('return_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('distance_m', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("phase IN ('collection', 'line-haul', 'delivery')", name='plan_route_phase_known'),
    sa.CheckConstraint('return_at > depart_at AND distance_m >= 0', name='plan_route_goes_forward'),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], ),
    sa.ForeignKeyConstraint(['vehicle_id'], ['vehicle.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('plan_id', 'number', name='plan_route_numbers_differ')
    )
    op.create_index(op.f('ix_plan_route_plan_id'), 'plan_route', ['plan_id'], unique=False)
    op.create_index(op.f('ix_plan_route_vehicle_id'), 'plan_route', ['vehicle_id'], unique=False)
    op.create_table('published_plan',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], ),
    sa.PrimaryKeyConstraint('cycle_id')
    )
    op.create_index(op.f('ix_published_plan_plan_id'), 'published_plan', ['plan_id'], unique=False)
    op.create_table('shortfall',
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.CheckConstraint('quantity > 0', name='shortfall_quantity_positive'),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], ),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], ),
    sa.PrimaryKeyConstraint('plan_id', 'batch_id')
    )
    op.create_table('standby',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity > 0', name='standby_quantity_positive'),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], ),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('plan_id', 'lot_id', name='standby_lots_differ')
    )
    op.create_index(op.f('ix_standby_lot_id'), 'standby', ['lot_id'], unique=False)
    op.create_index(op.f('ix_standby_plan_id'), 'standby', ['plan_id'], unique=False)
    op.create_table('plan_stop',
    sa.Column('route_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('place_id', sa.Uuid(), nullable=False),
    sa.Column('arrive_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('start_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leave_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('weight_g', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('arrive_at <= start_at AND start_at <= leave_at', name='plan_stop_goes_forward'),
    sa.CheckConstraint('weight_g >= 0', name='plan_stop_weight_not_negative'),
    sa.ForeignKeyConstraint(['route_id'], ['plan_route.id'], ),
    sa.PrimaryKeyConstraint('route_id', 'position')
    )
    op.execute("""CREATE OR REPLACE FUNCTION public.allocation_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'allocation is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.plan_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'plan is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.plan_route_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'plan_route is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.plan_run_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['running cancelled', 'running done', 'running failed']\\:\\:text[]) THEN RAISE EXCEPTION 'plan_run.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.plan_stop_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'plan_stop is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.shortfall_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'shortfall is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.standby_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'standby is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("CREATE TRIGGER allocation_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.allocation FOR EACH STATEMENT EXECUTE FUNCTION allocation_stays()")
    op.execute("CREATE TRIGGER plan_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.plan FOR EACH STATEMENT EXECUTE FUNCTION plan_stays()")
    op.execute("CREATE TRIGGER plan_route_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.plan_route FOR EACH STATEMENT EXECUTE FUNCTION plan_route_stays()")
    op.execute("CREATE TRIGGER plan_run_state_moves BEFORE UPDATE OF state ON public.plan_run FOR EACH ROW EXECUTE FUNCTION plan_run_state_moves()")
    op.execute("CREATE TRIGGER plan_stop_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.plan_stop FOR EACH STATEMENT EXECUTE FUNCTION plan_stop_stays()")
    op.execute("CREATE TRIGGER shortfall_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.shortfall FOR EACH STATEMENT EXECUTE FUNCTION shortfall_stays()")
    op.execute("CREATE TRIGGER standby_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.standby FOR EACH STATEMENT EXECUTE FUNCTION standby_stays()")


def downgrade() -> None:
    op.execute("DROP TRIGGER standby_stays ON standby")
    op.execute("DROP TRIGGER shortfall_stays ON shortfall")
    op.execute("DROP TRIGGER plan_stop_stays ON plan_stop")
    op.execute("DROP TRIGGER plan_run_state_moves ON plan_run")
    op.execute("DROP TRIGGER plan_route_stays ON plan_route")
    op.execute("DROP TRIGGER plan_stays ON plan")
    op.execute("DROP TRIGGER allocation_stays ON allocation")
    op.execute("DROP FUNCTION allocation_stays()")
    op.execute("DROP FUNCTION plan_stays()")
    op.execute("DROP FUNCTION plan_route_stays()")
    op.execute("DROP FUNCTION plan_run_state_moves()")
    op.execute("DROP FUNCTION plan_stop_stays()")
    op.execute("DROP FUNCTION shortfall_stays()")
    op.execute("DROP FUNCTION standby_stays()")
    op.drop_table('plan_stop')
    op.drop_index(op.f('ix_standby_plan_id'), table_name='standby')
    op.drop_index(op.f('ix_standby_lot_id'), table_name='standby')
    op.drop_table('standby')
    op.drop_table('shortfall')
    op.drop_index(op.f('ix_published_plan_plan_id'), table_name='published_plan')
    op.drop_table('published_plan')
    op.drop_index(op.f('ix_plan_route_vehicle_id'), table_name='plan_route')
    op.drop_index(op.f('ix_plan_route_plan_id'), table_name='plan_route')
    op.drop_table('plan_route')
    op.drop_index(op.f('ix_allocation_plan_id'), table_name='allocation')
    op.drop_index(op.f('ix_allocation_lot_id'), table_name='allocation')
    op.drop_index(op.f('ix_allocation_batch_id'), table_name='allocation')
    op.drop_table('allocation')
    op.drop_index(op.f('ix_plan_run_id'), table_name='plan')
    op.drop_index(op.f('ix_plan_cycle_id'), table_name='plan')
    op.drop_table('plan')
    op.drop_table('plan_wish')
    op.drop_index('plan_run_live', table_name='plan_run', postgresql_where=sa.text("state = 'running'"))
    op.drop_index(op.f('ix_plan_run_region_id'), table_name='plan_run')
    op.drop_index(op.f('ix_plan_run_cycle_id'), table_name='plan_run')
    op.drop_table('plan_run')
    op.drop_table('pin')
    op.drop_table('farm_record')
