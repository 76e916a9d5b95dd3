"""Routes of public problems beside PyVRP's, both on both cores for the same wall time.

Rows: `cvrp` (Uchoa et al.'s X), `mdvrp` (Cordeau), `vrptw` (Gehring and Homberger, 1,000 clients), `leuven` (3,000 or
4,000 clients) and `antwerp` (7,000; both of Arnold et al.). Solver and peer run in turn; what each writes is priced by
the independent checker and set against the best known value. The files of `--half tune` are those on which the solver
was tuned, those of `test` were never looked at meanwhile.
Run as `scripts/bench routing [--row cvrp ...] [--seconds 30] [--seeds 1 2] [--half test] [--only NAME ...] [--keep]`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Final

from rich.console import Console

from solver.instances.classical import ClassicalProblem, ClassicalRoute
from solver.instances.routing import read_classical
from solver.routing.classical.solfile import cost_text
from solver.routing.classical.verify import verify_routes
from tests.benchmarks.stand.page import PAGE, keep_section, machine, table
from tests.benchmarks.stand.ran import Ran, run_measured
from tests.benchmarks.stand.reached import Reached, keep_reached

INSTANCES: Final = Path(__file__).parent / "instances"
OURS: Final = ("-m", "solver", "route")
PEER: Final = ("-m", "tests.benchmarks.peers.pyvrp_routes")
HEAD: Final = (
    "instance", "best known", "PyVRP", "farmlink", "first plan", "seconds: ours, PyVRP", "MB: ours, PyVRP",
)  # fmt: skip
MEANS: Final = ("row", "seconds", "PyVRP", "farmlink", "target", "ratio", "target", "MB", "first plan")
ROUTE: Final = re.compile(r"Route #\d+(?: \(depot (?P<depot>\d+)\))?: (?P<clients>[\d ]+)")
FIRST: Final = re.compile(r"first plan after ([\d.]+) s")


class WrongPlanError(Exception):
    """A contender's plan breaks a rule, or costs other than it says: no figure of this run counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """Problems of one kind, and the targets: mean gap to the best known, over the peer's mean gap, first plan."""

    folder: str
    belongs: Callable[[str], bool]
    seconds: float
    most_gap: float
    most_ratio: float
    first_s: float = 1


ROWS: Final = {
    "cvrp": Row("cvrp", lambda name: name.startswith("X-"), 30, 0.01, 0.9),
    "mdvrp": Row("mdvrp", lambda _: True, 30, 0.006, 0.9),
    "vrptw": Row("vrptw", lambda name: "_10_" in name, 30, 0.03, 0.8),
    "leuven": Row("cvrp", lambda name: name.startswith("Leuven"), 60, 0.013, 0.4, first_s=2),
    "antwerp": Row("cvrp", lambda name: name.startswith("Antwerp"), 60, 0.018, 0.4, first_s=2),
}
MOST_MB: Final = 1000
"""Resident, at any size."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A contender's plan as the checker prices it, and what it took."""

    cost: float
    ran: Ran

    @property
    def first_s(self) -> float:
        """Seconds until there was a first plan, where the contender tells."""
        told = FIRST.search(self.ran.said)
        return float(told[1]) if told else self.ran.wall_s


@dataclass(frozen=True, slots=True)
class Compared:
    """One instance, a pair of answers for every seed."""

    name: str
    rounded: str
    best_known: float
    ours: tuple[Answered, ...]
    peer: tuple[Answered, ...]

    def gap(self, answers: Sequence[Answered]) -> float:
        """Mean over the seeds; 0 is the best known value."""
        return fmean(answer.cost for answer in answers) / self.best_known - 1

    @property
    def first_s(self) -> float:
        """The longest wait for a first plan."""
        return max(answer.first_s for answer in self.ours)

    @property
    def peak_mb(self) -> int:
        """The most that ours held."""
        return max(answer.ran.peak_mb for answer in self.ours)

    def line(self) -> tuple[str, ...]:
        """A row of the table."""
        both = (self.ours, self.peer)
        return (
            self.name,
            self.rounded,
            f"{self.gap(self.peer):.2%}",
            f"{self.gap(self.ours):.2%}",
            f"{self.first_s:.1f} s",
            ", ".join(f"{fmean(answer.ran.wall_s for answer in answers):.1f}" for answers in both),
            ", ".join(str(max(answer.ran.peak_mb for answer in answers)) for answers in both),
        )


