"""Which farms are small, the published policy says of what they offer; no farm says it of itself."""

import sqlalchemy as sa
from alembic import op

revision = "0019_small_by_policy"
down_revision = "0018_reasons_of_plans"


def upgrade() -> None:
    op.drop_column("farm", "small")


def downgrade() -> None:
    op.add_column("farm", sa.Column("small", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("farm", "small", server_default=None)
