"""Notify."""

import sqlalchemy as sa
from alembic import op

revision = "0013_notify"
down_revision = "0012_dispatch"


def upgrade() -> None:
    op.create_table('message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('cause', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(), nullable=True),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name='message_sent_sometime'),
    sa.CheckConstraint("kind IN ('registration', 'known-address', 'password-reset', 'application', 'order', 'order-cancelled', 'lines-dropped', 'question', 'question-withdrawn', 'silence', 'standby', 'harvest-failed', 'plan-degraded')", name='message_kind'),
    sa.CheckConstraint("state IN ('waiting', 'sent', 'failed', 'nobody', 'outdated')", name='message_state'),
    sa.CheckConstraint('attempts >= 0', name='message_attempts_counted'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('cause', 'kind', 'person_id', name='message_once_a_cause', postgresql_nulls_not_distinct=True)
    )
    op.create_index(op.f('ix_message_person_id'), 'message', ['person_id'], unique=False)
    op.create_index('message_due', 'message', ['due_at', 'id'], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.execute("""CREATE OR REPLACE FUNCTION public.message_state_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN IF NEW.state IS DISTINCT FROM OLD.state AND (OLD.state\\:\\:text || ' ' || NEW.state\\:\\:text) <> ALL (ARRAY['waiting failed', 'waiting nobody', 'waiting outdated', 'waiting sent']\\:\\:text[]) THEN RAISE EXCEPTION 'message.state cannot move from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $function$
""")
    op.execute("CREATE TRIGGER message_state_moves BEFORE UPDATE OF state ON public.message FOR EACH ROW EXECUTE FUNCTION message_state_moves()")


def downgrade() -> None:
    op.execute("DROP TRIGGER message_state_moves ON message")
    op.execute("DROP FUNCTION message_state_moves()")
    op.drop_index('message_due', table_name='message', postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index(op.f('ix_message_person_id'), table_name='message')
    op.drop_table('message')
