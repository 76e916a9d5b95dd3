"""`python -m solver why`, and what `plan` says where promises cannot be kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from solver.check import Rule, Violation
from solver.cli import BAD_INPUT, DONE, REFUSED, main
from solver.codec import problem_to_json, solution_to_json
from solver.explain import explained
from solver.problem import Pins, Problem, ints
from tests.solver.builder import small_plan, small_region


def written(problem: Problem, folder: Path) -> str:
    file = folder / "problem.json"
    file.write_text(problem_to_json(problem), encoding="utf-8")
    return str(file)


def over_promised() -> Problem:
    return small_region(pins=Pins(ints(0), ints(180_000), ints(180_000)))


def test_why_names_the_rules_that_cannot_hold_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", written(over_promised(), tmp_path)]) == DONE
    head, *named = capsys.readouterr().out.splitlines()
    assert head.startswith("No plan was found that keeps these 2 rules together")
    assert head.endswith("no smaller set conflicts:")
    assert named == ["lot lot 0: 180000 are promised.", "product apples: 152000 are asked in all."]


def test_why_says_so_where_every_promise_can_be_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", written(small_region(), tmp_path)]) == DONE
    assert capsys.readouterr().out == "Every promise can be kept.\n"


def test_why_refuses_promises_above_what_was_given_as_the_most(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crossed = small_region(pins=Pins(ints(0), ints(20), ints(10)))
    assert main(["why", written(crossed, tmp_path)]) == BAD_INPUT
    assert "pins[0].at_least" in capsys.readouterr().err


def test_why_speaks_of_conflicts_in_the_language_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", written(over_promised(), tmp_path), "--language", "zh-CN"]) == DONE
    head, *named = capsys.readouterr().out.splitlines()
    assert "2 条规则" in head
    assert len(named) == 2


def test_why_refuses_explanations_that_lack_their_facts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, solution = small_plan()
    emptied = tuple(replace(one, facts={}) for one in explained(problem, solution).report.explanations)
    plan = tmp_path / "plan.json"
    tampered = replace(solution, report=replace(solution.report, explanations=emptied))
    plan.write_text(solution_to_json(problem, tampered), encoding="utf-8")
    assert main(["why", written(problem, tmp_path), str(plan)]) == BAD_INPUT
    assert "explanations: lack the fact" in capsys.readouterr().err


def test_why_reads_a_plan_aloud_in_the_language_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, solution = small_plan()
    plan = tmp_path / "plan.json"
    plan.write_text(solution_to_json(problem, explained(problem, solution)), encoding="utf-8")
    words = ["why", written(problem, tmp_path), str(plan)]
    assert main(words) == DONE
    assert "batch batch 5: 5000 of 5000 are short: nobody offers the product.\n" in capsys.readouterr().out
    assert main([*words, "--language", "zh-CN"]) == DONE
    assert "batch batch 5: 缺 5000（共需 5000）：无人供应此产品。\n" in capsys.readouterr().out  # noqa: RUF001  # Chinese


def test_why_gives_up_when_its_time_is_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", written(over_promised(), tmp_path), "--time", "0.000001"]) == REFUSED
    assert "stopped" in capsys.readouterr().err


def test_plan_names_the_rules_that_keep_it_from_any_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", written(over_promised(), tmp_path)]) == REFUSED
    said = capsys.readouterr().err
    assert "\nproduct apples: 152000 are asked in all.\n" in said
    assert "\nrefused: " in said


def test_plan_says_at_once_where_a_promise_is_above_what_the_lot_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    above = small_region(pins=Pins(ints(0), ints(300_000), ints(300_000)))
    assert main(["plan", written(above, tmp_path)]) == BAD_INPUT
    assert "pins[0].at_least: is more than the lot holds on a day" in capsys.readouterr().err


def test_plan_says_where_no_time_is_left_to_look_for_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", written(over_promised(), tmp_path), "--time", "0.000001"]) == REFUSED
    assert "`why` looks for them with time of its own\n" in capsys.readouterr().err


def test_plan_says_a_refusal_once_and_nothing_of_promises_that_can_be_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    never_right = (Violation(Rule.LOTS, "allocations", -1, "is refused here"),)
    monkeypatch.setattr("solver.best.check", lambda *_: never_right)
    assert main(["plan", written(small_region(), tmp_path), "--time", "20"]) == REFUSED
    said = capsys.readouterr().err
    assert said.count("is refused here") == 1
    assert "promise can be kept" not in said
