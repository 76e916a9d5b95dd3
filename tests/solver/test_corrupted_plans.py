"""A true plan with a wrong cell, a lost row or a doubled one: every such plan is refused."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import solver
from solver.check import check
from solver.problem import Problem
from solver.solution import Solution
from tests.solver.builder import changed, small_plan, with_cell
from tests.solver.regions import made_region

PROBLEM, SOLUTION = small_plan()
COLUMNS = {
    "farm_hub": ("farm_hub",),
    "point_hub": ("point_hub",),
    "parcel": ("parcel",),
    "allocations": ("lot", "batch", "quantity"),
    "shortfalls": ("batch", "quantity"),
    "routes": ("phase", "vehicle", "depart_s", "return_s", "distance_m"),
    "stops": ("route", "place", "arrive_s", "start_s", "leave_s"),
    "loads": ("stop", "allocation", "quantity"),
}
"""Everything that decides; a standby list, a lower bound and an explanation may differ and still be true."""
REGIONS = {"by hand": None, "47": (12, 8, 3), "3": (6, 4, 3), "57": (7, 6, 2), "64": (9, 7, 3)}
"""Farms, points and hubs of the made regions, by their seeds."""
DELTAS = (*range(-12, 0), *range(1, 13), -3600, 3600, -100_000, -1000, 1000, 100_000, 2**40, -(2**63), 2**62)
FEWER = (-(2**63), -100_000, -3600, -7, -2, -1, 1, 2, 7, 3600, 100_000, 2**62)
LEAST_CORRUPTED = 10_000


def rows(solution: Solution, table: str, column: str) -> Any:
    found = getattr(solution, table)
    return found if table == column else getattr(found, column)


def cells(solution: Solution) -> list[tuple[str, str, int]]:
    """Table, column and row of everything that decides."""
    return [
        (table, column, row)
        for table, names in COLUMNS.items()
        for column in names
        for row in range(
            len(getattr(solution, table) if table == column else getattr(getattr(solution, table), column))
        )
    ]


CELLS = cells(SOLUTION)
TIMELESS = [found for found in CELLS if found[1] != "arrive_s"]
"""A truck that leaves later and waits less is another true plan: two cells that agree are no corruption."""


@cache
def true_plan(region: str) -> tuple[Problem, Solution]:
    """A plan that the checker accepts."""
    if (size := REGIONS[region]) is None:
        return PROBLEM, SOLUTION
    farms, points, hubs = size
    problem = made_region(int(region), farms=farms, points=points, hubs=hubs)
    return problem, solver.greedy(problem)


def corruptions(region: str) -> Iterator[tuple[str, str, int, int]]:
    """Every cell that decides with a number that is not the plan's."""
    _, solution = true_plan(region)
    for table, column, row in cells(solution):
        before = int(rows(solution, table, column)[row])
        deltas = DELTAS if solution is SOLUTION else FEWER
        values = {int(not before)} if table == "parcel" else {before + delta for delta in deltas}
        for value in sorted(values):
            if -(2**63) <= value < 2**63:
                yield table, column, row, value


@pytest.mark.parametrize("region", REGIONS)
def test_every_cell_that_decides_is_checked(region: str) -> None:
    problem, solution = true_plan(region)
    assert check(problem, solution) == ()
    accepted = [wrong for wrong in corruptions(region) if not check(problem, with_cell(solution, *wrong))]
    assert accepted == []


def test_ten_thousand_corrupted_plans_are_tried_none_twice() -> None:
    tried = {(region, *wrong) for region in REGIONS for wrong in corruptions(region)}
    assert len(tried) >= LEAST_CORRUPTED


@given(st.lists(st.tuples(st.sampled_from(TIMELESS), st.integers(-5, 5)), min_size=1, max_size=3))
def test_a_plan_with_a_few_wrong_cells_is_refused(wrong: list[tuple[tuple[str, str, int], int]]) -> None:
    spoilt = SOLUTION
    for (table, column, row), delta in wrong:
        value = int(rows(SOLUTION, table, column)[row]) + delta
        spoilt = with_cell(spoilt, table, column, row, bool(value) if table == "parcel" else value)
    same = all(np.array_equal(mine, other) for mine, other in zip(columns(spoilt), columns(SOLUTION), strict=True))
    assert bool(check(PROBLEM, spoilt)) != same


def columns(solution: Solution) -> list[Any]:
    return [
        getattr(solution, table) if table == column else getattr(getattr(solution, table), column)
        for table, names in COLUMNS.items()
        for column in names
    ]


@given(st.sampled_from(["allocations", "routes", "stops", "loads", "shortfalls"]), st.data())
def test_a_plan_that_lost_or_doubled_a_row_is_refused(table: str, drawn: st.DataObject) -> None:
    rows = len(getattr(getattr(SOLUTION, table), COLUMNS[table][0]))
    row = drawn.draw(st.integers(0, rows - 1))
    kept = drawn.draw(st.sampled_from([[*range(row), *range(row + 1, rows)], [*range(row + 1), *range(row, rows)]]))
    names = (*COLUMNS[table], "reason") if table == "shortfalls" else COLUMNS[table]
    spoilt = {name: getattr(getattr(SOLUTION, table), name)[kept] for name in names}
    assert check(PROBLEM, changed(SOLUTION, table, **spoilt))
