"""`python -m solver why PROBLEM [PLAN]`: the rules that keep promises from being kept, or a plan in sentences."""

import argparse
import time
from pathlib import Path

from solver.check import check_problem
from solver.codec import read_problem, read_solution
from solver.commands import options
from solver.commands.interrupts import stop_on_signals
from solver.commands.output import write
from solver.errors import BadInputError
from solver.words import sentence, sentences

HELP = "explain a plan, or why there can be none"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help="the problem, JSON")
    parser.add_argument("plan", type=Path, nargs="?", metavar="PLAN", help="the plan to explain, JSON")
    parser.add_argument("--language", choices=sorted(sentences()), default="en", help="of the sentences (en)")
    parser.add_argument("--time", default="600", metavar="S", help="seconds to look for conflicts at most (600)")


def run(arguments: argparse.Namespace) -> None:
    """One sentence a line."""
    seconds, language = options.seconds(arguments.time), arguments.language
    problem = read_problem(arguments.problem)
    if arguments.plan is None:
        from solver.conflict.said import said  # noqa: PLC0415  # who reads a plan does not wait for the optimisers

        with stop_on_signals() as asked:
            found = said(problem, language, lambda: asked() or time.monotonic() > arguments.started_s + seconds)
        lines = found or (sentences()[language]["conflict-none"],)
    else:
        check_problem(problem)
        told = read_solution(arguments.plan, problem).report.explanations
        try:
            lines = tuple(f"{one.subject} {one.id}: {sentence(one, language)}" for one in told)
        except KeyError as lacking:
            raise BadInputError(str(arguments.plan), 0, "explanations", f"lack the fact {lacking}") from lacking
    write("".join(f"{line}\n" for line in lines), None)
