"""How near small plans come to the best: tiny regions against trying everything, larger ones against a long search.

Each line is one way of planning beside the peer: the plan, the plan without candidates (measured route costs fed back
alone), the plan with one figure of the search changed, and the bound. The peer is the cheapest plan of all for tiny
regions, ten times the iterations for the others. Ratios, not times.
Run as `scripts/bench small [--tiny 20] [--larger 6] [--iterations 400] [--keep [PAGE]]`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console

import solver
from solver import pooling
from solver.params import DEFAULT, Params
from solver.problem import Problem
from solver.search import moves, starts
from tests.benchmarks.stand.page import PAGE, keep_section, table
from tests.solver.thin import cheapest, thin_region

HEAD = ("over the peer", "mean", "worst", "plans more than 0.1 % dearer")
Changed = Callable[[], AbstractContextManager[Any]]
PLANNED: dict[str, Changed] = {
    "without candidates": partial(patch.object, pooling, "search_candidates", lambda *_: None),
    "the plan": nullcontext,
}
FIGURES: dict[str, Changed] = {
    "a quarter of the flows (FLOWS 3)": partial(patch.object, starts, "FLOWS", 3),
    "one start becomes a plan (KEPT 1)": partial(patch.object, starts, "KEPT", 1),
    "no further walks (TURNS 0)": partial(patch.object, starts, "TURNS", 0),
    "no start dearer than the plan at hand (HOPEFUL 1)": partial(patch.object, starts, "HOPEFUL", 1.0),
    "nothing dearer is followed (SLACK 0)": partial(patch.object, moves, "SLACK", 0.0),
    "neighbours close one or two at a time (MOST_CLOSED 1)": partial(patch.object, moves, "MOST_CLOSED", 1),
    "one beginning of a start (TRIES 1)": partial(patch.object, moves, "TRIES", 1),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """One way of planning: its cost over the peer's in each region."""

    name: str
    ratios: tuple[float, ...]

    def line(self) -> tuple[str, ...]:
        """A bound is worst where it is lowest, a plan where it is dearest."""
        worst = min(self.ratios) if self.name == "lower bound" else max(self.ratios)
        dearer = "" if self.name == "lower bound" else f"{sum(r > 1.001 for r in self.ratios)} of {len(self.ratios)}"
        return self.name, f"{sum(self.ratios) / len(self.ratios):.4f}", f"{worst:.4f}", dearer


def measured(
    params: Params, problems: Sequence[Problem], peers: Sequence[float], ways: dict[str, Changed]
) -> list[tuple[str, ...]]:
    """A line for each way of planning, and one for the bound."""
    lines = []
    for name, changed in ways.items():
        with changed():
            reports = [solver.solve(problem, params).report for problem in problems]
        ratios = (report.cost.objective / peer for report, peer in zip(reports, peers, strict=True))
        lines.append(Beside(name, tuple(ratios)).line())
        if name == "the plan":
            bounds = tuple(report.bound_minor / peer for report, peer in zip(reports, peers, strict=True))
    return [*lines, Beside("lower bound", bounds).line()]


def main() -> None:
    """Print both tables, and keep them where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench small", description=__doc__)
    parser.add_argument("--tiny", type=int, default=20)
    parser.add_argument("--larger", type=int, default=6)
    parser.add_argument("--iterations", type=int, default=DEFAULT.iterations)
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write them into {PAGE}")
    asked = parser.parse_args()
    tiny = [thin_region(seed, hubs=1 + seed % 2) for seed in range(asked.tiny)]
    larger = [
        thin_region(100 + seed, farms=12 + 6 * seed, points=3 + 2 * seed, hubs=1 + seed % 3, products=6)
        for seed in range(asked.larger)
    ]
    params = replace(DEFAULT, iterations=asked.iterations)
    long = replace(params, iterations=10 * params.iterations)
    found = {
        f"{len(tiny)} regions of 4 farms and 2 points, against the cheapest plan of all": measured(
            params, tiny, [cheapest(problem) for problem in tiny], PLANNED | FIGURES
        ),
        f"{len(larger)} regions of 12 farms and 3 points and more, against ten times the iterations": measured(
            params, larger, [solver.solve(problem, long).report.cost.objective for problem in larger], PLANNED
        ),
    }
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "ortools", "pyvrp"))
    ran = f"{params.iterations} iterations, {params.rounds} rounds, seed {params.seed}; {packages}"
    told = [f"{datetime.now(UTC):%Y-%m-%d}: {ran}. Ratios, which the machine does not change."]
    told += [f"{title}:\n\n{table(HEAD, lines)}" for title, lines in found.items()]
    Console().print("\n\n".join(told))
    if asked.keep:
        keep_section(asked.keep, "small", "\n\n".join(told))


if __name__ == "__main__":
    main()
