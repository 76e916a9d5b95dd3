import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import URL

from farmlink.kernel.ids import uuid7
from farmlink.store import backup
from farmlink.store.backup import (
    BackupFailedError,
    BackupNewerError,
    BackupThereError,
    BackupUnwritableError,
    DatabaseRestoringError,
    DatabaseUsedError,
    back_up,
    require_settled,
    restore,
)
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.engine import open_engine
from farmlink.store.migrations import NotMigratedError, migrate, newest_revision
from farmlink.store.sealed import BackupUnreadableError, digest_of
from farmlink.store.store import Store

RESTORING = """
import sys
from pathlib import Path
from sqlalchemy import make_url
from farmlink.store.backup import FILLING, restore

def tell(stage):
    if stage == FILLING:
        print("filling", flush=True)
        sys.stdin.read()

restore(make_url(sys.argv[1]), Path(sys.argv[2]), tell)
"""


@pytest.fixture
def own(bare_url: URL, embedded_server: EmbeddedServer) -> Iterator[Store]:
    """A migrated database of its own; those that restoring leaves are dropped."""
    with open_engine(bare_url) as engine:
        migrate(engine)
        yield Store(engine, "test")
    with psycopg.connect(embedded_server.conninfo, autocommit=True) as server:
        left = server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{bare_url.database}"[:30] + "%\\_%"]
        )
        for (name,) in left.fetchall():
            if name != bare_url.database:
                server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def deed(store: Store) -> UUID:
    subject = uuid7()
    store.run(lambda tx: tx.record("crate.moved", subject))
    return subject


def deeds(store: Store) -> set[UUID]:
    return set(store.read(lambda tx: tx.execute("SELECT subject FROM audit_entry").scalars().all()))


def databases(server: EmbeddedServer) -> set[str]:
    with psycopg.connect(server.conninfo) as connection:
        return {str(row[0]) for row in connection.execute("SELECT datname FROM pg_database")}


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(own: Store, bare_url: URL, tmp_path: Path) -> None:
    saved = deed(own)
    file = tmp_path / "farm.backup"
    assert back_up(bare_url, file) == newest_revision()
    assert file.stat().st_mode & 0o077 == 0
    later = deed(own)
    own.engine.dispose()
    kept = restore(bare_url, file)
    assert deeds(own) == {saved}
    with open_engine(bare_url.set(database=kept)) as before:
        assert deeds(Store(before)) == {saved, later}


