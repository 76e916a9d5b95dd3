"""What the plan says of itself: cost, bounds, explanations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from solver.check.trace import Trace
from solver.check.violation import Rule, Violation
from solver.cost import price
from solver.solution import StoppedBy

SUBJECTS = {"farm": "farms", "lot": "lots", "point": "points", "batch": "batches", "vehicle": "vehicles", "hub": "hubs"}


def cost(plan: Trace) -> Iterator[Violation]:
    """Every component equals the re-pricing."""
    said, due = plan.solution.report.cost, price(plan.problem, plan.solution)
    for component in fields(due):
        given, right = getattr(said, component.name), getattr(due, component.name)
        if given != right:
            yield Violation(Rule.COST, "report", -1, f"{component.name} is {given}, re-priced {right}")


def bounds(plan: Trace) -> Iterator[Violation]:
    """A lower bound is not above what it bounds, and the reason for stopping is one of the list."""
    report = plan.solution.report
    if report.bound_minor > report.cost.objective:
        message = f"bound {report.bound_minor} above the objective {report.cost.objective}"
        yield Violation(Rule.BOUNDS, "report", -1, message)
    if report.allocation_bound_minor > report.allocation_minor:
        message = f"bound {report.allocation_bound_minor} above the allocation {report.allocation_minor}"
        yield Violation(Rule.BOUNDS, "report", -1, message)
    if report.stopped_by not in tuple(StoppedBy):
        yield Violation(Rule.BOUNDS, "report", -1, f"stopped by {report.stopped_by}")


def explanations(plan: Trace) -> Iterator[Violation]:
    """Each speaks of something that exists."""
    known = {subject: set(getattr(plan.problem, table).id.tolist()) for subject, table in SUBJECTS.items()}
    for row, explanation in enumerate(plan.solution.report.explanations):
        if explanation.id not in known.get(explanation.subject, ()):
            message = f"no {explanation.subject} {explanation.id}"
            yield Violation(Rule.EXPLANATIONS, "report.explanations", row, message)
