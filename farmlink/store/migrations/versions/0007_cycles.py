"""Cycles."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007_cycles"
down_revision = "0006_supply"


def upgrade() -> None:
    op.create_table('order_cycle',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hub_id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('time_zone', sa.String(), nullable=False),
    sa.Column('currency', sa.String(3), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('collect_on', sa.Date(), nullable=False),
    sa.Column('hand_out_on', sa.Date(), nullable=False),
    sa.Column('answer_hours', sa.BigInteger(), nullable=False),
    sa.Column('answers_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('silence', sa.String(), nullable=False),
    sa.Column('threshold_minor', sa.BigInteger(), nullable=False),
    sa.Column('markup_ppm', sa.BigInteger(), nullable=False),
    sa.Column('delivery_fee_minor', sa.BigInteger(), nullable=False),
    sa.Column('minimum_order_minor', sa.BigInteger(), nullable=False),
    sa.Column('private', sa.Boolean(), nullable=False),
    sa.Column('policy_version', sa.BigInteger(), nullable=True),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("silence IN ('no', 'farm-choice')", name='order_cycle_silence_known'),
    sa.CheckConstraint("stage <> 'confirming' OR answers_due_at IS NOT NULL", name='order_cycle_answers_due'),
    sa.CheckConstraint("stage = 'draft' OR policy_version IS NOT NULL", name='order_cycle_policy_pinned'),
    sa.CheckConstraint("stage IN ('draft', 'open', 'closed', 'planned', 'confirming', 'confirmed', 'moving', 'done', 'cancelled')", name='order_cycle_stage_known'),
    sa.CheckConstraint('answer_hours BETWEEN 1 AND 240', name='order_cycle_answer_hours_sane'),
    sa.CheckConstraint('collect_on <= hand_out_on', name='order_cycle_collects_before_hand_out'),
    sa.CheckConstraint('opens_at < closes_at', name='order_cycle_opens_before_it_closes'),
    sa.CheckConstraint('threshold_minor >= 0 AND markup_ppm >= 0 AND delivery_fee_minor >= 0 AND minimum_order_minor >= 0', name='order_cycle_amounts_not_negative'),
    sa.ForeignKeyConstraint(['hub_id'], ['hub.id'], ),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_order_cycle_hub_id'), 'order_cycle', ['hub_id'], unique=False)
    op.create_index(op.f('ix_order_cycle_region_id'), 'order_cycle', ['region_id'], unique=False)
    op.create_index('order_cycle_due', 'order_cycle', ['stage', 'closes_at'], unique=False)
    op.create_table('cycle_invitation',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('cycle_id', 'person_id')
    )
    op.create_index(op.f('ix_cycle_invitation_person_id'), 'cycle_invitation', ['person_id'], unique=False)
    op.create_table('cycle_point',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('point_id', sa.Uuid(), nullable=False),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.Column('capacity_orders', sa.BigInteger(), nullable=False),
    sa.Column('capacity_g', sa.BigInteger(), nullable=False),
    sa.Column('orders', sa.BigInteger(), nullable=False),
    sa.Column('weight_g', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('0 <= orders AND orders <= capacity_orders', name='cycle_point_orders_within_capacity'),
    sa.CheckConstraint('0 <= weight_g AND weight_g <= capacity_g', name='cycle_point_weight_within_capacity'),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['point_id'], ['point.id'], ),
    sa.PrimaryKeyConstraint('cycle_id', 'point_id')
    )
    op.create_index(op.f('ix_cycle_point_point_id'), 'cycle_point', ['point_id'], unique=False)
    op.create_table('stock',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Uuid(), nullable=False),
    sa.Column('grade', sa.BigInteger(), nullable=False),
    sa.Column('cap', sa.BigInteger(), nullable=True),
    sa.Column('threshold', sa.BigInteger(), nullable=False),
    sa.Column('available', sa.BigInteger(), nullable=False),
    sa.Column('reserved', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('0 <= reserved AND reserved <= available', name='stock_reserved_within_available'),
    sa.CheckConstraint('grade BETWEEN 1 AND 5', name='stock_grade_known'),
    sa.CheckConstraint('threshold >= 0 AND (cap IS NULL OR cap >= 0)', name='stock_limits_not_negative'),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['product_id', 'grade'], ['grade.product_id', 'grade.rank'], name='stock_grade_of_product'),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('cycle_id', 'product_id', 'grade', name='stock_once_a_cycle')
    )
    op.create_table('listing',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('stock_id', sa.Uuid(), nullable=False),
    sa.Column('variant_id', sa.Uuid(), nullable=False),
    sa.Column('pack', sa.BigInteger(), nullable=False),
    sa.Column('weight_g', sa.BigInteger(), nullable=False),
    sa.Column('price_minor_per_1000', sa.BigInteger(), nullable=False),
    sa.Column('tax_ppm', sa.BigInteger(), nullable=False),
    sa.Column('price_steps', postgresql.JSONB(), nullable=False),
    sa.CheckConstraint('pack > 0 AND weight_g > 0', name='listing_pack_positive'),
    sa.CheckConstraint('price_minor_per_1000 >= 0', name='listing_price_not_negative'),
    sa.CheckConstraint('tax_ppm BETWEEN 0 AND 1000000', name='listing_tax_is_a_share'),
    sa.ForeignKeyConstraint(['stock_id'], ['stock.id'], ),
    sa.ForeignKeyConstraint(['variant_id'], ['variant.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('stock_id', 'variant_id', name='listing_once_a_stock')
    )
    op.create_index(op.f('ix_listing_variant_id'), 'listing', ['variant_id'], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.order_cycle_stage_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.stage IS DISTINCT FROM OLD.stage AND (OLD.stage\\:\\:text || ' ' || NEW.stage\\:\\:text) <> ALL (ARRAY['closed cancelled', 'closed planned', 'confirmed moving', 'confirmed planned', 'confirming confirmed', 'confirming planned', 'draft open', 'moving done', 'moving planned', 'open cancelled', 'open closed', 'planned confirming']\\:\\:text[]) THEN RAISE EXCEPTION 'order_cycle.stage cannot move from % to %', OLD.stage, NEW.stage USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("CREATE TRIGGER order_cycle_stage_moves BEFORE UPDATE OF stage ON public.order_cycle FOR EACH ROW EXECUTE FUNCTION order_cycle_stage_moves()")


def downgrade() -> None:
    op.execute("DROP TRIGGER order_cycle_stage_moves ON order_cycle")
    op.execute("DROP FUNCTION order_cycle_stage_moves()")
    op.drop_index(op.f('ix_listing_variant_id'), table_name='listing')
    op.drop_table('listing')
    op.drop_table('stock')
    op.drop_index(op.f('ix_cycle_point_point_id'), table_name='cycle_point')
    op.drop_table('cycle_point')
    op.drop_index(op.f('ix_cycle_invitation_person_id'), table_name='cycle_invitation')
    op.drop_table('cycle_invitation')
    op.drop_index('order_cycle_due', table_name='order_cycle')
    op.drop_index(op.f('ix_order_cycle_region_id'), table_name='order_cycle')
    op.drop_index(op.f('ix_order_cycle_hub_id'), table_name='order_cycle')
    op.drop_table('order_cycle')
