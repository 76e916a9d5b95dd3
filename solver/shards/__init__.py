"""Independent pieces of one plan, on as many processes as are given or on the caller's executor, stopped together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, Self, TypeVar

from solver.shards.lent import LentExecutor
from solver.shards.own import OwnProcesses
from solver.shards.piece import Ends, Halted

__all__ = ["Halted", "Shards"]

P = TypeVar("P")
R = TypeVar("R")


class Shards:
    """Runs one function over many pieces; the answers come in the pieces' order, whatever ran where.

    Parameters
    ----------
    processes
        Workers on this machine; with fewer than two, or for a single piece, the work is done here.
    deadline_s
        On the monotonic clock, in seconds; it travels with every piece.
    asked
        Whether somebody wants to stop; a piece hears of it in our own workers and in threads, elsewhere it works on to
        its deadline, unheard.
    executor
        Any of `concurrent.futures` that is to run the pieces instead: threads, or the machines of a Dask cluster
        (`distributed.Client.get_executor()`). It stays its owner's, and is never shut down here.
    """

    def __init__(self, processes: int, deadline_s: float, asked: Halted, executor: Executor | None = None) -> None:
        self._ends = Ends(deadline_s, asked)
        self._processes = processes
        self._lent = None if executor is None else LentExecutor(executor, self._ends)
        self._own = OwnProcesses(processes, self._ends)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._own.close()

    def here(self) -> Shards:
        """With the same ends, for work that is done sooner than a process starts: all of it in this one."""
        return Shards(1, self._ends.deadline_s, self._ends.asked)

    def cancelled(self) -> bool:
        """Somebody asked to stop."""
        return self._ends.asked()

    def left_s(self) -> float:
        """Wall seconds until the deadline; none when somebody asked to stop."""
        return 0.0 if self.halted() else max(self._ends.deadline_s - time.monotonic(), 0.0)

    def halted(self) -> bool:
        """Stop now: asked, or the wall deadline has passed."""
        return self._ends.halted()

    def map(self, work: Callable[[P, Halted], R], pieces: Sequence[P]) -> list[R]:
        """`work(piece, halted)` for each piece; `work` must be a module's own function and answer alike every time.

        A worker that dies (killed, aborted, out of memory) is replaced and its piece given out once more.

        Raises
        ------
        PieceLostError
            A piece killed its worker twice, or did not end long after it was told to.
        """
        answers: list[Any]
        if self._lent is not None:
            answers = self._lent.map(work, pieces)
        elif self._processes < 2 or len(pieces) < 2:
            answers = [work(piece, self.halted) for piece in pieces]
        else:
            answers = self._own.map(work, pieces)
        return answers
