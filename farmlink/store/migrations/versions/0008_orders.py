"""Orders."""

import sqlalchemy as sa
from alembic import op

revision = "0008_orders"
down_revision = "0007_cycles"


def upgrade() -> None:
    op.create_table('consumer_order',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('consumer_id', sa.Uuid(), nullable=False),
    sa.Column('point_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('currency', sa.String(3), nullable=False),
    sa.Column('delivery_fee_minor', sa.BigInteger(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('amended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("(state = 'cancelled') = (reason IS NOT NULL) AND reason IN ('consumer', 'threshold', 'no-orders', 'planner')", name='consumer_order_reason_given'),
    sa.CheckConstraint("state IN ('placed', 'cancelled')", name='consumer_order_state_known'),
    sa.CheckConstraint('delivery_fee_minor >= 0 AND total_minor >= 0', name='consumer_order_amounts_not_negative'),
    sa.ForeignKeyConstraint(['consumer_id'], ['person.id'], ),
    sa.ForeignKeyConstraint(['cycle_id', 'point_id'], ['cycle_point.cycle_id', 'cycle_point.point_id'], name='consumer_order_served'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('id', 'cycle_id', 'point_id', name='consumer_order_destination')
    )
    op.create_index('consumer_order_once_a_cycle', 'consumer_order', ['cycle_id', 'consumer_id'], unique=True, postgresql_where=sa.text("state = 'placed'"))
    op.create_index(op.f('ix_consumer_order_consumer_id'), 'consumer_order', ['consumer_id'], unique=False)
    op.create_table('order_line',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('point_id', sa.Uuid(), nullable=False),
    sa.Column('listing_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('grade', sa.BigInteger(), nullable=False),
    sa.Column('packs', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('weight_g', sa.BigInteger(), nullable=False),
    sa.Column('price_minor_per_1000', sa.BigInteger(), nullable=False),
    sa.Column('tax_ppm', sa.BigInteger(), nullable=False),
    sa.Column('total_minor', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('batch_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("(state = 'cancelled') = (reason IS NOT NULL) AND reason IN ('consumer', 'threshold', 'no-orders', 'planner')", name='order_line_reason_given'),
    sa.CheckConstraint("state IN ('placed', 'cancelled')", name='order_line_state_known'),
    sa.CheckConstraint('packs > 0 AND quantity > 0 AND weight_g > 0', name='order_line_quantity_positive'),
    sa.CheckConstraint('price_minor_per_1000 >= 0', name='order_line_price_not_negative'),
    sa.CheckConstraint('total_minor = (2 * quantity * price_minor_per_1000 + 1000) / 2000', name='order_line_rounded_once'),
    sa.ForeignKeyConstraint(['listing_id'], ['listing.id'], ),
    sa.ForeignKeyConstraint(['order_id', 'cycle_id', 'point_id'], ['consumer_order.id', 'consumer_order.cycle_id', 'consumer_order.point_id'], name='order_line_goes_where_its_order_goes', onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('order_id', 'listing_id', name='order_line_once_a_listing')
    )
    op.create_index(op.f('ix_order_line_batch_id'), 'order_line', ['batch_id'], unique=False)
    op.create_index('order_line_by_cycle', 'order_line', ['cycle_id'], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.consumer_order_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['placed cancelled']\\:\\:text[]) THEN RAISE EXCEPTION 'consumer_order.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.order_line_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['placed cancelled']\\:\\:text[]) THEN RAISE EXCEPTION 'order_line.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.order_line_stays_counted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN 
RAISE EXCEPTION 'order line % is in a batch\\: its quantity, goods and place stay', OLD.id
USING ERRCODE = 'check_violation';
 END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.order_line_stays_in_its_batch()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN 
RAISE EXCEPTION 'order line % is in a batch\\: its quantity, goods and place stay', OLD.id
USING ERRCODE = 'check_violation';
 END $function$
""")
    op.execute("CREATE TRIGGER consumer_order_state_moves BEFORE UPDATE OF state ON public.consumer_order FOR EACH ROW EXECUTE FUNCTION consumer_order_state_moves()")
    op.execute("CREATE TRIGGER order_line_state_moves BEFORE UPDATE OF state ON public.order_line FOR EACH ROW EXECUTE FUNCTION order_line_state_moves()")
    op.execute("CREATE TRIGGER order_line_stays_counted BEFORE DELETE ON public.order_line FOR EACH ROW WHEN ((old.batch_id IS NOT NULL)) EXECUTE FUNCTION order_line_stays_counted()")
    op.execute("CREATE TRIGGER order_line_stays_in_its_batch BEFORE UPDATE ON public.order_line FOR EACH ROW WHEN (((old.batch_id IS NOT NULL) AND ((((((old.batch_id IS DISTINCT FROM new.batch_id) OR (old.quantity IS DISTINCT FROM new.quantity)) OR (old.product_id IS DISTINCT FROM new.product_id)) OR (old.grade IS DISTINCT FROM new.grade)) OR (old.point_id IS DISTINCT FROM new.point_id)) OR (old.cycle_id IS DISTINCT FROM new.cycle_id)))) EXECUTE FUNCTION order_line_stays_in_its_batch()")


def downgrade() -> None:
    op.execute("DROP TRIGGER order_line_stays_in_its_batch ON order_line")
    op.execute("DROP TRIGGER order_line_stays_counted ON order_line")
    op.execute("DROP TRIGGER order_line_state_moves ON order_line")
    op.execute("DROP TRIGGER consumer_order_state_moves ON consumer_order")
    op.execute("DROP FUNCTION consumer_order_state_moves()")
    op.execute("DROP FUNCTION order_line_state_moves()")
    op.execute("DROP FUNCTION order_line_stays_counted()")
    op.execute("DROP FUNCTION order_line_stays_in_its_batch()")
    op.drop_index('order_line_by_cycle', table_name='order_line')
    op.drop_index(op.f('ix_order_line_batch_id'), table_name='order_line')
    op.drop_table('order_line')
    op.drop_index(op.f('ix_consumer_order_consumer_id'), table_name='consumer_order')
    op.drop_index('consumer_order_once_a_cycle', table_name='consumer_order', postgresql_where=sa.text("state = 'placed'"))
    op.drop_table('consumer_order')
