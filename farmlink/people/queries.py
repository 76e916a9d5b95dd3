"""What is read of persons and organisations."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row

from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Page, Paging, page
from farmlink.people import rules
from farmlink.people.tables import ApplicationRow, OrganisationRow, PersonRow
from farmlink.people.values import (
    Address,
    Application,
    ApplicationId,
    ApplicationStage,
    Contact,
    Credentials,
    HomeId,
    Link,
    Membership,
    Organisation,
    OrganisationId,
    OrganisationKind,
    Person,
    PersonId,
    Principal,
    Role,
)
from farmlink.store.pipeline import Pipe, uuids
from farmlink.store.transaction import Transaction

LINKS = "link"
LIVE_IN = "SELECT id, person_id FROM home_address WHERE id = ANY(%s::uuid[]) AND replaced_at IS NULL"
FAILURES = """
SELECT count(*) AS everywhere, count(*) FILTER (WHERE network = :network) AS here,
  (array_agg(failed_at ORDER BY failed_at DESC) FILTER (WHERE network = :network))[:most_here] AS full_here,
  (array_agg(failed_at ORDER BY failed_at DESC))[:most] AS full
FROM sign_in_failure WHERE email_hash = :email_hash AND failed_at > :since
"""


def principal_of(tx: Transaction, token: str) -> Principal | None:
    """Who carries this session token; nobody once it ended or expired."""
    rows = tx.execute(
        "SELECT sign_in.person_id, membership.role, membership.organisation_id,"
        " (SELECT id FROM organisation WHERE kind = 'platform') AS platform_id FROM sign_in"
        " LEFT JOIN membership USING (person_id) WHERE token_hash = :token_hash AND expires_at > now()",
        {"token_hash": rules.hashed(token)},
    ).all()
    if not rows:
        return None
    return Principal(PersonId(rows[0].person_id), _memberships(rows), rows[0].platform_id)


def principal(tx: Transaction, person_id: PersonId) -> Principal:
    """What a person is to whom."""
    rows = tx.execute(
        "SELECT role, organisation_id FROM membership WHERE person_id = :person_id", {"person_id": person_id}
    ).all()
    return Principal(person_id, _memberships(rows), platform_id(tx))


def person(tx: Transaction, person_id: PersonId) -> Person:
    """A person as they see themselves."""
    row = tx.get(PersonRow, person_id)
    held = principal(tx, person_id).memberships
    return Person(person_id, row.name, row.email, row.phone, row.language, row.revision, held)


def people(tx: Transaction, organisation_ids: Sequence[OrganisationId], paging: Paging) -> Page[Person]:
    """The members of these organisations."""
    rows = tx.execute(
        "SELECT id FROM person WHERE EXISTS (SELECT FROM membership WHERE person_id = person.id"
        " AND organisation_id = ANY(:organisation_ids)) AND (CAST(:after AS uuid) IS NULL OR id > :after)"
        " ORDER BY id LIMIT :most",
        {"organisation_ids": list(organisation_ids), "after": paging.after, "most": paging.limit + 1},
    ).scalars()
    return page([person(tx, PersonId(id_)) for id_ in rows], paging, lambda one: one.id)


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


def member_ids(tx: Transaction, organisation_id: OrganisationId, role: Role) -> list[PersonId]:
    """Who holds a role for an organisation, such as the farmers whom a question is sent to."""
    rows = tx.execute(
        "SELECT person_id FROM membership WHERE organisation_id = :organisation_id AND role = :role ORDER BY person_id",
        {"organisation_id": organisation_id, "role": role.value},
    ).scalars()
    return [PersonId(id_) for id_ in rows]


def members_by_organisation(
    tx: Transaction, organisation_ids: Collection[OrganisationId], role: Role
) -> dict[OrganisationId, list[PersonId]]:
    """Who holds a role for each of many organisations; those for which nobody does are left out."""
    rows = tx.execute(
        "SELECT organisation_id, person_id FROM membership"
        " WHERE organisation_id = ANY(CAST(:organisation_ids AS uuid[])) AND role = :role ORDER BY person_id",
        {"organisation_ids": uuids(organisation_ids), "role": role.value},
    )
    found: dict[OrganisationId, list[PersonId]] = {}
    for row in rows:
        found.setdefault(OrganisationId(row.organisation_id), []).append(PersonId(row.person_id))
    return found


def organisation(tx: Transaction, organisation_id: OrganisationId) -> Organisation:
    """One organisation."""
    return organisation_value(tx.get(OrganisationRow, organisation_id))


def organisations(tx: Transaction, paging: Paging) -> Page[Organisation]:
    """All organisations."""
    rows = tx.execute(
        "SELECT id, name, kind, revision FROM organisation WHERE CAST(:after AS uuid) IS NULL OR id > :after"
        " ORDER BY id LIMIT :most",
        {"after": paging.after, "most": paging.limit + 1},
    ).all()
    found = [Organisation(row.id, row.name, OrganisationKind(row.kind), row.revision) for row in rows]
    return page(found, paging, lambda one: one.id)


def platform_id(tx: Transaction) -> OrganisationId | None:
    """The organisation that runs this installation, once it is founded."""
    found: UUID | None = tx.execute("SELECT id FROM organisation WHERE kind = 'platform'").scalar_one_or_none()
    return None if found is None else OrganisationId(found)


def application(tx: Transaction, application_id: ApplicationId) -> Application:
    """One application."""
    return application_value(tx.get(ApplicationRow, application_id))


def applications(
    tx: Transaction, paging: Paging, stage: ApplicationStage | None = None, person_id: PersonId | None = None
) -> Page[Application]:
    """Applications, all or one person's, in one stage or any."""
    rows = tx.execute(
        "SELECT id FROM application WHERE (CAST(:stage AS text) IS NULL OR stage = :stage)"
        " AND (CAST(:person_id AS uuid) IS NULL OR person_id = :person_id)"
        " AND (CAST(:after AS uuid) IS NULL OR id > :after) ORDER BY id LIMIT :most",
        {
            "stage": stage.value if stage else None,
            "person_id": person_id,
            "after": paging.after,
            "most": paging.limit + 1,
        },
    ).scalars()
    return page([application(tx, ApplicationId(id_)) for id_ in rows], paging, lambda one: one.id)


