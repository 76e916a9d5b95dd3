"""One contender's run in a process of its own: wall time, processor time and resident memory of all it started."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import psutil

LOOK_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run took, and what it printed."""

    wall_s: float
    cpu_s: float
    peak_mb: int
    said: str


class ContenderFailedError(Exception):
    """A contender ended with an error: no figure of this run counts."""

    def __init__(self, command: Sequence[str], error: str) -> None:
        super().__init__(f"{' '.join(command)}\n{error}")


def run_measured(command: Sequence[str], limit_s: float = 900) -> Ran:
    """Run to the end; a run that fails, or lasts longer than the limit, is an error and never a figure.

    Raises
    ------
    ContenderFailedError
        The command's answer was not 0.
    subprocess.TimeoutExpired
        It ran longer than `limit_s`.
    """
    before, began = os.times(), time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        with Watch(child.pid) as watch:
            try:
                said, error = child.communicate(timeout=limit_s)
            except subprocess.TimeoutExpired:
                child.kill()
                raise
        wall_s = time.monotonic() - began
    if child.returncode:
        raise ContenderFailedError(command, error[-2000:])
    # The children's times hold whatever they waited for in their turn.
    after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Ran(wall_s, cpu_s, watch.peak_bytes >> 20, said)


class Watch:
    """Looks at the resident memory of a process and all below it until told to stop."""

    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look_now_and_then, name="memory", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look_now_and_then(self) -> None:
        while True:
            self.peak_bytes = max(self.peak_bytes, _resident(self._process))
            if self._stop.wait(LOOK_S):
                return


def _resident(process: psutil.Process) -> int:
    """Shared pages count once for each process that maps them: the figure errs on the high side."""
    total = 0
    try:
        for member in (process, *process.children(recursive=True)):
            try:
                total += member.memory_info().rss
            except psutil.NoSuchProcess:
                continue
    except psutil.NoSuchProcess:
        return total
    return total
