"""How hard to try, and how far a solve is. Iterations decide the result; the wall deadline only aborts."""

from __future__ import annotations

from dataclasses import dataclass

from solver.solution import Solution


@dataclass(frozen=True, slots=True)
class Params:
    """The same problem and the same numbers here give the same plan, unless the deadline cuts in."""

    seed: int = 1
    deadline_s: float = 600  # wall seconds from the call
    iterations: int = 400  # of the local search, per routing problem and round
    rounds: int = 5  # of marginal route costs fed back to the allocation
    workers: int = 2  # processes
    slope_rounds: int = 8  # of flows whose prices hold each visit, per allocation
    around_earlier: bool = False  # where something is confirmed, search only around `Problem.earlier`: in about a
    # tenth of the time, and farms that confirmed keep their hub and, where that is not dear, their truck


DEFAULT = Params()


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a solve is; `solution` is a verified plan when there is a better one than before."""

    stage: str
    best_minor: int | None = None
    bound_minor: int | None = None
    solution: Solution | None = None
