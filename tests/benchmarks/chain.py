"""What pooling saves on real Michigan farms: collection against farm by farm, and the whole chain against self-haul.

The demo's Michigan cycle is planned with the solver's defaults; `solver.baselines` moves the same goods the other
ways, with the same shift, speeds and prices: (a) every farm drives to its hub and back, (b) the same with line haul and
delivery as in the plan, (c) every farm on its own best tours. Run as `scripts/bench chain [--seconds 300] [--seeds 1]
[--problem FILE] [--keep [PAGE]]`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from solver.baselines import Van, compare
from solver.check import accept
from solver.codec import read_problem, read_solution
from solver.problem import Problem
from tests.benchmarks.replan import MICHIGAN, planned
from tests.benchmarks.stand.page import PAGE, keep_section, machine, table
from tests.benchmarks.stand.ran import Ran
from tests.benchmarks.stand.reached import Reached, keep_reached

FIGURES: Final = ("routes", "distance", "duration", "money", "transport")
NAMES: Final = {
    "collection_alone": "(a) collection, farm by farm",
    "self_haul": "(b) self-haul",
    "alone": "(c) alone",
}
TARGETS: Final[dict[str, dict[str, float]]] = {
    "collection_alone": {"routes": 0.87, "distance": 0.74, "duration": 0.66},
    "self_haul": {"money": 0.28},
}
"""What has to be saved; for (a) Bosona & Gebresenbet (2011) report 68 % of routes, 50 % of distance, 47 % of time."""


def lines(saved: dict[str, dict[str, float]]) -> list[tuple[str, ...]]:
    """A row for each baseline: what is saved, with the target where there is one."""
    return [
        (name, *(_cell(saved[key][figure], TARGETS.get(key, {}).get(figure)) for figure in FIGURES))
        for key, name in NAMES.items()
    ]


def _cell(saved: float, target: float | None) -> str:
    return f"{-saved:+.1%}" + ("" if target is None else f" (target {-target:+.0%})")


def written(problem: Problem, seed: int, ran: Ran, compared: dict[str, Any]) -> str:
    """One plan's table."""
    farms, lots = len(problem.farms.id), len(problem.lots.id)
    left_g = compared["baselines"]["self_haul"]["left_g"]
    return (
        f"Seed {seed}: {farms} farms, {lots} lots; planned in {ran.wall_s:.1f} s, {ran.peak_mb} MB.\n\n"
        f"{table(('against', *FIGURES), lines(compared['saved']))}\n\n"
        f"Farms too far for their hub and back within a shift leave {left_g / 1000:,.0f} kg in (a) and (b)."
    )


def reached(found: Sequence[dict[str, dict[str, float]]]) -> list[Reached]:
    """A row of the table of all targets for each baseline that has some: the least that any seed saves."""
    rows = []
    for key, targets in TARGETS.items():
        least = {figure: min(saved[key][figure] for saved in found) for figure in targets}
        target, told = (
            ", ".join(f"{-part:+.1%} {figure}" for figure, part in parts.items()) for parts in (targets, least)
        )
        held = all(least[figure] >= part for figure, part in targets.items())
        rows.append(Reached(f"pooled, real Michigan farms, {NAMES[key]}", NAMES[key], target, told, held))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for every seed, and keep them where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench chain", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--seconds", type=float, default=300, help="most wall time of a plan")
    parser.add_argument("--problem", type=Path, default=MICHIGAN, metavar="FILE")
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write it into {PAGE}")
    asked = parser.parse_args(arguments)
    ran_on, told, found = machine(), list[str](), list[dict[str, dict[str, float]]]()
    problem = read_problem(asked.problem)
    for seed in asked.seeds:
        with tempfile.TemporaryDirectory() as folder:
            given = Path(folder) / "problem.json"
            given.write_bytes(asked.problem.read_bytes())
            plan, ran = planned(given, asked.seconds, "--seed", str(seed))
            solution = read_solution(plan, problem)
        accept(problem, solution)
        beside = compare(problem, solution, Van())
        found.append(beside["saved"])
        told.append(written(problem, seed, ran, beside))
        Console().print(told[-1])
    if asked.keep:
        keep_section(asked.keep, "chain", "\n\n".join([ran_on, *told]))
        keep_reached(asked.keep, reached(found))


if __name__ == "__main__":
    main()
