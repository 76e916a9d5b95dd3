from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.check import Rule, check
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


@pytest.mark.parametrize(
    "quantity", [[1, 2], np.zeros((2, 2), np.int64), np.zeros(4, np.int64), np.zeros(5), np.zeros(5, np.int32)]
)
def test_a_column_of_another_shape_or_type_is_refused_alone(quantity: Any) -> None:
    violations = check(PROBLEM, changed(SOLUTION, "allocations", quantity=quantity))
    assert {violation.rule for violation in violations} == {Rule.COLUMNS}


def test_parcels_are_yes_or_no() -> None:
    spoilt = replace(SOLUTION, parcel=np.zeros(3, np.int64))
    assert [str(violation) for violation in check(PROBLEM, spoilt)] == [
        "E01 columns: parcel: parcel is int64, not bool"
    ]


def test_a_first_column_that_is_no_column_is_refused() -> None:
    assert check(PROBLEM, changed(SOLUTION, "allocations", lot=7))


def test_a_cost_is_a_whole_number() -> None:
    odd = replace(SOLUTION.report, cost=replace(SOLUTION.report.cost, hub=1.5))  # type: ignore[arg-type]  # a lying solver
    violations = check(PROBLEM, replace(SOLUTION, report=odd))
    assert [str(violation) for violation in violations] == ["E01 columns: report: cost.hub is not a whole number"]


@pytest.mark.parametrize(
    ("table", "columns", "message"),
    [
        ("allocations", {"lot": [1, 0, 0, 2, 3], "batch": [2, 0, 1, 4, 3]}, "not ordered by lot"),
        ("allocations", {"lot": [0, 0, 1, 2, 3], "batch": [0, 0, 2, 4, 3]}, "not ordered by lot"),
        ("stops", {"route": [1, 0, 1, 2, 3, 4]}, "not ordered by route"),
        ("stops", {"route": [0, 0, 0, 2, 3, 4]}, "has no stop"),
        ("loads", {"stop": [0, 0, 0, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5]}, "nothing changes hands"),
        ("loads", {"allocation": [0, 0, 2, 3, 4, 1, 2, 3, 4, 0, 4, 1, 2]}, "the same allocation twice"),
    ],
)
def test_rows_are_in_order_and_of_use(table: str, columns: dict[str, list[int]], message: str) -> None:
    arrays = {name: np.array(values, np.int64) for name, values in columns.items()}
    assert message in " ".join(str(violation) for violation in check(PROBLEM, changed(SOLUTION, table, **arrays)))
