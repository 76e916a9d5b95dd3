"""Why a plan is as it is: unsold lots, shortages, what limits each route, who is out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from solver.check.trace import Trace, trace
from solver.explain.prices import EFFORT, unsold_lots
from solver.explain.reach import out_of_reach
from solver.explain.trips import limits
from solver.problem import Problem
from solver.reserves import floor_missed, reserves, small_lots
from solver.solution import FLOOR_MISSED, Explanation, Solution

__all__ = ["explain", "explained"]


def explain(problem: Problem, solution: Solution, effort: int = EFFORT) -> tuple[Explanation, ...]:
    """Explain a plan that the checker accepts.

    Parameters
    ----------
    effort
        How much selling again may verify what unsold lots are told (`solver.explain.prices`); with 0 all are estimates.

    Returns
    -------
    tuple of Explanation
        `lot`: `price-...`, `distance-...`, `grade-...` with the figure at which it would have sold, each `-verified` or
        `-estimate`; `not-at-any-price`, `held-back` or `not-asked` (at most `MOST_LOTS`, those with most left);
        `standby` where it may yet be asked; `floor-missed` where small farms have less than is reserved. `batch`: the
        reason of its shortfall. `vehicle`: `limited-by-...`, one per route, with slack. `farm`, `point`: out of reach,
        why. `solver.words` has a sentence for each.
    """
    plan = trace(problem, solution)
    lots = (*_passed_over(plan), *_standing_by(plan), *unsold_lots(plan, effort))
    return (*lots, *_shortages(plan), *limits(plan), *out_of_reach(plan))


def explained(problem: Problem, solution: Solution, effort: int = EFFORT) -> Solution:
    """The plan with its explanations."""
    return replace(solution, report=replace(solution.report, explanations=explain(problem, solution, effort)))


def _passed_over(plan: Trace) -> Iterator[Explanation]:
    """Lots of small farms that are left over although small farms have less than is reserved for them."""
    problem, reserved = plan.problem, reserves(plan.problem)
    for lot in floor_missed(problem, plan.sent).tolist():
        product = int(problem.lots.product[lot])
        served = int(plan.sent[small_lots(problem) & (problem.lots.product == product)].sum())
        facts = {"sent": int(plan.sent[lot]), "reserved": reserved[product], "served_by_small_farms": served}
        yield Explanation("lot", str(problem.lots.id[lot]), FLOOR_MISSED, facts)


def _standing_by(plan: Trace) -> Iterator[Explanation]:
    """Lots on the standby list hear that they are, and for how much: others are expected to decline."""
    table, lots = plan.solution.standby, plan.problem.lots
    for lot, quantity in zip(table.lot.tolist(), table.quantity.tolist(), strict=True):
        facts = {"quantity": quantity, "sent": int(plan.sent[lot])}
        yield Explanation("lot", str(lots.id[lot]), "standby", facts)


def _shortages(plan: Trace) -> Iterator[Explanation]:
    short, batches = plan.solution.shortfalls, plan.problem.batches
    for batch, quantity, reason in zip(
        short.batch.tolist(), short.quantity.tolist(), short.reason.tolist(), strict=True
    ):
        facts = {"short": quantity, "asked": int(batches.quantity[batch])}
        yield Explanation("batch", str(batches.id[batch]), reason, facts)
