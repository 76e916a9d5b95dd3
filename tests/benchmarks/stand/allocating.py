"""Contenders of the allocation benchmark: each a process of its own, judged by the independent checker."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from solver.allocation.charged.columns import write_charged
from solver.allocation.charged.problem import ChargedProblem
from solver.allocation.charged.verify import verify_charged
from solver.problem import Ints
from tests.benchmarks.stand.ran import Ran, run_measured


class WrongPlanError(Exception):
    """A contender's plan breaks a rule: no figure of this run counts."""


@dataclass(frozen=True, slots=True)
class Allocated:
    """What a contender sent, what that costs by the checker, what it told, and what the run took.

    `seconds` is solving alone, without starting Python and reading the file; `cost` is infinite without a plan.
    """

    sent: Ints
    cost: float
    bound: float
    seconds: float
    ran: Ran

    @property
    def gap(self) -> float:
        """By its own bound."""
        return self.cost / self.bound - 1

    def took(self) -> str:
        """Solving, the whole process, and memory."""
        return f"{self.seconds:.2f} s ({self.ran.wall_s:.1f} s, {self.ran.peak_mb:,} MB)"


class Course:
    """One problem on disk, for one contender after the other."""

    def __init__(self, problem: ChargedProblem, folder: Path) -> None:
        self._problem, self._given, self._written = problem, folder / "problem.npz", folder / "plan.npz"
        write_charged(problem, self._given)

    def ours(self, seconds: float, *options: str) -> Allocated:
        """`python -m solver allocate`."""
        return self._run("solver", "allocate", str(self._given), "--time", str(seconds), *options)

    def flow(self) -> Allocated:
        """SimpleMinCostFlow on the whole."""
        return self._run("tests.benchmarks.peers.simple_min_cost_flow", str(self._given))

    def highs(self, seconds: float) -> Allocated:
        """HiGHS on the whole."""
        return self._run("tests.benchmarks.peers.highs_whole", str(self._given), "--seconds", str(seconds))

    def _run(self, *words: str) -> Allocated:
        ran = run_measured([sys.executable, "-m", *words, "-o", str(self._written)])
        told: dict[str, Any] = json.loads(ran.said)
        with np.load(self._written) as file:
            sent = file["sent"]
        verdict = verify_charged(self._problem, sent)
        if verdict.violations:
            raise WrongPlanError(f"{words[0]}: {verdict.violations}")
        return Allocated(sent, verdict.cost_minor, told.get("bound", 0.0), told["seconds"], ran)
