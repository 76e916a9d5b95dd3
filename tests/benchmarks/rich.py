"""Rich routing beside PyVRP alone, both on both cores for the same wall time.

Rows are the mornings of `made.mornings`, all with mixed trucks, three capacity axes, cold classes that fix the trucks
of a site, time windows, service times and shifts: `delivery` only, `pickup` only, `mixed`, optional stops with
`prizes`, goods `released` while trucks drive, and several `trips` a shift on top of releases. Each seed is another
morning. Solver and peer run in turn; what each writes is judged and priced by the independent verifier of errands.
PyVRP's local search may go round in circles for ever on the last row: where it never had a whole plan, that is told
and no ratio is made of it.
Run as `scripts/bench rich [--row trips ...] [--seconds 20] [--seeds 1 2] [--visits 150] [--keep [PAGE]]`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Final

from rich.console import Console

from tests.benchmarks.made.mornings import MORNINGS, made_morning
from tests.benchmarks.stand.driven import judged_minor
from tests.benchmarks.stand.page import PAGE, keep_section, machine, table
from tests.benchmarks.stand.ran import Ran, run_measured
from tests.benchmarks.stand.reached import Reached, keep_reached

OURS: Final = "tests.benchmarks.stand.routed"
PEER: Final = "tests.benchmarks.peers.pyvrp_mornings"
MOST_RATIO: Final = 1.0
HEAD: Final = (
    "morning", "seed", "PyVRP", "farmlink", "ratio", "left out: ours, PyVRP", "seconds: ours, PyVRP", "MB: ours, PyVRP",
)  # fmt: skip
MEANS: Final = ("row", "visits", "seconds", "mean ratio", "target", "without a plan of PyVRP")


@dataclass(frozen=True, slots=True)
class Answered:
    """A contender's trips in minor units by the verifier, and what they took."""

    minor: float
    left_out: int
    ran: Ran


@dataclass(frozen=True, slots=True)
class Compared:
    """One morning driven by both."""

    morning: str
    visits: int
    seed: int
    ours: Answered
    peer: Answered

    @property
    def planned(self) -> bool:
        """Whether the peer had any plan at all."""
        return self.peer.left_out < self.visits

    @property
    def ratio(self) -> float:
        """Ours over the peer's."""
        return self.ours.minor / self.peer.minor

    def line(self) -> tuple[str, ...]:
        """A row of the table."""
        both = (self.ours, self.peer)
        return (
            self.morning,
            str(self.seed),
            f"{self.peer.minor / 100:,.0f}" if self.planned else "no plan",
            f"{self.ours.minor / 100:,.0f}",
            f"{self.ratio:.4f}" if self.planned else "-",
            ", ".join(str(one.left_out) for one in both) if self.planned else f"{self.ours.left_out}, -",
            ", ".join(f"{one.ran.wall_s:.1f}" for one in both),
            ", ".join(str(one.ran.peak_mb) for one in both),
        )


def compared(morning: str, visits: int, seed: int, seconds: float, folder: Path) -> Compared:
    """The solver, and then the peer."""
    errand = made_morning(morning, visits, seed)
    answers = list[Answered]()
    for contender in (OURS, PEER):
        out = folder / f"{contender}.json"
        words = [morning, str(visits), str(seed), "--seconds", str(seconds), "-o", str(out)]
        ran = run_measured([sys.executable, "-m", contender, *words])
        answers.append(Answered(*judged_minor(errand, out), ran))
    return Compared(morning, visits, seed, *answers)


def mean_ratio(found: Sequence[Compared]) -> float | None:
    """Over the mornings for which the peer had a plan; None where it had none at all."""
    ratios = [one.ratio for one in found if one.planned]
    return fmean(ratios) if ratios else None


def means(seconds: float, found: Sequence[Compared]) -> tuple[str, ...]:
    """A row's mean beside its target."""
    mean, hung = mean_ratio(found), sum(not one.planned for one in found)
    told = "-" if mean is None else f"{mean:.4f}"
    return (
        found[0].morning,
        str(found[0].visits),
        f"{seconds:g}",
        told,
        f"≤ {MOST_RATIO:.2f}",
        f"{hung} of {len(found)}",
    )


def reached(seconds: float, found: Sequence[Compared]) -> Reached:
    """A row of the table of all targets."""
    mean, hung = mean_ratio(found), sum(not one.planned for one in found)
    peak_mb = max(one.ours.ran.peak_mb for one in found)
    ratio = "no plan of PyVRP to compare with" if mean is None else f"{mean:.4f} x"
    told = f"{ratio}, {peak_mb} MB" + (f", PyVRP without a plan on {hung} of {len(found)}" if hung else "")
    row = f"rich routing: {found[0].morning}, {found[0].visits} visits, {seconds:g} s"
    held = mean is None or mean <= MOST_RATIO
    return Reached(row, "PyVRP, best of two seeds", f"≤ {MOST_RATIO:.2f} x its cost", told, held)


def main() -> None:
    """Print the tables, and keep them where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench rich", description=__doc__)
    parser.add_argument("--row", choices=MORNINGS, nargs="+", default=list(MORNINGS))
    parser.add_argument("--visits", type=int, default=150)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write it into {PAGE}")
    asked = parser.parse_args()
    ran_on, console = machine(), Console(width=200)
    with tempfile.TemporaryDirectory() as folder:
        for row in asked.row:
            found = list[Compared]()
            for seed in asked.seeds:
                found.append(compared(row, asked.visits, seed, asked.seconds, Path(folder)))
                console.print("  ".join(found[-1].line()))
            lines = [one.line() for one in found]
            told = f"{table(MEANS, [means(asked.seconds, found)])}\n\n{table(HEAD, lines)}"
            console.print(told)
            if asked.keep:
                keep_section(asked.keep, f"rich routing: {row}", f"{ran_on}\n\n{told}")
                keep_reached(asked.keep, [reached(asked.seconds, found)])


if __name__ == "__main__":
    main()
