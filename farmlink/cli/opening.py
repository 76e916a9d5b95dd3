"""Opening the store for a command: with the newest schema, with the schema it needs, or as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from farmlink.cli.screen import note
from farmlink.kernel.locale import marked
from farmlink.settings import read_settings
from farmlink.store.backup import require_settled
from farmlink.store.engine import open_store, require_server
from farmlink.store.migrations import current_revision, migrate, require_migrated
from farmlink.store.store import Store

ACTOR = "command line"
MADE = marked("The empty database was given schema {revision}.")
MOVED = marked("The database was brought from schema {before} to {revision}.")


@contextmanager
def opened() -> Iterator[Store]:
    """Open the store as it is, on behalf of whoever sits at the machine."""
    settings = read_settings()
    with open_store(settings) as store:
        require_settled(store.engine.url)
        if settings.database_url:
            require_server(store.engine.url)
        yield store.by(ACTOR)


@contextmanager
def judged() -> Iterator[Store]:
    """Open the store if its schema is the one we know, and change nothing about that."""
    with opened() as store:
        require_migrated(store.engine)
        yield store


@contextmanager
def ready() -> Iterator[Store]:
    """Open the store and bring its schema up where it is behind; that is said."""
    with opened() as store:
        bring_up(store)
        yield store


def bring_up(store: Store) -> str:
    """Bring the database to the newest schema, and say so unless it was there."""
    before = current_revision(store.engine)
    revision = migrate(store.engine)
    assert revision is not None, "the newest schema has a name"
    if before is None:
        note(MADE, revision=revision)
    elif before != revision:
        note(MOVED, before=before, revision=revision)
    return revision
