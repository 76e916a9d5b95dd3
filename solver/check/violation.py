"""A broken rule: which, where and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from solver.problem import Flags


class Rule(IntEnum):
    """The rules of the planning problem, numbered for good: a number is never given to another rule."""

    COLUMNS = 1
    LOTS = 2
    GRADE = 3
    FRESHNESS = 4
    PINS = 5
    SHARES = 6
    STANDBY = 7
    BATCHES = 8
    REASONS = 9
    ONE_HUB = 10
    THROUGHPUT = 11
    COLLECTED = 12
    HAULED = 13
    DELIVERED = 14
    PARCELS = 15
    HOME = 16
    CAPACITY = 17
    COLD = 18
    SHIFT = 19
    OVERLAP = 20
    ROADS = 21
    WINDOWS = 22
    SERVICE = 23
    SPLITS = 24
    SYNCHRONISATION = 25
    COST = 26
    BOUNDS = 27
    EXPLANATIONS = 28
    FLOORS = 29
    HOLDS = 30


@dataclass(frozen=True, slots=True)
class Violation:
    """`rule` is broken at `row` of the solution's `table` (-1: the table as a whole)."""

    rule: Rule
    table: str
    row: int
    message: str

    def __str__(self) -> str:
        where = f"{self.table}[{self.row}]" if self.row >= 0 else self.table
        return f"E{self.rule:02d} {self.rule.name.lower()}: {where}: {self.message}"


def where(rule: Rule, table: str, broken: Flags, message: str | Callable[[int], str]) -> Iterator[Violation]:
    """One violation per row of `broken` that is set."""
    for row in np.flatnonzero(broken).tolist():
        yield Violation(rule, table, row, message if isinstance(message, str) else message(row))