def credentials(tx: Transaction, email: str) -> Credentials | None:
    """What a password for this address is judged against; none when there is no sign-in."""
    row = tx.execute(
        "SELECT id, password_hash FROM person WHERE email = :email AND password_hash IS NOT NULL", {"email": email}
    ).first()
    return None if row is None else Credentials(PersonId(row.id), row.password_hash)


def failures(tx: Transaction, email: str, network: str) -> rules.Failures:
    """Recent tries for an address, and when the oldest of those that are too many is forgotten."""
    row = tx.execute(
        FAILURES,
        {
            "email_hash": rules.hashed(email),
            "network": network,
            "since": tx.now - rules.FAILURES_COUNT_FOR,
            "most_here": rules.FAILURES_PER_NETWORK,
            "most": rules.FAILURES_PER_ADDRESS,
        },
    ).one()
    full = [failed_at for failed_at in (row.full_here, row.full) if failed_at is not None]
    waits = max((failed_at + rules.FAILURES_COUNT_FOR - tx.now for failed_at in full), default=timedelta(0))
    return rules.Failures(row.here, row.everywhere, max(1, math.ceil(waits.total_seconds())))


def signing_key(tx: Transaction, purpose: str) -> bytes | None:
    """The installation's key for one kind of seal; there is none before the first was made with it."""
    found = tx.execute("SELECT secret FROM signing_key WHERE purpose = :purpose", {"purpose": purpose}).scalar()
    return None if found is None else bytes(found)


def link(tx: Transaction, purpose: str, token: str) -> Link:
    """What a signed link says, for showing its page; reading it binds nothing."""
    secret = signing_key(tx, LINKS)
    if secret is None:
        raise rules.LinkBrokenError
    return rules.read_link(secret, purpose, token, tx.now)


def home(tx: Transaction, person_id: PersonId) -> HomeId | None:
    """Where a person lives, if they say so."""
    found = tx.execute("SELECT id FROM home_address WHERE person_id = :id AND replaced_at IS NULL", {"id": person_id})
    return None if (home_id := found.scalar()) is None else HomeId(home_id)


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


def homes_left_long_ago(tx: Transaction) -> list[HomeId]:
    """Homes whose people have moved on, and whose addresses are still known."""
    left = "SELECT id FROM home_address WHERE lines IS NOT NULL AND replaced_at < :before"
    return [HomeId(id_) for id_ in tx.execute(left, {"before": tx.now - rules.HOMES_KEPT_FOR}).scalars()]


def forgotten_homes(tx: Transaction) -> list[HomeId]:
    """Homes whose addresses nobody knows any more."""
    return [HomeId(id_) for id_ in tx.execute("SELECT id FROM home_address WHERE lines IS NULL").scalars()]


def known_person(tx: Transaction, person_id: PersonId) -> PersonId:
    """The id again, if there is such a person and they are not erased."""
    row = tx.find(PersonRow, person_id)
    if row is None or row.erased_at is not None:
        raise MissingError(noun="person", id=person_id)
    return person_id


def signs_in(tx: Transaction, person_id: PersonId) -> bool:
    """Tell whether a person has a password, and so can act for themselves."""
    return tx.get(PersonRow, person_id).password_hash is not None


def organisation_value(row: OrganisationRow) -> Organisation:
    """The organisation as it travels."""
    return Organisation(OrganisationId(row.id), row.name, OrganisationKind(row.kind), row.revision)


def application_value(row: ApplicationRow) -> Application:
    """The application as it travels."""
    return Application(
        id=ApplicationId(row.id),
        person_id=PersonId(row.person_id),
        role=Role(row.role),
        organisation_name=row.organisation_name,
        stage=ApplicationStage(row.stage),
        asked_at=row.asked_at,
        organisation_id=None if row.organisation_id is None else OrganisationId(row.organisation_id),
        reason=row.reason,
    )


def _memberships(rows: Sequence[Row[Any]]) -> tuple[Membership, ...]:
    return tuple(
        Membership(Role(row.role), OrganisationId(row.organisation_id)) for row in rows if row.role is not None
    )
