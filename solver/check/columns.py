"""Is the plan well formed: lengths, whole numbers, references in range, order; every other rule relies on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.check.violation import Rule, Violation, where
from solver.problem import Flags, Ints, Problem
from solver.solution import NONE, Phase, Solution

TOO_LATE_S = 30 * 86_400
TOO_FAR_M = 10**9


@dataclass(frozen=True, slots=True)
class Limit:
    """Whole numbers from `least` to below `below`."""

    table: str
    column: str
    least: int
    below: int


def check_columns(problem: Problem, solution: Solution) -> tuple[Violation, ...]:
    """Lengths and types; if they are sound, references and ranges; if they are, order and quantities."""
    for stage in (_shapes, _ranges, _order, _quantities):
        if broken := tuple(stage(problem, solution)):
            return broken
    return ()


def _shapes(problem: Problem, solution: Solution) -> Iterator[Violation]:
    lengths = {"farm_hub": len(problem.farms.id), "point_hub": len(problem.points.id), "parcel": len(problem.points.id)}
    for name, length in lengths.items():
        dtype: Any = np.bool_ if name == "parcel" else np.int64
        yield from _shape(name, name, getattr(solution, name), dtype, length)
    for table in ("allocations", "shortfalls", "routes", "stops", "loads", "standby"):
        rows = getattr(solution, table)
        length = len(np.atleast_1d(getattr(rows, fields(rows)[0].name)))
        for column in fields(rows):
            dtype = np.str_ if column.name == "reason" else np.int64
            yield from _shape(table, column.name, getattr(rows, column.name), dtype, length)
    for column in fields(solution.report.cost):
        if type(getattr(solution.report.cost, column.name)) is not int:
            yield Violation(Rule.COLUMNS, "report", -1, f"cost.{column.name} is not a whole number")


def _shape(table: str, name: str, column: Any, dtype: Any, length: int) -> Iterator[Violation]:
    if not isinstance(column, np.ndarray) or column.ndim != 1 or len(column) != length:
        yield Violation(Rule.COLUMNS, table, -1, f"{name} is not a column of {length} rows")
    elif not np.issubdtype(column.dtype, dtype):
        yield Violation(Rule.COLUMNS, table, -1, f"{name} is {column.dtype}, not {np.dtype(dtype).name}")


def _limits(problem: Problem, solution: Solution) -> tuple[Limit, ...]:
    hubs, batches, places = len(problem.hubs.id), len(problem.batches.id), len(problem.places.id)
    lots, routes, stops = len(problem.lots.id), len(solution.routes.phase), len(solution.stops.route)
    return (
        Limit("farm_hub", "farm_hub", NONE, hubs),
        Limit("point_hub", "point_hub", NONE, hubs),
        Limit("allocations", "lot", 0, lots),
        Limit("allocations", "batch", 0, batches),
        Limit("shortfalls", "batch", 0, batches),
        Limit("routes", "phase", 0, len(Phase)),
        Limit("routes", "vehicle", 0, len(problem.vehicles.id)),
        Limit("routes", "depart_s", 0, TOO_LATE_S),
        Limit("routes", "return_s", 0, TOO_LATE_S),
        Limit("routes", "distance_m", 0, TOO_FAR_M),
        Limit("stops", "route", 0, routes),
        Limit("stops", "place", 0, places),
        Limit("stops", "arrive_s", 0, TOO_LATE_S),
        Limit("stops", "start_s", 0, TOO_LATE_S),
        Limit("stops", "leave_s", 0, TOO_LATE_S),
        Limit("loads", "stop", 0, stops),
        Limit("loads", "allocation", 0, len(solution.allocations.lot)),
        Limit("standby", "lot", 0, lots),
    )


def _ranges(problem: Problem, solution: Solution) -> Iterator[Violation]:
    for limit in _limits(problem, solution):
        table = getattr(solution, limit.table)
        column: Ints = table if limit.table == limit.column else getattr(table, limit.column)
        broken = (column < limit.least) | (column >= limit.below)
        yield from where(
            Rule.COLUMNS, limit.table, broken, f"{limit.column} is not within {limit.least}..{limit.below - 1}"
        )


def _order(_: Problem, solution: Solution) -> Iterator[Violation]:
    """Each pair once, stops by route; a route without stops and a stop without loads are nobody's trips."""
    allocations, loads, route = solution.allocations, solution.loads, solution.stops.route
    pairs = np.stack([allocations.lot, allocations.batch])
    yield from where(Rule.COLUMNS, "allocations", ~_rising(pairs), "not ordered by lot, then batch, each pair once")
    backwards = np.zeros(len(route), dtype=np.bool_)
    backwards[1:] = route[1:] < route[:-1]
    yield from where(Rule.COLUMNS, "stops", backwards, "not ordered by route")
    hands = np.stack([loads.stop, loads.allocation])
    order = np.lexsort(hands[::-1])
    twice = np.zeros(len(order), dtype=np.bool_)
    twice[order] = ~_rising(hands[:, order])
    yield from where(Rule.COLUMNS, "loads", twice, "the same allocation twice at one stop")
    yield from where(Rule.COLUMNS, "routes", _unused(route, len(solution.routes.phase)), "has no stop")
    yield from where(Rule.COLUMNS, "stops", _unused(loads.stop, len(route)), "nothing changes hands")


def _rising(keys: NDArray[np.int64]) -> Flags:
    """Is each column of a 2 x n array greater than the one before it, first row first."""
    rising = np.ones(keys.shape[1], dtype=np.bool_)
    before, after = keys[:, :-1], keys[:, 1:]
    rising[1:] = (after[0] > before[0]) | ((after[0] == before[0]) & (after[1] > before[1]))
    return rising


def _unused(reference: Ints, rows: int) -> Flags:
    unused = np.ones(rows, dtype=np.bool_)
    unused[reference] = False
    return unused


def _quantities(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Positive, and no more than what they are a part of: keeps every later sum far from the end of int64."""
    allocations, asked, offered = solution.allocations, problem.batches.quantity, problem.lots.offered
    whole = {
        "allocations": asked[allocations.batch],
        "shortfalls": asked[solution.shortfalls.batch],
        "loads": allocations.quantity[solution.loads.allocation],
        "standby": offered[solution.standby.lot],
    }
    for table, most in whole.items():
        quantity: Ints = getattr(solution, table).quantity
        yield from where(Rule.COLUMNS, table, (quantity < 1) | (quantity > most), "less than one or more than there is")
