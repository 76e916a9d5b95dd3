"""People whom others order for, because they do not sign in."""

from __future__ import annotations

from collections.abc import Iterable

from farmlink.people.queries.persons import SIGNS_IN
from farmlink.people.values import PersonId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

WITHOUT = f"""
SELECT id, name FROM person WHERE id = ANY(CAST(:ids AS uuid[]))
AND NOT {SIGNS_IN} AND erased_at IS NULL AND named_by IS NULL ORDER BY id
"""  # noqa: S608  # our own words


def without_sign_in(tx: Transaction, person_ids: Iterable[PersonId]) -> dict[PersonId, str]:
    """What those of some persons are called who do not sign in, by id; recipients of gifts are their givers' affair."""
    rows = tx.execute(WITHOUT, {"ids": uuids(person_ids)})
    return {PersonId(row.id): row.name for row in rows}
