"""Homes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_homes"
down_revision = "0013_notify"

HOME_TERMS = ("home_fee_minor", "home_minimum_minor", "home_range_m")
OF_A_PLACE = ("consumer_order", "order_line", "batch", "hand_out")
NAMED_LIKE_THEIR_COLUMNS = """
DO $$ DECLARE odd record; BEGIN
  FOR odd IN
    SELECT conrelid\\:\\:regclass AS owner, conname, format('%s_%s_not_null', conrelid\\:\\:regclass, attname) AS wanted
    FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'n' AND conrelid\\:\\:regclass\\:\\:text IN
      ('consumer_order', 'order_line', 'batch', 'hand_out', 'cycle_place', 'cycle_point')
  LOOP
    IF odd.conname <> odd.wanted THEN
      EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', odd.owner, odd.conname, odd.wanted);
    END IF;
  END LOOP;
END $$
"""
"""From PostgreSQL 18 on NOT NULL has a name, which stays behind when its column or table is renamed."""
STAYS = (
    "CREATE TRIGGER order_line_stays_in_its_batch BEFORE UPDATE ON public.order_line FOR EACH ROW WHEN"
    " (((old.batch_id IS NOT NULL) AND ((old.batch_id IS DISTINCT FROM new.batch_id)"
    " OR (old.quantity IS DISTINCT FROM new.quantity) OR (old.product_id IS DISTINCT FROM new.product_id)"
    " OR (old.grade IS DISTINCT FROM new.grade) OR (old.{place} IS DISTINCT FROM new.{place})"
    " OR (old.cycle_id IS DISTINCT FROM new.cycle_id)))) EXECUTE FUNCTION order_line_stays_in_its_batch()"
)


def upgrade() -> None:
    _add_homes()
    _let_cycles_serve_homes()
    _rename_place("point", "place")
    _make_homes_places()
    op.add_column("consumer_order", sa.Column("at_home", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("consumer_order", "at_home", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM cycle_place WHERE home_id IS NOT NULL")  # refused while an order goes home
    op.drop_column("consumer_order", "at_home")
    op.drop_constraint("hand_out_at_its_place", "hand_out", type_="foreignkey")
    op.drop_column("cycle_place", "home_id")
    op.drop_column("cycle_place", "point_id")
    _rename_place("place", "point")
    for column in HOME_TERMS:
        op.drop_column("order_cycle", column)
    op.drop_table("home")
    op.drop_table("home_address")


def _add_homes() -> None:
    """Where people live: their addresses, and beside them only coordinates."""
    op.create_table(
        "home_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("lines IS NULL OR btrim(lines ->> 'town') <> ''", name="home_address_names_its_town"),
        sa.CheckConstraint("lines IS NOT NULL OR replaced_at IS NOT NULL", name="home_address_forgotten_when_left"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    current = sa.text("replaced_at IS NULL")
    op.create_index("home_address_one_current", "home_address", ["person_id"], unique=True, postgresql_where=current)
    op.create_index("ix_home_address_person_id", "home_address", ["person_id"], unique=False)
    op.create_table(
        "home",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("latitude_e6", sa.BigInteger(), nullable=False),
        sa.Column("longitude_e6", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "latitude_e6 BETWEEN -90000000 AND 90000000 AND longitude_e6 BETWEEN -180000000 AND 180000000",
            name="home_coordinates",
        ),
        sa.ForeignKeyConstraint(["id"], ["home_address.id"]),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_home_region_id", "home", ["region_id"], unique=False)


def _let_cycles_serve_homes() -> None:
    """For what, from what and how far a cycle brings orders home, if it does."""
    for column in HOME_TERMS:
        op.add_column("order_cycle", sa.Column(column, sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        "order_cycle_homes_in_reach", "order_cycle", "home_fee_minor >= 0 AND home_minimum_minor >= 0 AND home_range_m > 0"
    )
    op.create_check_constraint(
        "order_cycle_homes_or_not", "order_cycle", "num_nulls(home_fee_minor, home_minimum_minor, home_range_m) IN (0, 3)"
    )


def _make_homes_places() -> None:
    """A place of a cycle is a point or a home."""
    op.add_column("cycle_place", sa.Column("point_id", sa.Uuid(), nullable=True))
    op.add_column("cycle_place", sa.Column("home_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE cycle_place SET point_id = place_id")
    for kind in ("point", "home"):
        op.create_foreign_key(f"cycle_place_{kind}_id_fkey", "cycle_place", kind, [f"{kind}_id"], ["id"])
        op.create_index(f"ix_cycle_place_{kind}_id", "cycle_place", [f"{kind}_id"], unique=False)
    op.create_check_constraint(
        "cycle_place_is_a_point_or_a_home", "cycle_place", "num_nonnulls(point_id, home_id) = 1"
    )
    op.create_check_constraint("cycle_place_is_its_point_or_home", "cycle_place", "place_id = coalesce(point_id, home_id)")
    op.create_foreign_key(
        "hand_out_at_its_place", "hand_out", "cycle_place", ["cycle_id", "place_id"], ["cycle_id", "place_id"]
    )


def _rename_place(old: str, new: str) -> None:
    """Rename the table of a cycle's places and the columns that lead there, with all that is named after them."""
    op.execute("DROP TRIGGER order_line_stays_in_its_batch ON order_line")
    if old == "point":
        op.drop_constraint("hand_out_point_id_fkey", "hand_out", type_="foreignkey")
        op.drop_index("ix_cycle_point_point_id", table_name="cycle_point")
        op.drop_constraint("cycle_point_point_id_fkey", "cycle_point", type_="foreignkey")
    op.rename_table(f"cycle_{old}", f"cycle_{new}")
    op.alter_column(f"cycle_{new}", f"{old}_id", new_column_name=f"{new}_id")
    for rest in ("pkey", "cycle_id_fkey", "orders_within_capacity", "weight_within_capacity"):
        op.execute(f"ALTER TABLE cycle_{new} RENAME CONSTRAINT cycle_{old}_{rest} TO cycle_{new}_{rest}")
    for table in OF_A_PLACE:
        op.alter_column(table, f"{old}_id", new_column_name=f"{new}_id")
    for table in ("batch", "hand_out"):
        op.execute(f"ALTER INDEX ix_{table}_{old}_id RENAME TO ix_{table}_{new}_id")
    op.execute(NAMED_LIKE_THEIR_COLUMNS)
    op.execute(STAYS.format(place=f"{new}_id"))
    if new == "point":
        op.create_foreign_key("cycle_point_point_id_fkey", "cycle_point", "point", ["point_id"], ["id"])
        op.create_index("ix_cycle_point_point_id", "cycle_point", ["point_id"], unique=False)
        op.create_foreign_key("hand_out_point_id_fkey", "hand_out", "point", ["point_id"], ["id"])
