"""Depots, assignment and routes decided together, beside opening depots first and routing afterwards.

Public location-routing files (Prodhon, Barreto, Tuzun-Burke). Solver and peer run in turn with the same wall time and
both cores; what each writes is priced by the independent checker, and set against the best known value. The files of
`--half tune` are those on which the solver was tuned, those of `test` were never looked at meanwhile.
Run as `scripts/bench location [--seconds 30] [--seeds 1 2] [--half test] [--only NAME ...] [--keep [PAGE]]`.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Final

from rich.console import Console

from solver.instances.location import LocationProblem, read_location
from solver.location.verify import Tour, verify_location
from tests.benchmarks.stand.page import PAGE, keep_section, machine, table
from tests.benchmarks.stand.ran import Ran, run_measured
from tests.benchmarks.stand.reached import Reached, keep_reached

INSTANCES: Final = Path(__file__).parent / "instances"
OURS: Final = ("-m", "solver", "locate")
PEER: Final = ("-m", "tests.benchmarks.peers.facility_then_pyvrp")
PEER_NAME: Final = "facility location by HiGHS, then PyVRP"
MOST_GAP, MOST_RATIO = 0.01, 0.5
"""The target: mean gap to the best known, and mean gap over the peer's."""
HEAD: Final = (
    "instance", "best known", "peer", "farmlink", "bound below our cost", "seconds: ours, peer", "MB: ours, peer",
)  # fmt: skip


class WrongPlanError(Exception):
    """A contender's plan breaks a rule, or costs other than it says: no figure of this run counts."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A contender's plan as the checker prices it, the bound that it told, and what it took."""

    cost: float
    bound: float
    ran: Ran


@dataclass(frozen=True, slots=True)
class Compared:
    """One instance, a pair of answers for every seed."""

    name: str
    best_known: float
    ours: tuple[Answered, ...]
    peer: tuple[Answered, ...]

    def gap(self, answers: Sequence[Answered]) -> float:
        """Mean over the seeds; 0 is the best known value."""
        return fmean(answer.cost for answer in answers) / self.best_known - 1

    def line(self) -> tuple[str, ...]:
        """A row of the table."""
        below = fmean(1 - answer.bound / answer.cost for answer in self.ours)
        runs = [[answer.ran for answer in answers] for answers in (self.ours, self.peer)]
        return (
            self.name,
            f"{self.best_known:,}",
            f"{self.gap(self.peer):+.2%}",
            f"{self.gap(self.ours):+.2%}",
            f"{below:.1%}",
            ", ".join(f"{fmean(ran.wall_s for ran in some):.1f}" for some in runs),
            ", ".join(str(max(ran.peak_mb for ran in some)) for some in runs),
        )


def compared(name: str, best_known: float, seconds: float, seeds: Sequence[int], folder: Path) -> Compared:
    """Seed by seed, the solver and then the peer."""
    file = INSTANCES / "lrp" / f"{name}.dat"
    problem = read_location(file)
    ours, peer = list[Answered](), list[Answered]()
    for seed in seeds:
        for contender, option, answers in ((OURS, "--time", ours), (PEER, "--seconds", peer)):
            out = folder / "answer.json"
            words = [str(file), option, str(seconds), "--seed", str(seed), "-o", str(out)]
            ran = run_measured([sys.executable, *contender, *words])
            answers.append(judged(problem, out, ran))
    return Compared(name, best_known, tuple(ours), tuple(peer))


def judged(problem: LocationProblem, out: Path, ran: Ran) -> Answered:
    """What the plan in the file costs.

    Raises
    ------
    WrongPlanError
        A rule is broken, or the cost or the bound is not what it is said to be.
    """
    answer = json.loads(out.read_text(encoding="utf-8"))
    tours = [Tour(route["depot"] - 1, tuple(client - 1 for client in route["clients"])) for route in answer["routes"]]
    verdict = verify_location(problem, tours)
    told, bound = answer["cost"], answer.get("bound", 0.0)
    true = abs(verdict.cost - told) <= 1e-6 * told and bound <= told
    if verdict.violations or not true or answer["open"] != [depot + 1 for depot in verdict.opened]:
        raise WrongPlanError(f"{problem.name}: {verdict}, said to cost {told} and at least {bound}")
    return Answered(verdict.cost, bound, ran)


def chosen(half: str, only: Sequence[str]) -> dict[str, float]:
    """Names and best known values of a half, or of it only these."""
    known = json.loads((INSTANCES / "best_known.json").read_text(encoding="utf-8"))
    return {name: known["lrp"][name] for name in known[half]["lrp"] if not only or name in only}


def written(found: Sequence[Compared]) -> str:
    """The table, and the means beside the target."""
    peer, ours = (fmean(one.gap(getattr(one, whose)) for one in found) for whose in ("peer", "ours"))
    ratio = f"{ours / peer:.2f}" if peer > 0 else "no gap of the peer"
    return "\n".join(
        [
            table(HEAD, [one.line() for one in found]),
            "",
            f"- Mean gap of the peer, *{PEER_NAME}*: {peer:+.2%}.",
            f"- Mean gap of farmlink: {ours:+.2%}; target at most {MOST_GAP:.1%}.",
            f"- Farmlink's gap over the peer's: {ratio}; target at most {MOST_RATIO}.",
        ]
    )


def reached(found: Sequence[Compared], seconds: float) -> Reached:
    """The row of the table of all targets."""
    peer, ours = (fmean(one.gap(getattr(one, whose)) for one in found) for whose in ("peer", "ours"))
    target = f"≤ {MOST_RATIO} x its gap, ≤ {MOST_GAP:.1%}"
    told = f"{ours / peer if peer > 0 else math.nan:.2f} x, {ours:.2%}"
    held = ours <= MOST_GAP and ours <= MOST_RATIO * peer
    return Reached(f"location-routing, {seconds:g} s", PEER_NAME, target, told, held)


def main() -> None:
    """Print the table, and keep it where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench location", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--half", choices=("test", "tune"), default="test")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write it into {PAGE}")
    asked = parser.parse_args()
    ran_on, console, found = machine(), Console(), list[Compared]()
    with tempfile.TemporaryDirectory() as folder:
        for name, best_known in chosen(asked.half, asked.only).items():
            found.append(compared(name, best_known, asked.seconds, asked.seeds, Path(folder)))
            console.print(" | ".join(found[-1].line()))
    seeds = ", ".join(str(seed) for seed in asked.seeds)
    told = f"{ran_on} {asked.seconds:g} s each, seeds {seeds}, half `{asked.half}`.\n\n{written(found)}"
    console.print(told)
    if asked.keep:
        keep_section(asked.keep, "location", told)
        keep_reached(asked.keep, [reached(found, asked.seconds)])


if __name__ == "__main__":
    main()
