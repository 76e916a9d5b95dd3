"""Persons: who is found, and how they are reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging, page
from farmlink.people import rules
from farmlink.people.tables import PersonRow
from farmlink.people.values import Acquainted, Contact, PersonCard, PersonId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

FOUND = """
SELECT id, name, email FROM person WHERE erased_at IS NULL AND (strpos(lower(name), :asked) > 0
  OR strpos(email, :asked) > 0) AND (:everybody OR email = :asked OR id = ANY(CAST(:known AS uuid[])) OR EXISTS
  (SELECT FROM membership WHERE person_id = person.id AND organisation_id = ANY(CAST(:houses AS uuid[]))))
AND (CAST(:after AS uuid) IS NULL OR id > :after) ORDER BY id LIMIT :most
"""
NEWEST = "SELECT id, name, email FROM person WHERE erased_at IS NULL ORDER BY id DESC LIMIT :most"
CAME: Final = "person.came"
"""What the audit keeps of who signs in for the first time without a password: by a code."""
SIGNS_IN: Final = f"""
(email IS NOT NULL AND (password_hash IS NOT NULL
  OR EXISTS (SELECT FROM audit_entry WHERE subject = person.id AND action = '{CAME}')))
"""
"""Who has a password, or came once without; whom somebody else named, and who was erased, has no address."""


def person_card(tx: Transaction, person_id: PersonId) -> PersonCard:
    """One person as staff finds them."""
    row = tx.get(PersonRow, person_id)
    return PersonCard(person_id, row.name, row.email)


def found(tx: Transaction, asked: str, within: Acquainted | None, paging: Paging) -> Page[PersonCard]:
    """Those whose name or address has this in it, everybody or among acquaintances; or whose whole address it is."""
    named: dict[str, object] = {"everybody": within is None, "after": paging.after, "most": paging.limit + 1}
    named["known"] = uuids(within.person_ids if within else ())
    named["houses"] = uuids(within.organisation_ids if within else ())
    named["asked"] = rules.clean_name(asked, "search").lower()
    rows = [PersonCard(PersonId(row.id), row.name, row.email) for row in tx.execute(FOUND, named)]
    return page(rows, paging, lambda one: one.id)


def newest(tx: Transaction, most: int) -> list[PersonCard]:
    """Who came last, for those who serve everybody."""
    return [PersonCard(PersonId(row.id), row.name, row.email) for row in tx.execute(NEWEST, {"most": most})]


def contact(tx: Transaction, person_id: PersonId) -> Contact:
    """Where a message reaches a person; an erased person is reached nowhere."""
    row = tx.get(PersonRow, person_id)
    return Contact(row.name, row.email, row.phone, row.language)


def contacts(tx: Transaction, person_ids: Sequence[PersonId]) -> dict[PersonId, Contact]:
    """Where messages reach many persons at once."""
    rows = tx.execute(
        "SELECT id, name, email, phone, language FROM person WHERE id = ANY(:ids)", {"ids": list(person_ids)}
    ).all()
    return {PersonId(row.id): Contact(row.name, row.email, row.phone, row.language) for row in rows}


def names(tx: Transaction, person_ids: Sequence[PersonId]) -> dict[PersonId, str]:
    """What to call persons on lists; an erased one has an empty name."""
    rows = tx.execute("SELECT id, name FROM person WHERE id = ANY(:ids)", {"ids": list(person_ids)}).all()
    return {PersonId(row.id): row.name for row in rows}


def known_person(tx: Transaction, person_id: PersonId) -> PersonId:
    """The id again, if there is such a person and they are not erased."""
    row = tx.find(PersonRow, person_id)
    if row is None or row.erased_at is not None:
        raise MissingError(noun="person", id=person_id)
    return person_id


def signs_in(tx: Transaction, person_id: PersonId) -> bool:
    """Tell whether a person acts for themselves; who was only invited does not yet."""
    return bool(tx.execute(f"SELECT {SIGNS_IN} FROM person WHERE id = :id", {"id": person_id}).scalar())  # noqa: S608  # our own words
