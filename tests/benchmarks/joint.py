"""Where to buy and how to drive decided together, beside choosing first and routing afterwards.

Each seed is one region of `made.collection` (250 farms with small lots, one hub, trucks of a tonne). The solver plans
it; each peer then gets the wall time that the solver took and both cores. All plans are made whole, accepted by the
independent checker and priced by `solver.cost`. Controllable cost is all but the cheapest possible purchase.
Run as `scripts/bench joint [--seeds 1 2 3] [--seconds 120] [--farms 250] [--main]
[--keep [PAGE]]`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from rich.console import Console

from solver.check import accept
from solver.codec import problem_to_json, read_solution
from solver.problem import Problem
from solver.solution import Phase, Solution
from tests.benchmarks.made.collection import SMALL_LOTS, Shape, cheapest_purchase_minor, collection_region
from tests.benchmarks.stand.page import PAGE, keep_section, machine, table
from tests.benchmarks.stand.ran import Ran, run_measured
from tests.benchmarks.stand.reached import Reached, keep_reached
from tests.solver.builder import Decisions, plan
from tests.solver.timetable import Trip

SEEDS: Final = tuple(range(1, 13))
PEERS: Final = {"line": "assign with straight lines, then PyVRP", "price": "assign by price, then PyVRP"}
TARGET: Final = -0.04
MAIN: Final = "line"
"""The target is against this peer."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A contender's plan in minor units, and what it took."""

    total: int
    controllable: int
    short: int
    ran: Ran


@dataclass(frozen=True, slots=True)
class Compared:
    """One seed's region planned by everybody."""

    seed: int
    ours: Priced
    peers: dict[str, Priced]

    def ratio(self, peer: str) -> float:
        """Controllable cost over the peer's, less 1."""
        return self.ours.controllable / self.peers[peer].controllable - 1

    def total_ratio(self) -> float:
        """Total cost over the main peer's, less 1."""
        return self.ours.total / self.peers[MAIN].total - 1

    def line(self) -> tuple[str, ...]:
        """A row of the table."""
        everybody = [self.ours, *self.peers.values()]
        main = self.peers[MAIN].ran
        return (
            str(self.seed),
            *(f"{one.controllable / 100:,.0f}" for one in everybody),
            *(f"{self.ratio(peer):+.2%}" for peer in self.peers),
            f"{self.total_ratio():+.2%}",
            f"{self.ours.ran.wall_s:.1f}, {main.wall_s:.1f}",
            f"{self.ours.ran.peak_mb}, {main.peak_mb}",
        )


def compared(seed: int, shape: Shape, seconds: float, peers: Sequence[str], folder: Path) -> Compared:
    """The solver first; its wall time is what the peers get."""
    problem = collection_region(seed, shape)
    given = folder / "problem.json"
    given.write_text(problem_to_json(problem), encoding="utf-8")
    ours = _ours(problem, given, seconds, folder / "plan.json")
    beside = {by: _peer(problem, given, by, ours.ran.wall_s, folder / f"{by}.json") for by in peers}
    return Compared(seed, ours, beside)


def _ours(problem: Problem, given: Path, seconds: float, written: Path) -> Priced:
    command = [sys.executable, "-m", "solver", "plan", str(given), "--time", str(seconds), "-o", str(written)]
    ran = run_measured(command)
    return _priced(problem, read_solution(written, problem), ran)


def _peer(problem: Problem, given: Path, by: str, seconds: float, written: Path) -> Priced:
    peer = [sys.executable, "-m", "tests.benchmarks.peers.assign_then_pyvrp", str(given)]
    ran = run_measured([*peer, "--seconds", str(seconds), "--by", by, "-o", str(written)])
    answer = json.loads(written.read_text(encoding="utf-8"))
    return _priced(problem, made_whole(problem, answer["sent"], answer["trips"]), ran)


