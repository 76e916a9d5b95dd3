"""Promises that cannot be kept: the smallest set of rules that cannot hold together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import combinations
from math import comb

import numpy as np

from solver.check import check_problem
from solver.conflict.rules import Rule, rules
from solver.errors import InvalidProblemError, NoSolutionError, SolutionRejectedError
from solver.params import Params
from solver.pooling import greedy, never
from solver.problem import Pins, Problem

__all__ = ["Conflict", "Rule", "kept", "smallest", "without"]

EFFORT = Params(iterations=50, workers=1)
"""What looks for a plan of nothing but promises. 10 and 200 iterations name the same rules in all its tests."""
MOST_TRIES = 150
"""So many smaller sets are tried before a conflict is only called irreducible."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that cannot hold together; with any one of them dropped the rest of them can.

    A problem may have several conflicts: then dropping one rule of this one leaves the others.

    `smallest` when every smaller set was tried and can be kept; otherwise a smaller one may exist elsewhere.
    """

    rules: tuple[Rule, ...]
    smallest: bool


def smallest(problem: Problem, halted: Callable[[], bool] = never) -> Conflict | None:
    """Find the rules that keep the promises of a problem (`Pins.at_least`) from being kept, None where they can be.

    Everything else may end short: only promises make a problem infeasible. Whether a set of rules can hold together is
    asked of the planner itself, with all other rules dropped and nothing sent but promises: what it finds is a plan
    that the checker accepts; where it finds none, that is the planner's word and no proof.

    Parameters
    ----------
    halted
        Asked before each try; the answer so far is nothing then.

    Raises
    ------
    InvalidProblemError
        The problem is not sound, apart from promises above what a lot holds.
    NoSolutionError
        It was halted.

    Notes
    -----
    An irreducible set by QuickXplain (Junker 2004), in O(k log(n / k)) tries for k of n rules; then all smaller sets,
    each of which has a promise in it, as long as they are few.

    Examples
    --------
    >>> from pathlib import Path
    >>> from solver.codec import read_problem
    >>> smallest(read_problem(Path("docs/example/problem.json"))) is None
    True
    """
    return _Search(problem, halted).found()


def kept(problem: Problem) -> bool:
    """Whether the planner finds a plan that keeps every promise.

    Raises
    ------
    InvalidProblemError
        The problem is not sound, apart from promises above what a lot holds.
    """
    pins = problem.pins
    contradictory = np.where(pins.at_least > pins.at_most, pins.at_least, 0)
    check_problem(replace(problem, pins=replace(pins, at_least=contradictory)))
    promised = np.zeros(len(problem.lots.id), dtype=np.int64)
    promised[problem.pins.lot] = problem.pins.at_least
    nothing_else = Pins(np.arange(len(promised)), promised, promised)
    try:
        greedy(replace(problem, pins=nothing_else), EFFORT)
    except (InvalidProblemError, SolutionRejectedError):
        return False
    return True


def without(problem: Problem, dropped: Sequence[Rule]) -> Problem:
    """The problem with these rules dropped."""
    return reduce(lambda left, rule: rule.dropped(left), dropped, problem)


class _Search:
    """Remembers what was tried."""

    def __init__(self, problem: Problem, halted: Callable[[], bool]) -> None:
        self._problem, self._halted = problem, halted
        self._tried: dict[frozenset[int], bool] = {}

    @cached_property
    def _rules(self) -> tuple[Rule, ...]:
        return rules(self._problem)

    def found(self) -> Conflict | None:
        """The conflict, if there is one."""
        if kept(self._problem):
            return None
        found = self._irreducible([], list(range(len(self._rules))), known=True)
        smaller, all_tried = self._smaller(len(found))
        chosen = sorted(smaller or found)
        return Conflict(tuple(self._rules[row] for row in chosen), all_tried)

    def _conflict(self, held: Sequence[int]) -> bool:
        """Whether no plan is found when these rules hold and all others are dropped."""
        key = frozenset(held)
        if key not in self._tried:
            if self._halted():
                raise NoSolutionError("stopped before the rules that cannot hold together were found")
            dropped = [rule for row, rule in enumerate(self._rules) if row not in key]
            self._tried[key] = not kept(without(self._problem, dropped))
        return self._tried[key]

    def _irreducible(self, held: list[int], among: list[int], *, known: bool) -> list[int]:
        """The part of `among` that an irreducible conflict with `held` needs; `known`: nothing was just added."""
        if not known and self._conflict(held):
            return []
        if len(among) == 1:
            return among
        half = len(among) // 2
        first, second = among[:half], among[half:]
        of_second = self._irreducible(held + first, second, known=False)
        return self._irreducible(held + of_second, first, known=not of_second) + of_second

    def _smaller(self, size: int) -> tuple[list[int] | None, bool]:
        """A conflict of fewer rules if there is one, and whether all sets of fewer than it has were tried."""
        promises = {row for row, rule in enumerate(self._rules) if rule.code == "rule-promise"}
        others, tries = len(self._rules) - len(promises), 0
        for fewer in range(1, size):
            tries += comb(len(self._rules), fewer) - comb(others, fewer)
            if tries > MOST_TRIES:
                return None, False
            for rows in combinations(range(len(self._rules)), fewer):
                if promises & set(rows) and self._conflict(rows):
                    return list(rows), True
        return None, True
