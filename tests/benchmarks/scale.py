"""Time and memory from a thousand lots to a million, ten lanes each, and one region of one component routed.

Each size is allocated to the proven optimum in a process of its own, on both cores; then the collection of one
component's lots in the fullest square of 60 km is routed. What travels to the workers is weighed.
Run as `scripts/bench scale [--sizes 1000 10000 100000 1000000] [--route-seconds 20] [--keep [FOLDER]]`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Final

from rich.console import Console

from tests.benchmarks.stand.page import PAGE, keep_section, machine, table
from tests.benchmarks.stand.plot import Line, log_log
from tests.benchmarks.stand.ran import run_measured
from tests.benchmarks.stand.reached import Reached, keep_reached

SIZES: Final = (1000, 10_000, 100_000, 1_000_000)
MOST_S, AT_LOTS = 30.0, 1_000_000
"""The target."""
PLOT: Final = "scale.svg"
CHILD: Final = ("-m", "tests.benchmarks.stand.allocated")
HEAD: Final = (
    "lots", "lanes", "allocated, s", "proven gap", "resident MB: peak, problem alone", "to the workers: pieces, MB, s",
    "one region routed: stops, routes, km, s, MB",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """What one size took."""

    lots: int
    figures: dict[str, float]

    @property
    def allocate_s(self) -> float:
        """Checks of the problem and of the plan included."""
        return self.figures["allocate_s"]

    @property
    def peak_mb(self) -> float:
        """Resident, of all processes, while it allocates; the problem's own columns included."""
        return self.figures["peak_mb"]

    def line(self) -> tuple[str, ...]:
        """A row of the table."""
        of = self.figures
        return (
            f"{self.lots:,}",
            f"{of['lanes']:,}",
            f"{of['allocate_s']:.2f}",
            f"{of['gap']:.2%}",
            f"{self.peak_mb:,}, {of['given_mb']:,}",
            f"{of['pieces']}, {of['travel_mb']:.1f}, {of['pickle_s']:.3f}",
            f"{of['stops']:,}, {of['routes']:,}, {of['km']:,.0f}, {of['route_s']:.1f}, {of['route_mb']:,}",
        )


def measured(lots: int, route_seconds: float) -> Size:
    """One size, in a process of its own."""
    ran = run_measured([sys.executable, *CHILD, str(lots), str(route_seconds)])
    return Size(lots, json.loads(ran.said))


def written(found: Sequence[Size]) -> str:
    """The table, how both grow, and what is reached beside the target."""
    first, last = found[0], found[-1]
    steps = log(last.lots / first.lots)
    grown = [
        log(getattr(last, what) / getattr(first, what)) / steps if steps else 1.0 for what in ("allocate_s", "peak_mb")
    ]
    reached = next((f"{one.allocate_s:.1f} s" for one in found if one.lots == AT_LOTS), "not run")
    return "\n".join(
        [
            table(HEAD, [one.line() for one in found]),
            "",
            f"- {AT_LOTS:,} lots: {reached}; target at most {MOST_S:g} s.",
            (
                f"- From the first size to the last, time grows with the power {grown[0]:.2f} of the lots,"
                f" memory with {grown[1]:.2f}; target: memory linear, a power of 1 at most."
            ),
            (
                "- Columns travel in 32-bit words beside the pickle (protocol 5):"
                f" its own part is {max(one.figures['beside_columns_mb'] for one in found):.3f} MB at most."
            ),
        ]
    )


def drawn(found: Sequence[Size]) -> str:
    """Seconds and resident megabytes over the lots."""
    seconds = Line("seconds", [one.allocate_s for one in found])
    memory = Line("resident MB", [one.peak_mb for one in found])
    return log_log(
        "Allocation: time and memory by lots", "lots, ten lanes each", [one.lots for one in found], (seconds, memory)
    )


def reached(found: Sequence[Size]) -> list[Reached]:
    """The row of the table of all targets, where the largest size was run."""
    row, aim = f"linear allocation and one region's routes, {AT_LOTS:,} lots", f"allocated in ≤ {MOST_S:g} s"
    return [
        Reached(row, "none", aim, f"{one.allocate_s:.1f} s, {one.peak_mb:,} MB", one.allocate_s <= MOST_S)
        for one in found
        if one.lots == AT_LOTS
    ]


def main() -> None:
    """Print the table, and keep it with the plot where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench scale", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="LOTS")
    parser.add_argument("--route-seconds", type=float, default=20, metavar="S")
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE.parent, metavar="FOLDER", help="write page and plot")
    asked = parser.parse_args()
    ran_on, console, found = machine(), Console(soft_wrap=True), list[Size]()
    for lots in sorted(asked.sizes):
        found.append(measured(lots, asked.route_seconds))
        console.print(" | ".join(found[-1].line()))
    told = f"{ran_on}\n\n![Time and memory by lots]({PLOT})\n\n{written(found)}"
    console.print(told)
    if asked.keep:
        (asked.keep / PLOT).write_text(drawn(found), encoding="utf-8")
        keep_section(asked.keep / PAGE.name, "Scale: a thousand to a million lots", told)
        keep_reached(asked.keep / PAGE.name, reached(found))


if __name__ == "__main__":
    main()
