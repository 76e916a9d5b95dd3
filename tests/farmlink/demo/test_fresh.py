"""A demo empties what a demo filled, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, Engine

from farmlink.demo.fresh import MARK, DemoRunningError, NotADemoError, alone, begin_fresh
from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.network import queries
from farmlink.network.values import RegionDraft
from farmlink.people import commands as people
from farmlink.store.backup import back_up, restore
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.engine import open_engine
from farmlink.store.migrations import current_revision, migrate, newest_revision
from farmlink.store.store import Store


@pytest.fixture
def bare(bare_url: URL) -> Iterator[Engine]:
    with open_engine(bare_url) as engine:
        yield engine


def region(name: str) -> RegionDraft:
    return RegionDraft(name=name, time_zone="America/Detroit", currency="USD")


def test_an_empty_database_becomes_a_demos_and_may_be_emptied_again(bare: Engine) -> None:
    store = Store(bare, "demo")
    begin_fresh(store, "Michigan")
    store.run(network.create_region, region("Michigan"))

    begin_fresh(store, "Ohio")

    assert current_revision(bare) == newest_revision()
    assert store.read(queries.regions, Paging(10)).items == []


def test_a_database_with_somebodys_own_region_is_refused_and_stays_as_it_is(bare: Engine) -> None:
    migrate(bare)
    store = Store(bare, "somebody")
    store.run(network.create_region, region("Michigan"))

    with pytest.raises(NotADemoError):
        begin_fresh(store, "Michigan")

    assert [card.name for card in store.read(queries.regions, Paging(10)).items] == ["Michigan"]


def test_a_demo_that_came_back_from_its_backup_is_still_a_demo(
    bare: Engine, bare_url: URL, embedded_server: EmbeddedServer, tmp_path: Path
) -> None:
    store = Store(bare, "demo")
    begin_fresh(store, "Michigan")
    store.run(network.create_region, region("Michigan"))
    back_up(bare_url, tmp_path / "demo.backup")

    bare.dispose()
    kept = restore(bare_url, tmp_path / "demo.backup")
    begin_fresh(store, "Michigan")

    assert store.read(queries.regions, Paging(10)).items == []
    with psycopg.connect(embedded_server.conninfo, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{kept}" WITH (FORCE)'.encode())


def test_a_demo_of_an_earlier_version_may_be_emptied(bare: Engine, bare_url: URL) -> None:
    migrate(bare)
    store = Store(bare, "demo")
    store.run(network.create_region, region("Michigan"))
    with bare.begin() as connection:
        connection.exec_driver_sql("COMMENT ON SCHEMA public IS NULL")
        connection.exec_driver_sql(f"COMMENT ON DATABASE \"{bare_url.database}\" IS '{MARK}Michigan'")

    begin_fresh(store, "Michigan")

    assert store.read(queries.regions, Paging(10)).items == []


def test_a_demo_in_which_somebody_began_a_region_of_their_own_is_refused(bare: Engine) -> None:
    store = Store(bare, "demo")
    begin_fresh(store, "Michigan")
    store.run(network.create_region, region("Thüringen"))

    with pytest.raises(NotADemoError):
        begin_fresh(store, "Michigan")


def test_a_database_in_which_people_have_begun_is_refused(bare: Engine) -> None:
    migrate(bare)
    store = Store(bare, "somebody")
    store.run(people.add_person, "Ada")

    with pytest.raises(NotADemoError):
        begin_fresh(store, "Michigan")


def test_tables_of_another_program_are_refused(bare: Engine) -> None:
    with bare.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (id int)")

    with pytest.raises(NotADemoError):
        begin_fresh(Store(bare, "demo"), "Michigan")


def test_two_demos_do_not_share_a_database(bare: Engine) -> None:
    with alone(bare), pytest.raises(DemoRunningError), alone(bare):
        pass
    with alone(bare):
        pass
