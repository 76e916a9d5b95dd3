"""Work that goes wrong in every way a process can, and the processes it leaves."""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import threading
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path

import numpy as np

from solver.routing.improve import Effort, best_trips
from solver.routing.timing import Timed
from solver.shards import Halted
from solver.workers import Send

WAYS = ("abort", "segfault", "killed", "memory", "exit")
"""Ends that a process does not survive."""
MOST_BYTES = 8 << 30


@dataclass(frozen=True)
class Piece:
    """Is doubled; before that it goes wrong in this way, once where it leaves a mark that it did."""

    number: int
    way: str = ""
    mark: Path | None = None


def doubled(piece: Piece, halted: Halted) -> int:
    first = piece.mark is None or not piece.mark.exists()
    if piece.mark is not None:
        piece.mark.touch()
    if first:
        go_wrong(piece.way)
    return 0 if halted() else 2 * piece.number


def race_on(send: Send, way: str) -> None:
    """A racer that goes wrong after its first word."""
    send(os.getpid())
    go_wrong(way)


def search_badly(effort: Effort, halted: Halted, way: str, mark: Path) -> list[Timed]:
    """First trips as ever; a search for better ones leaves a mark and goes wrong, though not in the test's process."""
    if effort.iterations and parent_process() is not None:
        mark.touch()
        go_wrong(way)
    return best_trips(effort, halted)


def never_begin(effort: Effort, halted: Halted) -> list[Timed]:
    """Not even first trips."""
    if parent_process() is not None:
        os.abort()
    return best_trips(effort, halted)


def go_wrong(way: str) -> None:
    if way == "abort":
        os.abort()
    elif way == "segfault":
        ctypes.string_at(0)
    elif way == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif way == "exit":
        os._exit(0)
    elif way == "hang":
        ctypes.PyDLL(None).pause()  # with Python's own lock held: no thread of the process can do anything about it
    elif way == "memory":
        hoard()
    elif way == "stay":
        threading.Thread(target=threading.Event().wait).start()  # keeps the process from ending


def hoard() -> None:
    """Ask for all the memory that this process may have; none of it is touched, so nobody else goes short."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    hoarded = []
    while True:
        hoarded.append(np.empty(1 << 28, np.int8))


def gone(process: int) -> bool:
    """Wait for it to end; it need not be a child."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    ended, _, _ = select.select([watched], [], [], 60)
    os.close(watched)
    return bool(ended)
