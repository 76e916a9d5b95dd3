"""Persons come, change and are erased."""

from __future__ import annotations

from farmlink.kernel.errors import StaleError
from farmlink.people import queries, rules
from farmlink.people.commands.homes import disown_homes
from farmlink.people.commands.organisations import found_platform, grant, keep_an_admin
from farmlink.people.commands.recipients import forget_recipients
from farmlink.people.commands.sign_ins import sign_out_everywhere
from farmlink.people.tables import PersonRow
from farmlink.people.values import OrganisationId, Person, PersonErased, PersonId, Role
from farmlink.store.transaction import Transaction


def add_person(  # noqa: PLR0913  # a person's particulars
    tx: Transaction,
    name: str,
    *,
    email: str | None = None,
    phone: str | None = None,
    language: str = "en",
    password_hash: str | None = None,
    role: Role = Role.CONSUMER,
    organisation_id: OrganisationId | None = None,
) -> PersonId:
    """Add a person, with or without an address to sign in; without an organisation the role is the platform's."""
    row = PersonRow(
        name=rules.clean_name(name),
        email=None if email is None else rules.clean_email(email),
        phone=phone,
        language=rules.clean_language(language),
        password_hash=password_hash,
        joined_at=tx.now,
    )
    tx.add(row)
    tx.record("person.added", row.id)
    grant(tx, PersonId(row.id), role, organisation_id or found_platform(tx))
    return PersonId(row.id)


def change_person(  # a person's particulars
    tx: Transaction,
    person_id: PersonId,
    revision: int,
    *,
    name: str | None = None,
    phone: str | None = None,
    language: str | None = None,
) -> Person:
    """Change what a person says about themselves; what is not given stays."""
    row = tx.lock(PersonRow, person_id)
    if row.revision != revision:
        raise StaleError
    row.name = row.name if name is None else rules.clean_name(name)
    row.phone = row.phone if phone is None else phone
    row.language = row.language if language is None else rules.clean_language(language)
    row.revision += 1
    tx.session.flush()
    tx.record("person.changed", person_id)
    return queries.person(tx, person_id)


def erase_person(tx: Transaction, person_id: PersonId) -> None:
    """Forget who a person was; orders, ledger and audit keep the id, which now names nobody."""
    row = tx.lock(PersonRow, person_id)
    if row.erased_at is not None:
        return
    keep_an_admin(tx, person_id)
    sign_out_everywhere(tx, person_id)
    disown_homes(tx, person_id)
    forget_recipients(tx, person_id)
    tx.execute("DELETE FROM membership WHERE person_id = :id", {"id": person_id})
    tx.execute("DELETE FROM password_reset WHERE person_id = :id", {"id": person_id})
    tx.execute("DELETE FROM application WHERE person_id = :id AND stage <> 'approved'", {"id": person_id})
    if row.email is not None:
        tx.execute("DELETE FROM registration WHERE email = :email", {"email": row.email})
        for counted in ("sign_in_failure", "letter_ask", "sign_in_code"):
            tx.execute(f"DELETE FROM {counted} WHERE email_hash = :hash", {"hash": rules.hashed(row.email)})  # noqa: S608  # our own names
    row.name, row.email, row.phone, row.password_hash = "", None, None, None
    row.named_by, row.erased_at = None, tx.now
    row.revision += 1
    tx.session.flush()
    tx.record("person.erased", person_id)
    tx.announce(PersonErased(person_id))
