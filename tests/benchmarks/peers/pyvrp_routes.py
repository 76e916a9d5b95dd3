"""PyVRP as it comes on every core, a seed each from a start of its own; the best plan counts.

Run as `python -m tests.benchmarks.peers.pyvrp_routes FILE --seconds 30 --seed 1 -o OUT`, which writes what
`python -m solver route` writes. The problem is given to PyVRP as the solver gives it: whole-number matrices in the
rounding of the class, and no more idle vehicles than a search of that size likes.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import pyvrp
from pyvrp.stop import MaxRuntime

from solver.instances.classical import ClassicalProblem
from solver.instances.routing import read_classical
from solver.routing.classical.best import RoutedPlan
from solver.routing.classical.measure import measured
from solver.routing.classical.model import Routes, pyvrp_model, routes_of
from solver.routing.classical.solfile import solution_text
from solver.routing.classical.verify import verify_routes

CORES: Final = 2
WRITING_S: Final = 0.2
"""Kept for the last: the peer's wall time is the time given."""


def main() -> None:
    """Route, choose, write."""
    began = time.monotonic()
    parser = argparse.ArgumentParser(prog="pyvrp_routes", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    problem = read_classical(asked.file)
    seeds = range(CORES * asked.seed, CORES * (asked.seed + 1))
    until_s = began + asked.seconds - WRITING_S
    with ProcessPoolExecutor(CORES, get_context("spawn")) as cores:
        searches = [cores.submit(_searched, problem, seed, until_s) for seed in seeds]
        plans = [search.result() for search in searches]
    found = [RoutedPlan(routes, verify_routes(problem, routes).cost) for routes in plans]
    best = min(found, key=lambda plan: plan.cost)
    asked.output.write_text(solution_text(problem, best), encoding="utf-8")


def _searched(problem: ClassicalProblem, seed: int, until_s: float) -> Routes:
    """One core's plan; nothing where it holds none for feasible."""
    model = pyvrp_model(measured(problem), 0)
    left_s = max(until_s - time.monotonic(), 0.0)
    best = pyvrp.solve(model, MaxRuntime(left_s), seed=seed, collect_stats=False).best
    return routes_of(best) if best.is_feasible() else ()


if __name__ == "__main__":
    main()
