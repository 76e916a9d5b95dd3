"""`python -m solver route FILE`: routes for a VRPLIB or Cordeau file."""

import argparse
import math
import sys
import time
from pathlib import Path

from solver.commands import options
from solver.commands.interrupts import stop_on_signals
from solver.commands.output import check_writable, write
from solver.instances.routing import read_classical
from solver.routing.classical.best import RoutedPlan
from solver.routing.classical.solfile import solution_text
from solver.routing.classical.solve import solve_routes

# Between two lines of progress.
_A_WORD_S = 1.0
HELP = "routes for a VRPLIB CVRP or VRPTW or a Cordeau MDVRP or MDVRPTW file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the instance")
    parser.add_argument("--time", default="10", metavar="S", help="seconds of wall time, all of them used (10)")
    parser.add_argument("--seed", default="0", metavar="N", help="seed of the search (0)")
    parser.add_argument("-o", dest="output", type=Path, metavar="FILE.sol", help="where to write, else standard output")


def run(arguments: argparse.Namespace) -> None:
    """Read, route on both cores, verify, write; says how far it is on standard error, once a second at most."""
    seconds, seed = options.seconds(arguments.time), options.seed(arguments.seed)
    problem = read_classical(arguments.file)
    check_writable(arguments.output)
    heard = _Heard(arguments.started_s)
    with stop_on_signals() as asked:
        plan = solve_routes(problem, seconds, seed=seed, started_s=arguments.started_s, stop=asked, heard=heard)
    write(solution_text(problem, plan), arguments.output)
    if arguments.output is not None:
        write(f"first plan after {plan.first_s:.2f} s\n", None)
    heard.say(plan)


class _Heard:
    """Says of better plans what they cost, and what none costs less than."""

    def __init__(self, started_s: float) -> None:
        self._started_s, self._said_s = started_s, -math.inf

    def __call__(self, plan: RoutedPlan) -> None:
        if time.monotonic() >= self._said_s + _A_WORD_S:
            self.say(plan)

    def say(self, plan: RoutedPlan) -> None:
        self._said_s = time.monotonic()
        after_s = self._said_s - self._started_s
        sys.stderr.write(f"after {after_s:.1f} s: cost {plan.cost:.10g}, bound {plan.bound:.10g}\n")
