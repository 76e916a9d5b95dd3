"""What farms sold so far."""

import sqlalchemy as sa
from alembic import op

revision = "0028_what_farms_sold_so_far"
down_revision = "0027_letters_counted_by_kind"


def upgrade() -> None:
    op.create_table('plan_farm',
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('farm_id', sa.Uuid(), nullable=False),
    sa.Column('offered_minor', sa.BigInteger(), nullable=False),
    sa.Column('sold_minor', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('0 <= sold_minor AND sold_minor <= offered_minor', name='plan_farm_sells_offer'),
    sa.ForeignKeyConstraint(['farm_id'], ['farm.id'], ),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], ),
    sa.PrimaryKeyConstraint('plan_id', 'farm_id')
    )
    op.create_index(op.f('ix_plan_farm_farm_id'), 'plan_farm', ['farm_id'], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION public.plan_farm_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN RAISE EXCEPTION 'plan_farm is never changed' USING ERRCODE = 'check_violation'; END $function$
""")
    op.execute("CREATE TRIGGER plan_farm_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.plan_farm FOR EACH STATEMENT EXECUTE FUNCTION plan_farm_stays()")


def downgrade() -> None:
    op.execute("DROP TRIGGER plan_farm_stays ON plan_farm")
    op.execute("DROP FUNCTION plan_farm_stays()")
    op.drop_index(op.f('ix_plan_farm_farm_id'), table_name='plan_farm')
    op.drop_table('plan_farm')
