"""Supply."""

import sqlalchemy as sa
from alembic import op

revision = "0006_supply"
down_revision = "0005_network"


def upgrade() -> None:
    op.create_table('lot',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('farm_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('grade', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=True),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('minimum', sa.BigInteger(), nullable=False),
    sa.Column('pack', sa.BigInteger(), nullable=False),
    sa.Column('ask_minor_per_1000', sa.BigInteger(), nullable=False),
    sa.Column('harvest_on', sa.Date(), nullable=False),
    sa.Column('collect_from', sa.Date(), nullable=False),
    sa.Column('collect_until', sa.Date(), nullable=False),
    sa.Column('shelf_days', sa.BigInteger(), nullable=False),
    sa.Column('daily_capacity', sa.BigInteger(), nullable=False),
    sa.Column('forecast_low', sa.BigInteger(), nullable=False),
    sa.Column('forecast_likely', sa.BigInteger(), nullable=False),
    sa.Column('forecast_high', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('allocated', sa.BigInteger(), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("state IN ('offered', 'failed', 'withdrawn')", name='lot_state'),
    sa.CheckConstraint('0 <= allocated AND allocated <= quantity', name='lot_allocated_within_quantity'),
    sa.CheckConstraint('0 <= forecast_low AND forecast_low <= forecast_likely AND forecast_likely <= forecast_high', name='lot_forecast'),
    sa.CheckConstraint('ask_minor_per_1000 >= 0', name='lot_ask'),
    sa.CheckConstraint('daily_capacity > 0', name='lot_daily_capacity'),
    sa.CheckConstraint('harvest_on <= collect_until AND collect_from <= collect_until', name='lot_window'),
    sa.CheckConstraint('minimum BETWEEN 0 AND quantity', name='lot_minimum'),
    sa.CheckConstraint('pack > 0 AND pack <= quantity', name='lot_pack'),
    sa.CheckConstraint('quantity <= forecast_high', name='lot_quantity_within_forecast'),
    sa.CheckConstraint('quantity > 0', name='lot_quantity'),
    sa.CheckConstraint('shelf_days BETWEEN 1 AND 3650', name='lot_shelf_days'),
    sa.ForeignKeyConstraint(['farm_id'], ['farm.id'], ),
    sa.ForeignKeyConstraint(['product_id', 'grade'], ['grade.product_id', 'grade.rank'], name='lot_grade_of_product'),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('farm_id', 'code', name='lot_code_once')
    )
    op.create_index('ix_lot_collectable', 'lot', ['collect_until', 'collect_from'], unique=False, postgresql_where="state = 'offered'")
    op.create_index(op.f('ix_lot_farm_id'), 'lot', ['farm_id'], unique=False)
    op.create_index('ix_lot_product', 'lot', ['product_id', 'grade'], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.lot_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['offered failed', 'offered withdrawn']\\:\\:text[]) THEN RAISE EXCEPTION 'lot.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("CREATE TRIGGER lot_state_moves BEFORE UPDATE OF state ON public.lot FOR EACH ROW EXECUTE FUNCTION lot_state_moves()")


def downgrade() -> None:
    op.execute("DROP TRIGGER lot_state_moves ON lot")
    op.execute("DROP FUNCTION lot_state_moves()")
    op.drop_index('ix_lot_product', table_name='lot')
    op.drop_index(op.f('ix_lot_farm_id'), table_name='lot')
    op.drop_index('ix_lot_collectable', table_name='lot', postgresql_where="state = 'offered'")
    op.drop_table('lot')
