"""Processes of our own, a pipe to each: who dies is replaced, and the piece it had is given out once more.

Not `ProcessPoolExecutor`: one dead worker breaks all of it without a word on whose piece it was, nobody can end one
that hangs before Python 3.14, and up to 3.11.4 it waits for ever when the worker died while it was sent a large piece.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Sequence
from ctypes import c_bool
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from solver.errors import PieceLostError
from solver.shards.piece import POLL_S, Done, Ends, Failed, Patience, Work, attempt, receive, send
from solver.workers import LEAVE_S, end_with_parent, interrupts_held

MOST_DEATHS = 2
# Spawned, not forked: the caller may have threads.
_CONTEXT = get_context("spawn")


class OwnProcesses:
    """At most so many workers, started when there are pieces for them, ended by `close`."""

    def __init__(self, processes: int, ends: Ends) -> None:
        self._processes, self.ends = processes, ends
        # One byte without a lock: a worker killed while it held one would stop everybody for ever.
        self._halt = _CONTEXT.RawValue(c_bool, False)
        self._workers: list[_Worker] = []

    def map(self, work: Work, pieces: Sequence[Any]) -> list[Any]:
        """Answers in the pieces' order; after any error no worker is left."""
        try:
            return _Round(self, work, pieces).answers()
        except BaseException:
            self.close()
            raise

    def idle(self) -> list[_Worker]:
        """Workers without a piece, a new one for each that is missing."""
        while len(self._workers) < self._processes:
            self._workers.append(_Worker(self._halt, self.ends.deadline_s))
        return [worker for worker in self._workers if worker.piece is None]

    def ready(self) -> list[_Worker]:
        """Workers that have answered or died, after a moment; everybody hears of it when somebody asks to stop."""
        heard = wait([worker.connection for worker in self._workers if worker.piece is not None], timeout=POLL_S)
        if self.ends.asked():
            self._halt.value = True
        return [worker for worker in self._workers if worker.connection in heard]

    def end(self, worker: _Worker) -> str:
        """Be rid of one; what ended it."""
        self._workers.remove(worker)
        return worker.end()

    def close(self) -> None:
        """Be rid of all: who is idle goes by itself."""
        for worker in self._workers:
            if worker.piece is None:
                worker.connection.close()
        while self._workers:
            worker = self._workers.pop()
            worker.end(LEAVE_S if worker.piece is None else 0)


class _Round:
    """Pieces on their way."""

    def __init__(self, own: OwnProcesses, work: Work, pieces: Sequence[Any]) -> None:
        self._own, self._work, self._pieces = own, work, pieces
        self._todo = deque(range(len(pieces)))
        self._deaths = [0] * len(pieces)
        self._answers: dict[int, Any] = {}

    def answers(self) -> list[Any]:
        patience = Patience(self._own.ends)
        while len(self._answers) < len(self._pieces):
            self._give()
            for worker in self._own.ready():
                self._take(worker)
            if patience.over() and (late := set(range(len(self._pieces))) - set(self._answers)):
                raise self._lost(min(late), "did not end when it was told to")
        return [self._answers[number] for number in range(len(self._pieces))]

    def _give(self) -> None:
        for worker in self._own.idle():
            if not self._todo:
                return
            number = self._todo.popleft()
            if worker.give(number, (self._work, self._pieces[number])):
                continue
            if worker.proven:  # it died idle, which is no fault of this piece
                self._deaths[number] -= 1
            self._died(number, self._own.end(worker))

    def _take(self, worker: _Worker) -> None:
        assert worker.piece is not None
        number, answer = worker.piece, worker.take()
        if isinstance(answer, Done):
            self._answers[number] = answer.answer
        elif isinstance(answer, Failed) and not isinstance(answer.error, MemoryError):
            raise answer.error
        else:
            how = self._own.end(worker)
            self._died(number, how if answer is None else "out of memory")

    def _died(self, number: int, how: str) -> None:
        self._deaths[number] += 1
        if self._deaths[number] == MOST_DEATHS:
            raise self._lost(number, f"killed its worker twice: {how}")
        self._todo.appendleft(number)

    def _lost(self, number: int, reason: str) -> PieceLostError:
        return PieceLostError(self._work.__name__, number, len(self._pieces), reason)


class _Worker:
    """A process that does one piece at a time."""

    def __init__(self, halt: Any, deadline_s: float) -> None:
        self.piece: int | None = None
        self.proven = False  # has answered before
        self.connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, halt, deadline_s), daemon=True)
        with interrupts_held():
            self._process.start()
        theirs.close()

    def give(self, number: int, message: tuple[Work, Any]) -> bool:
        """Whether it lives to hear of it."""
        try:
            send(self.connection, message)
        except OSError:
            return False
        self.piece = number
        return True

    def take(self) -> Done | Failed | None:
        """Its answer; None when it died over it."""
        self.piece = None
        try:
            answer = receive(self.connection)
        except (EOFError, OSError):
            return None
        self.proven = True
        assert isinstance(answer, Done | Failed)
        return answer

    def end(self, leave_s: float = 0) -> str:
        """Kill it if it still lives after so long; what it died of."""
        self.connection.close()
        self._process.join(leave_s)
        self._process.kill()
        self._process.join()
        code = self._process.exitcode
        self._process.close()
        assert code is not None
        return f"{signal.strsignal(-code)}" if code < 0 else f"its exit, {code}"


def _serve(connection: Connection, halt: Any, deadline_s: float) -> None:
    end_with_parent()
    ends = Ends(deadline_s, lambda: bool(halt.value))
    while True:
        try:
            work, piece = receive(connection)
        except (EOFError, OSError):
            return
        send(connection, attempt(work, piece, ends.halted))
