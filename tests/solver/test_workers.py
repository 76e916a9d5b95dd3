import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from solver.commands.interrupts import stop_on_signals
from solver.workers import Send, Task, race


def count_to(send: Send, last: int) -> None:
    for number in range(1, last + 1):
        send(number)


def run_for_ever(send: Send) -> None:
    send(os.getpid())
    while True:
        pass


def die(send: Send) -> None:
    send("last words")
    os.kill(os.getpid(), signal.SIGKILL)


def hear(heard: list[Any]) -> Callable[[Any], bool]:
    def receive(message: Any) -> bool:
        heard.append(message)
        return False

    return receive


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_everything_sent_arrives_and_the_race_ends_with_its_runners() -> None:
    heard: list[int] = []
    race(
        [Task(count_to, (3,)), Task(count_to, (2,))],
        hear(heard),
        deadline_s=time.monotonic() + 60,
    )
    assert sorted(heard) == [1, 1, 2, 2, 3]


def test_enough_is_enough_and_nobody_runs_on() -> None:
    heard: list[int] = []

    def enough(process: Any) -> bool:
        heard.append(process)
        return True

    race([Task(run_for_ever, ()), Task(run_for_ever, ())], enough, deadline_s=time.monotonic() + 60)
    assert len(heard) == 1
    assert gone(heard[0])


def test_the_deadline_kills_whoever_still_runs() -> None:
    heard: list[int] = []
    race([Task(run_for_ever, ())], hear(heard), deadline_s=time.monotonic() + 2)
    assert all(gone(process) for process in heard)


def test_a_worker_that_dies_does_not_end_the_others() -> None:
    heard: list[Any] = []
    race(
        [Task(die, ()), Task(count_to, (2,))],
        hear(heard),
        deadline_s=time.monotonic() + 60,
    )
    assert sorted(map(str, heard)) == ["1", "2", "last words"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_to_stop_and_the_next_one_kills(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stop_on_signals() as asked:
        assert not asked()
        os.kill(os.getpid(), number)
        assert asked()
        assert signal.getsignal(number) is signal.SIG_DFL
    assert signal.getsignal(number) is before
