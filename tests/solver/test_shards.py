"""Pieces of a plan on several processes: in order, stopped together, and done although processes die."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from solver.errors import BadInputError, PieceLostError
from solver.shards import Halted, Shards, own, piece
from tests.solver.lethal import WAYS, Piece, doubled, gone


def never() -> bool:
    return False


def until_halted(piece: int, halted: Halted) -> int:
    while not halted():
        pass
    return piece


def refused(piece: int, halted: Halted) -> int:
    raise BadInputError("piece", piece, "number", "is odd")


def own_process(piece: int, halted: Halted) -> int:
    return os.getpid()


def raised(column: NDArray[np.int64], halted: Halted) -> NDArray[np.int64]:
    column += 1
    return column


def leave_at_once(*_given: object) -> None:
    os._exit(3)


def say_who_and_hang(piece: int, halted: Halted) -> None:
    os.write(1, f"{os.getpid()}\n".encode())
    until_halted(piece, halted)


@pytest.mark.parametrize("processes", [1, 2])
def test_answers_come_in_the_order_of_the_pieces(processes: int) -> None:
    with Shards(processes, time.monotonic() + 60, never) as shards:
        assert shards.map(doubled, [Piece(number) for number in range(5)]) == [0, 2, 4, 6, 8]
        assert shards.map(doubled, [Piece(7)]) == [14]
        assert shards.map(doubled, []) == []


def test_who_asks_to_stop_stops_every_process() -> None:
    with Shards(2, time.monotonic() + 250, lambda: True) as shards:
        assert shards.map(until_halted, [1, 2, 3]) == [1, 2, 3]


@pytest.mark.parametrize(("processes", "ago_s"), [(1, 0), (2, 0), (2, 1000)])
def test_the_deadline_stops_every_process_even_one_that_begins_long_after_it(processes: int, ago_s: int) -> None:
    with Shards(processes, time.monotonic() - ago_s, never) as shards:
        assert shards.map(until_halted, [1, 2]) == [1, 2]


def test_columns_arrive_as_they_were_and_can_be_written_to() -> None:
    columns = [np.arange(300_000), np.arange(6).reshape(2, 3).T, np.zeros(0, np.int64), np.arange(10)[::2]]
    with Shards(2, time.monotonic() + 60, never) as shards:
        for found, column in zip(shards.map(raised, columns), columns, strict=True):
            assert np.array_equal(found, column + 1)


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_of_the_work_is_the_callers(processes: int) -> None:
    with Shards(processes, time.monotonic() + 60, never) as shards:
        with pytest.raises(BadInputError, match="is odd") as caught:
            shards.map(refused, [1, 3])
        assert processes == 1 or "in refused" in "".join(caught.value.__notes__)
        assert shards.map(doubled, [Piece(1), Piece(2)]) == [2, 4]


@pytest.mark.parametrize("way", WAYS)
def test_a_piece_whose_worker_dies_is_done_by_another(way: str, tmp_path: Path) -> None:
    pieces = [Piece(0), Piece(1, way, tmp_path / "died"), *map(Piece, range(2, 6))]
    with Shards(2, time.monotonic() + 120, never) as shards:
        assert shards.map(doubled, pieces) == [0, 2, 4, 6, 8, 10]


@pytest.mark.parametrize(
    ("way", "said"),
    [("abort", "Aborted"), ("segfault", "Segmentation fault"), ("memory", "out of memory"), ("exit", "its exit, 0")],
)
def test_a_piece_that_kills_its_worker_twice_is_named_with_how(way: str, said: str) -> None:
    with Shards(2, time.monotonic() + 120, never) as shards:
        with pytest.raises(PieceLostError, match="killed its worker twice") as caught:
            shards.map(doubled, [Piece(0), Piece(1), Piece(2, way), Piece(3)])
        assert (caught.value.work, caught.value.piece, caught.value.pieces) == ("doubled", 2, 4)
        assert str(caught.value) == f"doubled: piece 2 of 0..3 {caught.value.reason}"
        assert said in caught.value.reason
        assert shards.map(doubled, [Piece(1), Piece(2)]) == [2, 4]


def test_a_worker_that_died_idle_is_replaced() -> None:
    with Shards(2, time.monotonic() + 120, never) as shards:
        before = set(shards.map(own_process, [0, 1, 2, 3]))
        for process in before:
            os.kill(process, 9)
            assert gone(process)
        assert not before & set(shards.map(own_process, [0, 1]))


def test_where_no_worker_even_begins_the_piece_that_waits_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_serve", leave_at_once)
    large = np.zeros(1_000_000, np.int64)  # more than a pipe holds that nobody reads
    shards = Shards(2, time.monotonic() + 120, never)
    with pytest.raises(PieceLostError, match=r"raised: piece 0 of 0\.\.1 killed its worker twice: its exit, 3"):
        shards.map(raised, [large, large])


@pytest.mark.parametrize("end", ["deadline", "asked"])
def test_a_piece_that_hangs_is_named_and_its_worker_is_gone(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    deadline_s = time.monotonic() + (0 if end == "deadline" else 200)
    with Shards(2, deadline_s, lambda: end == "asked") as shards:
        workers = shards.map(own_process, [0, 1])
        monkeypatch.setattr(piece, "GRACE_S", 0.5)
        with pytest.raises(PieceLostError, match=r"piece 1 of 0\.\.1 did not end when it was told to"):
            shards.map(doubled, [Piece(0), Piece(1, "hang")])
        assert all(gone(worker) for worker in workers)


def test_no_worker_outlives_the_program_that_started_it() -> None:
    program = (
        "import time; from solver.shards import Shards; from tests.solver.test_shards import never, say_who_and_hang;"
        "Shards(2, time.monotonic() + 250, never).map(say_who_and_hang, [1, 2])"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        parent.kill()
        assert all(gone(worker) for worker in workers)
