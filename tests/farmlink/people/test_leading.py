"""Who leads a point together, and that of two who leave at once one stays."""

from __future__ import annotations

from uuid import UUID

import pytest

from farmlink.people import commands, queries
from farmlink.people.rules.leading import LastLeaderError, require_another
from farmlink.people.values import OrganisationId, OrganisationKind, PersonId, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.rivals import meanwhile


@pytest.fixture
def house(store: Store) -> OrganisationId:
    return store.run(commands.add_organisation, "Elm Street", OrganisationKind.POINT)


def leader(store: Store, house: OrganisationId, name: str, password_hash: str | None = "x") -> PersonId:
    address = f"{name}@example.org"
    return store.run(
        commands.add_person, name, email=address, password_hash=password_hash, role=Role.LEADER, organisation_id=house
    )


def leaders(store: Store, house: OrganisationId) -> set[PersonId]:
    return set(store.read(queries.member_ids, house, Role.LEADER))


def test_whoever_is_named_leads_too_and_named_twice_it_is_once(store: Store, house: OrganisationId) -> None:
    ada = leader(store, house, "ada")
    share = (house, "Bo", "bo@example.org", "en")
    bo = store.run(commands.share_lead, *share)

    assert store.run(commands.share_lead, *share) == bo
    assert leaders(store, house) == {ada, bo}


def test_who_has_never_chosen_a_password_is_nobody_to_leave_a_point_to(store: Store, house: OrganisationId) -> None:
    ada = leader(store, house, "ada")
    bo = leader(store, house, "bo", None)
    with pytest.raises(LastLeaderError):
        store.run(commands.stop_leading, house, ada)
    store.run(commands.stop_leading, house, bo)

    assert leaders(store, house) == {ada}


def test_a_point_is_left_to_who_has_no_password_and_came_once_by_a_code(store: Store, house: OrganisationId) -> None:
    ada, bo = leader(store, house, "ada"), leader(store, house, "bo", None)
    store.run(commands.sign_out, store.run(commands.sign_in_as, bo).token)
    store.run(commands.stop_leading, house, ada)

    assert leaders(store, house) == {bo}


def test_who_left_has_left_however_often_they_say_so(store: Store, house: OrganisationId) -> None:
    ada, bo = leader(store, house, "ada"), leader(store, house, "bo")
    for _ in range(2):
        store.run(commands.stop_leading, house, ada)

    assert leaders(store, house) == {bo}


def test_of_two_who_leave_at_once_one_stays(store: Store, house: OrganisationId) -> None:
    ada, bo = leader(store, house, "ada"), leader(store, house, "bo")

    def leave(person_id: PersonId, tx: Transaction) -> None:
        commands.stop_leading(tx, house, person_id)

    with pytest.raises(LastLeaderError):
        meanwhile(store, lambda tx: leave(ada, tx), lambda tx: leave(bo, tx), lambda _: None)

    assert leaders(store, house) == {bo}


def test_the_last_who_leads_may_not_leave() -> None:
    ada, bo = PersonId(UUID(int=1)), PersonId(UUID(int=2))
    require_another([ada, bo], ada)
    for left in ([ada], []):
        with pytest.raises(LastLeaderError):
            require_another(left, ada)
