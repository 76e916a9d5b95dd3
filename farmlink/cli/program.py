"""The program: its commands, and what it says when one of them is refused or fails."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from typing import Final

import psycopg
import typer
from psycopg.errors import InsufficientPrivilege
from sqlalchemy.exc import DBAPIError

from farmlink.cli import demo, imports, keeping, outbox, people, planning, reconciling, running, season
from farmlink.cli.screen import complain, language, written
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked, render_refusal
from farmlink.planning.work.holding import NoPlanError
from farmlink.store.backup import BackupFailedError
from farmlink.store.embedded import EmbeddedServerError
from farmlink.store.engine import DatabaseUnreachableError
from farmlink.store.store import OutcomeUnknownError

FAILED: Final = 1
BAD_INPUT: Final = 2
FAILURES: Final = (BackupFailedError, DatabaseUnreachableError)
"""Refusals that no other input would mend."""
MACHINE: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.EFBIG}
)
"""What a machine runs out of or forbids; any other error of the system is our own mistake."""

SERVER_FAILED = marked("PostgreSQL did not start: {said}")
DATABASE_FAILED = marked("The database did not do it: {said}. What was not finished is not written.")
UNKNOWN_OUTCOME = marked("The connection broke at the very end. Look whether it is done before you do it again.")
NO_PLAN = marked("No plan could be made: {said}")
MACHINE_FAILED = marked("{file}: {said}")

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Many small farms sell as one.",
    epilog="Exit codes: 0 done; 1 failed, check or reconcile found something wrong, or an import left rows out; "
    "2 refused: bad input, or not possible as things stand. What a command answers is on standard output, all else on "
    "standard error.",
)
for family in (people, keeping, reconciling, running, planning, demo, season):
    family.add_to(app)
app.add_typer(imports.app, name="import")
app.add_typer(outbox.app, name="outbox")


def main() -> None:
    """Run the command line; what an operator can mend is one line on standard error, never a traceback."""
    try:
        app()
    except Exception as error:
        said = list(_explained(error))
        if not said:
            raise
        for line in said:
            complain(line)
        refused = isinstance(error, RefusedError) and not isinstance(error, FAILURES)
        sys.exit(BAD_INPUT if refused else FAILED)


def _explained(error: BaseException) -> Iterator[str]:
    """Say what a person can mend; nothing for a mistake of ours, whose traceback somebody has to read."""
    if isinstance(error, RefusedError):
        yield render_refusal(error, language())
    elif isinstance(error, EmbeddedServerError):
        yield written(SERVER_FAILED, said=str(error))
    elif isinstance(error, NoPlanError):
        yield written(NO_PLAN, said=str(error))
    elif isinstance(error, OutcomeUnknownError):
        yield written(UNKNOWN_OUTCOME)
    elif isinstance(error, OSError) and error.errno in MACHINE:
        yield written(MACHINE_FAILED, file=error.filename or "farmlink", said=error.strerror)
    elif isinstance(error, ExceptionGroup):
        parts = [list(_explained(part)) for part in error.exceptions]
        if all(parts):
            yield from (line for part in parts for line in part)
    else:
        yield from _database(error.orig if isinstance(error, DBAPIError) else error)


def _database(error: BaseException | None) -> Iterator[str]:
    """Say what the server said when it is not there, full, busy or forbids it."""
    if isinstance(error, (psycopg.OperationalError, InsufficientPrivilege)):
        yield written(DATABASE_FAILED, said=" ".join(str(error).split()).rstrip("."))
