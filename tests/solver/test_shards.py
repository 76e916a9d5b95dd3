"""Pieces of a plan on several processes: in order, stopped together."""

from __future__ import annotations

import time

import pytest

from solver.shards import Halted, Shards


def never() -> bool:
    return False


def doubled(piece: int, halted: Halted) -> int:
    return 0 if halted() else 2 * piece


def until_halted(piece: int, halted: Halted) -> int:
    while not halted():
        pass
    return piece


@pytest.mark.parametrize("processes", [1, 2])
def test_answers_come_in_the_order_of_the_pieces(processes: int) -> None:
    with Shards(processes, time.monotonic() + 60, never) as shards:
        assert shards.map(doubled, range(5)) == [0, 2, 4, 6, 8]
        assert shards.map(doubled, [7]) == [14]


def test_who_asks_to_stop_stops_every_process() -> None:
    with Shards(2, time.monotonic() + 250, lambda: True) as shards:
        assert shards.map(until_halted, [1, 2]) == [1, 2]


@pytest.mark.parametrize("processes", [1, 2])
def test_the_deadline_stops_every_process(processes: int) -> None:
    with Shards(processes, time.monotonic(), never) as shards:
        assert shards.map(until_halted, [1, 2]) == [1, 2]
