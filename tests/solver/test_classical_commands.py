import json
import os
import re
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solver.cli import main
from solver.commands import output, route
from solver.errors import BadInputError, SolutionRejectedError

INSTANCES = Path(__file__).parent / "instances"
TINY = """NAME : tiny
TYPE : CVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 3 4
DEMAND_SECTION
1 0
2 4
3 6
DEPOT_SECTION
1
-1
EOF
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.vrp"
    path.write_text(TINY)
    return path


def test_routes_are_written_in_the_public_format(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["route", str(tiny), "--time", "0.2", "--seed", "5"]) == 0
    assert capsys.readouterr().out in ("Route #1: 1 2\nCost 10\n", "Route #1: 2 1\nCost 10\n")


def test_a_route_says_how_far_it_is_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["route", str(INSTANCES / "X-n106-k14.vrp"), "--time", "0.6", "-o", str(tmp_path / "routes.sol")]
    assert main(words) == 0
    out, told = capsys.readouterr()
    assert re.fullmatch(r"first plan after \d+\.\d\d s\n", out)
    lines = [re.fullmatch(r"after \d+\.\d s: cost (\d+), bound (\d+)", line) for line in told.splitlines()]
    costs, bounds = zip(*(map(int, line.groups()) for line in lines if line), strict=True)
    assert len(lines) == len(costs) >= 2
    assert list(costs) == sorted(costs, reverse=True)
    assert 0 < bounds[-1] <= costs[-1]
    assert f"Cost {costs[-1]}" in (tmp_path / "routes.sol").read_text()


def test_flows_are_written_as_json(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("an older plan")
    assert main(["allocate", str(INSTANCES / "cap64.txt"), "-o", str(file)]) == 0
    plan = json.loads(file.read_text())
    assert plan["cost"] == 1045650.25
    assert plan["bound"] == pytest.approx(plan["cost"])
    assert plan["open"] == [3, 6, 11, 12, 13]
    assert {facility for facility, _, _ in plan["flows"]} == set(plan["open"])
    assert sum(quantity for _, _, quantity in plan["flows"]) == 58268
    assert sorted({customer for _, customer, _ in plan["flows"]}) == list(range(1, 51))
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_the_open_capacity_is_taken_from_the_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "open.txt"
    file.write_text("1 1\ncapacity 3\n4 5\n")
    assert main(["allocate", str(file), "--capacity", "4", "--time", "20"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert 0 < plan.pop("seconds") < 60
    assert plan == {"cost": 8.0, "bound": pytest.approx(8.0), "open": [1], "flows": [[1, 1, 4]]}


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["--time", "-1"], "--time"),
        (["--time", "nan"], "--time"),
        (["--time", "soon"], "--time"),
        (["--time", "inf"], "--time"),
        (["--time", "0"], "--time"),
        (["--seed", "-1"], "--seed"),
        (["--seed", "1.5"], "--seed"),
        (["--seed", "4294967296"], "--seed"),
        (["-o", "/nowhere/at/all.sol"], "-o"),
        (["-o", "/"], "-o"),
    ],
)
def test_options_that_make_no_sense_are_bad_input(
    tiny: Path, capsys: pytest.CaptureFixture[str], words: list[str], field: str
) -> None:
    assert main(["route", str(tiny), *words]) == 2
    told = capsys.readouterr()
    assert told.err.split(": ")[1] == field
    assert told.out == ""


@pytest.mark.parametrize("capacity", ["0", "x", "nan", "-5", "2e3"])
def test_a_capacity_is_a_whole_number_above_zero(capsys: pytest.CaptureFixture[str], capacity: str) -> None:
    assert main(["allocate", str(INSTANCES / "cap64.txt"), f"--capacity={capacity}"]) == 2
    assert "--capacity" in capsys.readouterr().err


def test_a_broken_file_is_told_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "broken.vrp"
    file.write_text(TINY.replace("2 3 4", "2 3 x"))
    assert main(["route", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}:8: NODE_COORD_SECTION: 'x' is not a number\n"


def test_what_nobody_can_serve_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, answer = tmp_path / "late.vrp", tmp_path / "late.sol"
    file.write_text(TINY.replace("DEPOT_SECTION", "TIME_WINDOW_SECTION\n1 0 100\n2 0 1\n3 0 1\nDEPOT_SECTION"))
    assert main(["route", str(file), "--time", "0.5", "-o", str(answer)]) == 3
    assert capsys.readouterr().err.startswith("refused: ")
    assert not answer.exists()


def test_what_the_checker_refuses_is_not_written(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lie(*_: object, **__: object) -> None:
        raise SolutionRejectedError(["client 1: visited 0 times"])

    monkeypatch.setattr(route, "solve_routes", lie)
    assert main(["route", str(tiny), "-o", str(tmp_path / "answer.sol")]) == 3
    assert capsys.readouterr().err == "refused: client 1: visited 0 times\n"
    assert not (tmp_path / "answer.sol").exists()


def test_ctrl_c_before_there_is_anything_ends_quietly(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(route, "read_classical", interrupted)
    assert main(["route", str(tiny)]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_disk_that_fills_up_leaves_neither_draft_nor_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadInputError, match="No space left"):
        output.write("Cost 1\n", tmp_path / "answer.sol")
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_nobody_reads_is_told(tiny: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "solver", "route", str(tiny), "--time", "0.2"]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1] == "standard output: output: No space left on device"


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        output.write("Cost 1\n", pipe)
        assert reader.communicate(timeout=60)[0] == "Cost 1\n"
    assert pipe.is_fifo()


def test_a_link_is_followed_to_the_file_behind_it(tmp_path: Path) -> None:
    link, file = tmp_path / "link.sol", tmp_path / "file.sol"
    link.symlink_to(file)
    output.write("Cost 1\n", link)
    assert file.read_text() == "Cost 1\n"
    assert link.is_symlink()


def test_an_unknown_command_is_bad_input() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])
    assert ended.value.code == 2


def test_the_package_runs_as_a_program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["solver", "route", "/nowhere.vrp"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("solver", run_name="__main__")
    assert ended.value.code == 2
    assert capsys.readouterr().err == "/nowhere.vrp: file: No such file or directory\n"
    runpy.run_module("solver.__main__", run_name="solver_of_a_child")


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_writes_the_best_so_far_if_it_can_and_leaves_no_process(
    tmp_path: Path, number: signal.Signals
) -> None:
    answer = tmp_path / "answer.sol"
    command = [sys.executable, "-m", "solver", "route", str(INSTANCES / "X-n106-k14.vrp"), "--time", "100"]
    started_s = time.monotonic()
    with subprocess.Popen([*command, "-o", str(answer)], start_new_session=True) as running:
        # One of them is Python's own resource tracker.
        while len(workers := children(running.pid)) < 3:
            assert running.poll() is None
            assert time.monotonic() < started_s + 60
        os.killpg(running.pid, number) if number is signal.SIGINT else running.send_signal(number)
        assert running.wait(timeout=60) == (-9 if number is signal.SIGKILL else 0)
    if number is signal.SIGKILL:
        assert not answer.exists()
    else:
        assert answer.read_text().splitlines()[-1].startswith("Cost ")
    # The tracker ends by itself once its pipe is closed.
    while any(Path(f"/proc/{worker}/exe").exists() for worker in workers):
        assert time.monotonic() < started_s + 60
