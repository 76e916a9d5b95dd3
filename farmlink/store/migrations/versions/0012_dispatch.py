"""Dispatch."""

import sqlalchemy as sa
from alembic import op

revision = "0012_dispatch"
down_revision = "0011_confirmations"


def upgrade() -> None:
    op.create_table('hand_out',
    sa.Column('line_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('point_id', sa.Uuid(), nullable=False),
    sa.Column('ordered', sa.BigInteger(), nullable=False),
    sa.Column('worth_minor', sa.BigInteger(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('handed_out', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('end_reason', sa.String(), nullable=True),
    sa.Column('shared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("end_reason IN ('not-collected', 'spoiled')", name='hand_out_end_reason_known'),
    sa.CheckConstraint("reason IN ('not-planned', 'not-received')", name='hand_out_reason_known'),
    sa.CheckConstraint('(coalesce(handed_out, due) = due) = (end_reason IS NULL)', name='hand_out_end_has_reason'),
    sa.CheckConstraint('(due = ordered) = (reason IS NULL)', name='hand_out_short_has_reason'),
    sa.CheckConstraint('(handed_out IS NULL) = (ended_at IS NULL)', name='hand_out_ends_once'),
    sa.CheckConstraint('0 <= due AND due <= ordered', name='hand_out_due_within_ordered'),
    sa.CheckConstraint('handed_out IS NULL OR (0 <= handed_out AND handed_out <= due)', name='hand_out_within_due'),
    sa.CheckConstraint('ordered > 0 AND worth_minor >= 0', name='hand_out_of_something'),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['line_id'], ['order_line.id'], ),
    sa.ForeignKeyConstraint(['order_id'], ['consumer_order.id'], ),
    sa.ForeignKeyConstraint(['point_id'], ['point.id'], ),
    sa.PrimaryKeyConstraint('line_id')
    )
    op.create_index(op.f('ix_hand_out_cycle_id'), 'hand_out', ['cycle_id'], unique=False)
    op.create_index(op.f('ix_hand_out_order_id'), 'hand_out', ['order_id'], unique=False)
    op.create_index(op.f('ix_hand_out_point_id'), 'hand_out', ['point_id'], unique=False)
    op.create_table('receipt',
    sa.Column('allocation_id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('received', sa.BigInteger(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('received >= 0', name='receipt_not_negative'),
    sa.ForeignKeyConstraint(['allocation_id'], ['allocation.id'], ),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.PrimaryKeyConstraint('allocation_id')
    )
    op.create_index(op.f('ix_receipt_cycle_id'), 'receipt', ['cycle_id'], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.hand_out_ends_once_for_all()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'line % has ended', OLD.line_id USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("CREATE TRIGGER hand_out_ends_once_for_all BEFORE DELETE OR UPDATE ON public.hand_out FOR EACH ROW WHEN ((old.ended_at IS NOT NULL)) EXECUTE FUNCTION hand_out_ends_once_for_all()")


def downgrade() -> None:
    op.execute("DROP TRIGGER hand_out_ends_once_for_all ON hand_out")
    op.execute("DROP FUNCTION hand_out_ends_once_for_all()")
    op.drop_index(op.f('ix_receipt_cycle_id'), table_name='receipt')
    op.drop_table('receipt')
    op.drop_index(op.f('ix_hand_out_point_id'), table_name='hand_out')
    op.drop_index(op.f('ix_hand_out_order_id'), table_name='hand_out')
    op.drop_index(op.f('ix_hand_out_cycle_id'), table_name='hand_out')
    op.drop_table('hand_out')
