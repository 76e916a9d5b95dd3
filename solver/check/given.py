"""Is the problem sound: columns of one length and type, references in range, nothing negative, no overflowing sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.check.terms import MOST_MINOR_PER_KG, check_terms
from solver.cost import lot_most
from solver.errors import InvalidProblemError
from solver.problem import AMBIENT, CHILLED, FROZEN, MOST_HELD, Flags, Ints, Names, Problem

MOST_QUANTITY = 10**10
MOST_PRICE_MINOR = 10**9  # times a million, times a thousand, it is still an int64
MOST_MINOR = 10**9
MOST_S = 30 * 86_400
MOST_MINOR_PER_KM = 1_000_000
PPM = 1_000_000
MOST_WEIGHT_G = 10**11
MOST_VALUE = 10**14  # quantity times price per thousand
MOST_TIMES = 10  # all rows together, in times of the most of one
MOST_TOTAL = 10**12
Floats = NDArray[np.float64]

TABLES = ("places", "products", "farms", "hubs", "points", "lots", "batches", "vehicles")
"""Tables with ids, each before those that refer to it."""

REFERENCES = {
    "place": "places",
    "product": "products",
    "farm": "farms",
    "hub": "hubs",
    "point": "points",
    "lot": "lots",
}

RANGES: dict[str, tuple[int, int]] = {
    "latitude_e6": (-90_000_000, 90_000_000),
    "longitude_e6": (-180_000_000, 180_000_000),
    "unit_weight_g": (1, 1_000_000),
    "volume_ml_per_1000": (0, MOST_TOTAL // 1000),
    "shelf_days": (0, 10_000),
    "cold": (1, AMBIENT | CHILLED | FROZEN),
    "spoilage_ppm_per_day": (0, PPM),
    "opens_s": (0, MOST_S),
    "closes_s": (0, MOST_S),
    "service_s": (0, MOST_S),
    "service_s_per_tonne": (0, MOST_S),
    "decline_ppm": (0, PPM),
    "season_offered_minor": (0, MOST_WEIGHT_G * 10),
    "season_sold_minor": (0, MOST_WEIGHT_G * 10),
    "fixed_minor": (0, MOST_MINOR),
    "handling_minor_per_kg": (0, MOST_MINOR_PER_KG),
    "throughput_g": (0, MOST_TOTAL),
    "grade": (0, 100),
    "pack": (1, MOST_QUANTITY),
    "harvest_day": (-10_000, 30),
    "fresh_days": (0, 10_000),
    "ask_minor_per_1000": (0, MOST_PRICE_MINOR),
    "price_minor_per_1000": (0, MOST_PRICE_MINOR),
    "shortfall_minor_per_1000": (0, MOST_PRICE_MINOR),
    "weight_g": (0, MOST_TOTAL),
    "volume_ml": (0, MOST_TOTAL),
    "crates": (0, MOST_MINOR),
    "minor_per_km": (0, MOST_MINOR_PER_KM),
    "minor_per_hour": (0, MOST_MINOR),
    "shift_s": (0, MOST_S),
}
"""Least and most of a column wherever it appears; others are quantities."""


def check_problem(problem: Problem) -> None:
    """Refuse a problem that no optimiser should see.

    Raises
    ------
    InvalidProblemError
        With table, row, column and reason of the first thing wrong.
    """
    for table in (*TABLES, "pins"):
        _check_table(problem, table)
    _check_rows(problem)
    _check_earlier(problem)
    _check_holds(problem)
    _check_amounts(problem)
    check_terms(problem)


def _check_table(problem: Problem, table: str) -> None:
    rows = getattr(problem, table)
    names = [column.name for column in fields(rows)]
    length = len(np.atleast_1d(getattr(rows, names[0])))
    for name in names:
        column = getattr(rows, name)
        if not isinstance(column, np.ndarray) or column.ndim != 1 or len(column) != length:
            raise InvalidProblemError(table, -1, name, f"is not a column of {length} rows")
        _check_column(problem, table, name, column)


EARLIER = (
    ("lot", "batch", "quantity"),
    ("farm", "farm_hub"),
    ("point", "point_hub", "by_parcel"),
    ("trip", "phase", "vehicle", "calls_at"),
    ("call", "goods", "moved"),
)
EARLIER_REFERENCES = {
    "lot": "lots", "batch": "batches", "farm": "farms", "farm_hub": "hubs", "point": "points", "point_hub": "hubs",
    "vehicle": "vehicles",
}  # fmt: skip
CALLS = ("farms", "hubs", "points")
"""Whom the trips of a phase call at."""
HELD_POINTS = CALLS.index("points")


def _check_earlier(problem: Problem) -> None:
    """The plan before may be anything: only its row numbers have to be some."""
    earlier = problem.earlier
    for names in EARLIER:
        length = len(np.atleast_1d(getattr(earlier, names[0])))
        for name in names:
            column = getattr(earlier, name)
            kind = np.bool_ if name == "by_parcel" else np.int64
            if not isinstance(column, np.ndarray) or column.shape != (length,) or column.dtype != kind:
                raise InvalidProblemError("earlier", -1, name, f"is not a column of {length} rows")
            if kind is np.int64:
                most = MOST_QUANTITY
                if name in EARLIER_REFERENCES:
                    most = len(getattr(problem, EARLIER_REFERENCES[name]).id) - 1
                _refuse((column < 0) | (column > most), "earlier", name, f"is not within 0..{most}")
    _refuse(earlier.phase >= len(CALLS), "earlier", "phase", "is none of 0, 1, 2")
    most_at = np.array([len(getattr(problem, table).id) for table in CALLS])[earlier.phase]
    _refuse(earlier.calls_at >= most_at, "earlier", "calls_at", "is nobody's row")
    _refuse(earlier.call >= len(earlier.calls_at), "earlier", "call", "is no call's row")
    _refuse(earlier.goods >= len(earlier.lot), "earlier", "goods", "is no row of what was sent")


def _check_holds(problem: Problem) -> None:
    """Each farm and point is held to one vehicle at most, in a phase in which trucks call there."""
    holds = problem.holds
    for column in fields(holds):
        rows = getattr(holds, column.name)
        if not isinstance(rows, np.ndarray) or rows.shape != holds.phase.shape or rows.dtype != np.int64:
            raise InvalidProblemError("holds", -1, column.name, f"is not a column of {len(holds.phase)} rows")
    _refuse((holds.phase != 0) & (holds.phase != HELD_POINTS), "holds", "phase", "is none of 0, 2")
    most_at = np.where(holds.phase == 0, len(problem.farms.id), len(problem.points.id))
    _refuse((holds.calls_at < 0) | (holds.calls_at >= most_at), "holds", "calls_at", "is nobody's row")
    most = len(problem.vehicles.id)
    _refuse((holds.vehicle < 0) | (holds.vehicle >= most), "holds", "vehicle", "is no vehicle's row")
    pairs = np.stack([holds.phase, holds.calls_at], axis=1)
    again = np.ones(len(pairs), dtype=np.bool_)
    again[np.unique(pairs, axis=0, return_index=True)[1]] = False
    _refuse(again, "holds", "calls_at", "is held twice")
    hubs = problem.vehicles.hub[np.unique(holds.vehicle)]
    crowded = np.bincount(hubs, minlength=len(problem.hubs.id))[problem.vehicles.hub[holds.vehicle]] > MOST_HELD
    _refuse(crowded, "holds", "vehicle", f"is one of more than {MOST_HELD} of a hub that are held to")


def _check_column(problem: Problem, table: str, name: str, column: Any) -> None:
    kind: Any = {"id": np.str_, "small": np.bool_, "by_truck": np.bool_, "by_parcel": np.bool_}.get(name, np.int64)
    if not np.issubdtype(column.dtype, kind):
        raise InvalidProblemError(table, -1, name, f"is {column.dtype}, not {np.dtype(kind).name}")
    if kind is np.int64:
        low, high = RANGES.get(name, (0, MOST_QUANTITY))
        if name in REFERENCES:
            low, high = 0, len(getattr(problem, REFERENCES[name]).id) - 1
        broken = (column < low) | (column > high)
        _refuse(broken, table, name, f"is not within {low}..{high}")
    if name == "id":
        again = np.ones(len(column), dtype=np.bool_)
        again[np.unique(column, return_index=True)[1]] = False
        _refuse(again, table, name, "appears twice")


def _check_rows(problem: Problem) -> None:
    """What two columns of a row say of each other."""
    pins = problem.pins
    again = np.ones(len(pins.lot), dtype=np.bool_)
    again[np.unique(pins.lot, return_index=True)[1]] = False
    _refuse(again, "pins", "lot", "is pinned twice")
    _refuse(pins.at_least > pins.at_most, "pins", "at_least", "is more than at_most")
    _refuse(pins.at_least > lot_most(problem)[pins.lot], "pins", "at_least", "is more than the lot holds on a day")


def unfit(problem: Problem, table: str) -> Names:
    """Why no optimiser takes a row of `lots` or `batches`: too large, heavy, bulky or costly; empty where it does.

    Where only all together are too much, the largest go first, and what is promised last.
    """
    rows = getattr(problem, table)
    why = np.full(len(rows.id), "", dtype="<U10")
    for column in fields(rows):
        if column.name != "id" and column.name not in REFERENCES:
            low, high = RANGES.get(column.name, (0, MOST_QUANTITY))
            number = getattr(rows, column.name)
            why[(number < low) | (number > high)] = "too-large"
    for _, quantity, per_unit, most, code, _ in _amounts(problem, table):
        why[(why == "") & (quantity > most // np.maximum(per_unit, 1))] = code
    for _, quantity, per_unit, most, code, _ in _amounts(problem, table):
        size = np.where(why == "", _sizes(quantity, per_unit), 0)
        promised = np.zeros(len(size), dtype=np.bool_)
        if table == "lots":
            promised[problem.pins.lot[problem.pins.at_least > 0]] = True
        first = np.lexsort((-size, promised))
        left = size.sum() - np.concatenate([np.zeros(1), np.cumsum(size[first])])
        why[first[: int(np.argmax(left <= MOST_TIMES * most))]] = code
    return why


def _check_amounts(problem: Problem) -> None:
    """Weights and values stay where sums and scaling by a thousand cannot leave int64."""
    for table in ("lots", "batches"):
        for column, quantity, per_unit, most, _, what in _amounts(problem, table):
            _refuse(quantity > most // np.maximum(per_unit, 1), table, column, f"{what} too much")
            if float(_sizes(quantity, per_unit).sum()) > MOST_TIMES * most:
                raise InvalidProblemError(table, -1, column, f"altogether {what} too much")


def _amounts(problem: Problem, table: str) -> Iterator[tuple[str, Ints, Ints, int, str, str]]:
    """Column, quantity, what each unit counts, the most of it in a row, and how too much of it is called."""
    products, rows = problem.products, getattr(problem, table)
    column, price = ("offered", "ask_minor_per_1000") if table == "lots" else ("quantity", "price_minor_per_1000")
    dearest = np.maximum(getattr(rows, price), products.shortfall_minor_per_1000[rows.product])
    for per_unit, most, code, what in (
        (products.unit_weight_g[rows.product], MOST_WEIGHT_G, "too-heavy", "weighs"),
        (products.volume_ml_per_1000[rows.product], MOST_VALUE, "too-bulky", "fills"),
        (dearest, MOST_VALUE, "too-costly", "is worth"),
    ):
        yield column, getattr(rows, column), per_unit, most, code, what


def _sizes(quantity: Ints, per_unit: Ints) -> Floats:
    """Sums that could leave int64 are counted in floats: a judgement of size, not an amount."""
    return quantity.astype(np.float64) * per_unit.astype(np.float64)


def _refuse(broken: Flags, table: str, column: str, reason: str) -> None:
    if broken.any():
        raise InvalidProblemError(table, int(np.argmax(broken)), column, reason)
