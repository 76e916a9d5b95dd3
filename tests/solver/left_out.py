"""A plan that leaves a farm at home."""

from dataclasses import replace

from solver.problem import Problem
from solver.solution import Phase, Solution
from tests.solver.builder import HOUR, plan, small_decisions, small_region
from tests.solver.timetable import Trip


def without_farm_2() -> tuple[Problem, Solution]:
    """Farm 2 stays at home: no eggs, and the far point gets its apples from farm 0."""
    decisions = small_decisions()
    decisions.farm_hub[2] = -1
    decisions.allocations = [(0, 0, 80_000), (0, 1, 60_000), (0, 4, 12_000), (1, 2, 40_000)]
    decisions.trips = [
        Trip(Phase.COLLECTION, 0, 8 * HOUR, [(2, {0: 80_000, 1: 60_000, 2: 12_000}), (3, {3: 40_000})]),
        Trip(Phase.LINE_HAUL, 0, 17 * HOUR, [(1, {1: 60_000, 3: 40_000})]),
        Trip(Phase.DELIVERY, 1, 31 * HOUR, [(5, {0: 80_000})]),
        Trip(Phase.DELIVERY, 2, 31 * HOUR, [(6, {1: 60_000, 3: 40_000})]),
    ]
    problem = small_region()
    return problem, plan(problem, replace(decisions, standby=[]))
