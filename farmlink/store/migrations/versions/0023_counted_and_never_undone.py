"""Letters that strangers ask for are counted; prices, plans and counts go only the way they may; seals are found soon."""

import sqlalchemy as sa
from alembic import op

revision = "0023_counted_and_never_undone"
down_revision = "0022_hubs_of_allocations"

TRIGGERS = {
    "listing_price_falls": (
        "BEFORE UPDATE OF price_minor_per_1000, stock_id ON listing FOR EACH ROW"
        " WHEN (NEW.price_minor_per_1000 > OLD.price_minor_per_1000 OR NEW.stock_id <> OLD.stock_id)",
        "IF EXISTS (SELECT FROM stock JOIN order_cycle ON order_cycle.id = cycle_id"
        " WHERE stock.id IN (OLD.stock_id, NEW.stock_id) AND stage <> 'draft') THEN"
        " RAISE EXCEPTION 'the posted price of listing % only falls', OLD.id USING ERRCODE = 'check_violation'; END IF;"
        " RETURN NEW;",
    ),
    "published_plan_goes_on": (
        "BEFORE INSERT OR UPDATE OF cycle_id, plan_id ON published_plan FOR EACH ROW",
        "IF NOT EXISTS (SELECT FROM plan WHERE id = NEW.plan_id AND cycle_id = NEW.cycle_id) THEN"
        " RAISE EXCEPTION 'plan % is of another cycle', NEW.plan_id USING ERRCODE = 'check_violation'; END IF;"
        " IF TG_OP = 'UPDATE' AND (SELECT version FROM plan WHERE id = NEW.plan_id)"
        " < (SELECT version FROM plan WHERE id = OLD.plan_id) THEN"
        " RAISE EXCEPTION 'a later version than plan % holds', NEW.plan_id USING ERRCODE = 'check_violation'; END IF;"
        " RETURN NEW;",
    ),
    "receipt_within_what_was_sent": (
        "BEFORE INSERT OR UPDATE ON receipt FOR EACH ROW",
        "IF NEW.received > (SELECT quantity FROM allocation WHERE id = NEW.allocation_id) THEN"
        " RAISE EXCEPTION 'more came in of % than was sent', NEW.allocation_id USING ERRCODE = 'check_violation'; END IF;"
        " IF EXISTS (SELECT FROM hand_out WHERE cycle_id = NEW.cycle_id) THEN"
        " RAISE EXCEPTION 'what came in has been shared out' USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
    ),
}


def upgrade() -> None:
    op.create_table(
        "letter_ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email_hash", sa.LargeBinary(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(email_hash) = 32", name="letter_ask_address_hashed"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_letter_ask_asked_at", "letter_ask", ["asked_at"])
    op.create_index("letter_ask_from_network", "letter_ask", ["network", "asked_at"])
    op.create_index("letter_ask_to_address", "letter_ask", ["email_hash", "asked_at"])
    op.create_index("ix_audit_entry_done_at", "audit_entry", ["done_at"])
    for name, (when, body) in TRIGGERS.items():
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    for name, (when, _) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {when.split(' ON ')[1].split()[0]}")
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_index("ix_audit_entry_done_at", "audit_entry")
    op.drop_table("letter_ask")
