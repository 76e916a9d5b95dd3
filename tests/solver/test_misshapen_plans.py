"""Columns that are no columns, and rows out of order or of no use."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from solver.check import Rule, check
from tests.solver.builder import changed, small_plan

PROBLEM, SOLUTION = small_plan()


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
