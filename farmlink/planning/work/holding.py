"""Solving around what planners hold to; where that leaves no plan, or somebody short, they hold to nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from farmlink.planning.queries.snapshot import Snapshot
from farmlink.planning.queries.snapshot.holding import KEPT
from solver.problem import Problem
from solver.solution import Reason, Solution, StoppedBy

NO_PLAN: Final = "no-plan"
SHORT: Final = "somebody-short"
WHATEVER_IS_HELD: Final = frozenset({Reason.NO_SUPPLY, Reason.GRADE, Reason.FRESHNESS, Reason.NO_HUB})
"""Reasons for which batches are short whatever planners hold to."""


class NoPlanError(Exception):
    """Neither the search nor the greedy plan behind it came to anything that the checker accepts."""


def solved(
    taken: Snapshot, solve: Callable[[Problem], Solution], greedy: Callable[[Problem], Solution]
) -> tuple[Snapshot, Solution]:
    """The plan that keeps what planners hold to, unless there is none or it leaves more short than one without.

    A promise is a promise; what a planner holds to is a wish, and gives way as a whole. What was cancelled meanwhile is
    not searched anew: the greedy plan is there at once.
    """
    if taken.free is None:
        return taken, solve(taken.problem)
    try:
        found = solve(taken.problem)
    except NoPlanError:
        return _let_go(taken, NO_PLAN), solve(taken.free)
    if set(found.shortfalls.reason.tolist()) <= WHATEVER_IS_HELD:
        return taken, found
    try:
        without = (greedy if found.report.stopped_by is StoppedBy.CANCELLED else solve)(taken.free)
    except NoPlanError:
        return taken, found
    if without.report.cost.shortfall < found.report.cost.shortfall:
        return _let_go(taken, SHORT), without
    return taken, found


def _let_go(taken: Snapshot, code: str) -> Snapshot:
    assert taken.free is not None, "something was held to"
    held = tuple(replace(one, code=code) if one.code == KEPT else one for one in taken.held)
    return replace(taken, problem=taken.free, held=held, free=None)
