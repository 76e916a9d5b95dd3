"""A conflict in words."""

from __future__ import annotations

from collections.abc import Callable

from solver.conflict import smallest
from solver.problem import Problem
from solver.words import sentences


def said(problem: Problem, language: str, halted: Callable[[], bool]) -> tuple[str, ...]:
    """How many rules cannot hold together, then each of them; nothing where every promise can be kept.

    Raises
    ------
    NoSolutionError
        See `solver.conflict.smallest`.
    """
    said_in, conflict = sentences()[language], smallest(problem, halted)
    if conflict is None:
        return ()
    head = said_in["conflict-smallest" if conflict.smallest else "conflict-irreducible"]
    return head.format(rules=len(conflict.rules)), *(rule.sentence(language) for rule in conflict.rules)
