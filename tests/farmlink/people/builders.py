"""Ana, her password, and what guessers try."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from farmlink.people import commands, work
from farmlink.people.values import PersonId

if TYPE_CHECKING:
    from farmlink.store.store import Store
    from farmlink.store.transaction import Transaction

EMAIL, PASSWORD, HERE = "ana@example.org", "a long pass phrase", "192.0.2.7"


def add_ana(store: Store) -> PersonId:
    return store.run(commands.add_person, "Ana", email=EMAIL, password_hash=work.hash_password(PASSWORD))


def announced(store: Store, name: str, field: str) -> list[UUID]:
    """Ids in the events of one name, in order."""
    rows = store.read(lambda tx: tx.execute("SELECT name, payload FROM outbox_event ORDER BY announced_at, id").all())
    return [UUID(row.payload[field]) for row in rows if row.name == name]


def enter(store: Store, password: str = PASSWORD, network: str = HERE, device: str | None = None) -> PersonId:
    return work.sign_in(store, EMAIL, password, network=network, device=device).person_id


def age(tx: Transaction, table: str, change: str) -> None:
    tx.execute(f"UPDATE {table} SET {change}")
