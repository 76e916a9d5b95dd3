"""Organisations, roles, admission, erasure and links, as the people concerned notice them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from farmlink.kernel.errors import MissingError, StaleError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.people import commands, queries, rules
from farmlink.people.values import (
    ApplicationStage,
    Link,
    OrganisationId,
    OrganisationKind,
    PersonId,
    Role,
)
from tests.farmlink.counted import counted

if TYPE_CHECKING:
    from farmlink.store.store import Store
    from farmlink.store.transaction import Transaction

PURPOSE = "answer"
LOT = UUID(int=77)


def add_person(store: Store, name: str = "Ana", email: str | None = None) -> PersonId:
    return store.run(commands.add_person, name, email=email)


def test_the_platform_is_founded_once(store: Store) -> None:
    assert store.read(queries.platform_id) is None

    assert store.run(commands.found_platform) == store.run(commands.found_platform, "another name")


def test_a_consumer_exists_without_any_sign_in(store: Store) -> None:
    ana = add_person(store)

    assert store.read(queries.person, ana).email is None
    assert store.read(queries.principal, ana).has(Role.CONSUMER)


def test_a_role_given_twice_is_one_and_ends_when_taken_away(store: Store) -> None:
    ana, farm = add_person(store), store.run(commands.add_organisation, "Two Creeks", OrganisationKind.FARM)
    for _ in range(2):
        store.run(commands.grant, ana, Role.FARMER, farm)

    held = store.read(queries.principal, ana)
    members = store.read(queries.member_ids, farm, Role.FARMER)
    store.run(commands.revoke, ana, Role.FARMER, farm)

    assert held.organisations(Role.FARMER) == {farm}
    assert members == [ana]
    assert not store.read(queries.principal, ana).has(Role.FARMER)


def test_nobody_gets_a_role_in_what_does_not_exist(store: Store) -> None:
    with pytest.raises(MissingError):
        store.run(commands.grant, add_person(store), Role.FARMER, OrganisationId(uuid7()))
    with pytest.raises(MissingError):
        store.run(commands.grant, PersonId(uuid7()), Role.ADMIN, store.run(commands.found_platform))


def test_an_approved_farmer_gets_a_farm_of_the_name_asked_for(store: Store) -> None:
    ana, admin = add_person(store), add_person(store, "Admin")
    asked = store.run(commands.apply, ana, Role.FARMER, "Two Creeks")

    decided = store.run(commands.decide_application, asked.id, admin, approve=True)

    assert decided.stage is ApplicationStage.APPROVED
    assert decided.organisation_id is not None
    farm = store.read(queries.organisation, decided.organisation_id)
    assert (farm.name, farm.kind) == ("Two Creeks", OrganisationKind.FARM)
    assert store.read(queries.principal, ana).organisations(Role.FARMER) == {farm.id}


def test_a_declined_leader_reads_why_and_may_ask_again(store: Store) -> None:
    ana, admin = add_person(store), add_person(store, "Admin")
    asked = store.run(commands.apply, ana, Role.LEADER, "Corner shop")

    declined = store.run(commands.decide_application, asked.id, admin, approve=False, reason="No cold room.")
    again = store.run(commands.apply, ana, Role.LEADER, "Corner shop")

    assert (declined.stage, declined.reason) == (ApplicationStage.DECLINED, "No cold room.")
    assert again.stage is ApplicationStage.ASKED
    with pytest.raises(rules.AlreadyDecidedError):
        store.run(commands.decide_application, asked.id, admin, approve=True)


def test_one_application_at_a_time(store: Store) -> None:
    ana = add_person(store)
    store.run(commands.apply, ana, Role.FARMER, "Two Creeks")

    with pytest.raises(rules.AlreadyAppliedError):
        store.run(commands.apply, ana, Role.FARMER, "Three Creeks")


def test_applications_are_listed_for_staff_and_for_their_own_person(store: Store) -> None:
    ana, bo = add_person(store), add_person(store, "Bo")
    for person in (ana, bo):
        store.run(commands.apply, person, Role.FARMER, "A farm")

    every = store.read(queries.applications, Paging(limit=1))
    rest = store.read(queries.applications, Paging(limit=1, after=every.next))
    own = store.read(queries.applications, Paging(), ApplicationStage.ASKED, bo)

    assert [page.items[0].person_id for page in (every, rest)] == [ana, bo]
    assert rest.next is None
    assert [one.person_id for one in own.items] == [bo]


def test_the_members_of_a_house_come_with_their_roles_in_as_few_statements_as_one_of_them(store: Store) -> None:
    farm = store.run(commands.add_organisation, "Two Creeks", OrganisationKind.FARM)
    ana, bo = add_person(store), add_person(store, "Bo")
    store.run(commands.grant, ana, Role.FARMER, farm)
    with counted(store) as few:
        store.read(queries.people, [farm], Paging())
    store.run(commands.grant, bo, Role.FARMER, farm)
    with counted(store) as many:
        found = store.read(queries.people, [farm], Paging()).items

    assert found == [store.read(queries.person, one) for one in (ana, bo)]
    assert len(many) == len(few)


def test_two_who_saw_the_same_name_cannot_both_change_it(store: Store) -> None:
    farm = store.run(commands.add_organisation, "Two Creeks", OrganisationKind.FARM)
    renamed = store.run(commands.rename_organisation, farm, "Three Creeks", 1)

    assert (renamed.name, renamed.revision) == ("Three Creeks", 2)
    with pytest.raises(StaleError):
        store.run(commands.rename_organisation, farm, "Four Creeks", 1)


def test_a_person_changes_only_what_they_name(store: Store) -> None:
    ana = add_person(store)

    changed = store.run(commands.change_person, ana, 1, phone="+1 231 555 0100", language="zh-CN")
    renamed = store.run(commands.change_person, ana, 2, name="Ana R.")

    assert (changed.name, changed.phone, changed.language) == ("Ana", "+1 231 555 0100", "zh-CN")
    assert (renamed.name, renamed.phone) == ("Ana R.", "+1 231 555 0100")
    assert store.read(queries.contact, ana).language == "zh-CN"
    with pytest.raises(StaleError):
        store.run(commands.change_person, ana, 1, name="Late")


def test_an_erased_person_leaves_an_id_that_names_nobody(store: Store) -> None:
    ana = add_person(store, "Ana Ruiz", "ana@example.org")
    store.run(commands.note_failure, "ana@example.org", "192.0.2.7")
    store.run(commands.ask_reset, "ana@example.org")
    store.run(commands.apply, ana, Role.FARMER, "Ana Ruiz's farm")
    token = store.run(commands.sign_in_as, ana).token

    for _ in range(2):
        store.run(commands.erase_person, ana)

    assert store.read(queries.names, [ana]) == {ana: ""}
    assert store.read(queries.principal_of, token) is None
    assert traces(store, "Ana Ruiz", "ana@example.org") == []
    with pytest.raises(MissingError):
        store.run(commands.grant, ana, Role.FARMER, store.run(commands.found_platform))


def test_a_person_without_an_address_is_erased_too(store: Store) -> None:
    ana = add_person(store)

    store.run(commands.erase_person, ana)

    assert store.read(queries.contact, ana).name == ""


def traces(store: Store, *words: str) -> list[str]:
    """Tables of the whole database in which one of the words still stands."""

    def search(tx: Transaction) -> list[str]:
        tables = tx.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").scalars().all()
        texts = {table: str(tx.execute(f'SELECT array_agg(t::text) FROM "{table}" t').scalar()) for table in tables}
        return [table for table, held in texts.items() if any(word in held for word in words)]

    return store.read(search)


def make_link(tx: Transaction, person_id: PersonId) -> str:
    return commands.make_link(tx, PURPOSE, LOT, person_id, tx.now + timedelta(hours=1))


def test_looking_at_a_link_does_nothing_and_the_first_device_that_posts_keeps_it(store: Store) -> None:
    ana = add_person(store)
    token = store.run(make_link, ana)

    seen = store.read(queries.link, PURPOSE, token)
    used = store.run(commands.use_link, PURPOSE, token, "phone")
    again = store.run(commands.use_link, PURPOSE, token, "phone")

    assert seen == used == again
    assert (used.subject_id, used.person_id) == (LOT, ana)
    with pytest.raises(rules.LinkElsewhereError):
        store.run(commands.use_link, PURPOSE, token, "a mail scanner")


def test_of_sixty_four_devices_at_once_one_keeps_the_link(store: Store) -> None:
    token = store.run(make_link, add_person(store))

    def post(device: int) -> Link | None:
        try:
            return store.run(commands.use_link, PURPOSE, token, f"device {device}")
        except rules.LinkElsewhereError:
            return None

    with ThreadPoolExecutor(16) as executor:
        kept = [link for link in executor.map(post, range(64)) if link is not None]

    assert len(kept) == 1


def test_a_link_that_nobody_here_signed_is_broken_even_before_there_is_a_key(store: Store) -> None:
    forged = rules.sign_link(
        b"", PURPOSE, Link(uuid7(), LOT, PersonId(uuid7()), store.read(lambda tx: tx.now) + timedelta(1))
    )

    with pytest.raises(rules.LinkBrokenError):
        store.read(queries.link, PURPOSE, forged)
    store.run(make_link, add_person(store))
    with pytest.raises(rules.LinkBrokenError):
        store.run(commands.use_link, PURPOSE, forged, "phone")


def test_somebody_whom_many_add_at_once_is_added_and_invited_once(store: Store) -> None:
    def add(number: int) -> PersonId:
        return store.run(commands.invite, f"Ana {number}", "ana@example.org", "en")

    with ThreadPoolExecutor(8) as planners:
        added = set(planners.map(add, range(8)))

    assert len(added) == 1
    counted = "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM password_reset)"
    assert tuple(store.read(lambda tx: tx.execute(counted).one())) == (1, 1)


def test_an_invitation_that_ran_out_is_sent_again(store: Store) -> None:
    for _ in range(2):
        store.run(commands.invite, "Ana", "ana@example.org", "en")
    store.run(lambda tx: tx.execute("UPDATE password_reset SET expires_at = now()"))
    store.run(commands.invite, "Ana", "ana@example.org", "en")

    invited = "SELECT count(*) FROM outbox_event WHERE name = 'person.invited.v1'"
    assert store.read(lambda tx: tx.execute(invited).scalar_one()) == 2


def test_an_application_is_on_record_under_who_asked(store: Store) -> None:
    ana = store.run(commands.add_person, "Ana")
    asked = store.by(ana).run(commands.apply, ana, Role.FARMER, "Two Creeks")
    entry = "SELECT actor, subject, facts FROM audit_entry WHERE action = 'application.asked'"
    (deed,) = store.read(lambda tx: tx.execute(entry).all())
    assert tuple(deed) == (str(ana), asked.id, {"role": "farmer"})


def test_who_came_once_signs_in_until_they_are_erased_and_that_is_kept_once(store: Store) -> None:
    bo = store.run(commands.add_person, "Bo", email="bo@example.org")
    assert not store.read(queries.signs_in, bo), "who was only invited"
    for _ in range(2):
        store.run(commands.sign_in_as, bo)
    came = store.read(lambda tx: tx.execute("SELECT subject FROM audit_entry WHERE action = 'person.came'").scalars())

    assert (store.read(queries.signs_in, bo), list(came)) == (True, [bo])
    store.run(commands.erase_person, bo)
    assert not store.read(queries.signs_in, bo)
