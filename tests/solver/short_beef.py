"""A region whose beef is short, and what the checker has against a reason given for it."""

from dataclasses import replace

from solver.check import check
from solver.problem import Problem, ints
from solver.solution import Reason
from tests.solver.builder import BEEF, changed, plan, small_decisions, small_region


def beef_region() -> Problem:
    """Farm 1 has 50 kg of beef, and 5 kg of it are asked at point 0; nobody sends them."""
    region: Problem = changed(small_region(), "lots", product=ints(0, 1, 0, 2, BEEF))
    return region


def disproof(problem: Problem, reason: Reason) -> str:
    """What the checker has against this reason for the beef that is short, empty when nothing."""
    decisions = replace(small_decisions(), reasons={5: reason})
    return "; ".join(violation.message for violation in check(problem, plan(problem, decisions)))
