"""Batches: what is planned, and what every order line is a part of."""

from uuid import UUID

from sqlalchemy import DDL, CheckConstraint, ForeignKeyConstraint, UniqueConstraint, event
from sqlmodel import Field, SQLModel

from farmlink.store.columns import identity, whole


class Batch(SQLModel, table=True):
    """A product in a grade for a place in a cycle; always the sum of its lines."""

    __tablename__ = "batch"
    __table_args__ = (
        UniqueConstraint("cycle_id", "product_id", "grade", "place_id", name="batch_once_a_place"),
        UniqueConstraint("id", "cycle_id", "product_id", "grade", "place_id", name="batch_of_its_lines"),
        ForeignKeyConstraint(
            ["cycle_id", "place_id"], ["cycle_place.cycle_id", "cycle_place.place_id"], name="batch_served"
        ),
        ForeignKeyConstraint(
            ["product_id", "grade"], ["grade.product_id", "grade.rank"], name="batch_grade_of_product"
        ),
        CheckConstraint("quantity > 0", name="batch_quantity_positive"),
        CheckConstraint("worth_minor >= 0", name="batch_worth_not_negative"),
    )

    id: UUID = identity()
    cycle_id: UUID = Field()
    product_id: UUID = Field()
    grade: int = whole()
    place_id: UUID = Field(index=True)
    quantity: int = whole()
    worth_minor: int = whole()


SUMS = """
CREATE FUNCTION batch_is_the_sum_of_its_lines() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.quantity <> (SELECT coalesce(sum(quantity), 0) FROM order_line WHERE batch_id = NEW.id) THEN
    RAISE EXCEPTION 'batch % is not the sum of its lines', NEW.id USING ERRCODE = 'check_violation';
  END IF; RETURN NULL; END $$
"""
AT_COMMIT = """
CREATE CONSTRAINT TRIGGER batch_is_the_sum_of_its_lines AFTER INSERT OR UPDATE ON batch
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION batch_is_the_sum_of_its_lines()
"""
_batch = SQLModel.metadata.tables["batch"]
for _statement in (SUMS, AT_COMMIT):
    event.listen(_batch, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
event.listen(_batch, "after_drop", DDL("DROP FUNCTION IF EXISTS batch_is_the_sum_of_its_lines()"))  # type: ignore[no-untyped-call]  # see above
