"""Every allocation names the hub that fetches it and the one it leaves; plans say what they could not look at.

What earlier plans say of hubs is read from the plans themselves, which hold their whole problem and solution. A round
to the door next to its hub may end in the second in which it began.
"""

import json
import zlib
from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0022_hubs_of_allocations"
down_revision = "0021_what_will_be_short"

ENDS = ("collecting_hub_id", "delivering_hub_id")
KNOWN = """
UPDATE allocation SET collecting_hub_id = known.collecting, delivering_hub_id = known.delivering
FROM unnest(
  CAST(:lots AS uuid[]), CAST(:batches AS uuid[]), CAST(:collecting AS uuid[]), CAST(:delivering AS uuid[])
) AS known (lot_id, batch_id, collecting, delivering)
WHERE plan_id = :plan AND allocation.lot_id = known.lot_id AND allocation.batch_id = known.batch_id
"""


def upgrade() -> None:
    for end in ENDS:
        op.add_column("allocation", sa.Column(end, sa.Uuid(), nullable=True))
    op.execute("ALTER TABLE allocation DISABLE TRIGGER allocation_stays")
    connection = op.get_bind()
    for plan_id in connection.execute(sa.text("SELECT DISTINCT plan_id FROM allocation")).scalars().all():
        passed = list(zip(*_passed(connection, plan_id), strict=True))
        named = dict(zip(("lots", "batches", "collecting", "delivering"), map(list, passed), strict=True))
        connection.execute(sa.text(KNOWN), named | {"plan": plan_id})
    op.execute("ALTER TABLE allocation ENABLE TRIGGER allocation_stays")
    for end in ENDS:
        op.alter_column("allocation", end, nullable=False)
        op.create_foreign_key(None, "allocation", "hub", [end], ["id"])
    op.add_column("plan", sa.Column("left_out", sa.dialects.postgresql.JSONB(), nullable=False, server_default="[]"))
    op.alter_column("plan", "left_out", server_default=None)
    _limit_routes("return_at >= depart_at AND distance_m >= 0")


def downgrade() -> None:
    op.execute("ALTER TABLE plan_route DISABLE TRIGGER plan_route_stays")
    op.execute("UPDATE plan_route SET return_at = depart_at + interval '1 second' WHERE return_at = depart_at")
    op.execute("ALTER TABLE plan_route ENABLE TRIGGER plan_route_stays")
    _limit_routes("return_at > depart_at AND distance_m >= 0")
    op.drop_column("plan", "left_out")
    for end in ENDS:
        op.drop_column("allocation", end)


def _passed(connection: sa.Connection, plan_id: UUID) -> Iterator[tuple[str, str, str, str]]:
    """Lot, batch, the hub where it comes in and the hub where it goes out, of each allocation of a plan."""
    stored = connection.execute(sa.text("SELECT problem, solution FROM plan WHERE id = :plan"), {"plan": plan_id}).one()
    problem, solution = (json.loads(zlib.decompress(blob)) for blob in stored)
    lots, batches, hubs = problem["lots"], problem["batches"], problem["hubs"]["id"]
    sent = solution["allocations"]
    for lot, batch in zip(sent["lot"], sent["batch"], strict=True):
        farm, point = lots["farm"][lot], batches["point"][batch]
        source, target = solution["farm_hub"][farm], solution["point_hub"][point]
        yield lots["id"][lot], batches["id"][batch], hubs[source], hubs[target]


def _limit_routes(condition: str) -> None:
    op.drop_constraint("plan_route_goes_forward", "plan_route", type_="check")
    op.create_check_constraint("plan_route_goes_forward", "plan_route", condition)
