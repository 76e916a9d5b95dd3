from pathlib import Path

import pytest

from solver import codec
from solver.cli import main
from tests.solver.builder import small_plan, with_cell

PROBLEM, SOLUTION = small_plan()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    problem, solution = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(codec.problem_to_json(PROBLEM), encoding="utf-8")
    solution.write_text(codec.solution_to_json(PROBLEM, SOLUTION), encoding="utf-8")
    return problem, solution


def test_a_good_plan_is_accepted(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *map(str, files)]) == 0
    assert capsys.readouterr().out == "accepted: landed 247554 minor units, objective 257554\n"


def test_a_bad_plan_is_refused_with_every_violation(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    problem, solution = files
    poor = with_cell(PROBLEM, "lots", "daily_capacity", 0, 1000)
    problem.write_text(codec.problem_to_json(poor), encoding="utf-8")
    assert main(["check", str(problem), str(solution)]) == 3
    assert "E02 lots: lots[0]: sends 140000 of 1000\n" in capsys.readouterr().err


def test_a_bad_problem_is_bad_input(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    problem, solution = files
    problem.write_text(codec.problem_to_json(with_cell(PROBLEM, "lots", "pack", 0, 0)), encoding="utf-8")
    assert main(["check", str(problem), str(solution)]) == 2
    assert capsys.readouterr().err == "lots[0].pack: is not within 1..10000000000\n"


def test_a_file_that_is_no_plan_is_bad_input(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    problem, _ = files
    assert main(["check", str(problem), str(problem)]) == 2
    assert capsys.readouterr().err.endswith("problem.json:0: format: is not farmlink-plan\n")
