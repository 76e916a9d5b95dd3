"""Transactions: the only place that opens one. Handlers, pages, CLI and scheduler all call commands through it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from psycopg.errors import (
    AdminShutdown,
    CannotConnectNow,
    CrashShutdown,
    DeadlockDetected,
    PipelineAborted,
    SerializationFailure,
)
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from farmlink.kernel.errors import RefusedError
from farmlink.store.bell import Bell
from farmlink.store.idempotency import run_once
from farmlink.store.pipeline import leave
from farmlink.store.transaction import Transaction

P = ParamSpec("P")
T = TypeVar("T")
ATTEMPTS = 10
LONGEST_PAUSE_S = 0.5
LOST_RACES = (SerializationFailure, DeadlockDetected)
SERVER_ENDED = (AdminShutdown, CrashShutdown, CannotConnectNow)


class OutcomeUnknownError(Exception):
    """The connection broke while committing: look whether it happened, or repeat under an idempotency key."""


class Store:
    """An open database on behalf of one actor."""

    def __init__(self, engine: Engine, actor: str = "system", bell: Bell | None = None) -> None:
        self.engine = engine
        self.actor = actor
        self.bell = bell or Bell(engine)

    def by(self, actor: str | UUID) -> Store:
        """Act on behalf of a person or a process from here on."""
        return Store(self.engine, str(actor), self.bell)

    def run(self, command: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a command in one transaction and commit; a lost race or server is tried again, a refusal rolls back."""
        return _persist(lambda: self._attempt(command, *args, **kwargs))

    def read(self, query: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer a query in a read-only transaction of one snapshot."""
        return _persist(lambda: self._look(query, *args, **kwargs))

    def glance(self, query: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer a query of a single statement: that is a snapshot by itself, and needs no transaction around it."""
        return _persist(lambda: self._glance(query, *args, **kwargs))

    def once(
        self, key: UUID, command: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a command under an idempotency key: repeated, it answers the first outcome or refusal again."""
        try:
            answer = self.run(run_once, key, command, args, kwargs)
        except OutcomeUnknownError:  # the key makes it safe to ask again
            answer = self.run(run_once, key, command, args, kwargs)
        if isinstance(answer, RefusedError):
            raise answer
        return answer

    def _attempt(self, command: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with Session(self.engine, expire_on_commit=False) as session:
            tx = Transaction(session, self.actor)
            answer = command(tx, *args, **kwargs)
            session.flush()
            try:
                leave(tx)
                session.commit()
            except DBAPIError as error:
                if _server_lost(error):
                    raise OutcomeUnknownError from error
                raise
        if tx.announced:
            self.bell.ring()
        return answer

    def _look(self, query: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with (
            self.engine.connect().execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            ) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            return query(Transaction(session, self.actor), *args, **kwargs)

    def _glance(self, query: Callable[Concatenate[Transaction, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with (
            self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
            Session(connection) as session,
        ):
            return query(Transaction(session, self.actor), *args, **kwargs)


def _persist(attempt: Callable[[], T]) -> T:
    for tried in range(1, ATTEMPTS):
        try:
            return attempt()
        except DBAPIError as error:
            if not isinstance(error.orig, LOST_RACES) and not _server_lost(error):
                raise
        pause = min(LONGEST_PAUSE_S, 0.005 * 2**tried)
        time.sleep(random.uniform(pause / 2, pause))  # noqa: S311  # rivals must not meet again, nobody guards a secret
    return attempt()


def _server_lost(error: DBAPIError) -> bool:
    if error.connection_invalidated or isinstance(error.orig, SERVER_ENDED):
        return True
    # Without a state the server said nothing: the connection was refused or cut.
    silent = isinstance(error.orig, psycopg.OperationalError) and error.orig.sqlstate is None
    return silent and not isinstance(error.orig, PipelineAborted)
