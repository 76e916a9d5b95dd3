"""A plan to look at and one that shall hold are wished for apart."""

import sqlalchemy as sa
from alembic import op

revision = "0015_run_kinds"
down_revision = "0014_homes"


def upgrade() -> None:
    op.add_column("plan_run", sa.Column("publish", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.alter_column("plan_run", "publish", server_default=None)
    op.drop_constraint("plan_wish_pkey", "plan_wish", type_="primary")
    op.create_primary_key("plan_wish_pkey", "plan_wish", ["cycle_id", "publish"])


def downgrade() -> None:
    op.execute(
        "DELETE FROM plan_wish w WHERE NOT publish"
        " AND EXISTS (SELECT FROM plan_wish other WHERE other.cycle_id = w.cycle_id AND other.publish)"
    )
    op.drop_constraint("plan_wish_pkey", "plan_wish", type_="primary")
    op.create_primary_key("plan_wish_pkey", "plan_wish", ["cycle_id"])
    op.drop_column("plan_run", "publish")
