"""Backups: one file of a whole database, and back again without ever being without a database."""

from __future__ import annotations

import errno
import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.errors import ObjectInUse
from sqlalchemy import URL, create_engine

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked
from farmlink.store.compare import conninfo
from farmlink.store.embedded.release import client_program
from farmlink.store.migrations import NotMigratedError, current_revision, known_revisions, migrate
from farmlink.store.sealed import BackupUnreadableError, digest_of, whole

DUMPING = marked("reading the database")
SEALING = marked("sealing the file")
JUDGING = marked("judging the file")
FILLING = marked("filling a database beside the old one")
USERS = """
SELECT DISTINCT coalesce(nullif(application_name, ''), usename::text, '?') FROM pg_stat_activity
WHERE datname = %s AND backend_type IS DISTINCT FROM 'autovacuum worker' ORDER BY 1
"""
"""Who is connected; the server itself ends its own tidying up when a database is renamed."""
RESTORED_INTO = """
SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = objid WHERE datname = %s
AND classid = 'pg_database'::regclass AND mode = 'AccessExclusiveLock' AND granted
"""
NEVER_IDLE = """
SELECT set_config(name, '0', false) FROM pg_settings
WHERE name IN ('idle_in_transaction_session_timeout', 'transaction_timeout')
"""
"""Filling may take longer than a server of one's own lets a transaction wait; the second is not there before 17."""
PATIENCE_S = 3.0
LOOK_S = 0.1
TRIES = 3
ASKING_S = 2


class BackupNewerError(RefusedError):
    """The file was written by a newer farmlink."""

    code = "backup-newer"
    message = "{file} has revision {revision}, which this version of farmlink does not know. Upgrade farmlink first."


class BackupUnwritableError(RefusedError):
    """The backup cannot be written where it was asked for."""

    code = "backup-unwritable"
    message = "{file} cannot be written: {said}. Nothing is left of it; name another place, or make room there."


class BackupThereError(RefusedError):
    """A backup that is there may be the only good one."""

    code = "backup-there"
    message = "{file} is there already. Name another file, or say --force to replace it. Nothing was written."


class DatabaseUsedError(RefusedError):
    """What others write while a backup takes the database's place would be lost to them."""

    code = "database-used"
    message = (
        "Others use this database: {users}. Stop them first (farmlink serve, scheduler or demo), then restore again. "
        "Nothing was changed."
    )


class DatabaseRestoringError(RefusedError):
    """Whoever connects now would wait without a word until the restore is done."""

    code = "database-restoring"
    message = "A backup is being restored into this database. Wait until that is done, then try again."


class BackupFailedError(RefusedError):
    """PostgreSQL's own program could not read the database."""

    code = "backup-failed"
    message = "The database cannot be backed up: {said}"


Told = Callable[[str], object]


def unheard(_stage: str) -> None:
    """Nobody listens."""


def back_up(url: URL, file: Path, tell: Told = unheard, *, replace: bool = False) -> str:
    """Write the whole database to a file, complete or not at all; the revision it has."""
    engine = create_engine(url)
    try:
        revision = current_revision(engine)
    finally:
        engine.dispose()
    if revision is None:
        raise NotMigratedError
    try:
        if file.exists() and not file.is_file():  # a device would be replaced by a file
            raise BackupUnwritableError(
                file=str(file), said=os.strerror(errno.EISDIR if file.is_dir() else errno.EINVAL)
            )
        _write(url, file, revision, tell, replace=replace)
    except OSError as error:
        raise BackupUnwritableError(file=str(file), said=error.strerror or str(error)) from error
    except subprocess.CalledProcessError as error:
        said = _last_words(error)
        if "No space left" in said:
            raise BackupUnwritableError(file=str(file), said=said) from error
        raise BackupFailedError(said=said) from error
    return revision


