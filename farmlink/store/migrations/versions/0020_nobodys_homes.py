"""The home of somebody who was erased is nobody's, and keeps its address while an order is on its way there."""

import sqlalchemy as sa
from alembic import op

revision = "0020_nobodys_homes"
down_revision = "0019_small_by_policy"


def upgrade() -> None:
    op.alter_column("home_address", "person_id", existing_type=sa.Uuid(), nullable=True)
    op.create_check_constraint(
        "home_address_is_nobodys_when_left", "home_address", "person_id IS NOT NULL OR replaced_at IS NOT NULL"
    )
    op.execute(
        "UPDATE home_address SET person_id = NULL FROM person WHERE person.id = person_id AND erased_at IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("""
    UPDATE home_address SET lines = NULL, person_id = subject FROM audit_entry
    WHERE person_id IS NULL AND action = 'home.entered' AND facts ->> 'home_id' = home_address.id::text
    """)
    op.drop_constraint("home_address_is_nobodys_when_left", "home_address", type_="check")
    op.alter_column("home_address", "person_id", existing_type=sa.Uuid(), nullable=False)
