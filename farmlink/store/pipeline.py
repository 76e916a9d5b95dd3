"""Pipelines: several statements go to the database together, in the open transaction, and are answered together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, cast, literal
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from farmlink.store.transaction import Transaction

Rows = psycopg.Cursor[tuple[Any, ...]]


class Pipe:
    """Sends statements without waiting; a cursor waits when its rows are fetched. Writes go last, as one."""

    def __init__(self, tx: Transaction, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self.tx = tx
        self._connection = connection
        self._writes: list[tuple[str, Sequence[object]]] = []

    def send(self, statement: str, parameters: Sequence[object] = ()) -> Rows:
        """Send one statement with positional parameters (`%s`)."""
        return self._connection.execute(statement.encode(), parameters)

    def write(self, statement: str, parameters: Sequence[object]) -> None:
        """Have an INSERT or UPDATE done at the end; writes of one pipeline do not see each other."""
        self._writes.append((statement, parameters))

    def finish(self) -> None:
        """Send all writes as one statement: its parts cost a fraction of as many statements."""
        if self._writes:
            parts = ", ".join(f"part_{number} AS ({statement})" for number, (statement, _) in enumerate(self._writes))
            self.send(f"WITH {parts} SELECT", [value for _, values in self._writes for value in values])


@contextmanager
def pipeline(tx: Transaction) -> Iterator[Pipe]:
    """Open a pipeline in the transaction; its errors are those of any other statement, so that lost races run again."""
    tx.session.flush()
    with _travelling(tx) as connection:
        pipe = Pipe(tx, connection)
        yield pipe
        pipe.finish()


@contextmanager
def parting(tx: Transaction) -> Iterator[Pipe]:
    """Collect writes that travel with the COMMIT: rows that many wait for are held one journey less."""
    pipe = Pipe(tx, _connection(tx))
    yield pipe
    tx.parting.append(pipe.finish)


def leave(tx: Transaction) -> None:
    """Send what is left to write together with the COMMIT, which answers for both."""
    if tx.parting:
        with _travelling(tx) as connection:
            for write in tx.parting:
                write()
            connection.execute(b"COMMIT", prepare=False)


def _connection(tx: Transaction) -> psycopg.Connection[tuple[Any, ...]]:
    connection = tx.session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection


@contextmanager
def _travelling(tx: Transaction) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    connection = _connection(tx)
    try:
        with connection.pipeline():
            yield connection
    except psycopg.Error as error:
        if connection.broken:  # said now, or the roll-back fails on it in place of this error
            tx.session.connection().invalidate(error)
        raise DBAPIError.instance("pipeline", None, error, psycopg.Error) from error


def uuids(ids: Iterable[UUID | None]) -> str:
    """Write an array literal for `%s::uuid[]`; the driver's own list dumper costs more than the rest of an order."""
    return "{" + ",".join(["NULL" if key is None else key.hex for key in ids]) + "}"


def among(column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Rows of these ids, however many: one parameter, where IN takes one each and no more than 65,535 of them."""
    # Untyped, the parameter is an array from the start; one that is cast from text is read anew for every row.
    one_of: ColumnElement[bool] = column == any_(cast(literal(uuids(ids), NullType()), ARRAY(Uuid)))
    return one_of


def wholes(numbers: Iterable[int | None]) -> str:
    """Write an array literal for `%s::bigint[]`; `%d` lets nothing but a whole number in."""
    return "{" + ",".join(["NULL" if number is None else f"{number:d}" for number in numbers]) + "}"


def texts(strings: Iterable[str | None]) -> str:
    """Write an array literal for `%s::text[]` or `%s::jsonb[]`, quoted so that no text can become two elements."""
    return "{" + ",".join(["NULL" if text is None else _quoted(text) for text in strings]) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