def _write(url: URL, file: Path, revision: str, tell: Told, *, replace: bool) -> None:
    file = file.resolve()  # what a link points to is written, not the link
    _require_free(file, replace=replace)
    part = file.with_name(f".{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            tell(DUMPING)
            _run(url, "pg_dump", "--format=custom", "--no-owner", "--dbname", conninfo(url), out=out.fileno())
            tell(SEALING)
            digest = digest_of(part, part.stat().st_size, revision)
            out.seek(0, os.SEEK_END)
            out.write(f"\nfarmlink backup 1 {revision} {digest}\n".encode())
            out.flush()
            os.fsync(out.fileno())
        _require_free(file, replace=replace)  # somebody else may have put one there meanwhile
        part.replace(file)
    finally:
        with suppress(OSError):  # where it could not be made, there is nothing to take away
            part.unlink(missing_ok=True)


def _require_free(file: Path, *, replace: bool) -> None:
    if file.exists() and not replace:
        raise BackupThereError(file=str(file))


def restore(url: URL, file: Path, tell: Told = unheard) -> str:
    """Restore a file beside the database, then let it take its place; the name under which the old one is kept.

    Raises
    ------
    DatabaseUsedError
        Somebody is connected: what they are told is done would stand in the database that is put away.
    """
    tell(JUDGING)
    revision = whole(file).revision
    if revision not in known_revisions():
        raise BackupNewerError(file=file.name, revision=revision)
    stamp = f"{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"
    current = str(url.database)
    fresh, kept = f"{current[:30]}_restored_{stamp}", f"{current[:30]}_before_{stamp}"
    with psycopg.connect(conninfo(url.set(database="postgres")), autocommit=True, password=_password(url)) as server:
        _require_unused(server, current)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
        try:
            server.execute(NEVER_IDLE)
            with server.transaction():
                _put_away(server, current, kept)
                tell(FILLING)
                _fill(url.set(database=fresh), file)
                _rename(server, fresh, current)
        except BaseException:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(fresh)))
            raise
    return kept


def _fill(url: URL, file: Path) -> None:
    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--dbname", conninfo(url), str(file))
    try:
        _run(url, "pg_restore", *options)
    except subprocess.CalledProcessError as error:
        raise BackupUnreadableError(file=file.name, said=_last_words(error)) from None
    engine = create_engine(url)
    try:
        migrate(engine)
    finally:
        engine.dispose()


def _put_away(server: psycopg.Connection, current: str, kept: str) -> None:
    """Rename the old database; until the transaction ends, the server lets whoever comes to it wait.

    Both names change at the end of the transaction, so that at no moment there is no database of the usual name; and
    when we are killed, the server takes all of it back by itself.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            with server.transaction():  # one that failed must not end the whole
                _rename(server, current, kept)
            break
        except ObjectInUse as error:
            _require_unused(server, current)  # who left while PostgreSQL waited is no reason to refuse
            if not tries_left:
                raise DatabaseUsedError(users=[str(error.diag.message_detail)]) from error


def _rename(server: psycopg.Connection, before: str, after: str) -> None:
    names = map(sql.Identifier, (before, after))
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))


def require_settled(url: URL) -> None:
    """Refuse while a backup is restored into this database; a server that does not answer is told of by others."""
    with suppress(psycopg.Error):
        elsewhere = conninfo(url.set(database="postgres"))
        with psycopg.connect(elsewhere, password=_password(url), connect_timeout=ASKING_S) as server:
            restoring = server.execute(RESTORED_INTO, [url.database]).fetchone() is not None
        if restoring:
            raise DatabaseRestoringError


def _require_unused(server: psycopg.Connection, database: str) -> None:
    """Refuse while others stay; somebody who is just leaving is waited for."""
    until = time.monotonic() + PATIENCE_S
    while users := _users(server, database):
        if time.monotonic() > until:
            raise DatabaseUsedError(users=users)
        time.sleep(LOOK_S)


def _users(server: psycopg.Connection, database: str) -> list[str]:
    server.execute("SELECT pg_stat_clear_snapshot()")  # or one transaction would always see the same ones
    return [str(name) for (name,) in server.execute(USERS, [database]).fetchall()]


def _run(url: URL, program: str, *options: str, out: int = subprocess.DEVNULL) -> None:
    subprocess.run(  # noqa: S603  # our own binary, and no shell
        [client_program(program), *options],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ.get("PATH", ""), "PGPASSWORD": _password(url)},
    )


def _last_words(error: subprocess.CalledProcessError) -> str:
    return str(error.stderr.decode(errors="replace").strip()[-500:])


def _password(url: URL) -> str:
    return str(url.password or "")
