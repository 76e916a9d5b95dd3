"""A plan again after farms declined, beside solving the same problem with the same promises from the beginning.

The demo's Michigan cycle (83 farms, 57 points, 470 lots, four hubs) is planned; then 1, 5 and 20 % of its allocations
are declined and the others confirmed. The peer is the solver itself without `Params.around_earlier`. Both plans are
accepted by the independent checker. Run as `scripts/bench replan [--parts 1 5 20] [--seeds 1] [--seconds 300]
[--problem FILE] [--keep [PAGE]]`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console

from solver.check import accept
from solver.codec import problem_to_json, read_problem, read_solution
from solver.problem import Problem
from solver.solution import Solution
from tests.benchmarks.stand.page import PAGE, keep_section, machine, table
from tests.benchmarks.stand.ran import Ran, run_measured
from tests.benchmarks.stand.reached import Reached, keep_reached
from tests.solver.answers import Moved, answered, moved

MICHIGAN: Final = Path(__file__).parent / "instances" / "michigan" / "problem.json"
MOST_TIME, MOST_DEARER = 0.1, 0.01
"""The target after 5 %, and no farm that confirmed sends less, goes to another hub or sees another truck."""
TARGET_PART: Final = 5
HEAD: Final = (
    "declined", "seed", "seconds: again, full", "time", "cost over the full", "fill: again, full",
    "moved of the confirmed: again, full", "MB: again, full",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, what it took, and whom it disturbed."""

    solution: Solution
    ran: Ran
    moved: Moved


@dataclass(frozen=True, slots=True)
class Compared:
    """The plan again and the full one after the same answers."""

    percent: int
    seed: int
    asked: int
    again: Planned
    full: Planned

    def time(self) -> float:
        """Wall time over the full plan's."""
        return self.again.ran.wall_s / self.full.ran.wall_s

    def dearer(self) -> float:
        """Objective over the full plan's, less 1."""
        objective = [one.solution.report.cost.objective for one in (self.again, self.full)]
        return objective[0] / objective[1] - 1

    def line(self) -> tuple[str, ...]:
        """A row of the table."""
        both = (self.again, self.full)
        fill = [1 - int(one.solution.shortfalls.quantity.sum()) / self.asked for one in both]
        disturbed = [f"{one.moved.less}/{one.moved.hub}/{one.moved.truck}" for one in both]
        return (
            f"{self.percent} %",
            str(self.seed),
            ", ".join(f"{one.ran.wall_s:.1f}" for one in both),
            f"{self.time():.3f} x",
            f"{self.dearer():+.2%}",
            ", ".join(f"{part:.2%}" for part in fill),
            ", ".join(disturbed),
            ", ".join(str(one.ran.peak_mb) for one in both),
        )


def planned(given: Path, seconds: float, *options: str) -> tuple[Path, Ran]:
    """The plan of a problem's file, by the solver's own command."""
    written = given.with_suffix(".plan.json")
    command = [sys.executable, "-m", "solver", "plan", str(given), "--time", str(seconds), "-o", str(written)]
    return written, run_measured([*command, *options])


def compared(problem: Problem, before: Solution, percent: int, seed: int, seconds: float, folder: Path) -> Compared:
    """Both plans after the same answers."""
    given = folder / "answered.json"
    after = answered(problem, before, percent / 100, seed)
    given.write_text(problem_to_json(after), encoding="utf-8")
    found: list[Planned] = []
    for options in (["--around-earlier"], []):
        written, ran = planned(given, seconds, *options)
        solution = read_solution(written, after)
        accept(after, solution)
        found.append(Planned(solution, ran, moved(after, before, solution)))
    return Compared(percent, seed, int(problem.batches.quantity.sum()), *found)


def written(found: Sequence[Compared]) -> str:
    """The table, and the worst of the target's part beside the target."""
    lines = [table(HEAD, [one.line() for one in found]), ""]
    for percent in dict.fromkeys(one.percent for one in found):
        mine = [one for one in found if one.percent == percent]
        target = f" (target: {MOST_TIME} x, {MOST_DEARER:+.0%}, 0)" if percent == TARGET_PART else ""
        disturbed = sum(one.again.moved.less + one.again.moved.hub + one.again.moved.truck for one in mine)
        lines.append(
            f"- After {percent} %: at most {max(one.time() for one in mine):.3f} x the time, "
            f"{max(one.dearer() for one in mine):+.2%} cost, {disturbed} of the confirmed moved{target}."
        )
    return "\n".join(
        [*lines, "", "Moved is farms that send less than they confirmed / at another hub / by another truck."]
    )


def reached(found: Sequence[Compared]) -> list[Reached]:
    """The row of the table of all targets, where its part was run."""
    mine = [one for one in found if one.percent == TARGET_PART]
    if not mine:
        return []
    time, dearer = max(one.time() for one in mine), max(one.dearer() for one in mine)
    moved = sum(one.again.moved.less + one.again.moved.hub + one.again.moved.truck for one in mine)
    aim = f"≤ {MOST_TIME} x its time, ≤ {MOST_DEARER:+.0%} cost, nothing moved"
    held = time <= MOST_TIME and dearer <= MOST_DEARER and not moved
    told = f"{time:.3f} x, {dearer:+.2%}, {moved} moved"
    return [Reached(f"re-plan after {TARGET_PART} % declines", "full re-solve", aim, told, held)]


def main() -> None:
    """Print the table, and keep it where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench replan", description=__doc__)
    parser.add_argument("--parts", type=int, nargs="+", default=[1, 5, 20], metavar="PERCENT")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--seconds", type=float, default=300, help="most wall time of one plan")
    parser.add_argument("--problem", type=Path, default=MICHIGAN, metavar="FILE")
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write it into {PAGE}")
    asked = parser.parse_args()
    ran_on, console, found = machine(), Console(), list[Compared]()
    problem = read_problem(asked.problem)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = folder / "first.json"
        first.write_text(problem_to_json(problem), encoding="utf-8")
        before = read_solution(planned(first, asked.seconds)[0], problem)
        for percent in asked.parts:
            for seed in asked.seeds:
                found.append(compared(problem, before, percent, seed, asked.seconds, folder))
                console.print(" | ".join(found[-1].line()))
    told = f"{ran_on}\n\n{written(found)}"
    console.print(told)
    if asked.keep:
        keep_section(asked.keep, "replan", told)
        keep_reached(asked.keep, reached(found))


if __name__ == "__main__":
    main()
