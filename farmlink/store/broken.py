"""What went wrong, as logs, the diary of the jobs and the operator's pages tell it."""

from __future__ import annotations

from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError

LONGEST: Final = 500


def what_broke(error: BaseException) -> str:
    """Name an error without what a statement carried or the database quotes of it: that may be somebody's."""
    if isinstance(error, BaseExceptionGroup):
        return f"{error.message}: {what_broke(error.exceptions[0])}"[:LONGEST]
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    if isinstance(error, psycopg.Error) and error.sqlstate is not None:
        # Where a row breaks a rule, the first line names the table and the rule, and the next ones quote the row.
        rule = error.diag.message_primary if isinstance(error, psycopg.IntegrityError) else None
        return f"{type(error).__name__} {error.sqlstate}{f': {rule}' if rule else ''}"[:LONGEST]
    return f"{type(error).__name__}: {error}"[:LONGEST]
