"""How hard to try, and how far a solve is. Iterations decide the result; the wall deadline only aborts."""

from __future__ import annotations

from dataclasses import dataclass

from solver.errors import check_number
from solver.solution import Solution

MOST_SECONDS, MOST_SEED, MOST_WORKERS, MOST_ITERATIONS = 7 * 24 * 3600, 2**31 - 1, 1024, 10**9


def check_search(table: str, seconds: float, seed: int, count: int | None = None) -> None:
    """Refuse a search's time, seed or number of steps that it cannot keep.

    Raises
    ------
    InvalidProblemError
        Names the argument and its range.
    """
    check_number(table, "seconds", seconds, 0.0, MOST_SECONDS)
    check_number(table, "seed", seed, 0, MOST_SEED)
    check_number(table, "iterations", count or 0, 0, MOST_ITERATIONS)


@dataclass(frozen=True, slots=True)
class Params:
    """The same problem and the same numbers here give the same plan, unless the deadline cuts in."""

    seed: int = 1
    deadline_s: float = 600  # wall seconds from the call
    iterations: int = 400  # of the local search, per routing problem and round
    rounds: int = 5  # of marginal route costs fed back to the allocation, and of prices fed to routes
    workers: int = 2  # processes
    slope_rounds: int = 8  # of flows whose prices hold each visit, per allocation
    around_earlier: bool = False  # where something is confirmed, search only around `Problem.earlier`: in about a
    # twentieth of the time, and farms that confirmed keep their hub and, where that is not dear, their truck

    def check(self) -> None:
        """Refuse numbers that no search can keep.

        Raises
        ------
        InvalidProblemError
            Names the field and its range.
        """
        check_number("params", "deadline_s", self.deadline_s, 0.0, MOST_SECONDS)
        check_number("params", "seed", self.seed, 0, MOST_SEED)
        check_number("params", "workers", self.workers, 1, MOST_WORKERS)
        for name in ("iterations", "rounds", "slope_rounds"):
            check_number("params", name, getattr(self, name), 0, MOST_ITERATIONS)


DEFAULT = Params()


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a solve is; `solution` is a verified plan when there is a better one than before."""

    stage: str
    best_minor: int | None = None
    bound_minor: int | None = None
    solution: Solution | None = None
