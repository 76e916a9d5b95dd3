"""People whom others order for, because they cannot sign in."""

from __future__ import annotations

from collections.abc import Iterable

from farmlink.people.values import PersonId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

WITHOUT = """
SELECT id, name FROM person WHERE id = ANY(CAST(:ids AS uuid[]))
AND password_hash IS NULL AND erased_at IS NULL AND named_by IS NULL ORDER BY id
"""


def without_sign_in(tx: Transaction, person_ids: Iterable[PersonId]) -> dict[PersonId, str]:
    """What those of some persons are called who cannot sign in, by id; recipients of gifts are their givers' affair."""
    rows = tx.execute(WITHOUT, {"ids": uuids(person_ids)})
    return {PersonId(row.id): row.name for row in rows}
