"""Letters that strangers ask for are counted by kind: who registers an address keeps nobody from a new password."""

import sqlalchemy as sa
from alembic import op

revision = "0027_letters_counted_by_kind"
down_revision = "0026_meant_where_the_clocks_skip"


def upgrade() -> None:
    op.add_column("letter_ask", sa.Column("kind", sa.String(), nullable=False, server_default="registration"))
    op.alter_column("letter_ask", "kind", server_default=None)
    op.create_check_constraint("letter_ask_kind", "letter_ask", "kind IN ('registration', 'password-reset')")


def downgrade() -> None:
    op.drop_constraint("letter_ask_kind", "letter_ask", type_="check")
    op.drop_column("letter_ask", "kind")
