"""The independent checker: a problem and a plan in, violations out; imports no optimiser."""

from __future__ import annotations

from solver.check import demand, hubs, reported, supply, timing, vehicles
from solver.check.columns import check_columns
from solver.check.given import RANGES, check_problem, unfit
from solver.check.trace import trace
from solver.check.violation import Rule, Violation
from solver.errors import SolutionRejectedError
from solver.problem import Problem
from solver.solution import Solution

__all__ = ["RANGES", "RULES", "Rule", "Violation", "accept", "check", "check_problem", "unfit"]

RULES = (
    supply.lots,
    supply.grade,
    supply.freshness,
    supply.pins,
    supply.shares,
    supply.floors,
    supply.standby,
    demand.batches,
    demand.reasons,
    hubs.one_hub,
    hubs.throughput,
    hubs.collected,
    hubs.hauled,
    hubs.delivered,
    hubs.parcels,
    vehicles.home,
    vehicles.capacity,
    vehicles.cold,
    vehicles.shift,
    vehicles.overlap,
    vehicles.holds,
    timing.roads,
    timing.windows,
    timing.service,
    timing.splits,
    timing.synchronisation,
    reported.cost,
    reported.bounds,
    reported.explanations,
)


def check(problem: Problem, solution: Solution) -> tuple[Violation, ...]:
    """Judge a plan by every rule of the planning problem.

    Parameters
    ----------
    problem
        A problem that `check_problem` accepts.
    solution
        Anything at all; malformed columns are reported alone, because the other rules rely on them.

    Returns
    -------
    tuple of Violation
        Empty when the plan keeps every rule.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from pathlib import Path
    >>> from solver import greedy
    >>> from solver.codec import read_problem
    >>> problem = read_problem(Path("docs/example/problem.json"))
    >>> plan = greedy(problem)
    >>> check(problem, plan)
    ()
    >>> flattered = replace(plan, report=replace(plan.report, cost=replace(plan.report.cost, purchase=0)))
    >>> {violation.rule.name for violation in check(problem, flattered)} >= {"COST"}
    True
    """
    if broken := check_columns(problem, solution):
        return broken
    plan = trace(problem, solution)
    return tuple(violation for rule in RULES for violation in rule(plan))


def accept(problem: Problem, solution: Solution) -> Solution:
    """Return the plan if the checker accepts it.

    Raises
    ------
    SolutionRejectedError
        It breaks a rule.
    """
    if violations := check(problem, solution):
        raise SolutionRejectedError([str(violation) for violation in violations])
    return solution
