"""The landed cost of lines, added up by product and by farm; each way they sum to the plan's landed cost exactly."""

from __future__ import annotations

import numpy as np

from solver.cost import Lines, allocation_weight_g, by_row
from solver.problem import Ints, Names, Problem
from solver.solution import Solution

MOST_FARMS = 5000
"""More rows than this are no figure: `by_farm` is empty then, and the plan itself has them."""


def by_product(problem: Problem, solution: Solution, lines: Lines) -> dict[str, dict[str, int]]:
    """Of each product that is served: grams, and minor units landed, of which purchase and transport."""
    product = problem.lots.product[solution.allocations.lot]
    return _summed(problem, solution, lines, product, problem.products.id)


def by_farm(problem: Problem, solution: Solution, lines: Lines) -> dict[str, dict[str, int]]:
    """Of each farm that sends something: the same; purchase is what the farm gets."""
    farm = problem.lots.farm[solution.allocations.lot]
    if len(np.unique(farm)) > MOST_FARMS:
        return {}
    return _summed(problem, solution, lines, farm, problem.farms.id)


def _summed(problem: Problem, solution: Solution, lines: Lines, group: Ints, names: Names) -> dict[str, dict[str, int]]:
    columns = {
        "weight_g": allocation_weight_g(problem, solution.allocations),
        "landed_minor": lines.landed,
        "purchase_minor": lines.purchase,
        "transport_minor": lines.transport,
    }
    sums = {name: by_row(group, column, len(names)) for name, column in columns.items()}
    return {
        str(names[row]): {name: int(column[row]) for name, column in sums.items()} for row in np.unique(group).tolist()
    }
