"""The fixed-charge transportation problem in columns, and what is refused before any optimiser sees it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.errors import InvalidProblemError
from solver.problem import Flags, Ints

MOST = 10**9
"""Of any quantity, price or charge: then a column travels in four bytes, and eight hold every product of two."""
MOST_MONEY = 2**56
"""Sums of it stay whole in 64ths, in which slopes are counted."""
"""Of all shortages and charges together: sums of money stay whole."""


@dataclass(frozen=True, slots=True)
class Lots:
    """L lots: what each holds, the least it sends if it sends anything, and what its pickup costs then."""

    id: Ints
    quantity: Ints
    minimum: Ints
    charge_minor: Ints


@dataclass(frozen=True, slots=True)
class Batches:
    """B batches: what each wants, and what a unit costs that it does not get."""

    id: Ints
    quantity: Ints
    shortage_minor: Ints


@dataclass(frozen=True, slots=True)
class Lanes:
    """A lanes: from a lot's row to a batch's row, at so much a unit."""

    lot: Ints
    batch: Ints
    cost_minor: Ints


@dataclass(frozen=True, slots=True)
class ChargedProblem:
    """Lots, batches and lanes; every column whole (int64), in one unit of quantity and one of money."""

    lots: Lots
    batches: Batches
    lanes: Lanes

    def linear(self) -> bool:
        """No visit costs and no lot has a minimum: a flow is the whole answer."""
        return not self.lots.charge_minor.any() and not self.lots.minimum.any()


def check_charged(problem: ChargedProblem) -> None:
    """Refuse columns that contradict each other.

    Raises
    ------
    InvalidProblemError
        Table, row, column and reason of the first that does.
    """
    lots, batches, lanes = problem.lots, problem.batches, problem.lanes
    for table, columns in (("lots", lots), ("batches", batches), ("lanes", lanes)):
        _check_shapes(table, {name: getattr(columns, name) for name in columns.__dataclass_fields__})
    for table, name, column in (
        ("lots", "quantity", lots.quantity),
        ("lots", "minimum", lots.minimum),
        ("lots", "charge_minor", lots.charge_minor),
        ("batches", "quantity", batches.quantity),
        ("batches", "shortage_minor", batches.shortage_minor),
        ("lanes", "cost_minor", lanes.cost_minor),
    ):
        _refuse_first(table, name, (column < 0) | (column > MOST), f"is not from 0 to {MOST}")
    for name, column, rows in (("lot", lanes.lot, len(lots.id)), ("batch", lanes.batch, len(batches.id))):
        _refuse_first("lanes", name, (column < 0) | (column >= rows), f"names none of the {rows} rows")
    _refuse_first("lots", "id", _repeated(lots.id), "is another lot's")
    _refuse_first("batches", "id", _repeated(batches.id), "is another batch's")
    _refuse_first("lanes", "batch", _repeated(lanes.lot * len(batches.id) + lanes.batch), "has a lane from this lot")
    money = np.dot(batches.quantity.astype(float), batches.shortage_minor) + lots.charge_minor.sum(dtype=float)
    dearest = np.minimum(lots.quantity[lanes.lot], batches.quantity[lanes.batch]).astype(float) @ lanes.cost_minor
    if money + dearest >= MOST_MONEY:
        raise InvalidProblemError("lanes", -1, "cost_minor", f"{money + dearest:.3g} in all is {MOST_MONEY} or more")


def _check_shapes(table: str, columns: dict[str, Ints]) -> None:
    rows = np.size(next(iter(columns.values())))
    for name, column in columns.items():
        if column.dtype != np.int64 or column.ndim != 1:
            raise InvalidProblemError(table, -1, name, f"is {column.ndim}-dimensional {column.dtype}, not whole int64")
        if len(column) != rows:
            raise InvalidProblemError(table, -1, name, f"has {len(column)} rows, the first column {rows}")


def _refuse_first(table: str, column: str, wrong: Flags, reason: str) -> None:
    if wrong.any():
        raise InvalidProblemError(table, int(wrong.argmax()), column, reason)


def _repeated(key: Ints) -> Flags:
    """Rows whose key an earlier row has."""
    again = np.zeros(len(key), dtype=np.bool_)
    if (key[1:] > key[:-1]).all():
        return again
    order = np.argsort(key, kind="stable")
    again[order[1:]] = key[order[1:]] == key[order[:-1]]
    return again
