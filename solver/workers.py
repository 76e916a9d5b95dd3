"""Child processes that report while they work, and are gone when the deadline is."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread
from typing import Any

Send = Callable[[Any], None]
Work = Callable[..., None]
LOOK_UP_S = 0.1
LEAVE_S = 5.0
"""Who has said all and is still there after this hangs on its way out."""


def never() -> bool:
    """The stop that nobody presses."""
    return False


@dataclass(frozen=True)
class Task:
    """`work(send, *arguments)`; both must pickle."""

    work: Work
    arguments: tuple[Any, ...]


def race(
    tasks: Sequence[Task],
    receive: Callable[[Any], bool],
    *,
    deadline_s: float,
    stop: Callable[[], bool] = never,
) -> None:
    """Run every task in a process of its own and pass on what it sends.

    Ends when all tasks have, when `receive` returns True (enough), when `stop()` does, or when the monotonic clock
    passes `deadline_s`; whatever still runs is killed then, so that no process outlives the call.
    """
    children: dict[Connection, SpawnProcess] = {}
    try:
        for task in tasks:
            connection, child = _start(task)
            children[connection] = child
        while children and not stop() and (left_s := deadline_s - time.monotonic()) > 0:
            for ready in wait(list(children), timeout=min(left_s, LOOK_UP_S)):
                assert isinstance(ready, Connection)
                try:
                    message = ready.recv()
                except (EOFError, OSError):
                    _end(ready, children.pop(ready))
                    continue
                if receive(message):
                    return
    finally:
        for connection, child in children.items():
            child.kill()
            _end(connection, child)


def _start(task: Task) -> tuple[Connection, SpawnProcess]:
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(theirs, task), daemon=True)
    with interrupts_held():
        child.start()
    theirs.close()
    return ours, child


def _end(connection: Connection, child: SpawnProcess) -> None:
    connection.close()
    child.join(LEAVE_S)
    child.kill()
    child.join()
    child.close()


@contextmanager
def interrupts_held() -> Iterator[None]:
    """A child inherits the held Ctrl-C for good: the parent hears it and decides, the child is killed by the parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """Whoever started this process and is gone takes no answer any more: it ends too."""
    parent = parent_process()
    assert parent is not None, "started by another process"
    Thread(target=when_gone, args=(parent.sentinel, partial(os._exit, 1)), daemon=True).start()


def when_gone(sentinel: int, then: Callable[[], Any]) -> None:
    """Wait for a process to end, and then do this."""
    wait([sentinel])
    then()


def _run(connection: Connection, task: Task) -> None:
    end_with_parent()
    task.work(connection.send, *task.arguments)
    connection.close()
