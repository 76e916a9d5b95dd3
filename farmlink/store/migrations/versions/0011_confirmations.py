"""Confirmations."""

import sqlalchemy as sa
from alembic import op

revision = "0011_confirmations"
down_revision = "0010_planning"


def upgrade() -> None:
    op.create_table('confirmation_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('farm_id', sa.Uuid(), nullable=False),
    sa.Column('lot_id', sa.Uuid(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('floor', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('answered', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('standing', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("CASE state WHEN 'open' THEN answered IS NULL AND answered_at IS NULL WHEN 'superseded' THEN answered IS NULL WHEN 'accepted' THEN answered = quantity WHEN 'reduced' THEN answered > floor AND answered < quantity ELSE answered = floor END", name='confirmation_request_answer_fits_state'),
    sa.CheckConstraint("state <> 'declined' OR reason IS NOT NULL", name='confirmation_request_decline_has_reason'),
    sa.CheckConstraint("state IN ('open', 'accepted', 'reduced', 'declined', 'lapsed', 'superseded')", name='confirmation_request_state_known'),
    sa.CheckConstraint('0 <= floor AND floor < quantity', name='confirmation_request_asks_for_more_than_promised'),
    sa.ForeignKeyConstraint(['cycle_id'], ['order_cycle.id'], ),
    sa.ForeignKeyConstraint(['farm_id'], ['farm.id'], ),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], ),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('lot_id', 'day', 'plan_id', name='confirmation_request_once_a_version')
    )
    op.create_index('confirmation_request_due', 'confirmation_request', ['due_at'], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index('confirmation_request_open', 'confirmation_request', ['cycle_id', 'lot_id'], unique=True, postgresql_where=sa.text("state = 'open'"))
    op.create_index(op.f('ix_confirmation_request_cycle_id'), 'confirmation_request', ['cycle_id'], unique=False)
    op.create_index(op.f('ix_confirmation_request_farm_id'), 'confirmation_request', ['farm_id'], unique=False)
    op.create_index(op.f('ix_confirmation_request_lot_id'), 'confirmation_request', ['lot_id'], unique=False)
    op.create_index(op.f('ix_confirmation_request_plan_id'), 'confirmation_request', ['plan_id'], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.confirmation_request_answer_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'question % has its final answer', OLD.id USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.confirmation_request_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['open accepted', 'open declined', 'open lapsed', 'open reduced', 'open superseded']\\:\\:text[]) THEN RAISE EXCEPTION 'confirmation_request.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("CREATE TRIGGER confirmation_request_answer_stays BEFORE UPDATE ON public.confirmation_request FOR EACH ROW WHEN ((((old.state)\\:\\:text <> 'open'\\:\\:text) AND (old.* IS DISTINCT FROM new.*))) EXECUTE FUNCTION confirmation_request_answer_stays()")
    op.execute("CREATE TRIGGER confirmation_request_state_moves BEFORE UPDATE OF state ON public.confirmation_request FOR EACH ROW EXECUTE FUNCTION confirmation_request_state_moves()")


def downgrade() -> None:
    op.execute("DROP TRIGGER confirmation_request_state_moves ON confirmation_request")
    op.execute("DROP TRIGGER confirmation_request_answer_stays ON confirmation_request")
    op.execute("DROP FUNCTION confirmation_request_answer_stays()")
    op.execute("DROP FUNCTION confirmation_request_state_moves()")
    op.drop_index(op.f('ix_confirmation_request_plan_id'), table_name='confirmation_request')
    op.drop_index(op.f('ix_confirmation_request_lot_id'), table_name='confirmation_request')
    op.drop_index(op.f('ix_confirmation_request_farm_id'), table_name='confirmation_request')
    op.drop_index(op.f('ix_confirmation_request_cycle_id'), table_name='confirmation_request')
    op.drop_index('confirmation_request_open', table_name='confirmation_request', postgresql_where=sa.text("state = 'open'"))
    op.drop_index('confirmation_request_due', table_name='confirmation_request', postgresql_where=sa.text("state = 'open'"))
    op.drop_table('confirmation_request')