def test_a_half_written_backup_is_refused_and_nothing_is_lost(
    own: Store, bare_url: URL, tmp_path: Path, embedded_server: EmbeddedServer
) -> None:
    saved, file, before = deed(own), tmp_path / "farm.backup", databases(embedded_server)
    back_up(bare_url, file)
    whole = file.read_bytes()
    for length in (0, 10, 30, len(whole) // 2, len(whole) - 1000):
        file.write_bytes(whole[:length])
        with pytest.raises(BackupUnreadableError):
            restore(bare_url, file)
    file.write_bytes(whole.replace(b"farmlink backup 1 ", b"farmlink backup 1 x"))
    with pytest.raises(BackupUnreadableError, match="it was changed"):
        restore(bare_url, file)
    with pytest.raises(BackupUnreadableError):
        restore(bare_url, tmp_path / "nowhere")
    assert deeds(own) == {saved}
    assert databases(embedded_server) == before


def test_a_backup_of_a_newer_farmlink_is_refused(
    own: Store, bare_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, file = deed(own), tmp_path / "farm.backup"
    back_up(bare_url, file)
    monkeypatch.setattr(backup, "known_revisions", lambda: {"0001_store"})
    with pytest.raises(BackupNewerError, match=str(newest_revision())):
        restore(bare_url, file)
    assert deeds(own) == {saved}


def test_a_backup_of_an_older_farmlink_is_migrated_on_its_way_back(own: Store, bare_url: URL, tmp_path: Path) -> None:
    saved, file = deed(own), tmp_path / "farm.backup"
    migrate(own.engine, "0001_store")
    assert back_up(bare_url, file) == "0001_store"
    migrate(own.engine)
    own.engine.dispose()
    restore(bare_url, file)
    assert deeds(own) == {saved}
    assert own.read(lambda tx: tx.execute("SELECT version_num FROM alembic_version").scalar_one()) == newest_revision()


def test_a_database_that_was_never_migrated_has_nothing_to_back_up(bare_url: URL, tmp_path: Path) -> None:
    with pytest.raises(NotMigratedError):
        back_up(bare_url, tmp_path / "farm.backup")
    assert list(tmp_path.iterdir()) == []


def test_a_dump_that_postgresql_refuses_is_told_in_its_words(
    own: Store, bare_url: URL, tmp_path: Path, embedded_server: EmbeddedServer
) -> None:
    saved, file, before = deed(own), tmp_path / "farm.backup", databases(embedded_server)
    own.engine.dispose()
    revision = str(newest_revision())
    file.write_bytes(b"no dump")
    digest = digest_of(file, 7, revision)
    file.write_bytes(f"no dump\nfarmlink backup 1 {revision} {digest}\n".encode())
    with pytest.raises(BackupUnreadableError, match="valid archive"):
        restore(bare_url, file)
    assert deeds(own) == {saved}
    assert databases(embedded_server) == before


@pytest.mark.parametrize(
    ("program", "failure"),
    [
        ("echo no such server >&2; exit 1", BackupFailedError),
        ("echo No space left on device >&2; exit 1", BackupUnwritableError),
    ],
)
def test_a_dump_that_fails_leaves_nothing_and_says_what_postgresql_said(
    own: Store, bare_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, failure: type[Exception]
) -> None:
    broken = tmp_path / "pg_dump"
    broken.write_text(f"#!/bin/sh\n{program}\n")
    broken.chmod(0o755)
    monkeypatch.setattr(backup, "client_program", lambda _name: broken)
    (tmp_path / "farm.backup").write_text("the one before")
    with pytest.raises(failure, match=r"no such server|No space"):
        back_up(bare_url, tmp_path / "farm.backup", replace=True)
    assert (tmp_path / "farm.backup").read_text() == "the one before"
    assert {path.name for path in tmp_path.iterdir()} == {"pg_dump", "farm.backup"}


def test_a_backup_that_is_there_is_replaced_only_by_who_says_so(own: Store, bare_url: URL, tmp_path: Path) -> None:
    file = tmp_path / "farm.backup"
    file.write_text("the only good one")
    with pytest.raises(BackupThereError, match="--force"):
        back_up(bare_url, file)
    assert file.read_text() == "the only good one"
    assert list(tmp_path.iterdir()) == [file]
    saved = deed(own)
    back_up(bare_url, file, replace=True)
    own.engine.dispose()
    restore(bare_url, file)
    assert deeds(own) == {saved}


def test_a_file_that_somebody_puts_there_meanwhile_is_not_replaced(own: Store, bare_url: URL, tmp_path: Path) -> None:
    file = tmp_path / "farm.backup"

    def tell(stage: str) -> None:
        if stage == backup.SEALING:
            file.write_text("of another operator")

    with pytest.raises(BackupThereError):
        back_up(own.engine.url, file, tell)
    assert file.read_text() == "of another operator"
    assert list(tmp_path.iterdir()) == [file]


def test_nothing_is_restored_under_whoever_is_connected_and_they_are_named(
    own: Store, bare_url: URL, tmp_path: Path, embedded_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PATIENCE_S", 0.2)
    file = tmp_path / "farm.backup"
    back_up(bare_url, file)
    saved, before = deed(own), databases(embedded_server)
    name = str(bare_url.database)
    with (
        psycopg.connect(embedded_server.cluster.conninfo(name), application_name="psql"),
        pytest.raises(DatabaseUsedError) as refused,
    ):
        restore(bare_url, file)
    assert refused.value.facts["users"] == [f"farmlink (process {os.getpid()})", "psql"]
    assert databases(embedded_server) == before
    assert deeds(own) == {saved}, "whoever was at work goes on"


def test_who_comes_while_a_backup_is_read_back_waits_and_loses_nothing(
    own: Store, bare_url: URL, tmp_path: Path, embedded_server: EmbeddedServer
) -> None:
    file, saved = tmp_path / "farm.backup", deed(own)
    back_up(bare_url, file)
    own.engine.dispose()
    came: list[Future[UUID]] = []

    def tell(stage: str) -> None:
        if stage == backup.FILLING:
            came.append(visitors.submit(deed, own))
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(embedded_server.cluster.conninfo(str(bare_url.database)), connect_timeout=2)
            with pytest.raises(DatabaseRestoringError):
                require_settled(bare_url)

    with ThreadPoolExecutor() as visitors:
        require_settled(bare_url)
        restore(bare_url, file, tell)
    assert deeds(own) == {saved, came[0].result()}, "what was acknowledged stands in the database that is used now"


def test_a_restore_that_is_killed_keeps_nobody_out(own: Store, bare_url: URL, tmp_path: Path) -> None:
    file = tmp_path / "farm.backup"
    back_up(bare_url, file)
    saved = deed(own)
    own.engine.dispose()
    with subprocess.Popen(
        [sys.executable, "-c", RESTORING, bare_url.render_as_string(hide_password=False), str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as restoring:
        assert restoring.stdout is not None
        assert restoring.stdout.readline().strip() == b"filling"
        restoring.kill()
    assert deeds(own) == {saved}


def test_who_left_while_postgresql_waited_is_no_reason_to_refuse(
    own: Store, bare_url: URL, tmp_path: Path, embedded_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, saved = tmp_path / "farm.backup", deed(own)
    back_up(bare_url, file)
    own.engine.dispose()
    guest = psycopg.connect(embedded_server.cluster.conninfo(str(bare_url.database)))
    require_unused, asked = backup._require_unused, list[str]()

    def look(server: psycopg.Connection, database: str) -> None:
        asked.append(database)
        if len(asked) == 2:  # PostgreSQL has refused once
            guest.close()
        if len(asked) > 1:
            require_unused(server, database)

    monkeypatch.setattr(backup, "_require_unused", look)
    restore(bare_url, file)
    assert len(asked) == 2
    assert deeds(own) == {saved}


def test_what_holds_a_database_without_being_connected_is_told_in_postgresqls_words(
    own: Store, bare_url: URL, tmp_path: Path, embedded_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "TRIES", 1)
    monkeypatch.setattr(backup, "_require_unused", lambda _server, _database: None)
    monkeypatch.setattr(backup, "_users", lambda _server, _database: [])
    file, before = tmp_path / "farm.backup", databases(embedded_server)
    back_up(bare_url, file)
    own.engine.dispose()
    with (
        psycopg.connect(embedded_server.cluster.conninfo(str(bare_url.database))),
        pytest.raises(DatabaseUsedError, match="1 other session"),
    ):
        restore(bare_url, file)
    assert databases(embedded_server) == before
