"""What the checker says of a plan, in short."""

from solver.check import Rule, check
from solver.problem import Problem
from solver.solution import Solution


def broken(problem: Problem, solution: Solution) -> set[Rule]:
    """The rules that the plan breaks."""
    return {violation.rule for violation in check(problem, solution)}
