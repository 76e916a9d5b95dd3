"""Network."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_network"
down_revision = "0004_catalogue"


def upgrade() -> None:
    op.create_table('region',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('time_zone', sa.Text(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('extent', postgresql.JSONB(), nullable=False),
    sa.Column('roads', postgresql.JSONB(), nullable=False),
    sa.Column('parcels', postgresql.JSONB(), nullable=False),
    sa.Column('rhythm', postgresql.JSONB(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("btrim(name) <> ''", name='region_name'),
    sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name='region_currency'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('id', 'currency', name='region_and_currency'),
    sa.UniqueConstraint('name')
    )
    op.create_table('farm',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('address', postgresql.JSONB(), nullable=False),
    sa.Column('latitude_e6', sa.BigInteger(), nullable=False),
    sa.Column('longitude_e6', sa.BigInteger(), nullable=False),
    sa.Column('families', sa.ARRAY(sa.Text()), nullable=False),
    sa.Column('hours', postgresql.JSONB(), nullable=False),
    sa.Column('small', sa.Boolean(), nullable=False),
    sa.Column('standing_yes', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("btrim(name) <> ''", name='farm_name'),
    sa.CheckConstraint("state IN ('pending', 'approved', 'suspended')", name='farm_state'),
    sa.CheckConstraint('latitude_e6 BETWEEN -90000000 AND 90000000 AND longitude_e6 BETWEEN -180000000 AND 180000000', name='farm_coordinates'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('region_id', 'code', name='farm_code_once')
    )
    op.create_index(op.f('ix_farm_organisation_id'), 'farm', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_farm_region_id'), 'farm', ['region_id'], unique=False)
    op.create_table('hub',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('address', postgresql.JSONB(), nullable=False),
    sa.Column('latitude_e6', sa.BigInteger(), nullable=False),
    sa.Column('longitude_e6', sa.BigInteger(), nullable=False),
    sa.Column('time_zone', sa.Text(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('fixed_minor', sa.BigInteger(), nullable=False),
    sa.Column('handling_minor_per_kg', sa.BigInteger(), nullable=False),
    sa.Column('throughput_g', sa.BigInteger(), nullable=False),
    sa.Column('hours', postgresql.JSONB(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("btrim(name) <> ''", name='hub_name'),
    sa.CheckConstraint("state IN ('candidate', 'open', 'closed')", name='hub_state'),
    sa.CheckConstraint('fixed_minor >= 0 AND handling_minor_per_kg >= 0', name='hub_costs'),
    sa.CheckConstraint('latitude_e6 BETWEEN -90000000 AND 90000000 AND longitude_e6 BETWEEN -180000000 AND 180000000', name='hub_coordinates'),
    sa.CheckConstraint('throughput_g > 0', name='hub_throughput'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
    sa.ForeignKeyConstraint(['region_id', 'currency'], ['region.id', 'region.currency'], name='hub_currency_is_regions'),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('region_id', 'name', name='hub_name_once')
    )
    op.create_index(op.f('ix_hub_organisation_id'), 'hub', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_hub_region_id'), 'hub', ['region_id'], unique=False)
    op.create_table('point',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('address', postgresql.JSONB(), nullable=False),
    sa.Column('latitude_e6', sa.BigInteger(), nullable=False),
    sa.Column('longitude_e6', sa.BigInteger(), nullable=False),
    sa.Column('capacity_orders', sa.BigInteger(), nullable=False),
    sa.Column('capacity_g', sa.BigInteger(), nullable=False),
    sa.Column('hours', postgresql.JSONB(), nullable=False),
    sa.Column('closed_days', postgresql.JSONB(), nullable=False),
    sa.Column('by_truck', sa.Boolean(), nullable=False),
    sa.Column('by_parcel', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("btrim(name) <> ''", name='point_name'),
    sa.CheckConstraint("state IN ('pending', 'approved', 'suspended')", name='point_state'),
    sa.CheckConstraint('by_truck OR by_parcel', name='point_is_reached_somehow'),
    sa.CheckConstraint('capacity_orders > 0 AND capacity_g > 0', name='point_capacity'),
    sa.CheckConstraint('latitude_e6 BETWEEN -90000000 AND 90000000 AND longitude_e6 BETWEEN -180000000 AND 180000000', name='point_coordinates'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], ),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('region_id', 'code', name='point_code_once')
    )
    op.create_index(op.f('ix_point_organisation_id'), 'point', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_point_region_id'), 'point', ['region_id'], unique=False)
    op.create_table('vehicle',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hub_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('weight_g', sa.BigInteger(), nullable=False),
    sa.Column('volume_ml', sa.BigInteger(), nullable=False),
    sa.Column('crates', sa.BigInteger(), nullable=False),
    sa.Column('cold_classes', sa.ARRAY(sa.Text()), nullable=False),
    sa.Column('fixed_minor', sa.BigInteger(), nullable=False),
    sa.Column('minor_per_km', sa.BigInteger(), nullable=False),
    sa.Column('minor_per_hour', sa.BigInteger(), nullable=False),
    sa.Column('shift_s', sa.BigInteger(), nullable=False),
    sa.Column('in_service', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("btrim(name) <> ''", name='vehicle_name'),
    sa.CheckConstraint("cardinality(cold_classes) > 0 AND cold_classes <@ ARRAY['ambient', 'chilled', 'frozen']", name='vehicle_cold_classes'),
    sa.CheckConstraint('fixed_minor >= 0 AND minor_per_km >= 0 AND minor_per_hour >= 0', name='vehicle_costs'),
    sa.CheckConstraint('shift_s BETWEEN 1 AND 86400', name='vehicle_shift'),
    sa.CheckConstraint('weight_g > 0 AND volume_ml > 0 AND crates > 0', name='vehicle_capacity'),
    sa.ForeignKeyConstraint(['hub_id'], ['hub.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('hub_id', 'name', name='vehicle_name_once')
    )
    op.create_index(op.f('ix_vehicle_hub_id'), 'vehicle', ['hub_id'], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.farm_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['approved suspended', 'pending approved', 'pending suspended', 'suspended approved']\\:\\:text[]) THEN RAISE EXCEPTION 'farm.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.hub_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['candidate closed', 'candidate open', 'closed candidate', 'closed open', 'open closed']\\:\\:text[]) THEN RAISE EXCEPTION 'hub.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.point_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['approved suspended', 'pending approved', 'pending suspended', 'suspended approved']\\:\\:text[]) THEN RAISE EXCEPTION 'point.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("CREATE TRIGGER farm_state_moves BEFORE UPDATE OF state ON public.farm FOR EACH ROW EXECUTE FUNCTION farm_state_moves()")
    op.execute("CREATE TRIGGER hub_state_moves BEFORE UPDATE OF state ON public.hub FOR EACH ROW EXECUTE FUNCTION hub_state_moves()")
    op.execute("CREATE TRIGGER point_state_moves BEFORE UPDATE OF state ON public.point FOR EACH ROW EXECUTE FUNCTION point_state_moves()")


def downgrade() -> None:
    op.execute("DROP TRIGGER point_state_moves ON point")
    op.execute("DROP TRIGGER hub_state_moves ON hub")
    op.execute("DROP TRIGGER farm_state_moves ON farm")
    op.execute("DROP FUNCTION farm_state_moves()")
    op.execute("DROP FUNCTION hub_state_moves()")
    op.execute("DROP FUNCTION point_state_moves()")
    op.drop_index(op.f('ix_vehicle_hub_id'), table_name='vehicle')
    op.drop_table('vehicle')
    op.drop_index(op.f('ix_point_region_id'), table_name='point')
    op.drop_index(op.f('ix_point_organisation_id'), table_name='point')
    op.drop_table('point')
    op.drop_index(op.f('ix_hub_region_id'), table_name='hub')
    op.drop_index(op.f('ix_hub_organisation_id'), table_name='hub')
    op.drop_table('hub')
    op.drop_index(op.f('ix_farm_region_id'), table_name='farm')
    op.drop_index(op.f('ix_farm_organisation_id'), table_name='farm')
    op.drop_table('farm')
    op.drop_table('region')
