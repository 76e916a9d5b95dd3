"""Allocation beside SimpleMinCostFlow and HiGHS: linear, with charges, OR-Library, and fair shares.

Lots are those of `made.lots`; every plan is priced by the independent checker. Seconds are of solving, in brackets of
the whole process. Run as `scripts/bench allocation [--row linear charge orlib fairness] [--lots N ...] [--seconds S]
[--seeds 1 2] [--half test] [--keep [PAGE]]`; `--lots` and `--seconds` replace each row's own.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Final

import numpy as np
from rich.console import Console

from solver.allocation.charged.problem import ChargedProblem
from solver.instance import Floats
from tests.benchmarks.made.lots import made_lots
from tests.benchmarks.stand.allocating import Allocated, Course
from tests.benchmarks.stand.facilities import orlib_rows
from tests.benchmarks.stand.page import PAGE, keep_section, machine, table
from tests.benchmarks.stand.reached import Reached, keep_reached

LINEAR_LOTS: Final = (100_000, 1_000_000)
LINEAR_RATIO, PEER_UP_TO, MILLION_S = 0.3, 100_000, 30.0
CHARGE: Final = {10_000: (20.0, 0.002), 100_000: (60.0, 0.05)}
"""Seconds and the certified gap to reach, by lots."""
FAIR_LOTS, FAIR_WEIGHT = 10_000, 100
FAIR_UNSOLD, FAIR_COST, FAIR_TIMES = 0.02, 0.04, 3.0
LONG_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sizes, how long, which seeds; None for each row's own."""

    lots: Sequence[int] | None
    seconds: float | None
    seeds: Sequence[int]
    half: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Row:
    """A table, and its lines in the table of all targets."""

    told: str
    reached: tuple[Reached, ...]


def linear(asked: Asked) -> Row:
    """Costs alone: both find the optimum, so only time and memory differ."""
    lines, reached = [], []
    for lots in asked.lots or LINEAR_LOTS:
        ours, peers = list[Allocated](), list[Allocated]()
        for seed in asked.seeds:
            course = Course(made_lots(lots, seed, linear=True), asked.folder)
            ours.append(course.ours(LONG_S))
            peers += [course.flow()] if lots <= PEER_UP_TO else []
            if peers and peers[-1].cost != ours[-1].cost:
                raise ArithmeticError(f"{ours[-1].cost} and {peers[-1].cost}: one of them is not the least")
            lines.append((f"{lots:,}, seed {seed}", f"{ours[-1].cost:,.0f}", ours[-1].took(), *(_beside(ours, peers))))
        reached.append(_linear_reached(lots, ours, peers))
    return Row(table(("lots", "cost", "farmlink", "SimpleMinCostFlow, whole", "ratio"), lines), tuple(reached))


def _beside(ours: Sequence[Allocated], peers: Sequence[Allocated]) -> tuple[str, str]:
    return (peers[-1].took(), f"{ours[-1].seconds / peers[-1].seconds:.2f}") if peers else ("-", "-")


def _linear_reached(lots: int, ours: Sequence[Allocated], peers: Sequence[Allocated]) -> Reached:
    name, seconds = f"linear allocation, {lots:,} lots", fmean(one.seconds for one in ours)
    if not peers:
        return Reached(name, "-", f"{MILLION_S:g} s", f"{seconds:.1f} s", seconds <= MILLION_S)
    ratio = seconds / fmean(one.seconds for one in peers)
    return Reached(name, "SimpleMinCostFlow", f"{LINEAR_RATIO:g} x its time", f"{ratio:.2f} x", ratio <= LINEAR_RATIO)


def charge(asked: Asked) -> Row:
    """Pickup charges and minima, the hard kind: each contender's cost against its own bound."""
    lines, reached = [], []
    for lots in asked.lots or tuple(CHARGE):
        seconds, target = CHARGE.get(lots, (20.0, 0.002))
        seconds = asked.seconds or seconds
        gaps = list[float]()
        for seed in asked.seeds:
            course = Course(made_lots(lots, seed, hard=True), asked.folder)
            ours, peer = course.ours(seconds, "--seed", str(seed)), course.highs(seconds)
            gaps.append(ours.gap)
            lines.append(
                (
                    f"{lots:,}, seed {seed}", f"{ours.cost:,.0f}", f"{ours.gap:.3%}", f"{peer.gap:.3%}",
                    f"{ours.cost / peer.cost - 1:+.2%}", ours.took(), peer.took(),
                )
            )  # fmt: skip
        name, within = f"fixed charge, {lots:,} hard, certified gap", f"{target:.1%} in {seconds:g} s"
        reached.append(Reached(name, "HiGHS whole", within, f"{fmean(gaps):.3%}", max(gaps) <= target))
    head = ("lots", "cost", "our gap", "peer's gap", "our cost against its", "farmlink", "HiGHS, whole")
    return Row(table(head, lines), tuple(reached))


