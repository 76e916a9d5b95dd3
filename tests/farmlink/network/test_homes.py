"""Where people live: said by themselves, kept by people, and forgotten when they ask or have long left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.kernel.errors import MissingError
from farmlink.kernel.geo import Coordinates, CoordinatesOutsideError, SwappedCoordinatesError
from farmlink.kernel.ids import uuid7
from farmlink.network import commands, queries
from farmlink.network.rules.refusals import HomeTheirOwnError, TextMissingError
from farmlink.network.values import Address, HomeCard, HomeDraft, HomeId
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import Membership, OrganisationKind, PersonId, Principal, Role
from farmlink.scheduler import REACTIONS, forget
from farmlink.store.check import check
from farmlink.store.outbox import relay_due
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.network.builders import Country

NEAR = Coordinates(42_963_333, -85_668_111)
ELM_STREET = Address(town="Grand Rapids", street="12 Elm Street", district="MI", postcode="49503")


@pytest.fixture
def country(store: Store) -> Country:
    return Country.founded(store)


def draft(country: Country, **changed: Any) -> HomeDraft:
    return replace(HomeDraft(region_id=country.region.id, address=ELM_STREET, coordinates=NEAR), **changed)


def ada(store: Store, name: str = "Ada") -> PersonId:
    return store.run(people.add_person, name)


def settled(country: Country, person_id: PersonId, **changed: Any) -> HomeCard:
    return country.store.run(commands.settle, person_id, draft(country, **changed))


def test_a_person_says_where_they_live_and_saying_it_again_changes_nothing(country: Country) -> None:
    person_id = ada(country.store)
    home = settled(country, person_id)
    assert settled(country, person_id) == home == country.store.read(queries.home_of, person_id)
    assert (home.address, home.coordinates) == (ELM_STREET, NEAR)


def test_who_has_said_nothing_has_no_home_and_no_id_is_called_one(country: Country) -> None:
    with pytest.raises(MissingError, match="You have not said yet where you live") as refused:
        country.store.read(queries.home_of, ada(country.store))
    assert "id" not in refused.value.facts


def test_a_form_that_is_sent_twice_at_once_makes_one_home(country: Country) -> None:
    person_id = ada(country.store)
    settled_in, go_on = Event(), Event()

    def slowly(tx: Transaction) -> HomeCard:
        home = commands.settle(tx, person_id, draft(country))
        settled_in.set()
        assert go_on.wait(30)
        return home

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(country.store.run, slowly)
        assert settled_in.wait(30)
        quick = pool.submit(country.store.run, commands.settle, person_id, draft(country))
        while not country.store.read(_waiting):
            assert not quick.done(), "the second form did not wait for the first"
        go_on.set()
    assert quick.result() == slow.result()
    assert len(_kept_of(country.store, "home_address", "id")) == 1


def test_nobody_settles_who_is_being_erased(country: Country) -> None:
    person_id = ada(country.store)
    erased, go_on = Event(), Event()

    def slowly(tx: Transaction) -> None:
        people.erase_person(tx, person_id)
        erased.set()
        assert go_on.wait(30)

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(country.store.run, slowly)
        assert erased.wait(30)
        late = pool.submit(country.store.run, commands.settle, person_id, draft(country))
        while not country.store.read(_waiting):
            assert not late.done(), "the move did not wait for the erasure"
        go_on.set()
    slow.result()
    with pytest.raises(MissingError):
        late.result()


def test_who_moves_has_another_home_and_the_old_one_stays_where_it_was(country: Country) -> None:
    person_id = ada(country.store)
    old = settled(country, person_id)
    new = settled(country, person_id, address=replace(ELM_STREET, street="1 Oak Street"))
    moved_pin = settled(country, person_id, coordinates=Coordinates(42_960_000, -85_660_000))
    assert len({old.id, new.id, moved_pin.id}) == 3
    assert country.store.read(persons.home, person_id) == moved_pin.id
    assert country.store.read(persons.addresses, [old.id]) == {old.id: ELM_STREET}
    assert country.store.read(queries.homes_by_id, [old.id])[old.id].coordinates == NEAR


def test_a_home_lies_in_its_region_with_its_coordinates_the_right_way_round(country: Country) -> None:
    person_id = ada(country.store)
    with pytest.raises(SwappedCoordinatesError):
        settled(country, person_id, coordinates=Coordinates(-85_668_111, 42_963_333))
    with pytest.raises(CoordinatesOutsideError):
        settled(country, person_id, coordinates=Coordinates(52_500_000, 13_400_000))
    with pytest.raises(MissingError):
        country.store.read(queries.home_of, person_id)


def test_a_driver_needs_the_street(country: Country) -> None:
    with pytest.raises(TextMissingError, match=r"address\.street"):
        settled(country, ada(country.store), address=replace(ELM_STREET, street=""))


def test_nobody_lives_nowhere(country: Country) -> None:
    with pytest.raises(MissingError):
        settled(country, PersonId(uuid7()))


def test_who_has_left_has_no_home_and_leaves_it_once(country: Country) -> None:
    person_id = ada(country.store)
    settled(country, person_id)
    for _ in range(2):
        country.store.run(people.leave_home, person_id)
    assert country.store.read(persons.home, person_id) is None
    with pytest.raises(MissingError):
        country.store.read(queries.home_sign, person_id)


def test_a_planner_says_it_for_who_cannot_and_learns_no_address(country: Country) -> None:
    roll_call = ada(country.store)
    planner = _planner(country)
    sign = country.store.run(commands.settle_for, planner, roll_call, draft(country))
    assert country.store.read(queries.home_sign, roll_call) == sign
    assert (sign.id, sign.region_id) == (country.store.read(persons.home, roll_call), country.region.id)
    signs_in = country.store.run(lambda tx: people.add_person(tx, "Bo", email="bo@example.org", password_hash="x"))
    with pytest.raises(HomeTheirOwnError):
        country.store.run(commands.settle_for, planner, signs_in, draft(country))
    by_code = country.store.run(lambda tx: people.add_person(tx, "Cem", email="cem@example.org"))
    country.store.run(commands.settle_for, planner, by_code, draft(country))
    country.store.run(people.sign_in_as, by_code)
    with pytest.raises(HomeTheirOwnError):
        country.store.run(commands.settle_for, planner, by_code, draft(country))


def test_a_planner_elsewhere_ends_nobodys_home_and_moves_nobody_there(country: Country) -> None:
    roll_call, abroad = ada(country.store), Country.anywhere(country.store)
    here, there = _planner(country), _planner(abroad)
    sign = country.store.run(commands.settle_for, here, roll_call, draft(country))
    for planner, region in ((there, abroad), (there, country), (here, abroad)):
        with pytest.raises(MissingError):
            country.store.run(commands.settle_for, planner, roll_call, draft(country, region_id=region.region.id))
        assert country.store.read(queries.home_sign, roll_call) == sign
    house = country.organisation(OrganisationKind.HUB, "The platform")
    platform = Principal(PersonId(uuid7()), (Membership(Role.PLANNER, house),), house)
    moved = country.store.run(commands.settle_for, platform, roll_call, draft(country, region_id=abroad.region.id))
    assert moved.region_id == abroad.region.id


def test_an_erased_person_leaves_no_address_and_no_door(country: Country) -> None:
    person_id = ada(country.store)
    old, new = (
        settled(country, person_id),
        settled(country, person_id, coordinates=Coordinates(42_961_111, -85_661_111)),
    )
    country.store.run(people.erase_person, person_id)
    relay_due(country.store, REACTIONS)
    assert _kept_of(country.store, "home_address", "lines") == [None, None]
    sites = country.store.read(queries.homes_by_id, [old.id, new.id])
    assert sites[old.id].coordinates == Coordinates(42_960_000, -85_670_000)
    assert sites[new.id].coordinates == Coordinates(42_960_000, -85_660_000)
    assert "Elm" not in _everything(country.store)
    assert check(country.store) == []


def test_a_home_left_long_ago_is_forgotten_and_the_present_one_is_not(country: Country) -> None:
    person_id = ada(country.store)
    old = settled(country, person_id)
    now = settled(country, person_id, address=replace(ELM_STREET, street="1 Oak Street"))
    country.store.run(_left_days_ago, old.id, 59)
    forget(country.store)
    assert set(country.store.read(persons.addresses, [old.id, now.id])) == {old.id, now.id}
    country.store.run(_left_days_ago, old.id, 61)
    forget(country.store)
    assert set(country.store.read(persons.addresses, [old.id, now.id])) == {now.id}
    sites = country.store.read(queries.homes_by_id, [old.id, now.id])
    assert (sites[old.id].coordinates, sites[now.id].coordinates) == (Coordinates(42_960_000, -85_670_000), NEAR)


def test_the_database_keeps_one_present_home_a_person(country: Country) -> None:
    person_id = ada(country.store)
    old = settled(country, person_id)
    settled(country, person_id, address=replace(ELM_STREET, street="1 Oak Street"))
    with pytest.raises(DBAPIError, match="home_address_one_current"):
        country.store.run(_returned_to, old.id)


def _planner(country: Country) -> Principal:
    """Somebody who plans for a hub of a region."""
    return Principal(PersonId(uuid7()), (Membership(Role.PLANNER, country.hub(f"Hub {uuid7()}").organisation_id),))


def _waiting(tx: Transaction) -> int:
    blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
    return int(tx.execute(blocked).scalar_one())


def _left_days_ago(tx: Transaction, home_id: HomeId, days: int) -> None:
    named = {"id": home_id, "left": tx.now - timedelta(days=days)}
    tx.execute("UPDATE home_address SET replaced_at = :left WHERE id = :id", named)


def _returned_to(tx: Transaction, home_id: HomeId) -> None:
    tx.execute("UPDATE home_address SET replaced_at = NULL WHERE id = :id", {"id": home_id})


def _kept_of(store: Store, table: str, column: str) -> list[Any]:
    return store.read(lambda tx: list(tx.execute(f"SELECT {column} FROM {table} ORDER BY id").scalars()))


def _everything(store: Store) -> str:
    """Every row of every table, as text."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"

    def read(tx: Transaction) -> str:
        names = tx.execute(tables).scalars().all()
        return "".join(str(tx.execute(f"SELECT {name}::text FROM {name}").scalars().all()) for name in names)

    return store.read(read)
