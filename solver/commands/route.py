"""`python -m solver route FILE`: routes for a VRPLIB or Cordeau file."""

import argparse
from pathlib import Path

from solver.commands import options
from solver.commands.interrupts import stop_on_signals
from solver.commands.output import check_writable, write
from solver.instances.routing import read_classical
from solver.routing.classical.solfile import solution_text
from solver.routing.classical.solve import solve_routes

HELP = "routes for a VRPLIB CVRP or VRPTW or a Cordeau MDVRP or MDVRPTW file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the instance")
    parser.add_argument("--time", default="10", metavar="S", help="seconds of wall time, all of them used (10)")
    parser.add_argument("--seed", default="0", metavar="N", help="seed of the search (0)")
    parser.add_argument("-o", dest="output", type=Path, metavar="FILE.sol", help="where to write, else standard output")


def run(arguments: argparse.Namespace) -> None:
    """Read, route on both cores, verify, write; where standard output is free it tells when there was a first plan."""
    seconds, seed = options.seconds(arguments.time), options.seed(arguments.seed)
    problem = read_classical(arguments.file)
    check_writable(arguments.output)
    with stop_on_signals() as asked:
        plan = solve_routes(problem, seconds, seed=seed, started_s=arguments.started_s, stop=asked)
    write(solution_text(problem, plan), arguments.output)
    if arguments.output is not None:
        write(f"first plan after {plan.first_s:.2f} s\n", None)
