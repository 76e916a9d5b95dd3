"""One piece of work: when it must end, what becomes of it, and how it travels."""

from __future__ import annotations

import pickle
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

Halted = Callable[[], bool]
"""Whether the work must end now with what it has."""
Work = Callable[[Any, Halted], Any]

POLL_S = 0.1
GRACE_S = 30.0
"""Who was told to stop and has not answered after this has hung: PyVRP looks up every few seconds at 10,000 visits."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Two ends of all work: a deadline on the monotonic clock, and somebody who asks to stop."""

    deadline_s: float
    asked: Halted

    def halted(self) -> bool:
        """Stop now: asked, or the wall deadline has passed."""
        return self.asked() or time.monotonic() >= self.deadline_s


class Patience:
    """How long to wait for answers: a grace after they were due, from now at the earliest."""

    def __init__(self, ends: Ends) -> None:
        self._ends, self._until_s = ends, max(ends.deadline_s, time.monotonic()) + GRACE_S

    def over(self) -> bool:
        """Whoever has not answered by now never will."""
        now_s = time.monotonic()
        if self._ends.asked():
            self._until_s = min(self._until_s, now_s + GRACE_S)
        return now_s >= self._until_s


@dataclass(frozen=True, slots=True)
class Done:
    """What the work answered."""

    answer: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """What the work raised, with where it did as a note."""

    error: Exception


def attempt(work: Work, piece: Any, halted: Halted) -> Done | Failed:
    """Do it; an error of the work is an answer too, so that every other error is of whatever ran the work."""
    try:
        return Done(work(piece, halted))
    except Exception as error:  # noqa: BLE001  # it is raised again where the answers are awaited
        error.add_note(traceback.format_exc())
        return Failed(error)


def send(connection: Connection, message: object) -> None:
    """Columns go as they lie in memory, beside the pickle and not in it (PEP 574)."""
    columns: list[pickle.PickleBuffer] = []
    head = pickle.dumps(message, protocol=5, buffer_callback=columns.append)
    connection.send((head, len(columns)))
    for column in columns:
        connection.send_bytes(column.raw())


def receive(connection: Connection) -> Any:
    """What `send` sent; its columns can be written to.

    Raises
    ------
    EOFError, OSError
        The other side is gone.
    """
    head, columns = connection.recv()
    return pickle.loads(head, buffers=[bytearray(connection.recv_bytes()) for _ in range(columns)])  # noqa: S301  # from our own child or parent
