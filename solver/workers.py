"""Child processes that report while they work, and are gone when the deadline is."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

Send = Callable[[Any], None]
Work = Callable[..., None]
LOOK_UP_S = 0.1


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
    with _interrupts_held():
        child.start()
    theirs.close()
    return ours, child


def _end(connection: Connection, child: SpawnProcess) -> None:
    connection.close()
    child.join()
    child.close()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """A child inherits the held Ctrl-C for good: the parent hears it and decides, the child is killed by the parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run(connection: Connection, task: Task) -> None:
    task.work(connection.send, *task.arguments)
    connection.close()
