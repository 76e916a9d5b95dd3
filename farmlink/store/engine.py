"""Opening the store: the embedded server is entered when it is needed, and entered again when it was killed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from farmlink.kernel.errors import RefusedError
from farmlink.settings import DATABASE_URL_WRONG, MOST_CONNECTIONS, Settings, SettingWrongError, read_settings, shelf
from farmlink.store.compare import conninfo
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.rooms import import_tables
from farmlink.store.store import Store

DRIVER = "postgresql+psycopg"
OLDEST_SERVER = 150_000
"""PostgreSQL 15."""
CONNECT_PATIENCE_S = 10


class DatabaseUnreachableError(RefusedError):
    """The server of one's own does not let us in."""

    code = "database-unreachable"
    message = (
        "No connection to {address} (FARMLINK_DATABASE_URL): {said}. "
        "Look whether the server runs there, and at the name of the database, the user and the password."
    )


class DatabaseTooOldError(RefusedError):
    """The server of one's own lacks what our schema uses."""

    code = "database-too-old"
    message = "PostgreSQL {version} is too old (FARMLINK_DATABASE_URL). Use 15 or newer."


@contextmanager
def open_store(settings: Settings | None = None) -> Iterator[Store]:
    """Open the database that the settings name; an embedded one stays up as long as anybody uses it."""
    settings = settings or read_settings()
    if settings.database_url:
        with open_engine(own_url(settings.database_url), settings.pool_size) as engine:
            yield Store(engine)
        return
    with (
        EmbeddedServer(settings.data, shelf=shelf(os.environ)) as server,
        open_engine(embedded_url(server), settings.pool_size, server.ensure) as engine,
    ):
        yield Store(engine)


@contextmanager
def open_engine(url: URL, pool_size: int = 8, ensure: Callable[[], None] | None = None) -> Iterator[Engine]:
    """Make an engine; `ensure` is asked to bring the server back when it does not take a connection.

    Foreign keys name tables as strings, so every room's are known before a row of any is written.
    """
    import_tables()
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=max(0, MOST_CONNECTIONS - pool_size),
        hide_parameters=True,
        connect_args={"application_name": f"farmlink (process {os.getpid()})", "options": "-c timezone=UTC"},
    )
    if ensure is not None:
        _connect_with(engine, ensure)
    try:
        yield engine
    finally:
        engine.dispose()


def own_url(text: str) -> URL:
    """Read the address of a server of one's own, however its scheme is spelt."""
    try:
        return make_url(text.replace("postgres://", "postgresql://", 1)).set(drivername=DRIVER)
    except (ArgumentError, ValueError) as error:
        raise SettingWrongError(variable="FARMLINK_DATABASE_URL", reason=DATABASE_URL_WRONG) from error


def require_server(url: URL) -> None:
    """Look once, before anything is begun, whether a server of one's own is there and new enough."""
    try:
        with psycopg.connect(
            conninfo(url), password=str(url.password or ""), connect_timeout=CONNECT_PATIENCE_S
        ) as server:
            version = server.info.server_version
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:  # the latter: an option that is none
        address = url.set(drivername="postgresql").render_as_string()
        raise DatabaseUnreachableError(address=address, said=str(error).splitlines()[0].strip().rstrip(".")) from error
    if version < OLDEST_SERVER:
        raise DatabaseTooOldError(version=f"{version // 10_000}")


def embedded_url(server: EmbeddedServer, database: str | None = None) -> URL:
    """Name a database of the embedded server; the password stays in its file."""
    parts = {name: str(value) for name, value in conninfo_to_dict(server.conninfo).items()}
    return URL.create(
        DRIVER,
        username=parts["user"],
        database=database or parts["dbname"],
        query={"host": parts["host"], "passfile": parts["passfile"]},
    )


def _connect_with(engine: Engine, ensure: Callable[[], None]) -> None:
    @event.listens_for(engine, "do_connect")
    def connect(dialect: Dialect, _entry: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]) -> Any:
        try:
            return dialect.connect(*arguments, **options)
        except psycopg.OperationalError:
            ensure()
            return dialect.connect(*arguments, **options)
