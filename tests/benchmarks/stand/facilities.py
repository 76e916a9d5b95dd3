"""OR-Library's capacitated facilities beside HiGHS, against the published optima."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from solver.allocation.facility.verify import Flow, verify_flows
from solver.instances.orlib import FacilityProblem, read_facilities
from tests.benchmarks.stand.allocating import WrongPlanError
from tests.benchmarks.stand.page import table
from tests.benchmarks.stand.ran import Ran, run_measured
from tests.benchmarks.stand.reached import Reached

INSTANCES: Final = Path(__file__).parents[1] / "instances"
LARGE: Final = "capa"
SMALL_S, LARGE_S = 0.2, 60.0
LARGE_GAP, EQUAL = 0.005, 1e-6
HEAD: Final = (
    "file",
    "optimum",
    "farmlink",
    "our bound below it",
    "HiGHS, whole",
    "its bound below",
    "took",
    "HiGHS took",
)


@dataclass(frozen=True, slots=True)
class Answered:
    """A contender's cost by the checker and its bound; infinite without a plan."""

    cost: float
    bound: float
    seconds: float
    ran: Ran

    def took(self) -> str:
        """Solving, the whole process, and memory."""
        return f"{self.seconds:.2f} s ({self.ran.wall_s:.1f} s, {self.ran.peak_mb:,} MB)"


def orlib_rows(half: str, seconds: float | None, seeds: Sequence[int], folder: Path) -> tuple[str, tuple[Reached, ...]]:
    """The table, and a line in the table of all targets for small files and for large ones."""
    known = json.loads((INSTANCES / "best_known.json").read_text(encoding="utf-8"))
    lines = []
    small, large = list[tuple[float, float]](), list[tuple[float, float]]()
    for name in known[half]["cflp"]:
        best = known["cflp"][name]
        for seed in seeds:
            ours, peer = compared(name, seconds or LARGE_S, seed, folder)
            (large if name.startswith(f"{LARGE}@") else small).append((ours.cost / best - 1, ours.seconds))
            lines.append(
                (
                    f"{name}, seed {seed}", f"{best:,.3f}", f"{ours.cost / best - 1:+.3%}",
                    f"{1 - ours.bound / best:.3%}", f"{peer.cost / best - 1:+.3%}", f"{1 - peer.bound / best:.3%}",
                    ours.took(), peer.took(),
                )
            )  # fmt: skip
    return table(HEAD, lines), tuple(_reached(half, small, large))


def _reached(
    half: str, small: Sequence[tuple[float, float]], large: Sequence[tuple[float, float]]
) -> Sequence[Reached]:
    """What was aimed at beside the worst of each kind."""
    rows = []
    if small:
        gap, took = (max(column) for column in zip(*small, strict=True))
        rows.append(
            Reached(
                f"OR-Library cap64 to cap134 ({half} half)", "HiGHS", f"optimum in {SMALL_S:g} s of solving",
                f"{gap:+.3%} in {took:.2f} s", abs(gap) <= EQUAL and took <= SMALL_S,
            )
        )  # fmt: skip
    if large:
        gap, took = (max(column) for column in zip(*large, strict=True))
        rows.append(
            Reached(
                f"OR-Library capa ({half} half)", "HiGHS", f"{LARGE_GAP:.1%} in {LARGE_S:g} s",
                f"{gap:+.3%} in {took:.1f} s", gap <= LARGE_GAP,
            )
        )  # fmt: skip
    return rows


def compared(name: str, seconds: float, seed: int, folder: Path) -> tuple[Answered, Answered]:
    """Ours, then the peer; `capa@8000` is the file capa with that capacity."""
    stem, _, capacity = name.partition("@")
    file = INSTANCES / "cflp" / f"{stem}.txt"
    problem = read_facilities(file, int(capacity) if capacity else None)
    given = [str(file), *(["--capacity", capacity] if capacity else [])]
    out = folder / "facilities"
    words = ["solver", "allocate", *given, "--time", str(seconds), "--seed", str(seed)]
    ours = _judged_ours(problem, run_measured([sys.executable, "-m", *words, "-o", str(out)]), out)
    words = ["tests.benchmarks.peers.highs_whole", *given, "--seconds", str(seconds)]
    peer = _judged_peer(problem, run_measured([sys.executable, "-m", *words, "-o", str(out)]), out)
    return ours, peer


def _judged_ours(problem: FacilityProblem, ran: Ran, out: Path) -> Answered:
    told = json.loads(out.read_text(encoding="utf-8"))
    flows = [Flow(facility - 1, customer - 1, quantity) for facility, customer, quantity in told["flows"]]
    return Answered(_cost(problem, flows), told["bound"], told["seconds"], ran)


def _judged_peer(problem: FacilityProblem, ran: Ran, out: Path) -> Answered:
    told = json.loads(ran.said)
    with np.load(out) as file:
        sent = file["sent"].reshape(problem.cost.shape)
    rows, columns = np.nonzero(sent)
    flows = [Flow(int(row), int(column), int(sent[row, column])) for row, column in zip(rows, columns, strict=True)]
    cost = np.inf if told["cost"] is None else _cost(problem, flows)
    return Answered(cost, told["bound"], told["seconds"], ran)


def _cost(problem: FacilityProblem, flows: Sequence[Flow]) -> float:
    verdict = verify_flows(problem, flows)
    if verdict.violations:
        raise WrongPlanError(f"{problem.name}: {verdict.violations[:3]}")
    return verdict.cost
