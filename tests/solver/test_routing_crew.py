"""A crew stays for task after task, and goes on when one of it dies, hangs or is told to stop."""

import os
import signal
import threading
import time
from multiprocessing import Pipe
from typing import Any

import pytest

from solver.routing.classical import crew
from solver.routing.classical.crew import Crew, serve
from solver.workers import Send, Task, never
from tests.solver.lethal import WAYS, gone, race_on

LONG_S = 60.0


def name_yourself(send: Send) -> None:
    send(os.getpid())


def hang(send: Send) -> None:
    send(os.getpid())
    threading.Event().wait()


def heard(crew: Crew, *tasks: Task, seconds: float = LONG_S) -> list[int]:
    said: list[int] = []
    crew.work(tasks, said.append, deadline_s=time.monotonic() + seconds, stop=never)
    return said


def test_the_same_processes_do_one_task_after_the_other_and_are_gone_at_the_end() -> None:
    with Crew(2, "json") as crew:
        first = heard(crew, Task(name_yourself, ()), Task(name_yourself, ()))
        second = heard(crew, Task(name_yourself, ()), Task(name_yourself, ()))
    assert sorted(first) == sorted(second)
    assert len(set(first)) == 2
    assert all(gone(process) for process in first)


@pytest.mark.parametrize("way", WAYS)
def test_whoever_dies_is_replaced_and_the_others_work_on(way: str) -> None:
    with Crew(2, "json") as crew:
        first = heard(crew, Task(race_on, (way,)), Task(name_yourself, ()))
        second = heard(crew, Task(name_yourself, ()), Task(name_yourself, ()))
    assert len(first) == len(second) == 2
    assert len({*first, *second}) == 3


def test_whoever_dies_between_tasks_is_replaced_too() -> None:
    with Crew(1, "json") as crew:
        (first,) = heard(crew, Task(name_yourself, ()))
        os.kill(first, signal.SIGKILL)
        assert gone(first)
        (second,) = heard(crew, Task(name_yourself, ()))
    assert second != first


def test_whoever_hangs_is_killed_at_the_deadline() -> None:
    with Crew(1, "json") as crew:
        heard(crew, Task(name_yourself, ()))
        (hung,) = heard(crew, Task(hang, ()), seconds=1.0)
        assert gone(hung)
        (fresh,) = heard(crew, Task(name_yourself, ()))
    assert fresh != hung


def test_a_stop_ends_the_work_at_once() -> None:
    said: list[Any] = []
    with Crew(1, "json") as crew:
        crew.work([Task(hang, ())], said.append, deadline_s=time.monotonic() + LONG_S, stop=lambda: bool(said))
        assert gone(said[0])


def test_a_worker_ends_when_nobody_gives_it_tasks_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "end_with_parent", lambda: None)
    ours, theirs = Pipe()
    ours.send(Task(name_yourself, ()))
    worker = threading.Thread(target=serve, args=(theirs, "json"))
    worker.start()
    assert [ours.recv(), ours.recv()] == [os.getpid(), None]
    ours.close()
    worker.join(LONG_S)
    assert not worker.is_alive()
