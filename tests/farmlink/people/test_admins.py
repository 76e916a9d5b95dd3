"""There is always somebody who may do everything."""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaitingError

import pytest

from farmlink.people import commands, queries, rules
from farmlink.people.values import OrganisationKind, PersonId, Role
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction


def admin(store: Store, name: str) -> PersonId:
    return store.run(commands.add_person, name, role=Role.ADMIN)


def leave(tx: Transaction, person_id: PersonId) -> None:
    commands.revoke(tx, person_id, Role.ADMIN, commands.found_platform(tx))


def test_the_only_admin_stays_until_another_is_named(store: Store) -> None:
    ana = admin(store, "Ana")
    with pytest.raises(rules.LastAdminError):
        store.run(leave, ana)
    with pytest.raises(rules.LastAdminError):
        store.run(commands.erase_person, ana)
    bo = admin(store, "Bo")
    store.run(leave, ana)
    assert not store.read(queries.principal, ana).has(Role.ADMIN)
    with pytest.raises(rules.LastAdminError):
        store.run(commands.erase_person, bo)


def test_of_two_admins_who_leave_at_once_one_stays(store: Store) -> None:
    ana, bo = admin(store, "Ana"), admin(store, "Bo")

    with ThreadPoolExecutor(1) as beside:

        def both(tx: Transaction) -> Future[None]:
            leave(tx, ana)
            second = beside.submit(store.run, commands.erase_person, bo)
            with pytest.raises(StillWaitingError):
                second.result(0.3)
            return second

        second = store.run(both)
        with pytest.raises(rules.LastAdminError):
            second.result()
    assert store.read(queries.principal, bo).serves_platform(Role.ADMIN)


def test_whoever_is_no_admin_of_the_platform_may_leave_while_there_is_one(store: Store) -> None:
    ana, bo = admin(store, "Ana"), store.run(commands.add_person, "Bo")
    hub = store.run(commands.add_organisation, "North", OrganisationKind.HUB)
    store.run(commands.grant, ana, Role.ADMIN, hub)
    store.run(commands.revoke, ana, Role.ADMIN, hub)
    store.run(commands.erase_person, bo)
    assert store.read(queries.principal, ana).serves_platform(Role.ADMIN)


def test_nobody_is_declined_without_a_word(store: Store) -> None:
    ana, bo = admin(store, "Ana"), store.run(commands.add_person, "Bo")
    asked = store.run(commands.apply, bo, Role.LEADER, "Corner shop")
    for reason in (None, "", "  "):
        with pytest.raises(rules.DeclinedUnsaidError, match="reason"):
            store.run(commands.decide_application, asked.id, ana, approve=False, reason=reason)
    declined = store.run(commands.decide_application, asked.id, ana, approve=False, reason="No cold room.")
    assert declined.reason == "No cold room."
