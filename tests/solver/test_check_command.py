import json
from dataclasses import replace
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
    solution.write_text(codec.solution_to_json(poor, SOLUTION), encoding="utf-8")
    assert main(["check", str(problem), str(solution)]) == 3
    told = capsys.readouterr().err
    assert "E02 lots: lots[0]: sends 140000 of 1000\n" in told
    found = len(told.splitlines()) - 1
    assert told.endswith(f"refused: {found} {'violation' if found == 1 else 'violations'}\n")


def test_a_plan_that_breaks_one_rule_is_refused_for_one_violation(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    problem, solution = files
    report = replace(SOLUTION.report, cost=replace(SOLUTION.report.cost, purchase=0))
    solution.write_text(codec.solution_to_json(PROBLEM, replace(SOLUTION, report=report)), encoding="utf-8")
    assert main(["check", str(problem), str(solution)]) == 3
    assert capsys.readouterr().err.endswith("refused: 1 violation\n")


def test_a_plan_that_was_made_for_another_problem_is_bad_input(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    problem, solution = files
    problem.write_text(codec.problem_to_json(with_cell(PROBLEM, "lots", "daily_capacity", 0, 1000)), encoding="utf-8")
    assert main(["check", str(problem), str(solution)]) == 2
    assert capsys.readouterr().err == f"{solution}: problem: was made for another problem\n"


def test_a_plan_that_names_no_problem_is_judged_all_the_same(files: tuple[Path, Path]) -> None:
    problem, solution = files
    unnamed = json.loads(solution.read_text(encoding="utf-8"))
    del unnamed["problem"]
    solution.write_text(json.dumps(unnamed), encoding="utf-8")
    assert main(["check", str(problem), str(solution)]) == 0


def test_a_bad_problem_is_bad_input(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    problem, solution = files
    problem.write_text(codec.problem_to_json(with_cell(PROBLEM, "lots", "pack", 0, 0)), encoding="utf-8")
    assert main(["check", str(problem), str(solution)]) == 2
    assert capsys.readouterr().err == f"{problem}: lots[0].pack: is not within 1..10000000000\n"


def test_a_file_that_is_no_plan_is_bad_input(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    problem, _ = files
    assert main(["check", str(problem), str(problem)]) == 2
    assert capsys.readouterr().err.endswith("problem.json: format: is not farmlink-plan\n")
