"""What consignees get: every base unit of a batch is in exactly one allocation or shortfall, with a true reason."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from solver.check.shortage import Shortages
from solver.check.trace import Trace
from solver.check.violation import Rule, Violation, where
from solver.cost import by_row
from solver.solution import Reason

CLOSED_LIST = np.array([str(reason) for reason in Reason])


def batches(plan: Trace) -> Iterator[Violation]:
    """Allocated and short add up to what was asked; a batch is short once."""
    solution, asked = plan.solution, plan.problem.batches.quantity
    given = by_row(solution.allocations.batch, solution.allocations.quantity, len(asked))
    short = by_row(solution.shortfalls.batch, solution.shortfalls.quantity, len(asked))
    yield from where(
        Rule.BATCHES,
        "batches",
        given + short != asked,
        lambda row: f"{given[row]} allocated and {short[row]} short of {asked[row]}",
    )
    rows = by_row(solution.shortfalls.batch, np.ones_like(solution.shortfalls.batch), len(asked))
    yield from where(Rule.BATCHES, "batches", rows > 1, "short in more than one row")


def reasons(plan: Trace) -> Iterator[Violation]:
    """From the closed list, and none that the plan itself disproves (`solver.check.shortage`)."""
    table = plan.solution.shortfalls
    listed = np.isin(table.reason, CLOSED_LIST)
    yield from where(Rule.REASONS, "shortfalls", ~listed, "a reason that is not in the list")
    judge = Shortages(plan) if len(table.batch) else None
    rows = zip(table.batch.tolist(), table.quantity.tolist(), table.reason.tolist(), strict=True)
    for row, (batch, short, reason) in enumerate(rows):
        if judge is not None and listed[row] and (disproof := judge.lie(batch, short, reason)):
            yield Violation(Rule.REASONS, "shortfalls", row, disproof)
