"""A true plan with a wrong cell, a lost row or a doubled one: every such plan is refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.check import check
from solver.solution import Solution
from tests.solver.builder import changed, small_plan, with_cell

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
CELLS = [
    (table, column, row)
    for table, columns in COLUMNS.items()
    for column in columns
    for row in range(len(getattr(SOLUTION, table) if table == column else getattr(getattr(SOLUTION, table), column)))
]
DELTAS = (*range(-12, 0), *range(1, 13), -3600, 3600, -100_000, -1000, 1000, 100_000, 2**40, -(2**63), 2**62)
TIMELESS = [found for found in CELLS if found[1] != "arrive_s"]
"""A truck that leaves later and waits less is another true plan: two cells that agree are no corruption."""


def cell(table: str, column: str, row: int) -> int:
    rows = getattr(SOLUTION, table)
    return int((rows if table == column else getattr(rows, column))[row])


def corrupted(table: str, column: str, row: int, value: int) -> Solution:
    spoilt: Solution = with_cell(SOLUTION, table, column, row, value)
    return spoilt


@pytest.mark.parametrize("table", COLUMNS)
def test_every_cell_that_decides_is_checked(table: str) -> None:
    accepted = []
    for _, column, row in [found for found in CELLS if found[0] == table]:
        before = cell(table, column, row)
        values = {int(not before)} if table == "parcel" else {before + delta for delta in DELTAS}
        values = {value for value in values if -(2**63) <= value < 2**63}
        accepted += [
            (column, row, value) for value in values if not check(PROBLEM, corrupted(table, column, row, value))
        ]
    assert accepted == []


@given(st.lists(st.tuples(st.sampled_from(TIMELESS), st.integers(-5, 5)), min_size=1, max_size=3))
def test_a_plan_with_a_few_wrong_cells_is_refused(wrong: list[tuple[tuple[str, str, int], int]]) -> None:
    spoilt = SOLUTION
    for (table, column, row), delta in wrong:
        value = cell(table, column, row) + delta
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
