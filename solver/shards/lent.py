"""Pieces on somebody else's executor: threads, other processes, or a cluster of machines."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from typing import Any

from solver.errors import PieceLostError
from solver.shards.piece import POLL_S, Done, Ends, Failed, Patience, Work, attempt

Answer = Done | Failed
LOG = logging.getLogger(__name__)


class LentExecutor:
    """Gives pieces to an executor that stays its owner's; a worker that dies is for its owner to replace."""

    def __init__(self, executor: Executor, ends: Ends) -> None:
        self._executor, self._ends = executor, ends

    def map(self, work: Work, pieces: Sequence[Any]) -> list[Any]:
        """Answers in the pieces' order; after any error nothing is on its way that could be taken back."""
        begin = self._beginner(work, len(pieces))
        flying: dict[Future[Answer], int] = {}
        try:
            for number, piece in enumerate(pieces):
                flying[begin(number, piece)] = number
            answers = self._gathered(flying, work, pieces)
        except BrokenExecutor as error:  # a worker died while pieces were still given out
            raise PieceLostError(work.__name__, len(flying), len(pieces), f"was lost: {error!r}") from error
        except BaseException:
            for future in flying:
                future.cancel()
            raise
        return [self._judged(answers[number], work, number, len(pieces)) for number in range(len(pieces))]

    def _beginner(self, work: Work, pieces: int) -> Callable[[int, Any], Future[Answer]]:
        submit = self._executor.submit
        if isinstance(self._executor, ThreadPoolExecutor):
            return lambda _, piece: submit(attempt, work, piece, self._ends.halted)
        # Monotonic clocks of two machines have nothing in common; their calendars do.
        until_s = time.time() + self._ends.deadline_s - time.monotonic()
        name = f"{work.__name__}, piece %d of 0..{pieces - 1}"
        return lambda number, piece: submit(attempt_until, work, piece, until_s, name % number)

    def _gathered(self, flying: dict[Future[Answer], int], work: Work, pieces: Sequence[Any]) -> dict[int, Answer]:
        answers: dict[int, Answer] = {}
        patience, waiting = Patience(self._ends), set(flying)
        while waiting:
            done, waiting = wait(waiting, timeout=POLL_S, return_when=FIRST_COMPLETED)
            for future in done:
                answers[flying[future]] = self._outcome(future)
            if self._ends.asked():
                # Far away nobody hears of it: what can be taken back is answered here, at once.
                back = {future for future in waiting if future.cancel()}
                waiting -= back
                answers |= {flying[future]: attempt(work, pieces[flying[future]], self._ends.halted) for future in back}
            if waiting and patience.over():
                late = min(flying[future] for future in waiting)
                raise PieceLostError(work.__name__, late, len(pieces), "did not end when it was told to")
        return answers

    @staticmethod
    def _outcome(future: Future[Answer]) -> Answer:
        try:
            return future.result()
        except Exception as error:  # noqa: BLE001  # the work's own errors are answers: this one is of the executor
            return Failed(_WorkerLostError(f"{type(error).__name__}: {error}"))

    @staticmethod
    def _judged(answer: Answer, work: Work, number: int, pieces: int) -> Any:
        if isinstance(answer, Done):
            return answer.answer
        if isinstance(answer.error, _WorkerLostError | MemoryError):
            raise PieceLostError(work.__name__, number, pieces, f"was lost: {answer.error!r}") from answer.error
        raise answer.error


class _WorkerLostError(Exception):
    """The executor's word for a worker that is no more."""


def attempt_until(work: Work, piece: Any, until_s: float, name: str) -> Answer:
    """`attempt` on a machine that knows the time of day, in seconds since 1970, and whose log is read after its end."""
    LOG.info("%s begins", name)
    answer = attempt(work, piece, lambda: time.time() >= until_s)
    LOG.info("%s ends", name)
    return answer
