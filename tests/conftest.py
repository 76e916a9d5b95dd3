"""Shared fixtures: a real PostgreSQL for the session, and an empty database with every room's tables per test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import hypothesis
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, Engine

from farmlink.store.embedded import EmbeddedServer
from farmlink.store.engine import open_engine
from farmlink.store.schema import build
from farmlink.store.scratch import make_database, scratch_server
from farmlink.store.store import Store

hypothesis.settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("FARMLINK_HYPOTHESIS", "suite"))

LONG_TESTS = ("journeys", "benchmarks", "faults")
"""Folders of tests that take long; begun last, one worker would still be at them when the others have nothing left."""
DATABASE = "farmlink_tests"
EMPTY = """
DO $$ DECLARE kept regclass; filled boolean; BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR kept IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', kept) INTO filled;
    IF pg_relation_size(kept) > 1000000 THEN EXECUTE format('TRUNCATE %s CASCADE', kept);
    ELSIF filled THEN EXECUTE format('DELETE FROM %s', kept); END IF;
  END LOOP;
END $$
"""
"""Deleting is ten times as fast as making a database from a template, which waits for checkpoints."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, the longest first."""
    items.sort(key=lambda item: [folder not in item.path.parts for folder in LONG_TESTS])


@pytest.fixture(scope="session")
def embedded_server() -> Iterator[EmbeddedServer]:
    """One server per pytest process, in a folder that the server's user reaches."""
    with scratch_server() as server:
        yield server


@pytest.fixture(scope="session")
def built_url(embedded_server: EmbeddedServer) -> URL:
    """The database of this session, with every room's tables built once."""
    url = make_database(embedded_server, DATABASE)
    with open_engine(url) as engine:
        build(engine)
    return url


@pytest.fixture
def clean_url(embedded_server: EmbeddedServer, built_url: URL) -> URL:
    """The session's database, empty again; what a test left behind stays for a look until the next."""
    with psycopg.connect(embedded_server.cluster.conninfo(DATABASE), autocommit=True) as connection:
        connection.execute(EMPTY)
    return built_url


@pytest.fixture
def database_url(clean_url: URL) -> str:
    """The address of the test's database, for `FARMLINK_DATABASE_URL` of a process that a test starts."""
    return clean_url.render_as_string(hide_password=False)


@pytest.fixture
def engine(clean_url: URL) -> Iterator[Engine]:
    with open_engine(clean_url) as engine:
        yield engine


@pytest.fixture
def store(engine: Engine) -> Store:
    """A store on an empty database with every room's tables, acting as `test`."""
    return Store(engine, "test")


@pytest.fixture
def bare_url(embedded_server: EmbeddedServer) -> Iterator[URL]:
    """A database without any tables, for tests of the schema itself."""
    name = f"bare_{uuid4().hex}"
    yield make_database(embedded_server, name)
    with psycopg.connect(embedded_server.conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