def compared(row: Row, name: str, best_known: float, seconds: float, seeds: Sequence[int], folder: Path) -> Compared:
    """Seed by seed, the solver and then the peer."""
    (file,) = (INSTANCES / row.folder).glob(f"{name}.*")
    problem = read_classical(file)
    ours, peer = list[Answered](), list[Answered]()
    for seed in seeds:
        for contender, option, answers in ((OURS, "--time", ours), (PEER, "--seconds", peer)):
            out = folder / "answer.sol"
            words = [str(file), option, str(seconds), "--seed", str(seed), "-o", str(out)]
            ran = run_measured([sys.executable, *contender, *words])
            answers.append(Answered(judged(problem, out), ran))
    return Compared(name, cost_text(problem.rounding, best_known), best_known, tuple(ours), tuple(peer))


def judged(problem: ClassicalProblem, out: Path) -> float:
    """What the plan in the file costs.

    Raises
    ------
    WrongPlanError
        A rule is broken, or the cost is not what it is said to be.
    """
    text = out.read_text(encoding="utf-8")
    routes = [
        ClassicalRoute(int(found["depot"] or 1) - 1, tuple(int(client) - 1 for client in found["clients"].split()))
        for found in ROUTE.finditer(text)
    ]
    verdict = verify_routes(problem, routes)
    told = text.splitlines()[-1]
    if verdict.violations or told != f"Cost {cost_text(problem.rounding, verdict.cost)}":
        raise WrongPlanError(f"{problem.name}: {verdict}, said: {told}")
    return verdict.cost


def chosen(row: Row, half: str, only: Sequence[str]) -> dict[str, float]:
    """Names and best known values of a row's half, or of it only these."""
    known = json.loads((INSTANCES / "best_known.json").read_text(encoding="utf-8"))
    names = (name for name in known[half][row.folder] if row.belongs(name) and (not only or name in only))
    return {name: known[row.folder][name] for name in names}


def means(name: str, row: Row, seconds: float, found: Sequence[Compared]) -> tuple[str, ...]:
    """A row's mean gaps beside its targets."""
    peer, ours = (fmean(one.gap(getattr(one, whose)) for one in found) for whose in ("peer", "ours"))
    return (
        name,
        f"{seconds:g}",
        f"{peer:.2%}",
        f"{ours:.2%}",
        f"≤ {row.most_gap:.1%}",
        f"{ours / peer:.2f}" if peer > 0 else "no gap of PyVRP",
        f"≤ {row.most_ratio}",
        str(max(one.peak_mb for one in found)),
        f"{max(one.first_s for one in found):.1f} s",
    )


def reached(name: str, row: Row, seconds: float, found: Sequence[Compared]) -> Reached:
    """A row of the table of all targets."""
    peer, ours = (fmean(one.gap(getattr(one, whose)) for one in found) for whose in ("peer", "ours"))
    first_s, peak_mb = max(one.first_s for one in found), max(one.peak_mb for one in found)
    held = ours <= row.most_gap and ours <= row.most_ratio * peer and first_s <= row.first_s and peak_mb < MOST_MB
    target = f"≤ {row.most_ratio} x its gap, ≤ {row.most_gap:.2%}, first plan ≤ {row.first_s:g} s, < {MOST_MB:,} MB"
    ratio = f"{ours / peer:.2f} x" if peer > 0 else "no gap of PyVRP"
    told = f"{ratio}, {ours:.2%}, {first_s:.1f} s, {peak_mb} MB"
    return Reached(f"routing: {name}, {seconds:g} s", "PyVRP, best of two seeds", target, told, held)


def main() -> None:
    """Print the tables, and keep them where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench routing", description=__doc__)
    parser.add_argument("--row", choices=ROWS, nargs="+", default=list(ROWS))
    parser.add_argument("--seconds", type=float, help="instead of the row's own")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--half", choices=("test", "tune"), default="test")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write it into {PAGE}")
    asked = parser.parse_args()
    ran_on, console = machine(), Console(width=200)
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.row:
            row = ROWS[name]
            seconds = asked.seconds or row.seconds
            found = list[Compared]()
            for instance, best_known in chosen(row, asked.half, asked.only).items():
                found.append(compared(row, instance, best_known, seconds, asked.seeds, Path(folder)))
                console.print("  ".join(found[-1].line()))
            if not found:
                continue
            lines = [one.line() for one in found]
            told = f"{table(MEANS, [means(name, row, seconds, found)])}\n\n{table(HEAD, lines)}"
            console.print(told)
            if asked.keep:
                what = f"{asked.half} half, seeds {asked.seeds}; gaps are means to the best known value."
                keep_section(asked.keep, f"routing: {name}", f"{ran_on}\n\n{what}\n\n{told}")
                keep_reached(asked.keep, [reached(name, row, seconds, found)])


if __name__ == "__main__":
    main()
