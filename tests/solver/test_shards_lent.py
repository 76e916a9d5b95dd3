"""Pieces of a plan on the caller's executor: the same answers, and errors with a name."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from threading import Event
from typing import Any

import pytest

import solver
from solver.codec import solution_to_bytes
from solver.errors import BadInputError, PieceLostError
from solver.shards import Halted, Shards, piece
from solver.shards.lent import attempt_until
from solver.shards.piece import Done
from tests.solver.lethal import Piece, doubled
from tests.solver.regions import made_region
from tests.solver.test_shards import never, refused, until_halted

QUICK = solver.Params(iterations=20, rounds=1)
PIECES = [Piece(number) for number in range(5)]


class Elsewhere(Executor):
    """Takes pieces and begins none: a cluster whose workers are all busy."""

    def submit(self, *_call: Any, **_named: Any) -> Future[Any]:
        return Future()


class Taken(Future[Any]):
    """An answer that says when it was taken."""

    def __init__(self, heard: Callable[[], None]) -> None:
        super().__init__()
        self._heard = heard

    def result(self, timeout: float | None = None) -> Any:
        answer = super().result(timeout)
        self._heard()
        return answer


class BackToFront(Executor):
    """Answers the last of so many pieces first, and every other when the answer of the one behind it was taken."""

    def __init__(self, pieces: int) -> None:
        self._pieces, self._waiting = pieces, list[tuple[Taken, Callable[[], Any]]]()

    def submit(self, call: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        future = Taken(self._answer_one)
        self._waiting.append((future, partial(call, *args, **named)))
        if len(self._waiting) == self._pieces:
            self._answer_one()
        return future

    def _answer_one(self) -> None:
        if self._waiting:
            future, call = self._waiting.pop()
            future.set_result(call())


def processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(2, get_context("spawn"))


@pytest.mark.parametrize("lent", [processes, lambda: ThreadPoolExecutor(2)], ids=["processes", "threads"])
def test_any_executor_answers_in_the_order_of_the_pieces_and_stays_its_owners(lent: Callable[[], Executor]) -> None:
    with lent() as executor:
        with Shards(1, time.monotonic() + 60, never, executor) as shards:
            assert shards.map(doubled, PIECES) == [0, 2, 4, 6, 8]
            with pytest.raises(BadInputError, match="is odd"):
                shards.map(refused, [1, 3])
        assert executor.submit(int, "3").result() == 3


@pytest.mark.parametrize("lent", [processes, lambda: ThreadPoolExecutor(2)], ids=["processes", "threads"])
def test_the_deadline_travels_to_any_executor(lent: Callable[[], Executor]) -> None:
    with lent() as executor, Shards(1, time.monotonic() + 1, never, executor) as shards:
        assert shards.map(until_halted, [1, 2, 3]) == [1, 2, 3]


def test_a_slow_piece_answers_in_its_place() -> None:
    with Shards(1, time.monotonic() + 120, never, BackToFront(3)) as shards:
        assert shards.map(doubled, PIECES[:3]) == [0, 2, 4]


@pytest.mark.parametrize(("left_s", "ended"), [(-1, True), (600, False)])
def test_a_piece_far_away_ends_at_its_deadline(left_s: int, *, ended: bool) -> None:
    assert attempt_until(lambda _, halted: halted(), 0, time.time() + left_s, "piece") == Done(ended)


def test_threads_hear_at_once_who_asks_to_stop() -> None:
    with ThreadPoolExecutor(2) as executor, Shards(1, time.monotonic() + 250, lambda: True, executor) as shards:
        assert shards.map(until_halted, [1, 2, 3]) == [1, 2, 3]


def test_pieces_that_nobody_has_begun_are_answered_here_when_somebody_asks_to_stop() -> None:
    with Shards(1, time.monotonic() + 250, lambda: True, Elsewhere()) as shards:
        assert shards.map(until_halted, [1, 2, 3]) == [1, 2, 3]


def test_an_executor_whose_worker_dies_is_an_error_that_names_a_piece() -> None:
    with processes() as executor:
        shards = Shards(1, time.monotonic() + 60, never, executor)
        with pytest.raises(PieceLostError, match=r"of 0\.\.1 was lost: .*BrokenProcessPool"):
            shards.map(doubled, [Piece(0), Piece(1, "abort")])


def test_an_executor_that_is_broken_already_is_an_error_that_names_the_first_piece() -> None:
    with processes() as executor:
        executor.submit(os.abort).exception()
        with pytest.raises(PieceLostError, match=r"piece 0 of 0\.\.1 was lost: BrokenProcessPool"):
            Shards(1, time.monotonic() + 60, never, executor).map(doubled, [Piece(0), Piece(1)])


def test_a_piece_that_hangs_on_an_executor_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piece, "GRACE_S", 0.5)
    free = Event()

    def deaf(number: int, halted: Halted) -> int:
        free.wait()
        return number

    with ThreadPoolExecutor(2) as executor:
        shards = Shards(1, time.monotonic(), never, executor)
        with pytest.raises(PieceLostError, match=r"deaf: piece 0 of 0\.\.0 did not end when it was told to"):
            shards.map(deaf, [1])
        free.set()


def test_a_plan_is_the_same_to_the_byte_on_our_own_processes_and_on_lent_threads() -> None:
    problem = made_region(47, farms=12, points=8, hubs=3)
    with ThreadPoolExecutor(2) as executor:
        plans = [solver.solve(problem, QUICK), solver.solve(problem, QUICK, executor=executor)]
    assert solution_to_bytes(problem, plans[0]) == solution_to_bytes(problem, plans[1])
