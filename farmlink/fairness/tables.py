"""The fairness ledger: one row a cycle for everybody who wanted something of it; never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from farmlink.fairness.values import Party
from farmlink.store.columns import identity, instant, reference, whole
from farmlink.store.transitions import keep_immutable

COLUMN = {Party.CONSUMERS: "consumer_id", Party.FARMS: "farm_id"}


class FairShare(SQLModel, table=True):
    """What a consumer or a farm wanted and got in a cycle, and what an equal share had been."""

    __tablename__ = "fair_share"
    __table_args__ = (
        CheckConstraint("num_nonnulls(consumer_id, farm_id) = 1", name="fair_share_of_a_consumer_or_a_farm"),
        CheckConstraint("0 <= got_minor AND got_minor <= wanted_minor", name="fair_share_got_within_wanted"),
        CheckConstraint("0 <= equal_minor AND equal_minor <= wanted_minor", name="fair_share_equal_within_wanted"),
        UniqueConstraint("cycle_id", "consumer_id", name="fair_share_once_a_consumer"),
        UniqueConstraint("cycle_id", "farm_id", name="fair_share_once_a_farm"),
    )

    id: UUID = identity()
    cycle_id: UUID = reference("order_cycle.id", index=False)
    region_id: UUID = reference("region.id")
    collect_on: date
    consumer_id: UUID | None = reference("person.id", nullable=True, default=None)
    farm_id: UUID | None = reference("farm.id", nullable=True, default=None)
    wanted_minor: int = whole()
    equal_minor: int = whole()
    got_minor: int = whole()
    recorded_at: datetime = instant()


keep_immutable(SQLModel.metadata.tables["fair_share"])
