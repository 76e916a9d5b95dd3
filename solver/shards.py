"""Independent pieces of one plan, on as many processes as are given, stopped together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Any, Self, TypeVar

Halted = Callable[[], bool]
"""Whether the work must end now with what it has."""
P = TypeVar("P")
R = TypeVar("R")

POLL_S = 0.1
_halt: Event | None = None


class Shards:
    """Runs one function over many pieces; the answers come in the pieces' order, whatever ran where."""

    def __init__(self, processes: int, deadline_s: float, asked: Halted) -> None:
        self.deadline_s, self._asked = deadline_s, asked
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._event: Event | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._pool is not None:
            assert self._event is not None
            self._event.set()
            self._pool.shutdown(cancel_futures=True)

    def cancelled(self) -> bool:
        """Somebody asked to stop."""
        return self._asked()

    def halted(self) -> bool:
        """Stop now: asked, or the wall deadline has passed."""
        return self._asked() or time.monotonic() >= self.deadline_s

    def map(self, work: Callable[[P, Halted], R], pieces: Sequence[P]) -> list[R]:
        """`work(piece, halted)` for each piece; `work` must be a module's own function."""
        if self._processes < 2 or len(pieces) < 2:
            return [work(piece, self.halted) for piece in pieces]
        pool = self._pool or self._open()
        futures: list[Future[R]] = [pool.submit(_run, work, piece, self.deadline_s) for piece in pieces]
        waiting = set(futures)
        while waiting:
            _, waiting = wait(waiting, timeout=POLL_S, return_when=FIRST_EXCEPTION)
            if self._asked():
                assert self._event is not None
                self._event.set()
        return [future.result() for future in futures]

    def _open(self) -> ProcessPoolExecutor:
        # Spawned, not forked: the caller may have threads.
        context = get_context("spawn")
        self._event = context.Event()
        self._pool = ProcessPoolExecutor(self._processes, context, initializer=_begin, initargs=(self._event,))
        return self._pool


def _begin(halt: Event) -> None:
    global _halt  # noqa: PLW0603  # one event a worker process, handed over when it starts
    _halt = halt


def _run(work: Callable[[Any, Halted], R], piece: Any, deadline_s: float) -> R:
    def halted() -> bool:
        return time.monotonic() >= deadline_s or (_halt is not None and _halt.is_set())

    return work(piece, halted)
