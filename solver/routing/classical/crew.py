"""Processes that stay for one task after another: to start one, and import what it needs, takes most of a second.

Unlike pieces of `solver.shards`, whose answers come once, tasks here tell of every better plan while they work.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Self

from solver.workers import LOOK_UP_S, Task, end_with_parent, interrupts_held

WORKERS = 2
_Seat = tuple[Connection, SpawnProcess]


class Crew:
    """So many processes, each with `module` imported before its first task.

    Whoever dies, or is not ready in time and is killed, is replaced at the next task.
    """

    def __init__(self, size: int, module: str) -> None:
        self._module = module
        self._seats: list[_Seat | None] = [None] * size

    def __enter__(self) -> Self:
        """Start everybody, so that they are ready when there is work."""
        self._seats = [self._hired() for _ in self._seats]
        return self

    def __exit__(self, *_error: object) -> None:
        for seat in range(len(self._seats)):
            self._dismiss(seat)

    def work(
        self, tasks: Sequence[Task], receive: Callable[[Any], object], *, deadline_s: float, stop: Callable[[], bool]
    ) -> None:
        """Give everyone a task and pass on what they send, until all are ready or `stop()`.

        Whoever is not ready then, or when the monotonic clock passes `deadline_s`, is killed.
        """
        busy = {self._hand(seat, task): seat for seat, task in enumerate(tasks)}
        while busy and not stop() and (left_s := deadline_s - time.monotonic()) > 0:
            for ready in wait(list(busy), timeout=min(left_s, LOOK_UP_S)):
                assert isinstance(ready, Connection)
                try:
                    message = ready.recv()
                except (EOFError, OSError):
                    self._dismiss(busy.pop(ready))
                    continue
                if message is None:
                    del busy[ready]
                else:
                    receive(message)
        for seat in busy.values():
            self._dismiss(seat)

    def _hand(self, seat: int, task: Task) -> Connection:
        held = self._seats[seat]
        if held is None or not held[1].is_alive():
            self._dismiss(seat)
            self._seats[seat] = held = self._hired()
        # Who died since it was looked at is missed by whoever reads from it.
        with suppress(OSError):
            held[0].send(task)
        return held[0]

    def _hired(self) -> _Seat:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, self._module), daemon=True)
        with interrupts_held():
            process.start()
        theirs.close()
        return ours, process

    def _dismiss(self, seat: int) -> None:
        held, self._seats[seat] = self._seats[seat], None
        if held is not None:
            connection, process = held
            connection.close()
            process.kill()
            process.join()
            process.close()


def serve(connection: Connection, module: str) -> None:
    """Do one task after the other, and say None after each."""
    end_with_parent()
    import_module(module)
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        task.work(connection.send, *task.arguments)
        connection.send(None)
