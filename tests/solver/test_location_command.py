"""`python -m solver locate` as somebody types it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solver.cli import main
from solver.commands import locate
from solver.errors import SolutionRejectedError
from solver.instances.location import read_location
from solver.location.verify import Tour, verify_location
from tests.solver.location.made import INSTANCES

FILE = INSTANCES / "prodhon-coord20-5-1.dat"
TINY = "2 2  0 0  90 90  3 4  6 8  10  20 20  4 5  7 0  3  1\n"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.dat"
    path.write_text(TINY)
    return path


def test_depots_and_clients_count_from_1(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["locate", str(tiny), "--time", "2", "--seed", "5"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["open"] == [1]
    assert plan["cost"] == pytest.approx(7 + 3 + 20)
    assert 0 <= plan["bound"] <= plan["cost"]
    (route,) = plan["routes"]
    assert route["depot"] == 1
    assert sorted(route["clients"]) == [1, 2]


def test_a_public_file_is_answered_in_a_file(tmp_path: Path) -> None:
    answer = tmp_path / "plan.json"
    assert main(["locate", str(FILE), "--time", "3", "-o", str(answer)]) == 0
    plan = json.loads(answer.read_text())
    tours = [Tour(route["depot"] - 1, tuple(client - 1 for client in route["clients"])) for route in plan["routes"]]
    verdict = verify_location(read_location(FILE), tours)
    assert verdict.violations == ()
    assert verdict.cost == plan["cost"] >= 54793
    assert [depot + 1 for depot in verdict.opened] == plan["open"]
    assert list(plan) == ["cost", "bound", "open", "routes"]


@pytest.mark.parametrize(
    ("words", "field"),
    [(["--time", "0"], "--time"), (["--seed", "-1"], "--seed"), (["-o", "/nowhere/at/all.json"], "-o")],
)
def test_options_that_make_no_sense_are_bad_input(
    tiny: Path, capsys: pytest.CaptureFixture[str], words: list[str], field: str
) -> None:
    assert main(["locate", str(tiny), *words]) == 2
    told = capsys.readouterr()
    assert told.err.split(": ")[1] == field
    assert told.out == ""


def test_a_broken_file_is_told_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "broken.dat"
    file.write_text(TINY.replace("10  20", "\n10  x"))
    assert main(["locate", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}:2: capacity of depot 1: 'x' is not a number\n"


def test_clients_that_fit_into_no_depot_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tight.dat"
    file.write_text("3 2  0 0  9 9  3 4  6 8  5 5  10  10 10  6 6 6  7 0  3  1\n")
    assert main(["locate", str(file), "--time", "2"]) == 3
    assert capsys.readouterr().err.startswith("refused: no depots and routes within their capacities")


def test_what_the_checker_refuses_is_not_written(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lie(*_: object, **__: object) -> None:
        raise SolutionRejectedError(["client 1: visited 0 times"])

    monkeypatch.setattr(locate, "solve_location", lie)
    assert main(["locate", str(tiny), "-o", str(tmp_path / "answer.json")]) == 3
    assert capsys.readouterr().err == "refused: client 1: visited 0 times\n"
    assert not (tmp_path / "answer.json").exists()


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_writes_the_best_so_far_and_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    answer = tmp_path / "answer.json"
    command = [sys.executable, "-m", "solver", "locate", str(FILE), "--time", "100"]
    started_s = time.monotonic()
    with subprocess.Popen([*command, "-o", str(answer)], start_new_session=True) as running:
        # One of them is Python's own resource tracker.
        while len(workers := children(running.pid)) < 3:
            assert running.poll() is None
            assert time.monotonic() < started_s + 60
        os.killpg(running.pid, number) if number is signal.SIGINT else running.send_signal(number)
        assert running.wait(timeout=60) == 0
    assert json.loads(answer.read_text())["cost"] >= 54793
    # The tracker ends by itself once its pipe is closed.
    while any(Path(f"/proc/{worker}/exe").exists() for worker in workers):
        assert time.monotonic() < started_s + 60
