"""What every change of the network does: find the version, claim the name, write the columns."""

from typing import Any, TypeVar
from uuid import UUID

import msgspec

from farmlink.kernel.geo import Box, Coordinates
from farmlink.network.rules import places, refusals
from farmlink.network.tables import Farm, Hub, Point, Region, Vehicle
from farmlink.network.values import FarmDraft, HubDraft, PointDraft, Reach
from farmlink.people import queries as people
from farmlink.store.transaction import Transaction

Editable = TypeVar("Editable", Region, Hub, Farm, Point, Vehicle)
KEPT = {"region_id", "organisation_id"}
"""What no change touches: a place stays in its region and with its owner."""


def require_own(tx: Transaction, draft: FarmDraft | PointDraft | HubDraft, acting_for: Reach | None) -> None:
    """A place is added for an organisation that exists and that one acts for there."""
    if acting_for is not None and not acting_for.may_settle(draft):
        raise refusals.NotYoursError
    people.organisation(tx, draft.organisation_id)


def written(tx: Transaction, row: Editable, draft: Any, **columns: object) -> Editable:
    row.sqlmodel_update({name: value for name, value in columns_of(draft).items() if name not in KEPT} | columns)
    row.revision += 1
    tx.record(f"{row.__tablename__}.changed", row.id, revision=row.revision)
    return tx.add(row)


def columns_of(draft: Any) -> dict[str, Any]:
    """A draft as columns: documents as JSON, coordinates taken apart."""
    columns = msgspec.to_builtins(draft, builtin_types=(UUID,))
    place = columns.pop("coordinates", None)
    return dict(columns) | dict(place or {})


def check_in(region: Region, place: Coordinates) -> None:
    places.check_extent(msgspec.convert(region.extent, Box), place, region.time_zone)


def claim(tx: Transaction, table: Any, key: UUID | None, **unique: Any) -> None:
    """Take a name or code; two editors who want the same one wait for each other here."""
    name = f"{table.__tablename__}:{sorted(unique.items())}"
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))", {"name": name})
    condition = " AND ".join(f"{column} = :{column}" for column in unique)
    statement = f"SELECT id FROM {table.__tablename__} WHERE {condition}"  # noqa: S608  # names of our own columns
    if tx.execute(statement, unique).scalar() not in (None, key):
        raise refusals.PlaceNameTakenError(name=str(unique.get("code", unique.get("name"))))
