"""Arithmetic of amounts: sums per row, rounding, exact division, and the measures of an allocation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.problem import Ints, Problem
from solver.solution import Allocations, Solution

PPM = 1_000_000
DAY_S = 86_400


def by_row(row: Ints, amount: Ints, rows: int) -> Ints:
    """Sum `amount` per `row` of a table of `rows` rows."""
    total = np.zeros(rows, dtype=np.int64)
    np.add.at(total, row, amount)
    return total


def half_up(numerator: int, denominator: int) -> int:
    """Nearest whole number, halves upwards.

    >>> [half_up(minor, 2) for minor in (1, 2, 3, -1)]
    [1, 1, 2, 0]
    """
    return (2 * numerator + denominator) // (2 * denominator)


def shares(total: int, weights: Ints | Sequence[int]) -> Ints:
    """Split `total` by `weights` into whole parts that sum exactly: largest remainders, earlier rows first.

    Weights that are all 0 count as all equal; nobody gets nothing.

    >>> shares(100, [1, 1, 1]).tolist()
    [34, 33, 33]
    """
    scale = [int(weight) for weight in weights]
    whole = sum(scale)
    if not whole:
        scale, whole = [1] * len(scale), len(scale)
    parts = [total * weight // whole for weight in scale]
    by_remainder = sorted(range(len(scale)), key=lambda row: (-(total * scale[row] % whole), row))
    for row in by_remainder[: total - sum(parts)]:
        parts[row] += 1
    return np.array(parts, dtype=np.int64)


def lot_most(problem: Problem) -> Ints:
    """The most of each lot that may be sent on the day."""
    lots = problem.lots
    return np.minimum(np.minimum(lots.offered, lots.maximum), lots.daily_capacity)


def allocation_weight_g(problem: Problem, allocations: Allocations) -> Ints:
    """Grams of each allocation."""
    return allocations.quantity * problem.products.unit_weight_g[problem.lots.product[allocations.lot]]


def allocation_ends(problem: Problem, allocations: Allocations) -> tuple[Ints, Ints]:
    """Farm and point of each allocation."""
    return problem.lots.farm[allocations.lot], problem.batches.point[allocations.batch]


def allocation_hubs(problem: Problem, solution: Solution) -> tuple[Ints, Ints]:
    """Hub where each allocation comes in and hub from which it goes out."""
    farm, point = allocation_ends(problem, solution.allocations)
    return solution.farm_hub[farm], solution.point_hub[point]


def hub_intake_g(problem: Problem, solution: Solution) -> Ints:
    """Grams each hub handles: what comes from its farms and what comes from other hubs."""
    weight_g = allocation_weight_g(problem, solution.allocations)
    source, target = allocation_hubs(problem, solution)
    crossing = source != target
    hubs = len(problem.hubs.id)
    return by_row(source, weight_g, hubs) + by_row(target[crossing], weight_g[crossing], hubs)