def _priced(problem: Problem, solution: Solution, ran: Ran) -> Priced:
    accept(problem, solution)
    cost = solution.report.cost
    return Priced(cost.objective, cost.objective - cheapest_purchase_minor(problem), cost.shortfall, ran)


def made_whole(problem: Problem, sent: Sequence[int], trips: Sequence[Sequence[int]]) -> Solution:
    """A plan of what each lot sends and who is called at in which order; what is sent beyond demand is cut."""
    allocations, left = list[tuple[int, int, int]](), problem.batches.quantity.tolist()
    for lot in range(len(problem.lots.id)):
        batch = int(np.flatnonzero(problem.batches.product == problem.lots.product[lot])[0])
        quantity = min(int(sent[lot]), left[batch])
        left[batch] -= quantity
        if quantity:
            allocations.append((lot, batch, quantity))
    row = {int(problem.lots.farm[lot]): number for number, (lot, _, _) in enumerate(allocations)}
    driven = [
        Trip(
            Phase.COLLECTION, truck, problem.rhythm.collect_from_s,
            [(int(problem.farms.place[farm]), {row[farm]: allocations[row[farm]][2]}) for farm in trip if farm in row],
        )
        for truck, trip in enumerate(trips)
    ]  # fmt: skip
    hubs = [0 if farm in row else -1 for farm in range(len(problem.farms.id))]
    return plan(problem, Decisions(hubs, [0], [True], allocations, [trip for trip in driven if trip.stops]))


def written(found: Sequence[Compared]) -> str:
    """The table, and the means beside the target."""
    peers = list(found[0].peers)
    head = (
        "seed", "farmlink", *(f"{name} (peer)" for name in peers), *(f"against {name}" for name in peers),
        "in the total", "seconds: ours, peer", "MB: ours, peer",
    )  # fmt: skip
    lines = [table(head, [one.line() for one in found]), ""]
    for peer, name in ((peer, PEERS[peer]) for peer in peers):
        ratios = np.array([one.ratio(peer) for one in found])
        error = ratios.std(ddof=1) / len(ratios) ** 0.5 if len(ratios) > 1 else 0.0
        target = f"; target {TARGET:+.0%}" if peer == MAIN else ""
        lines.append(f"- Controllable cost against *{name}*: {ratios.mean():+.2%} (± {error:.2%}){target}.")
    total = np.mean([one.total_ratio() for one in found])
    short = sum(one.ours.short for one in found), sum(one.peers[MAIN].short for one in found)
    lines.append(f"- Total cost against *{PEERS[MAIN]}*: {total:+.2%}; shortage {short[0]}, {short[1]} (peer).")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and keep it where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench joint", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--seconds", type=float, default=120, help="most wall time of one plan")
    parser.add_argument("--main", action="store_true", help="against the one peer of the target only")
    parser.add_argument("--farms", type=int, default=SMALL_LOTS.farms)
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write it into {PAGE}")
    asked = parser.parse_args()
    ran_on, console, found = machine(), Console(), list[Compared]()
    shape, peers = replace(SMALL_LOTS, farms=asked.farms), [MAIN] if asked.main else list(PEERS)
    with tempfile.TemporaryDirectory() as folder:
        for seed in asked.seeds:
            found.append(compared(seed, shape, asked.seconds, peers, Path(folder)))
            console.print(" | ".join(found[-1].line()))
    told = f"{ran_on}\n\nMinor units are shown as units of money.\n\n{written(found)}"
    console.print(told)
    if asked.keep:
        keep_section(asked.keep, "joint", told)
        mean = float(np.mean([one.ratio(MAIN) for one in found]))
        aim = f"{TARGET:+.0%} controllable cost"
        row = f"joint, small lots, {len(found)} seeds"
        keep_reached(asked.keep, [Reached(row, PEERS[MAIN], aim, f"{mean:+.2%}", mean <= TARGET)])


if __name__ == "__main__":
    main()
