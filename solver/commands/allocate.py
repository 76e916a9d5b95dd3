"""`python -m solver allocate FILE`: facilities of an OR-Library file, or lots and batches of an npz file of columns."""

import argparse
import json
import time
from pathlib import Path

from solver.allocation.charged.columns import read_charged, write_plan
from solver.allocation.charged.fair import FairPlan, allocate_fairly
from solver.allocation.charged.solve import ChargedPlan, Effort, allocate
from solver.allocation.facility.solve import FacilityPlan, solve_facilities
from solver.commands import options
from solver.commands.interrupts import stop_on_signals
from solver.commands.output import check_writable, write
from solver.errors import BadInputError
from solver.instances.orlib import read_facilities

HELP = "allocate: facilities of an OR-Library file, or lots of an npz file"
COLUMNS = ".npz"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the instance; .npz for lots, batches and lanes")
    parser.add_argument("--capacity", metavar="N", help='what the word "capacity" in an OR-Library file stands for')
    parser.add_argument(
        "--time",
        default="10",
        metavar="S",
        help="seconds at most (10); without charges and minima, until it is proven",
    )
    parser.add_argument("--seed", default="0", metavar="N", help="seed of the search (0)")
    shares = parser.add_mutually_exclusive_group()
    shares.add_argument("--fair", metavar="MINOR", help="npz: weight of fairness segments, minor units a unit")
    shares.add_argument("--max-min", action="store_true", help="npz: the highest part that every lot can sell, first")
    parser.add_argument(
        "-o", dest="output", type=Path, metavar="OUT", help="JSON, else standard output; npz: what each lane carries"
    )


def run(arguments: argparse.Namespace) -> None:
    """Read, allocate, verify, write."""
    seconds, seed = options.seconds(arguments.time), options.seed(arguments.seed)
    capacity = None if arguments.capacity is None else options.capacity(arguments.capacity)
    weight = None if arguments.fair is None else options.weight(arguments.fair)
    if arguments.file.suffix == COLUMNS:
        if capacity is not None:
            raise BadInputError(str(arguments.file), 0, "--capacity", "is for OR-Library files")
        return _run_columns(arguments, Effort(seconds, seed=seed), weight)
    if weight is not None or arguments.max_min:
        raise BadInputError(str(arguments.file), 0, "--fair", "and --max-min are for npz files")
    problem = read_facilities(arguments.file, capacity)
    check_writable(arguments.output)
    began_s = time.monotonic()
    with stop_on_signals() as asked:
        plan = solve_facilities(problem, seconds, seed=seed, started_s=arguments.started_s, stop=asked)
    return write(plan_text(plan, time.monotonic() - began_s), arguments.output)


def _run_columns(arguments: argparse.Namespace, effort: Effort, weight: int | None) -> None:
    problem = read_charged(arguments.file)
    check_writable(arguments.output)
    plan: ChargedPlan | FairPlan
    began_s = time.monotonic()
    with stop_on_signals() as asked:
        if weight is not None or arguments.max_min:
            plan = allocate_fairly(problem, weight, effort, stop=asked)
        else:
            plan = allocate(problem, effort, stop=asked)
    seconds = time.monotonic() - began_s
    if arguments.output is not None:
        write_plan(plan, arguments.output)
    answer: dict[str, float] = {"cost": plan.cost_minor, "seconds": seconds}
    if isinstance(plan, ChargedPlan):
        answer |= {"bound": plan.bound_minor, "gap": plan.gap}
    write(json.dumps(answer) + "\n", None)


def plan_text(plan: FacilityPlan, seconds: float) -> str:
    """JSON; facilities and customers count from 1, `seconds` are of solving."""
    answer = {
        "cost": plan.cost,
        "bound": plan.bound,
        "seconds": seconds,
        "open": [facility + 1 for facility in plan.opened],
        "flows": [[flow.facility + 1, flow.customer + 1, flow.quantity] for flow in plan.flows],
    }
    return json.dumps(answer) + "\n"
