"""`python -m solver locate FILE`: depots to open and routes from them for a location-routing file."""

import argparse
import json
from pathlib import Path

from solver.commands import options
from solver.commands.interrupts import stop_on_signals
from solver.commands.output import check_writable, write
from solver.instances.location import read_location
from solver.location.solve import LocatedPlan, solve_location

HELP = "open depots and route from them for a Prodhon, Barreto or Tuzun-Burke file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the instance")
    parser.add_argument("--time", default="10", metavar="S", help="seconds of wall time, all of them used (10)")
    parser.add_argument("--seed", default="0", metavar="N", help="seed of the search (0)")
    parser.add_argument(
        "-o", dest="output", type=Path, metavar="FILE.json", help="where to write, else standard output"
    )


def run(arguments: argparse.Namespace) -> None:
    """Read, locate and route on both cores, verify, write."""
    seconds, seed = options.seconds(arguments.time), options.seed(arguments.seed)
    problem = read_location(arguments.file)
    check_writable(arguments.output)
    with stop_on_signals() as asked:
        plan = solve_location(problem, seconds, seed=seed, started_s=arguments.started_s, stop=asked)
    write(plan_text(plan), arguments.output)


def plan_text(plan: LocatedPlan) -> str:
    """JSON; depots and clients count from 1."""
    answer = {
        "cost": plan.cost,
        "bound": plan.bound,
        "open": [depot + 1 for depot in plan.opened],
        "routes": [
            {"depot": route.depot + 1, "clients": [client + 1 for client in route.clients]} for route in plan.routes
        ],
    }
    return json.dumps(answer) + "\n"
