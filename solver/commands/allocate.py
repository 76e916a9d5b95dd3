"""`python -m solver allocate FILE`: facilities and flows for an OR-Library file."""

import argparse
import json
from pathlib import Path

from solver.allocation.facility.solve import FacilityPlan, solve_facilities
from solver.commands import options
from solver.commands.interrupts import stop_on_signals
from solver.commands.output import check_writable, write
from solver.instances.orlib import read_facilities

HELP = "open facilities and split demands for an OR-Library file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the instance")
    parser.add_argument("--capacity", metavar="N", help='what the word "capacity" in the file stands for')
    parser.add_argument("--time", default="10", metavar="S", help="seconds of wall time at most (10)")
    parser.add_argument("--seed", default="0", metavar="N", help="seed of the search (0)")
    parser.add_argument(
        "-o", dest="output", type=Path, metavar="FILE.json", help="where to write, else standard output"
    )


def run(arguments: argparse.Namespace) -> None:
    """Read, allocate, verify, write."""
    seconds, seed = options.seconds(arguments.time), options.seed(arguments.seed)
    capacity = None if arguments.capacity is None else options.capacity(arguments.capacity)
    problem = read_facilities(arguments.file, capacity)
    check_writable(arguments.output)
    with stop_on_signals() as asked:
        plan = solve_facilities(problem, seconds, seed=seed, started_s=arguments.started_s, stop=asked)
    write(plan_text(plan), arguments.output)


def plan_text(plan: FacilityPlan) -> str:
    """JSON; facilities and customers count from 1."""
    answer = {
        "cost": plan.cost,
        "bound": plan.bound,
        "open": [facility + 1 for facility in plan.opened],
        "flows": [[flow.facility + 1, flow.customer + 1, flow.quantity] for flow in plan.flows],
    }
    return json.dumps(answer) + "\n"
