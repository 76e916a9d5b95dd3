"""What a plan says of itself beside its figures: reasons that nothing disproves, and explanations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solver.check.shortage import Shortages
from solver.check.trace import trace
from solver.explain import explain
from solver.problem import Problem
from solver.solution import Reason, Solution

OTHERS = (Reason.SOLD_OUT, Reason.TOO_DEAR)
"""One of them is true when another reason is not: either something fitting is left, or nothing is."""


def told(problem: Problem, solution: Solution) -> Solution:
    """The plan with every reason that the plan itself disproves replaced, and with its explanations."""
    reason = solution.shortfalls.reason.astype("<U32")
    if len(reason):
        judge, short = Shortages(trace(problem, solution)), solution.shortfalls
        for row, (batch, quantity) in enumerate(zip(short.batch.tolist(), short.quantity.tolist(), strict=True)):
            given = str(reason[row])
            reason[row] = next(
                (said for said in (given, *OTHERS) if judge.lie(batch, quantity, str(said)) is None), given
            )
    solution = replace(solution, shortfalls=replace(solution.shortfalls, reason=np.asarray(reason, dtype=np.str_)))
    return replace(solution, report=replace(solution.report, explanations=explain(problem, solution)))
