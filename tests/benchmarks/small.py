"""How near small plans come to the best: tiny regions against trying everything, larger ones against a long search.

Each line is one run beside its peer: the plan, the plan without sketches (measured route costs fed back alone), and
the peer: the cheapest plan of all for tiny regions, ten times the iterations for the others. Ratios, not times.
Run as `scripts/bench small [--tiny 20] [--larger 6]`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from unittest.mock import patch

import numpy as np
from rich.console import Console
from rich.table import Table

import solver
from solver import pooling
from solver.params import DEFAULT
from solver.problem import Problem
from tests.solver.thin import cheapest, thin_region


def measured(problem: Problem, peer_minor: float) -> tuple[float, float, float]:
    """The plan without sketches, the plan, and the bound, each over the peer."""
    with patch.object(pooling, "search_sketches", lambda *_: None):
        before = solver.solve(problem, DEFAULT).report.cost.objective
    report = solver.solve(problem, DEFAULT).report
    return before / peer_minor, report.cost.objective / peer_minor, report.bound_minor / peer_minor


def shown(console: Console, title: str, rows: Sequence[tuple[float, float, float]]) -> None:
    """Mean and worst ratio of each column."""
    table = Table("over the peer", "mean", "worst", title=title)
    ratios = np.array(rows)
    for name, column, worst in zip(
        ("without sketches", "with sketches", "lower bound"), ratios.T, (np.max, np.max, np.min), strict=True
    ):
        table.add_row(name, f"{column.mean():.4f}", f"{worst(column):.4f}")
    console.print(table)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiny", type=int, default=20)
    parser.add_argument("--larger", type=int, default=6)
    wanted = parser.parse_args()
    console = Console()
    tiny = [thin_region(seed, hubs=1 + seed % 2) for seed in range(wanted.tiny)]
    shown(console, "4 farms, 2 points, against the cheapest plan of all", [measured(p, cheapest(p)) for p in tiny])
    larger = [
        thin_region(100 + seed, farms=12 + 6 * seed, points=3 + 2 * seed, hubs=1 + seed % 3, products=6)
        for seed in range(wanted.larger)
    ]
    long = replace(DEFAULT, iterations=10 * DEFAULT.iterations)
    rows = [measured(p, solver.solve(p, long).report.cost.objective) for p in larger]
    shown(console, "12 to 42 farms, 3 to 13 points, against ten times the iterations", rows)


if __name__ == "__main__":
    main()
