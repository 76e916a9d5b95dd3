"""Policy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_policy"
down_revision = "0002_people"


def upgrade() -> None:
    op.create_table('policy_version',
    sa.Column('version', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('document', postgresql.JSONB(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.CheckConstraint('version >= 2', name='policy_version_counted'),
    sa.ForeignKeyConstraint(['published_by'], ['person.id'], ),
    sa.PrimaryKeyConstraint('version')
    )
    op.create_index(op.f('ix_policy_version_published_by'), 'policy_version', ['published_by'], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.policy_version_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'policy_version is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("CREATE TRIGGER policy_version_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.policy_version FOR EACH STATEMENT EXECUTE FUNCTION policy_version_stays()")


def downgrade() -> None:
    op.execute("DROP TRIGGER policy_version_stays ON policy_version")
    op.execute("DROP FUNCTION policy_version_stays()")
    op.drop_index(op.f('ix_policy_version_published_by'), table_name='policy_version')
    op.drop_table('policy_version')
