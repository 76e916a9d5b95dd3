"""`python -m solver plan PROBLEM`: the best plan found, verified."""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from solver.cluster import cluster
from solver.codec import read_problem, solution_to_json
from solver.commands import options
from solver.commands.interrupts import stop_on_signals
from solver.commands.output import check_writable, write
from solver.errors import NoSolutionError, SolutionRejectedError
from solver.params import DEFAULT, Progress
from solver.problem import Problem

HELP = "allocate and route a planning problem"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help="the problem, JSON")
    parser.add_argument("--time", default="600", metavar="S", help="seconds of wall time at most (600)")
    parser.add_argument("--seed", default="1", metavar="N", help="seed of the search (1)")
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="scheduler of a Dask cluster to search on, tcp://HOST:PORT"
    )
    parser.add_argument(
        "--around-earlier", action="store_true", help="where something is confirmed, only mend the plan before"
    )
    parser.add_argument("-o", dest="output", type=Path, metavar="PLAN", help="where to write, else standard output")


def run(arguments: argparse.Namespace) -> None:
    """Read, plan, verify, write; every better plan is named on standard error."""
    from solver.pooling import solve  # noqa: PLC0415  # the other commands do not wait for the optimisers to load

    seconds, seed = options.seconds(arguments.time), options.seed(arguments.seed)
    problem = read_problem(arguments.problem)
    check_writable(arguments.output)
    params = replace(DEFAULT, seed=seed, deadline_s=seconds, around_earlier=arguments.around_earlier)
    with cluster(arguments.cluster) if arguments.cluster else nullcontext() as executor, stop_on_signals() as asked:
        try:
            plan = solve(problem, params, _heard, asked, executor)
        except SolutionRejectedError:
            _say_why(problem, lambda: asked() or time.monotonic() > arguments.started_s + seconds)
            raise
    write(solution_to_json(problem, plan) + "\n", arguments.output)


def _heard(progress: Progress) -> None:
    if progress.solution is not None:
        sys.stderr.write(f"{progress.stage}: objective {progress.best_minor}, bound {progress.bound_minor}\n")


def _say_why(problem: Problem, halted: Callable[[], bool]) -> None:
    """In what is left of the time, the smallest set of rules that keeps promises from being kept."""
    from solver.conflict.said import said  # noqa: PLC0415  # only who finds no plan waits for it

    try:
        sys.stderr.writelines(f"{line}\n" for line in said(problem, "en", halted))
    except NoSolutionError as stopped:
        sys.stderr.write(f"{stopped}; `why` looks for them with time of its own\n")
