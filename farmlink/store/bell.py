"""The bell: what is announced wakes the relay once its transaction is committed."""

from __future__ import annotations

import threading
from contextlib import closing, suppress

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

NAME = "farmlink_outbox"
RING = f"BEGIN; SET LOCAL synchronous_commit = off; NOTIFY {NAME}; COMMIT"
"""One message, and nothing that a power cut could lose: a relay that was not woken looks by itself."""


class Bell:
    """Rings after commits: inside one, NOTIFY would let one transaction commit at a time.

    Whoever comes while somebody waits to ring is served by that ring: a rush of orders wakes the relay a few times.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting = threading.Lock()
        self._ringing = threading.Lock()

    def ring(self) -> None:
        """Wake the relay, or leave it to somebody who will do so after now."""
        if not self._waiting.acquire(blocking=False):
            return
        with self._ringing:
            self._waiting.release()
            with suppress(DBAPIError, psycopg.Error), closing(self._engine.raw_connection()) as pooled:
                connection = pooled.driver_connection
                assert isinstance(connection, psycopg.Connection)
                connection.autocommit = True
                try:
                    connection.execute(RING, prepare=False)
                finally:
                    connection.autocommit = False
