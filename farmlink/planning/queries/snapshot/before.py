"""The plan before: what a plan again falls back on where it finds no other way to keep promises."""

from __future__ import annotations

from dataclasses import replace

from farmlink.cycles.values import CycleId
from farmlink.planning.queries.plans import blobs, published_plan
from farmlink.planning.values import PlanId
from farmlink.store.transaction import Transaction
from solver.codec import problem_from_bytes, solution_from_bytes
from solver.earlier import earlier_of
from solver.problem import Problem


def with_earlier(tx: Transaction, cycle_id: CycleId, problem: Problem, held_by: PlanId | None = None) -> Problem:
    """The problem with what still exists of the published plan, or of the one by which planners hold to something."""
    plan_id = published_plan(tx, cycle_id) or held_by
    if plan_id is None:
        return problem
    problem_bytes, plan_bytes = blobs(tx, plan_id)
    before = problem_from_bytes(problem_bytes)
    return replace(problem, earlier=earlier_of(before, solution_from_bytes(before, plan_bytes), problem))
