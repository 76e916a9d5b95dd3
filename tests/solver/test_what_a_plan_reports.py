from dataclasses import replace

import pytest

from solver.check import Rule, accept
from solver.errors import SolutionRejectedError
from solver.solution import Explanation, degrade
from tests.solver.builder import HUB_B, small_plan, with_cell
from tests.solver.judged import broken


def test_the_cost_is_that_of_the_re_pricing() -> None:
    problem, solution = small_plan()
    flattered = replace(solution.report.cost, collection=solution.report.cost.collection - 1)
    solution = replace(solution, report=replace(solution.report, cost=flattered))
    assert broken(problem, solution) == {Rule.COST}


def test_a_bound_is_not_above_what_it_bounds() -> None:
    problem, solution = small_plan()
    report, objective = solution.report, solution.report.cost.objective
    tight = replace(solution, report=replace(report, bound_minor=objective, allocation_bound_minor=0))
    assert broken(problem, tight) == set()
    too_high = replace(solution, report=replace(report, bound_minor=objective + 1))
    assert broken(problem, too_high) == {Rule.BOUNDS}
    too_high = replace(solution, report=replace(report, allocation_minor=5, allocation_bound_minor=6))
    assert broken(problem, too_high) == {Rule.BOUNDS}


def test_what_ended_the_search_is_from_the_list() -> None:
    problem, solution = small_plan()
    assert broken(problem, degrade(solution, "crashed")) == set()
    odd = replace(solution, report=replace(solution.report, stopped_by="boredom"))  # type: ignore[arg-type]  # a lying solver
    assert broken(problem, odd) == {Rule.BOUNDS}


def test_an_explanation_speaks_of_something_that_exists() -> None:
    problem, solution = small_plan()
    said = replace(solution, report=replace(solution.report, explanations=(Explanation("farm", "farm 0", "x"),)))
    assert broken(problem, said) == set()
    lost = replace(solution, report=replace(solution.report, explanations=(Explanation("farm", "farm 9", "x"),)))
    assert broken(problem, lost) == {Rule.EXPLANATIONS}
    odd = replace(solution, report=replace(solution.report, explanations=(Explanation("cow", "farm 0", "x"),)))
    assert broken(problem, odd) == {Rule.EXPLANATIONS}


def test_a_refused_plan_is_not_returned() -> None:
    problem, solution = small_plan()
    assert accept(problem, solution) is solution
    with pytest.raises(SolutionRejectedError, match="E10 one_hub"):
        accept(problem, with_cell(solution, "farm_hub", "farm_hub", 0, HUB_B - 2))
