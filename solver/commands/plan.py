"""`python -m solver plan PROBLEM`: the best plan found, verified."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from solver.codec import read_problem, solution_to_json
from solver.commands import options
from solver.commands.interrupts import stop_on_signals
from solver.commands.output import check_writable, write
from solver.params import DEFAULT, Progress

HELP = "allocate and route a planning problem"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help="the problem, JSON")
    parser.add_argument("--time", default="600", metavar="S", help="seconds of wall time at most (600)")
    parser.add_argument("--seed", default="1", metavar="N", help="seed of the search (1)")
    parser.add_argument("-o", dest="output", type=Path, metavar="PLAN", help="where to write, else standard output")


def run(arguments: argparse.Namespace) -> None:
    """Read, plan, verify, write; every better plan is named on standard error."""
    from solver.pooling import solve  # noqa: PLC0415  # the other commands do not wait for the optimisers to load

    seconds, seed = options.seconds(arguments.time), options.seed(arguments.seed)
    problem = read_problem(arguments.problem)
    check_writable(arguments.output)
    params = replace(DEFAULT, seed=seed, deadline_s=seconds)
    with stop_on_signals() as asked:
        plan = solve(problem, params, _heard, asked)
    write(solution_to_json(problem, plan) + "\n", arguments.output)


def _heard(progress: Progress) -> None:
    if progress.solution is not None:
        sys.stderr.write(f"{progress.stage}: objective {progress.best_minor}, bound {progress.bound_minor}\n")
