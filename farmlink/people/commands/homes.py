"""Where persons live: nobody's address is changed, they move; the old one is forgotten when no order needs it."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from farmlink.people import queries
from farmlink.people.tables import HomeAddressRow, PersonRow
from farmlink.people.values import Address, HomeId, PersonId
from farmlink.store.transaction import Transaction

KEPT_AFTER_LEAVING = timedelta(days=60)
"""So long an order may still be on its way to an old home, or be complained about."""


def move_to(tx: Transaction, person_id: PersonId, address: Address) -> HomeId:
    """Give a person a new home; orders that go to the old one still find it."""
    tx.lock(PersonRow, queries.known_person(tx, person_id))
    leave_home(tx, person_id)
    row = tx.add(HomeAddressRow(person_id=person_id, lines=msgspec.to_builtins(address), written_at=tx.now))
    tx.record("home.entered", person_id, home_id=row.id)
    return HomeId(row.id)


def leave_home(tx: Transaction, person_id: PersonId) -> None:
    """Have no home any more; twice changes nothing."""
    left = tx.execute(
        "UPDATE home_address SET replaced_at = :now WHERE person_id = :id AND replaced_at IS NULL RETURNING id",
        {"id": person_id, "now": tx.now},
    ).scalar()
    if left is not None:
        tx.record("home.left", person_id, home_id=left)


def forget_homes(tx: Transaction, person_id: PersonId) -> None:
    """Forget where a person lives and lived."""
    leave_home(tx, person_id)
    tx.execute("UPDATE home_address SET lines = NULL WHERE person_id = :id", {"id": person_id})


def forget_old_homes(tx: Transaction) -> None:
    """Forget homes that were left long ago."""
    tx.execute(
        "UPDATE home_address SET lines = NULL WHERE lines IS NOT NULL AND replaced_at < :before",
        {"before": tx.now - KEPT_AFTER_LEAVING},
    )
