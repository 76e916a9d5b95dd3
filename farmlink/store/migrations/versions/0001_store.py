"""Store."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_store"
down_revision = None


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('action', sa.String(), nullable=False),
    sa.Column('subject', sa.Uuid(), nullable=False),
    sa.Column('facts', postgresql.JSONB(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_audit_entry_subject'), 'audit_entry', ['subject'], unique=False)
    op.create_table('idempotency_key',
    sa.Column('actor', sa.String(), nullable=False),
    sa.Column('key', sa.Uuid(), nullable=False),
    sa.Column('command', sa.String(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('outcome', postgresql.JSONB(), nullable=True),
    sa.Column('refusal', postgresql.JSONB(), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('outcome IS NULL OR refusal IS NULL', name='idempotency_key_one_answer'),
    sa.PrimaryKeyConstraint('actor', 'key')
    )
    op.create_index('idempotency_key_used_at', 'idempotency_key', ['used_at'], unique=False)
    op.create_table('job_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('job', sa.String(), nullable=False),
    sa.Column('subject', sa.Uuid(), nullable=False),
    sa.Column('slot', sa.String(), nullable=False),
    sa.Column('holder', sa.String(), nullable=False),
    sa.Column('token', sa.BigInteger(), nullable=False),
    sa.Column('leased_until_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('token > 0', name='job_run_token_counts'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('job', 'subject', 'slot', name='job_run_once')
    )
    op.create_table('outbox_event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('payload', postgresql.JSONB(), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dead_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('attempts >= 0', name='outbox_event_attempts_counted'),
    sa.CheckConstraint('delivered_at IS NULL OR dead_at IS NULL', name='outbox_event_one_end'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('outbox_event_dead', 'outbox_event', ['dead_at'], unique=False, postgresql_where=sa.text('dead_at IS NOT NULL'))
    op.create_index('outbox_event_waiting', 'outbox_event', ['due_at'], unique=False, postgresql_where=sa.text('delivered_at IS NULL AND dead_at IS NULL'))
    op.create_table('audit_seal',
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(digest) = 64', name='audit_seal_digest_whole'),
    sa.ForeignKeyConstraint(['entry_id'], ['audit_entry.id'], ),
    sa.PrimaryKeyConstraint('position'),
    sa.UniqueConstraint('entry_id')
    )
    op.execute("""CREATE OR REPLACE FUNCTION public.audit_entry_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'audit_entry is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("""CREATE OR REPLACE FUNCTION public.audit_seal_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'audit_seal is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("CREATE TRIGGER audit_entry_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays()")
    op.execute("CREATE TRIGGER audit_seal_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION audit_seal_stays()")


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_seal_stays ON audit_seal")
    op.execute("DROP TRIGGER audit_entry_stays ON audit_entry")
    op.execute("DROP FUNCTION audit_entry_stays()")
    op.execute("DROP FUNCTION audit_seal_stays()")
    op.drop_table('audit_seal')
    op.drop_index('outbox_event_waiting', table_name='outbox_event', postgresql_where=sa.text('delivered_at IS NULL AND dead_at IS NULL'))
    op.drop_index('outbox_event_dead', table_name='outbox_event', postgresql_where=sa.text('dead_at IS NOT NULL'))
    op.drop_table('outbox_event')
    op.drop_table('job_run')
    op.drop_index('idempotency_key_used_at', table_name='idempotency_key')
    op.drop_table('idempotency_key')
    op.drop_index(op.f('ix_audit_entry_subject'), table_name='audit_entry')
    op.drop_table('audit_entry')
