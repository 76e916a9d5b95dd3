"""A conflict in words."""

from __future__ import annotations

from collections.abc import Callable

from solver.conflict import smallest
from solver.problem import Problem


def said(problem: Problem, language: str, halted: Callable[[], bool]) -> tuple[str, ...]:
    """How many rules cannot hold together, then each of them; nothing where every promise can be kept.

    Raises
    ------
    NoSolutionError
        See `solver.conflict.smallest`.
    """
    conflict = smallest(problem, halted)
    if conflict is None:
        return ()
    fewer = "no smaller set conflicts" if conflict.smallest else "a smaller set may conflict as well"
    head = (
        f"{len(conflict.rules)} rules cannot hold together, and with any one of them dropped the others can; {fewer}:"
    )
    return head, *(rule.sentence(language) for rule in conflict.rules)
