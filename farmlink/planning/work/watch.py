"""Watching a child process: its progress, its memory, its deadline, and a person's wish to cancel it."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final

import psutil

from farmlink.planning.values import Budget, Progress

LOOK_S: Final = 0.2
TELL_S: Final = 1.0
GRACE_S: Final = 10.0
LONGEST_ERROR: Final = 4000
MEGABYTE: Final = 1 << 20
Lines = queue.SimpleQueue[bytes]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: `done`, `cancelled`, `deadline`, `memory` or `crashed`, and its most resident memory."""

    how: str
    error: str
    peak_memory_mb: int


def run_child(
    command: Sequence[str], problem: bytes, budget: Budget, out: Path, tell: Callable[[Progress], bool]
) -> Ended:
    """Run a solve in a process group of its own until it ends or must end; `tell` answers whether to go on."""
    settings: dict[str, int] = {"parent": os.getpid(), "seed": budget.seed, "deadline_s": budget.deadline_s}
    for name in ("iterations", "rounds"):
        if (told := getattr(budget, name)) is not None:
            settings[name] = told
    with out.with_suffix(".log").open("w+b") as log:
        child = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [*command, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True
        )
        try:
            lines = _start(child, json.dumps(settings).encode() + b"\n" + problem)
            how, peak = _watch(child, lines, budget, tell)
        finally:
            _end(child)
        log.seek(0)
        error = log.read()[-LONGEST_ERROR:].decode(errors="replace").strip()
    return Ended(how, error, peak)


def _start(child: subprocess.Popen[bytes], content: bytes) -> Lines:
    """Feed the child and collect its lines in threads, so that neither pipe can block the watch."""
    lines: Lines = queue.SimpleQueue()
    assert child.stdin is not None, "a pipe was asked for"
    assert child.stdout is not None, "a pipe was asked for"
    threading.Thread(target=_feed, args=(child.stdin, content), daemon=True).start()
    threading.Thread(target=_collect, args=(child.stdout, lines), daemon=True).start()
    return lines


def _feed(pipe: IO[bytes], content: bytes) -> None:
    with suppress(BrokenPipeError), pipe:  # the child died first; the watch sees that
        pipe.write(content)


def _collect(pipe: IO[bytes], lines: Lines) -> None:
    with pipe:
        for line in pipe:
            lines.put(line)


def _watch(
    child: subprocess.Popen[bytes], lines: Lines, budget: Budget, tell: Callable[[Progress], bool]
) -> tuple[str, int]:
    started = told = time.monotonic()
    progress, peak, how, stop_at = Progress("starting"), 0, "done", None
    while child.poll() is None:
        said = _read(lines, progress)
        resident = resident_mb(child.pid)
        peak = max(peak, resident)
        now = time.monotonic()
        go_on = True
        if said != progress or now > told + TELL_S:
            progress, told = said, now
            go_on = tell(replace(progress, elapsed_s=int(now - started), memory_mb=resident))
        if stop_at is None:
            how = must_end(budget, go_on=go_on, elapsed_s=now - started, resident=resident)
            if how != "done":
                stop_at = now + GRACE_S
                child.send_signal(signal.SIGKILL if how == "memory" else signal.SIGTERM)
        elif now > stop_at:
            break
    return "crashed" if how == "done" and child.returncode else how, peak


def must_end(budget: Budget, *, go_on: bool, elapsed_s: float, resident: int) -> str:
    """Why a child has to end now; `done` when it may go on until it is."""
    if not go_on:
        return "cancelled"
    if resident > budget.memory_mb:
        return "memory"
    return "deadline" if elapsed_s > budget.deadline_s else "done"


def _read(lines: Lines, before: Progress) -> Progress:
    """Wait a moment for lines and take the newest; one that is no progress (a library's chatter) changes nothing."""
    said = before
    with suppress(queue.Empty):
        line = lines.get(timeout=LOOK_S)
        while True:
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                said = Progress(told["stage"], told["best_minor"], told["bound_minor"])
            line = lines.get_nowait()
    return said


def resident_mb(pid: int) -> int:
    """Resident memory of a process and all that it started, in megabytes."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                total += process.memory_info().rss
    return total // MEGABYTE


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the whole process group: a solver's own workers must not outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
