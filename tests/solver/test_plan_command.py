"""`python -m solver plan`: a problem in, a verified plan out, byte for byte the same again."""

from __future__ import annotations

from pathlib import Path

import pytest

from solver.cli import BAD_INPUT, DONE, main
from solver.codec import problem_to_json, read_problem
from tests.solver.builder import changed, small_region
from tests.solver.regions import made_region


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    file = tmp_path / "problem.json"
    file.write_text(problem_to_json(small_region()), encoding="utf-8")
    return file


def test_a_plan_is_written_that_the_check_command_accepts(problem_file: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert main(["plan", str(problem_file), "-o", str(plan)]) == DONE
    assert main(["check", str(problem_file), str(plan)]) == DONE


def test_the_same_problem_and_seed_are_written_as_the_same_bytes(problem_file: Path, tmp_path: Path) -> None:
    plans = [tmp_path / "one.json", tmp_path / "two.json"]
    for plan in plans:
        assert main(["plan", str(problem_file), "--seed", "5", "-o", str(plan)]) == DONE
    assert plans[0].read_bytes() == plans[1].read_bytes()


def test_every_better_plan_is_named_on_standard_error(problem_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(problem_file)]) == DONE
    said = capsys.readouterr()
    assert said.err.startswith("greedy: objective ")
    assert said.out.startswith("{")


def test_a_file_that_is_no_problem_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "problem.json"
    file.write_text("{", encoding="utf-8")
    assert main(["plan", str(file)]) == BAD_INPUT
    assert str(file) in capsys.readouterr().err


def test_a_problem_that_contradicts_itself_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "problem.json"
    wrong = changed(made_region(1), "hubs", place=made_region(1).hubs.place + 1000)
    file.write_text(problem_to_json(wrong), encoding="utf-8")
    assert main(["plan", str(file)]) == BAD_INPUT
    assert "hubs[0].place" in capsys.readouterr().err
    assert len(read_problem(file).hubs.id) == 2
