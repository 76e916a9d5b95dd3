"""Whom somebody named to give them something: known to the giver alone, until it is handed out."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlmodel import col, select

from farmlink.kernel.page import Page, Paging, page
from farmlink.people.tables import PersonRow
from farmlink.people.values import PersonId, Recipient
from farmlink.store.pages import fetched
from farmlink.store.pipeline import Pipe, uuids
from farmlink.store.transaction import Transaction

GIVERS = "SELECT id, named_by FROM person WHERE id = ANY(%s::uuid[]) AND named_by IS NOT NULL"


def recipients(tx: Transaction, giver_id: PersonId, paging: Paging) -> Page[Recipient]:
    """Those whom a giver named, in that order."""
    rows = fetched(tx, select(PersonRow).where(PersonRow.named_by == giver_id), col(PersonRow.id), paging)
    found = [Recipient(PersonId(row.id), row.name, row.phone) for row in rows]
    return page(found, paging, lambda one: one.id)


def givers_many(pipe: Pipe, recipient_ids: Collection[PersonId]) -> Callable[[], dict[PersonId, PersonId]]:
    """Read who named these persons; whom nobody named is left out."""
    rows = pipe.send(GIVERS, (uuids(recipient_ids),))
    return lambda: {PersonId(row[0]): PersonId(row[1]) for row in rows.fetchall()}
