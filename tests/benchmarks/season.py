"""Fairness over a season: equal farms, random demand, random declines, with the season's ledger and without.

Eight farms of the same product, price and distance offer the same in every cycle; what is asked and who declines are
the seed's. The spread is the most less the least of cumulative utilisation (sold by offered so far). Peers: the same
fairness terms without the ledger, and no fairness terms at all, whose cost is what the others' is compared with.
Run as `scripts/bench season [--cycles 26] [--seeds 1 2 3] [--iterations 10] [--keep [PAGE]]`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from rich.console import Console

import solver
from solver.instance import Floats
from solver.params import Params
from tests.benchmarks.stand.page import PAGE, keep_section, machine, table
from tests.benchmarks.stand.ran import Ran, run_measured
from tests.benchmarks.stand.reached import Reached, keep_reached
from tests.solver.season import Season, season, within

PLACES: Final = {"village": False, "around": True}
LIE: Final = {"village": "in one village", "around": "all around the hub"}
DECLINES_PPM: Final = (0, 100_000)
PLANS: Final = {
    "with the ledger": Season(0),
    "without the ledger": Season(0, ledger=False),
    "no fairness terms": Season(0, fairness_ppm=0),
}
HEAD: Final = (
    "farms, declines, plan", "most spread after a quarter, a half, all of it", "at most stated", "lots apart at most",
    "Gini at the end", "landed over no terms", "seconds, MB",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One way of planning in one kind of season: a list a seed of what came of it."""

    title: str
    spread: list[list[float]]
    stated: list[list[float]]
    took_part: list[list[int]]  # cycles, of the farm with fewest
    gini: list[float]
    landed_minor: list[int]
    ran: Ran

    @property
    def lots(self) -> float:
        """The most spread of any cycle in lots: times the cycles that the farm with fewest has taken part in."""
        return float((np.array(self.spread) * np.array(self.took_part)).max())

    @property
    def kept(self) -> bool:
        """Every cycle of every seed was within what is stated."""
        return bool((np.array(self.spread) <= np.array(self.stated)).all())

    def line(self, priced: Row) -> tuple[str, ...]:
        """Beside the row that has no fairness terms."""
        worst, most = np.array(self.spread).max(axis=0), np.array(self.stated).max(axis=0)
        at = [max(len(worst) * part // 4 - 1, 0) for part in (1, 2, 4)]
        dearer = sum(self.landed_minor) / sum(priced.landed_minor) - 1
        return (
            self.title,
            ", ".join(f"{worst[row]:.3f}" for row in at),
            ", ".join(f"{most[row]:.3f}" for row in at) + ("" if self.kept else ": not kept"),
            f"{self.lots:.2f}",
            f"{np.mean(self.gini):.3f}",
            f"{dearer:+.2%}",
            f"{self.ran.wall_s:.0f}, {self.ran.peak_mb:,}",
        )


def gini(used: Floats) -> float:
    """Half the mean difference of two farms by the mean: 0 where all are alike."""
    return float(np.abs(used[:, None] - used[None, :]).mean() / (2 * max(float(used.mean()), 1e-12)))


def played(terms: Season, seeds: Sequence[int], iterations: int) -> dict[str, list[object]]:
    """Every seed's season, planned by the solver."""
    params = Params(iterations=iterations, rounds=1, workers=1, slope_rounds=4)
    found: dict[str, list[object]] = {name: [] for name in ("spread", "stated", "took_part", "gini", "landed_minor")}
    for seed in seeds:
        cycles = list(season(replace(terms, seed=seed), partial(solver.solve, params=params)))
        found["spread"].append([cycle.spread for cycle in cycles])
        found["stated"].append(within(cycles))
        found["took_part"].append(np.cumsum([cycle.took_part for cycle in cycles], axis=0).min(axis=1).tolist())
        found["gini"].append(gini(cycles[-1].sold_g / np.maximum(cycles[-1].offered_g, 1)))
        found["landed_minor"].append(sum(cycle.landed_minor for cycle in cycles))
    return found


def told(rows: dict[tuple[str, int, str], Row]) -> str:
    """Both tables: every row, and cycle by cycle where farms lie around the hub and some decline."""
    lines = [row.line(rows[place, declines, "no fairness terms"]) for (place, declines, _), row in rows.items()]
    hard = {name: rows["around", DECLINES_PPM[1], name] for name in PLANS}
    spreads = [np.array(row.spread).max(axis=0) for row in hard.values()]
    stated = np.array(hard["with the ledger"].stated).min(axis=0)
    by_cycle = [
        (str(cycle + 1), *(f"{spread[cycle]:.3f}" for spread in spreads), f"{stated[cycle]:.3f}")
        for cycle in range(len(stated))
    ]
    target = "kept" if all(row.kept for key, row in rows.items() if key[2] == "with the ledger") else "NOT KEPT"
    return "\n\n".join([
        f"Stated bound, 1 / T where nobody declines and 2 / T where a tenth does: {target} with the ledger.",
        table(HEAD, lines),
        "Farms all around the hub, a tenth declines: the most spread of any seed, cycle by cycle.",
        table(("cycle", *PLANS, "at most stated"), by_cycle),
    ])  # fmt: skip


def main() -> None:
    """Run every row in a process of its own, print both tables, and keep them where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench season", description=__doc__)
    parser.add_argument("--cycles", type=int, default=26)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write them into {PAGE}")
    parser.add_argument("--row", nargs=3, metavar=("PLACE", "DECLINES", "PLAN"), help="one row only, as JSON")
    asked = parser.parse_args()
    if asked.row:
        place, declines, plan = asked.row
        terms = replace(PLANS[plan], around=PLACES[place], declines_ppm=int(declines), cycles=asked.cycles)
        sys.stdout.write(json.dumps(played(terms, asked.seeds, asked.iterations)))
        return
    given = ["--cycles", str(asked.cycles), "--iterations", str(asked.iterations), "--seeds", *map(str, asked.seeds)]
    rows: dict[tuple[str, int, str], Row] = {}
    for place in PLACES:
        for declines in DECLINES_PPM:
            for plan in PLANS:
                words = (sys.executable, "-m", "tests.benchmarks.season", *given, "--row", place, str(declines), plan)
                ran = run_measured(words)
                title = f"{LIE[place]}, {declines / 1e6:.0%}, {plan}"
                rows[place, declines, plan] = Row(title, **json.loads(ran.said), ran=ran)
    ran_with = f"{asked.cycles} cycles, seeds {asked.seeds}, {asked.iterations} iterations."
    page = f"{machine()} {ran_with}\n\n{told(rows)}"
    Console().print(page, markup=False, soft_wrap=True)
    if asked.keep:
        keep_section(asked.keep, "season", page)
        ledger = [row for key, row in rows.items() if key[2] == "with the ledger"]
        worst = max(row.lots for row in ledger)
        aim = "spread ≤ 1 / T, ≤ 2 / T with a tenth declining"
        told_row = (f"fairness over {asked.cycles} cycles", "no ledger", aim, f"spread x T at most {worst:.2f}")
        keep_reached(asked.keep, [Reached(*told_row, all(row.kept for row in ledger))])


if __name__ == "__main__":
    main()
