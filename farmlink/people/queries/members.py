"""What persons are to organisations, and who asks to become something."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import col, select

from farmlink.kernel.page import Page, Paging, page
from farmlink.people.tables import ApplicationRow, MembershipRow, OrganisationRow, PersonRow
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
from farmlink.store.pages import fetched
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
    return _person(tx.get(PersonRow, person_id), _held(tx, [person_id]).get(person_id, ()))


def people(tx: Transaction, organisation_ids: Sequence[OrganisationId], paging: Paging) -> Page[Person]:
    """The members of these organisations."""
    members = select(MembershipRow.person_id).where(col(MembershipRow.organisation_id).in_(organisation_ids))
    rows = fetched(tx, select(PersonRow).where(col(PersonRow.id).in_(members)), col(PersonRow.id), paging)
    held = _held(tx, [row.id for row in rows])
    return page([_person(row, held.get(row.id, ())) for row in rows], paging, lambda one: one.id)


def _held(tx: Transaction, person_ids: Collection[UUID]) -> dict[UUID, tuple[Membership, ...]]:
    rows = tx.execute(
        "SELECT person_id, role, organisation_id FROM membership WHERE person_id = ANY(CAST(:ids AS uuid[]))",
        {"ids": uuids(person_ids)},
    )
    by_person: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append(row)
    return {person_id: memberships_of(theirs) for person_id, theirs in by_person.items()}


def _person(row: PersonRow, held: tuple[Membership, ...]) -> Person:
    return Person(PersonId(row.id), row.name, row.email, row.phone, row.language, row.revision, held)


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
    chosen = select(ApplicationRow)
    if stage is not None:
        chosen = chosen.where(ApplicationRow.stage == stage.value)
    if person_id is not None:
        chosen = chosen.where(ApplicationRow.person_id == person_id)
    rows = fetched(tx, chosen, col(ApplicationRow.id), paging)
    return page([application_value(row) for row in rows], paging, lambda one: one.id)


def applicants(tx: Transaction) -> int:
    """How many applications wait for a yes or a no."""
    return int(tx.execute("SELECT count(*) FROM application WHERE stage = 'asked'").scalar_one())


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
