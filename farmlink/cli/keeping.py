"""Keeping the database: its schema, what must hold in it, its backups."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from farmlink.cli.opening import bring_up, judged, opened
from farmlink.cli.screen import note, out, say, spinner, written
from farmlink.kernel.locale import marked
from farmlink.store import backup as backups
from farmlink.store import safekeeping
from farmlink.store.check import check as find_violations
from farmlink.store.migrations import newest_revision
from farmlink.store.sealed import BackupUnreadableError, seal_of, whole

BROKEN: Final = 1
SCHEMA = marked("schema {revision}")
HOLDS = marked("Everything holds.")
COLUMNS: Final = (marked("statement"), marked("table"), marked("row"), marked("what"))
BACKED_UP = marked("schema {revision} in {file}")
WHOLE = marked("{file} is whole: schema {revision}, {size} bytes")
UNKNOWN = marked("This database knows no such backup: it was made elsewhere, or after what was restored here.")
RESTORED = marked("restored; the database before is kept as {kept}")
CHECKING = marked("judging what must always hold")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (migrate, check, backup, verify, restore):
        app.command()(command)


def migrate() -> None:
    """Bring the database to the newest schema."""
    with opened() as store:
        say(SCHEMA, revision=bring_up(store))


def check() -> None:
    """Judge what must always hold on the live database; exit code 1 when something does not. Changes nothing."""
    with judged() as store, spinner() as tell:
        tell(CHECKING)
        violations = find_violations(store)
    if not violations:
        say(HOLDS)
        return
    table = Table(*(written(column) for column in COLUMNS))
    for violation in violations:
        table.add_row(str(violation.statement), violation.table, violation.id, violation.what)
    out.print(table)
    raise typer.Exit(BROKEN)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a backup that is there.")] = False,
) -> None:
    """Write the whole database to a file, complete or not at all."""
    with opened() as store, spinner() as tell:
        revision = backups.back_up(store.engine.url, file, tell, replace=force)
        if revision == newest_revision():  # an older schema has nowhere to note it
            store.run(safekeeping.write_down, seal_of(file), platform.node(), str(file.resolve()))
    say(BACKED_UP, revision=revision, file=file)


def verify(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What backup wrote.")]) -> None:
    """Read a backup to its end: is it as it was written? What was found is noted on the page of backups."""
    with opened() as store:
        sealed = seal_of(file)
        try:
            whole(file)
        except BackupUnreadableError as refusal:
            store.run(safekeeping.judge, sealed.digest, str(refusal.facts["said"]))
            raise
        known = store.run(safekeeping.judge, sealed.digest)
    say(WHOLE, file=file, revision=sealed.revision, size=sealed.size_bytes)
    if not known:
        note(UNKNOWN)


def restore(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What backup wrote.")]) -> None:
    """Put a backup in the database's place, if nobody else uses it; what was there is kept under another name."""
    with opened() as store, spinner() as tell:
        store.engine.dispose()
        kept = backups.restore(store.engine.url, file, tell)
    say(RESTORED, kept=kept)
