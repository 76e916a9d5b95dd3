"""Allocate lots to batches at least cost, with charges and minima, and say how far from the best the plan can be."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from solver.allocation.charged.linear import Piecework, Worked, flow_piece, stand_by
from solver.allocation.charged.pieces import Cut, canonical_lanes, split
from solver.allocation.charged.problem import ChargedProblem, check_charged
from solver.allocation.charged.verify import verify_charged
from solver.allocation.charged.work import charge_piece
from solver.errors import SolutionRejectedError, check_number
from solver.params import MOST_WORKERS, check_search
from solver.problem import Ints
from solver.shards import Shards
from solver.workers import never

FLOW_LANES, CHARGE_LANES = 20_000, 1_000
"""Components with fewer lanes are solved together: a call costs as much as a thousand lanes."""
FLOW_S = 3600.0
"""A flow takes as long as it takes; a process that has not answered by then has hung."""
ALONE_LANES = 400_000
"""Flows with fewer lanes in all take less time than it takes to start processes, 0.3 s."""
LAST_S, LAST_PART = 0.1, 0.015
"""Kept for gathering and checking: seconds, and a part of the time."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Wall seconds from the call, processes, and searches a piece where the plan must not depend on the clock."""

    seconds: float = 20.0
    workers: int = 2
    seed: int = 0
    searches: int | None = None

    def check(self) -> None:
        """Refuse times and counts that no search can keep.

        Raises
        ------
        InvalidProblemError
            Names the field and its range.
        """
        check_search("effort", self.seconds, self.seed, self.searches)
        check_number("effort", "workers", self.workers, 1, MOST_WORKERS)


@dataclass(frozen=True, slots=True)
class ChargedPlan:
    """What each of the problem's lanes carries and each batch lacks; no plan costs less than the bound."""

    sent: Ints
    short: Ints
    cost_minor: int
    bound_minor: int

    @property
    def gap(self) -> float:
        """How much dearer than the best plan it may be at most, as a part of the bound."""
        return (self.cost_minor - self.bound_minor) / max(self.bound_minor, 1)


DEFAULT = Effort()


def allocate(
    problem: ChargedProblem,
    effort: Effort = DEFAULT,
    *,
    stop: Callable[[], bool] = never,
    executor: Executor | None = None,
) -> ChargedPlan:
    """Send from lots over lanes to batches at least cost of purchase, visits and shortages.

    Parameters
    ----------
    problem
        L lots, B batches, A lanes; whole quantities and minor units, int64, at most 1e9 each.
    effort
        Without charges and minima the optimum is found whatever the time.
    stop
        Asked ten times a second; when it says so, the best plan so far is returned.
    executor
        Any of `concurrent.futures` that is to do the pieces in place of processes of its own; `effort.workers` says how
        many it does at once.

    Returns
    -------
    ChargedPlan
        Accepted by the independent checker; `bound_minor <= cost_minor`, equal when proven. The same whatever the order
        of the problem's rows, and with `searches` given, on any machine where `seconds` does not end a search.

    Raises
    ------
    InvalidProblemError
        The columns contradict each other, or the effort is none.
    SolutionRejectedError
        The checker refused the plan.
    PieceLostError
        A worker died twice, or hung.

    Notes
    -----
    Connected components, each alone. Linear: minimum-cost flow. Else slope scaling (Kim & Pardalos 1999), the strong
    relaxation with rows as they are broken, whose prices give a Lagrangean bound that trusts no tolerance, a dive from
    it, then branch and bound on neighbourhoods and, where small, the whole (HiGHS). Pieces too large for the relaxation
    climb from the flow's prices by subgradients.
    """
    check_charged(problem)
    effort.check()
    linear = problem.linear()
    until_s = time.time() + effort.seconds
    deadline_s = time.monotonic() + (max(effort.seconds, FLOW_S) if linear else effort.seconds)
    alone = effort.workers < 2 or (linear and len(problem.lanes.lot) < ALONE_LANES)
    with (
        Shards(1 if alone else effort.workers, deadline_s, stop, executor) as shards,
        ThreadPoolExecutor(1) as aside,
    ):
        taking_apart = aside.submit(taken_apart, problem, FLOW_LANES if linear else CHARGE_LANES)
        if executor is None and not alone:
            shards.map(stand_by, range(effort.workers))
        order, cuts = taking_apart.result()
        works = _pieceworks(cuts, effort, until_s - LAST_S - LAST_PART * effort.seconds)
        answers = shards.map(flow_piece if linear else charge_piece, works)
    return _gathered(problem, order, cuts, answers)


def taken_apart(problem: ChargedProblem, least_lanes: int) -> tuple[Ints, list[Cut]]:
    """Where canonical lanes come from, and the pieces of the canonical problem."""
    ordered, order = canonical_lanes(problem)
    return order, list(split(ordered, least_lanes))


def _pieceworks(cuts: list[Cut], effort: Effort, until_s: float) -> list[Piecework]:
    """Largest first, so that no process ends long after the others; each with its part of the time that is left."""
    cuts.sort(key=lambda cut: -len(cut.lanes))
    sizes = np.array([len(cut.lanes) for cut in cuts], dtype=np.float64)
    parts = effort.workers * sizes / np.maximum(np.cumsum(sizes[::-1])[::-1], 1)
    return [
        Piecework(cut.piece, until_s, float(part), effort.seed, effort.searches)
        for cut, part in zip(cuts, parts, strict=True)
    ]


def _gathered(problem: ChargedProblem, order: Ints, cuts: Sequence[Cut], answers: Sequence[Worked]) -> ChargedPlan:
    """One plan of all pieces; what no lane reaches is short whatever anybody does."""
    sent = np.zeros(len(order), dtype=np.int64)
    bound = int(problem.batches.quantity @ problem.batches.shortage_minor)
    for cut, worked in zip(cuts, answers, strict=True):
        sent[order[cut.lanes]] = worked.sent
        piece = cut.piece
        bound += worked.bound_minor - int(piece.wanted.astype(np.int64) @ piece.shortage_minor.astype(np.int64))
    verdict = verify_charged(problem, sent)
    if verdict.violations:
        raise SolutionRejectedError(verdict.violations)
    return ChargedPlan(sent, verdict.short, verdict.cost_minor, bound)