def fairness(asked: Asked) -> Row:
    """Segments that make a lot's first units count as cheaper, and the highest floor, beside the plain flow."""
    lines, found = [], list[tuple[float, float, float]]()
    for lots in asked.lots or (FAIR_LOTS,):
        for seed in asked.seeds:
            problem = made_lots(lots, seed, linear=True)
            course = Course(problem, asked.folder)
            plain = course.ours(LONG_S)
            for name, options in (("segments", ("--fair", str(FAIR_WEIGHT))), ("max-min", ("--max-min",))):
                fair = course.ours(LONG_S, *options)
                part, times = sold(problem, fair), fair.seconds / plain.seconds
                dearer, unsold = fair.cost / plain.cost - 1, float((part <= 0).mean())
                found += [(unsold, dearer, times)] if name == "segments" else []
                lines.append(
                    (
                        f"{lots:,}, seed {seed}: {name}", f"{(sold(problem, plain) <= 0).mean():.1%}", f"{unsold:.2%}",
                        f"{dearer:+.2%}", f"{gini(part):.2f}", f"{np.quantile(part, 0.1):.2f}", f"{times:.1f}",
                        fair.took(),
                    )
                )  # fmt: skip
    unsold, dearer, times = (max(column) for column in zip(*found, strict=True))
    held = unsold <= FAIR_UNSOLD and dearer <= FAIR_COST and times <= FAIR_TIMES
    reached = Reached(
        "fairness", "plain flow", "2 % sell nothing at +4 % cost, 3 x time",
        f"{unsold:.2%} at {dearer:+.2%}, {times:.1f} x", held,
    )  # fmt: skip
    head = ("lots", "plain: sell nothing", "sell nothing", "cost", "Gini", "lowest decile", "times", "took")
    return Row(table(head, lines), (reached,))


def sold(problem: ChargedProblem, plan: Allocated) -> Floats:
    """The part of each lot that is sold."""
    part: Floats = np.bincount(problem.lanes.lot, plan.sent, len(problem.lots.id)) / problem.lots.quantity
    return part


def gini(part: Floats) -> float:
    """0 when all lots sell the same part, towards 1 when one sells all."""
    part = np.sort(part)
    return float((2 * np.arange(1, len(part) + 1) - len(part) - 1) @ part / (len(part) * part.sum()))


def orlib(asked: Asked) -> Row:
    """OR-Library's facilities."""
    return Row(*orlib_rows(asked.half, asked.seconds, asked.seeds, asked.folder))


ROWS: Final[dict[str, Callable[[Asked], Row]]] = {
    "linear": linear,
    "charge": charge,
    "orlib": orlib,
    "fairness": fairness,
}


def main() -> None:
    """Print the tables, and keep them where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench allocation", description=__doc__)
    parser.add_argument("--row", choices=ROWS, nargs="+", default=list(ROWS))
    parser.add_argument("--lots", type=int, nargs="+")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--half", choices=("test", "tune"), default="test", help="of OR-Library's files")
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write it into {PAGE}")
    given = parser.parse_args()
    ran_on, console = machine(), Console(width=200)
    for name in given.row:
        with tempfile.TemporaryDirectory() as folder:
            row = ROWS[name](Asked(given.lots, given.seconds, given.seeds, given.half, Path(folder)))
        aims = table(("row", "peer in the same run", "target", "reached", "held"), [one.line() for one in row.reached])
        told = f"{ran_on}\n\n{row.told}\n\n{aims}"
        console.print(f"{name}: {ROWS[name].__doc__}\n\n{told}\n")
        if given.keep:
            keep_section(given.keep, f"allocation: {name}", told)
            keep_reached(given.keep, row.reached)


if __name__ == "__main__":
    main()
