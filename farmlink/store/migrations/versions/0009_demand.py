"""Demand."""

import sqlalchemy as sa
from alembic import op

revision = "0009_demand"
down_revision = "0008_orders"


def upgrade() -> None:
    op.create_table('batch',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('grade', sa.BigInteger(), nullable=False),
    sa.Column('point_id', sa.Uuid(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('worth_minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity > 0', name='batch_quantity_positive'),
    sa.CheckConstraint('worth_minor >= 0', name='batch_worth_not_negative'),
    sa.ForeignKeyConstraint(['cycle_id', 'point_id'], ['cycle_point.cycle_id', 'cycle_point.point_id'], name='batch_served'),
    sa.ForeignKeyConstraint(['product_id', 'grade'], ['grade.product_id', 'grade.rank'], name='batch_grade_of_product'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('cycle_id', 'product_id', 'grade', 'point_id', name='batch_once_a_place'),
    sa.UniqueConstraint('id', 'cycle_id', 'product_id', 'grade', 'point_id', name='batch_of_its_lines')
    )
    op.create_index(op.f('ix_batch_point_id'), 'batch', ['point_id'], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.batch_is_the_sum_of_its_lines()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN
  IF NEW.quantity <> (SELECT coalesce(sum(quantity), 0) FROM order_line WHERE batch_id = NEW.id) THEN
    RAISE EXCEPTION 'batch % is not the sum of its lines', NEW.id USING ERRCODE = 'check_violation';
  END IF; RETURN NULL; END $function$
""")
    op.execute("ALTER TABLE order_line ADD CONSTRAINT order_line_in_its_batch FOREIGN KEY (batch_id, cycle_id, product_id, grade, point_id) REFERENCES batch(id, cycle_id, product_id, grade, point_id)")
    op.execute("CREATE CONSTRAINT TRIGGER batch_is_the_sum_of_its_lines AFTER INSERT OR UPDATE ON public.batch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION batch_is_the_sum_of_its_lines()")


def downgrade() -> None:
    op.execute("DROP TRIGGER batch_is_the_sum_of_its_lines ON batch")
    op.execute("ALTER TABLE order_line DROP CONSTRAINT order_line_in_its_batch")
    op.execute("DROP FUNCTION batch_is_the_sum_of_its_lines()")
    op.drop_index(op.f('ix_batch_point_id'), table_name='batch')
    op.drop_table('batch')
