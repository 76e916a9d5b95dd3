"""Migrations: the revisions of the schema, one transaction for all that are missing."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from farmlink.kernel.errors import RefusedError

FOLDER = Path(__file__).parent
LOCK = 4_711_002
"""Two processes that start at once migrate one after the other."""
NEWEST, EMPTY = "head", "base"


class NotMigratedError(RefusedError):
    """The database was never migrated."""

    code = "not-migrated"
    message = "This database has no farmlink schema. Run farmlink migrate first."


class MigrationMissingError(RefusedError):
    """The database stands at an older revision than this program was written for."""

    code = "migration-missing"
    message = "This database has schema {revision}, and farmlink needs {newest}. Run farmlink migrate first."


class SchemaNewerError(RefusedError):
    """A newer farmlink has been here."""

    code = "schema-newer"
    message = (
        "This database has schema {revision}, which this version of farmlink does not know. Upgrade farmlink first."
    )


def migrate(engine: Engine, revision: str = NEWEST) -> str | None:
    """Bring a database to a revision, upwards or downwards; killed anywhere, it stays at the one it had."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        _require_known(_revision(connection))
        settings = configuration(connection)
        known = ScriptDirectory.from_config(settings)
        target = known.get_current_head() if revision == NEWEST else None if revision == EMPTY else revision
        if target is not None and target not in _ancestry(known, _revision(connection)):
            command.upgrade(settings, target)
        else:
            command.downgrade(settings, target or EMPTY)
        return _revision(connection)


def require_migrated(engine: Engine) -> None:
    """Refuse a database whose schema is not the one that this program was written for; nothing is changed."""
    revision = current_revision(engine)
    if revision is None:
        raise NotMigratedError
    _require_known(revision)
    if revision != newest_revision():
        raise MigrationMissingError(revision=revision, newest=newest_revision())


def _require_known(revision: str | None) -> None:
    if revision is not None and revision not in known_revisions():
        raise SchemaNewerError(revision=revision)


def current_revision(engine: Engine) -> str | None:
    """Read which revision a database has; nothing when it was never migrated."""
    with engine.connect() as connection:
        return _revision(connection)


def newest_revision() -> str | None:
    """Name the revision that this program was written for."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def known_revisions() -> set[str]:
    """Name every revision that this program knows."""
    return {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}


def configuration(connection: Connection) -> Config:
    """Configure alembic for one open connection, without a file."""
    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _ancestry(known: ScriptDirectory, revision: str | None) -> set[str]:
    """Name the revisions that a database at `revision` has been through."""
    if revision is None:
        return set()
    return {script.revision for script in known.iterate_revisions(revision, EMPTY)}
