"""A linear programme as it grows, column by column and row by row."""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np

from solver.instance import Floats
from solver.problem import Ints


@dataclass(slots=True)
class Matrix:
    """Columns between 0 and their most, rows between bounds; the least cost is asked."""

    columns: int = 0
    rows: int = 0
    _columns: list[tuple[Floats, Floats]] = field(default_factory=list)
    _rows: list[tuple[Floats, Floats]] = field(default_factory=list)
    _entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)

    def add_columns(self, cost: Floats, most: Floats) -> Ints:
        """Fresh columns; their numbers."""
        self._columns.append((cost, most))
        self.columns += len(cost)
        return np.arange(self.columns - len(cost), self.columns)

    def add_rows(self, low: Floats, high: Floats) -> Ints:
        """Fresh rows; their numbers."""
        self._rows.append((low, high))
        self.rows += len(low)
        return np.arange(self.rows - len(low), self.rows)

    def put(self, row: Ints, column: Ints, number: Floats | float) -> None:
        """Entries of the matrix; of the same row and column only one."""
        self._entries.append((row, column, np.broadcast_to(np.asarray(number, dtype=np.float64), column.shape)))

    def programme(self) -> highspy.Highs:
        """Ready to be solved, and to be solved again after a change; one thread, so that it is repeatable."""
        row, column, number = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        order = np.lexsort((row, column))
        linear = highspy.HighsLp()
        linear.num_col_, linear.num_row_ = self.columns, self.rows
        linear.col_cost_, linear.col_upper_ = (np.concatenate(part) for part in zip(*self._columns, strict=True))
        linear.col_lower_ = np.zeros(self.columns)
        linear.row_lower_, linear.row_upper_ = (np.concatenate(part) for part in zip(*self._rows, strict=True))
        linear.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        linear.a_matrix_.start_ = np.searchsorted(column[order], np.arange(self.columns + 1))
        linear.a_matrix_.index_, linear.a_matrix_.value_ = row[order], number[order]
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        highs.passModel(linear)
        return highs
