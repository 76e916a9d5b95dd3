"""A page of a plan's allocations is found without reading the others."""

from alembic import op

revision = "0025_allocations_in_their_plan"
down_revision = "0024_planned_and_happened"


def upgrade() -> None:
    op.create_index("allocation_in_its_plan", "allocation", ["plan_id", "id"])
    op.drop_index("ix_allocation_plan_id", "allocation")


def downgrade() -> None:
    op.create_index("ix_allocation_plan_id", "allocation", ["plan_id"])
    op.drop_index("allocation_in_its_plan", "allocation")
