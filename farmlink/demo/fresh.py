"""A demo begins on an empty database; it empties one that a demo filled, and never any other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, text

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.page import Paging
from farmlink.network import queries as network
from farmlink.people import queries as people
from farmlink.store.migrations import current_revision, migrate
from farmlink.store.store import Store

MARK: Final = "made by farmlink demo: "
LOCK: Final = 4_711_003
READ_MARK: Final = (
    "SELECT coalesce(obj_description('public'::regnamespace, 'pg_namespace'), shobj_description(oid, 'pg_database'))"
    " FROM pg_database WHERE datname = current_database()"
)
"""Demos of earlier versions are marked at their database."""
WRITE_MARK: Final = (
    "DO $$ BEGIN EXECUTE format('COMMENT ON SCHEMA public IS %L', current_setting('farmlink.mark')); END $$"
)
OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'farmlink%' "
    "AND pid <> pg_backend_pid()"
)
PATIENCE_S: Final = 3.0
LOOK_S: Final = 0.1
EMPTY: Final = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


class NotADemoError(RefusedError):
    """The database holds somebody's own regions or people; a demo would have to delete them."""

    code = "not-a-demo"
    message = (
        "This database holds something else than a demo, so no demo is made in it. "
        "Name another folder with FARMLINK_DATA or another database with FARMLINK_DATABASE_URL."
    )


class DemoRunningError(RefusedError):
    """Two demos in one database would empty it under each other."""

    code = "demo-running"
    message = "A demo is running in this database already. Stop it first."


class DemoServedError(RefusedError):
    """Emptying a database under a server or a scheduler would break whatever they are at."""

    code = "demo-served"
    message = (
        "Another farmlink program uses this database ({count} connections), and a demo begins by emptying it. "
        "Stop it first (farmlink serve, scheduler or demo), or name another folder with FARMLINK_DATA."
    )


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Keep other demos out of this database until the end; begin only where nobody else is at work."""
    engine.dispose()  # our own idle connections are nobody else
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # it ends with this block instead of idling in the pool
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}).scalar_one():
            raise DemoRunningError
        try:
            _require_unused(connection)
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})


def _require_unused(connection: Connection) -> None:
    """Refuse while others stay; somebody who is just leaving is waited for."""
    until = time.monotonic() + PATIENCE_S
    while others := connection.execute(text(OTHERS)).scalar_one():
        if time.monotonic() > until:
            raise DemoServedError(count=others)
        time.sleep(LOOK_S)


def begin_fresh(store: Store, region: str) -> None:
    """Empty the demo's database, build the schema again and mark it with the region it is for.

    The mark is a comment on the schema, which a backup carries: a demo that was restored is still a demo.
    """
    if not _is_a_demo(store):
        raise NotADemoError
    with store.engine.begin() as connection:
        connection.execute(text("SELECT set_config('farmlink.mark', :mark, true)"), {"mark": f"{MARK}{region}"})
        for statement in (*EMPTY.split("; "), WRITE_MARK):
            connection.execute(text(statement))
    store.engine.dispose()
    migrate(store.engine)


def _is_a_demo(store: Store) -> bool:
    """Nothing in it yet, or marked and holding no region but the marked one."""
    if current_revision(store.engine) is None:
        with store.engine.connect() as connection:
            count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            return not connection.execute(text(count)).scalar_one()
    migrate(store.engine)
    with store.engine.connect() as connection:
        mark = connection.execute(text(READ_MARK)).scalar_one() or ""
    regions = {region.name for region in store.read(network.regions, Paging(200)).items}
    if mark.startswith(MARK):
        return regions <= {mark.removeprefix(MARK)}
    return not regions and store.read(people.platform_id) is None
