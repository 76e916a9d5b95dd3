"""Where persons live: nobody's address is changed, they move; later rooms say when the old one may be forgotten."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from farmlink.kernel.errors import MissingError
from farmlink.people.tables import HomeAddressRow, PersonRow
from farmlink.people.values import Address, HomeId, PersonId
from farmlink.store.transaction import Transaction


def hold_person(tx: Transaction, person_id: PersonId) -> None:
    """Keep others from moving or erasing a person until the transaction ends; an erased one does not exist."""
    if tx.lock(PersonRow, person_id).erased_at is not None:
        raise MissingError(noun="person", id=person_id)


def move_to(tx: Transaction, person_id: PersonId, address: Address) -> HomeId:
    """Give a person a new home; orders that go to the old one still find it."""
    hold_person(tx, person_id)
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


def disown_homes(tx: Transaction, person_id: PersonId) -> None:
    """Leave home and forget whose homes a person's were; the addresses go when no order needs them."""
    leave_home(tx, person_id)
    tx.execute("UPDATE home_address SET person_id = NULL WHERE person_id = :id", {"id": person_id})


def forget_left_homes(tx: Transaction, home_ids: Iterable[HomeId]) -> None:
    """Forget homes that were left; one to which somebody has returned has another id."""
    tx.execute(
        "UPDATE home_address SET lines = NULL WHERE id = ANY(:ids) AND replaced_at IS NOT NULL", {"ids": list(home_ids)}
    )
