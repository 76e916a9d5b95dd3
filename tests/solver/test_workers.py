import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

import pytest

from solver import workers
from solver.commands.interrupts import stop_on_signals
from solver.workers import Send, Task, race, when_gone
from tests.solver.lethal import WAYS, gone, race_on


def count_to(send: Send, last: int) -> None:
    for number in range(1, last + 1):
        send(number)


def run_for_ever(send: Send) -> None:
    send(os.getpid())
    while True:
        pass


def hear(heard: list[Any]) -> Callable[[Any], bool]:
    def receive(message: Any) -> bool:
        heard.append(message)
        return False

    return receive


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


@pytest.mark.parametrize("way", [*WAYS, "stay", "hang"])
def test_a_racer_that_goes_wrong_in_any_way_does_not_end_the_others(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LEAVE_S", 0.1)
    heard: list[int] = []

    def all_said(message: int) -> bool:
        heard.append(message)
        return len(heard) == 4

    race([Task(race_on, (way,)), Task(count_to, (3,))], all_said, deadline_s=time.monotonic() + 60)
    assert sorted(heard)[:3] == [1, 2, 3]
    assert gone(max(heard))


def test_a_racer_that_hangs_on_its_way_out_does_not_hold_up_the_race(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LEAVE_S", 0.1)
    heard: list[int] = []
    began_s = time.monotonic()
    race([Task(race_on, ("stay",))], hear(heard), deadline_s=began_s + 250)
    assert all(gone(process) for process in heard)
    assert time.monotonic() < began_s + 240


def test_what_is_to_happen_after_a_process_happens_when_it_is_gone() -> None:
    heard: list[str] = []
    child = get_context("spawn").Process(target=int)
    child.start()
    when_gone(child.sentinel, lambda: heard.append("gone"))
    assert heard == ["gone"]
    child.join()
    assert child.exitcode == 0


def test_no_racer_outlives_the_program_that_started_it() -> None:
    program = (
        "import time; from solver.workers import Task, race; from tests.solver.test_workers import run_for_ever;"
        "race([Task(run_for_ever, ())] * 2, lambda who: print(who, flush=True), deadline_s=time.monotonic() + 250)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        racers = [int(parent.stdout.readline()) for _ in range(2)]
        parent.kill()
        assert all(gone(racer) for racer in racers)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_to_stop_and_the_next_one_kills(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stop_on_signals() as asked:
        assert not asked()
        os.kill(os.getpid(), number)
        assert asked()
        assert signal.getsignal(number) is signal.SIG_DFL
    assert signal.getsignal(number) is before
