"""A line that ends short says why the plan left its batch unserved."""

from alembic import op

revision = "0018_reasons_of_plans"
down_revision = "0017_room_of_earlier_plans"


def upgrade() -> None:
    op.drop_constraint("hand_out_reason_known", "hand_out", type_="check")
    op.create_check_constraint(
        "hand_out_reason_said", "hand_out", "btrim(reason) <> '' AND reason NOT IN ('not-collected', 'spoiled')"
    )


def downgrade() -> None:
    op.drop_constraint("hand_out_reason_said", "hand_out", type_="check")
    op.execute("ALTER TABLE hand_out DISABLE TRIGGER hand_out_ends_once_for_all")
    op.execute("UPDATE hand_out SET reason = 'not-planned' WHERE reason NOT IN ('not-planned', 'not-received')")
    op.execute("ALTER TABLE hand_out ENABLE TRIGGER hand_out_ends_once_for_all")
    op.create_check_constraint("hand_out_reason_known", "hand_out", "reason IN ('not-planned', 'not-received')")
