"""A wall time that the clocks skip is kept as it was planned, for the copies of its cycle."""

import sqlalchemy as sa
from alembic import op

revision = "0026_meant_where_the_clocks_skip"
down_revision = "0025_allocations_in_their_plan"


def upgrade() -> None:
    op.add_column("order_cycle", sa.Column("opens_meant", sa.DateTime(), nullable=True))
    op.add_column("order_cycle", sa.Column("closes_meant", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("order_cycle", "closes_meant")
    op.drop_column("order_cycle", "opens_meant")
