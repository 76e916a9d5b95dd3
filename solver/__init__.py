"""A pure planning library: problems in, verified plans out."""

from typing import TYPE_CHECKING, Any

from solver.check import accept, check, check_problem
from solver.params import DEFAULT, Params
from solver.problem import Problem
from solver.solution import Solution, degrade

if TYPE_CHECKING:
    from solver.pooling import greedy, solve

__all__ = [
    "DEFAULT",
    "Params",
    "Problem",
    "Solution",
    "accept",
    "check",
    "check_problem",
    "degrade",
    "greedy",
    "solve",
]


def __getattr__(name: str) -> Any:
    """The optimisers are loaded when they are first asked for: who only reads or checks plans never pays for them."""
    if name in ("greedy", "solve"):
        from solver import pooling  # noqa: PLC0415  # see the docstring

        return getattr(pooling, name)
    raise AttributeError(f"module 'solver' has no attribute {name!r}")
