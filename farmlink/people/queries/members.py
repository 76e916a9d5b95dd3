"""What persons are to organisations, and who asks to become something."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from farmlink.kernel.page import Page, Paging, page
from farmlink.people.tables import ApplicationRow, OrganisationRow, PersonRow
from farmlink.people.values import (
    Application,
    ApplicationId,
    ApplicationStage,
    Membership,
    Organisation,
    OrganisationId,
    OrganisationKind,
    Person,
    PersonId,
    Principal,
    Role,
)
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction


def principal(tx: Transaction, person_id: PersonId) -> Principal:
    """What a person is to whom."""
    rows = tx.execute(
        "SELECT role, organisation_id FROM membership WHERE person_id = :person_id", {"person_id": person_id}
    ).all()
    return Principal(person_id, memberships_of(rows), platform_id(tx))


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


def memberships_of(rows: Sequence[Row[Any]]) -> tuple[Membership, ...]:
    """The roles among rows of persons beside their roles, which somebody without any has not."""
    return tuple(
        Membership(Role(row.role), OrganisationId(row.organisation_id)) for row in rows if row.role is not None
    )
