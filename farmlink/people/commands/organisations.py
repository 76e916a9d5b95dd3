"""Organisations, the roles that persons hold in them, and how farms and leaders are admitted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from farmlink.kernel.errors import StaleError
from farmlink.kernel.ids import uuid7
from farmlink.people import queries, rules
from farmlink.people.tables import ApplicationRow, OrganisationRow
from farmlink.people.values import (
    Application,
    ApplicationDecided,
    ApplicationId,
    ApplicationStage,
    Organisation,
    OrganisationId,
    OrganisationKind,
    PersonId,
    Role,
)
from farmlink.store.transaction import Transaction

ADMINS = """
SELECT m.person_id FROM membership m JOIN organisation o ON o.id = m.organisation_id
WHERE m.role = 'admin' AND o.kind = 'platform' ORDER BY m.id FOR UPDATE OF m
"""


def found_platform(tx: Transaction, name: str = "farmlink") -> OrganisationId:
    """The organisation that runs this installation; founded by the first who asks."""
    tx.execute(
        "INSERT INTO organisation (id, name, kind, revision, founded_at)"
        " VALUES (:id, :name, 'platform', 1, :now) ON CONFLICT DO NOTHING",
        {"id": uuid7(), "name": rules.clean_name(name), "now": tx.now},
    )
    found = queries.platform_id(tx)
    assert found is not None
    return found


def add_organisation(tx: Transaction, name: str, kind: OrganisationKind) -> OrganisationId:
    """Found a farm, a point's keeper or a hub's."""
    row = tx.add(OrganisationRow(name=rules.clean_name(name), kind=kind.value, founded_at=tx.now))
    tx.record("organisation.founded", row.id, kind=kind.value)
    return OrganisationId(row.id)


def add_organisations(tx: Transaction, names: Sequence[str], kind: OrganisationKind) -> list[OrganisationId]:
    """Found many of a kind at once, for an import."""
    rows = [OrganisationRow(name=rules.clean_name(name), kind=kind.value, founded_at=tx.now) for name in names]
    tx.session.add_all(rows)
    tx.session.flush()
    for row in rows:
        tx.record("organisation.founded", row.id, kind=kind.value)
    return [OrganisationId(row.id) for row in rows]


def rename_organisation(tx: Transaction, organisation_id: OrganisationId, name: str, revision: int) -> Organisation:
    """Give an organisation another name, if nobody else changed it meanwhile."""
    row = tx.lock(OrganisationRow, organisation_id)
    if row.revision != revision:
        raise StaleError
    row.name = rules.clean_name(name)
    row.revision += 1
    tx.record("organisation.renamed", organisation_id)
    return queries.organisation_value(row)


def grant(tx: Transaction, person_id: PersonId, role: Role, organisation_id: OrganisationId) -> None:
    """Give a person a role for an organisation; given twice it is one."""
    queries.known_person(tx, person_id)
    queries.organisation(tx, organisation_id)
    tx.execute(
        "INSERT INTO membership (id, person_id, role, organisation_id)"
        " VALUES (:id, :person_id, :role, :organisation_id) ON CONFLICT DO NOTHING",
        {"id": uuid7(), "person_id": person_id, "role": role.value, "organisation_id": organisation_id},
    )
    tx.record("membership.granted", person_id, role=role.value, organisation_id=organisation_id)


def revoke(tx: Transaction, person_id: PersonId, role: Role, organisation_id: OrganisationId) -> None:
    """Take a role away, but not the last admin's; it ends with the next request."""
    if role is Role.ADMIN and organisation_id == queries.platform_id(tx):
        keep_an_admin(tx, person_id)
    tx.execute(
        "DELETE FROM membership WHERE person_id = :person_id AND role = :role AND organisation_id = :organisation_id",
        {"person_id": person_id, "role": role.value, "organisation_id": organisation_id},
    )
    tx.record("membership.revoked", person_id, role=role.value, organisation_id=organisation_id)


def keep_an_admin(tx: Transaction, person_id: PersonId) -> None:
    """Refuse to lose the platform's only admin; two who leave at once wait for each other here."""
    if set(tx.execute(ADMINS).scalars()) == {person_id}:
        raise rules.LastAdminError


def apply(tx: Transaction, person_id: PersonId, role: Role, organisation_name: str) -> Application:
    """Ask to sell as a farm or to lead a point."""
    rules.founds(role)
    row = ApplicationRow(
        person_id=person_id, role=role.value, organisation_name=rules.clean_name(organisation_name), asked_at=tx.now
    )
    try:
        with tx.session.begin_nested():
            tx.add(row)
    except IntegrityError as error:  # the unique index on what is open also decides between two at once
        raise rules.AlreadyAppliedError from error
    tx.record("application.asked", row.id, role=role.value)
    return queries.application_value(row)


def decide_application(
    tx: Transaction, application_id: ApplicationId, decided_by: PersonId, *, approve: bool, reason: str | None = None
) -> Application:
    """Admit a farm or leader, or say why not; approving founds the organisation and gives the role."""
    row = tx.lock(ApplicationRow, application_id)
    if row.stage != ApplicationStage.ASKED:
        raise rules.AlreadyDecidedError(stage=row.stage)
    rules.check_decision(reason, approve=approve)
    role = Role(row.role)
    founded = None
    if approve:
        founded = add_organisation(tx, row.organisation_name, rules.founds(role))
        grant(tx, PersonId(row.person_id), role, founded)
    stage = ApplicationStage.APPROVED if approve else ApplicationStage.DECLINED
    row.stage, row.organisation_id, row.reason = stage.value, founded, reason
    row.decided_at, row.decided_by = tx.now, decided_by
    tx.session.flush()
    tx.record("application.decided", row.id, stage=stage.value)
    tx.announce(ApplicationDecided(application_id, PersonId(row.person_id), stage))
    return queries.application_value(row)
