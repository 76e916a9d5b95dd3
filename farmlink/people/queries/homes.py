"""Where people live, and lived."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

import msgspec

from farmlink.people import rules
from farmlink.people.values import Address, HomeId, PersonId
from farmlink.store.pipeline import Pipe, uuids
from farmlink.store.transaction import Transaction

LIVE_IN = "SELECT id, person_id FROM home_address WHERE id = ANY(%s::uuid[]) AND replaced_at IS NULL"


def home(tx: Transaction, person_id: PersonId) -> HomeId | None:
    """Where a person lives, if they say so."""
    found = tx.execute("SELECT id FROM home_address WHERE person_id = :id AND replaced_at IS NULL", {"id": person_id})
    return None if (home_id := found.scalar()) is None else HomeId(home_id)


def homes(tx: Transaction, person_ids: Iterable[PersonId]) -> dict[PersonId, HomeId]:
    """Where these persons live; who does not say so is left out."""
    found = "SELECT person_id, id FROM home_address WHERE person_id = ANY(CAST(:ids AS uuid[])) AND replaced_at IS NULL"
    rows = tx.execute(found, {"ids": uuids(person_ids)})
    return {PersonId(row.person_id): HomeId(row.id) for row in rows}


def live_in_many(pipe: Pipe, home_ids: Iterable[UUID]) -> Callable[[], dict[HomeId, PersonId]]:
    """Who lives in these homes; nobody does in one that was left."""
    rows = pipe.send(LIVE_IN, (uuids(home_ids),))
    return lambda: {HomeId(home_id): PersonId(person_id) for home_id, person_id in rows.fetchall()}


def addresses(tx: Transaction, home_ids: Iterable[HomeId]) -> dict[HomeId, Address]:
    """The addresses of homes; one that was forgotten is left out."""
    rows = tx.execute(
        "SELECT id, lines FROM home_address WHERE lines IS NOT NULL AND id = ANY(:ids)", {"ids": list(home_ids)}
    )
    return {HomeId(row.id): msgspec.convert(row.lines, Address) for row in rows}


def address_at(tx: Transaction, person_id: PersonId, home_id: HomeId) -> Address | None:
    """The address of a person's present or former home; none when it was forgotten, or whose it is."""
    lines = "SELECT lines FROM home_address WHERE id = :home AND person_id = :person AND lines IS NOT NULL"
    found = tx.execute(lines, {"home": home_id, "person": person_id}).scalar()
    return None if found is None else msgspec.convert(found, Address)


def homes_to_forget(tx: Transaction) -> list[HomeId]:
    """Homes whose people were erased or have long moved on, and whose addresses are still known."""
    left = "SELECT id FROM home_address WHERE lines IS NOT NULL AND (person_id IS NULL OR replaced_at < :before)"
    return [HomeId(id_) for id_ in tx.execute(left, {"before": tx.now - rules.HOMES_KEPT_FOR}).scalars()]


def forgotten_homes(tx: Transaction) -> list[HomeId]:
    """Homes whose addresses nobody knows any more."""
    return [HomeId(id_) for id_ in tx.execute("SELECT id FROM home_address WHERE lines IS NULL").scalars()]
