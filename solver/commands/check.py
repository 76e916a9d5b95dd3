"""`python -m solver check PROBLEM PLAN`: judge a plan by every rule, without any optimiser."""

import argparse
import sys
from pathlib import Path

from solver.check import accept, check_problem
from solver.codec import read_problem, read_solution
from solver.commands.output import write
from solver.errors import SolutionRejectedError

HELP = "judge a plan by every rule of the planning problem"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help="the problem, JSON")
    parser.add_argument("plan", type=Path, metavar="PLAN", help="the plan, JSON")


def run(arguments: argparse.Namespace) -> None:
    """Read both, look for violations, name each on standard error."""
    problem = read_problem(arguments.problem)
    check_problem(problem)
    solution = read_solution(arguments.plan, problem)
    try:
        accept(problem, solution)
    except SolutionRejectedError as rejection:
        sys.stderr.writelines(f"{violation}\n" for violation in rejection.violations)
        found = len(rejection.violations)
        raise SolutionRejectedError([f"{found} violation{'s' if found > 1 else ''}"]) from rejection
    cost = solution.report.cost
    write(f"accepted: landed {cost.landed} minor units, objective {cost.objective}\n", None)
