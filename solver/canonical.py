"""Rows in the order of what they say, so that neither their order nor their ids decide between equals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solver.problem import Earlier, Holds, Ints, Matrix, Pins, Problem
from solver.solution import NONE, Allocations, Loads, Routes, Shortfalls, Solution, Standby, Stops

TABLES = ("places", "products", "farms", "hubs", "points", "lots", "batches", "vehicles")
"""Each after those that its rows refer to."""
MIX = np.uint64(0x9E3779B97F4A7C15)
"""Odd, with its ones well spread (Knuth's multiplicative hashing)."""
REFERENCES = {
    "farms": {"place": "places"},
    "hubs": {"place": "places"},
    "points": {"place": "places"},
    "lots": {"farm": "farms", "product": "products"},
    "batches": {"point": "points", "product": "products"},
    "vehicles": {"hub": "hubs"},
}


@dataclass(frozen=True, slots=True)
class Order:
    """For each table, `given[new row]` is the row in the given problem and `sorted[given row]` the other way round."""

    given: dict[str, Ints]
    sorted: dict[str, Ints]


def canonical(problem: Problem) -> tuple[Problem, Order]:
    """The same problem with every table sorted by what its rows say; ids only part rows that are alike."""
    kinds = _kinds(problem, {})
    kinds = _kinds(problem, kinds)  # alike by themselves, but not by who refers to them
    given = {name: np.lexsort((getattr(problem, name).id, kinds[name])).astype(np.int64) for name in TABLES}
    ranks = {name: _inverse(rows) for name, rows in given.items()}
    tables: dict[str, Any] = {name: _sorted_table(problem, name, given, ranks) for name in TABLES}
    pins = problem.pins
    by_lot = np.argsort(ranks["lots"][pins.lot], kind="stable")
    moved = Pins(ranks["lots"][pins.lot][by_lot], pins.at_least[by_lot], pins.at_most[by_lot])
    earlier, holds = _sorted_earlier(problem.earlier, ranks), _sorted_holds(problem.holds, ranks)
    roads, matrix = problem.roads, problem.roads.matrix
    if matrix is not None:
        square = np.ix_(given["places"], given["places"])
        roads = replace(roads, matrix=Matrix(matrix.distance_m[square], matrix.duration_s[square]))
    return replace(problem, pins=moved, holds=holds, roads=roads, earlier=earlier, **tables), Order(given, ranks)


def restore(solution: Solution, order: Order) -> Solution:
    """The plan in the row numbers and row order of the given problem."""
    given, rank = order.given, order.sorted
    allocations = solution.allocations
    lot, batch = given["lots"][allocations.lot], given["batches"][allocations.batch]
    rows = np.lexsort((batch, lot))
    moved = _inverse(rows.astype(np.int64))
    short = np.argsort(given["batches"][solution.shortfalls.batch], kind="stable")
    standby = np.argsort(given["lots"][solution.standby.lot], kind="stable")
    hubs = np.append(given["hubs"], NONE)  # the last entry answers for NONE
    return replace(
        solution,
        farm_hub=hubs[solution.farm_hub[rank["farms"]]],
        point_hub=hubs[solution.point_hub[rank["points"]]],
        parcel=solution.parcel[rank["points"]],
        allocations=Allocations(lot[rows], batch[rows], allocations.quantity[rows]),
        shortfalls=Shortfalls(
            given["batches"][solution.shortfalls.batch][short],
            solution.shortfalls.quantity[short],
            solution.shortfalls.reason[short],
        ),
        routes=Routes(
            solution.routes.phase,
            given["vehicles"][solution.routes.vehicle],
            solution.routes.depart_s,
            solution.routes.return_s,
            solution.routes.distance_m,
        ),
        stops=Stops(
            solution.stops.route,
            given["places"][solution.stops.place],
            solution.stops.arrive_s,
            solution.stops.start_s,
            solution.stops.leave_s,
        ),
        loads=Loads(solution.loads.stop, moved[solution.loads.allocation], solution.loads.quantity),
        standby=Standby(given["lots"][solution.standby.lot][standby], solution.standby.quantity[standby]),
    )


def _kinds(problem: Problem, before: dict[str, Ints]) -> dict[str, Ints]:
    """A number for each row, larger for larger columns and the same for rows that are alike (colour refinement)."""
    kinds: dict[str, Ints] = {}
    for name in TABLES:
        table, targets = getattr(problem, name), REFERENCES.get(name, {})
        columns = [
            kinds[targets[key]][getattr(table, key)] if key in targets else getattr(table, key).astype(np.int64)
            for key in table.__slots__[1:]
        ]
        rows = np.stack([*columns, _referred(problem, name, before)], axis=1)
        kinds[name] = np.unique(rows, axis=0, return_inverse=True)[1].ravel().astype(np.int64)
    return kinds


def _referred(problem: Problem, name: str, kinds: dict[str, Ints]) -> Ints:
    """A sum over the kinds of all rows that refer to each row, well mixed; 0 before any kind is known."""
    total = np.zeros(len(getattr(problem, name).id), dtype=np.uint64)
    for table, targets in REFERENCES.items() if kinds else ():
        for column in (key for key, target in targets.items() if target == name):
            mixed = (kinds[table].astype(np.uint64) + np.uint64(1)) * MIX
            np.add.at(total, getattr(getattr(problem, table), column), (mixed ^ (mixed >> np.uint64(29))) * MIX)
    return total.view(np.int64)


def _sorted_table(problem: Problem, name: str, given: dict[str, Ints], ranks: dict[str, Ints]) -> Any:
    table = getattr(problem, name)
    columns = {column: getattr(table, column)[given[name]] for column in table.__slots__}
    for column, target in REFERENCES.get(name, {}).items():
        columns[column] = ranks[target][columns[column]]
    return type(table)(**columns)


def _sorted_earlier(earlier: Earlier, ranks: dict[str, Ints]) -> Earlier:
    """In the new row numbers; the order of goods, farms and points means nothing, that of calls does."""
    lot, batch = ranks["lots"][earlier.lot], ranks["batches"][earlier.batch]
    farm, point = ranks["farms"][earlier.farm], ranks["points"][earlier.point]
    goods, farms, points = np.lexsort((batch, lot)), np.argsort(farm), np.argsort(point)
    calls_at = earlier.calls_at.copy()
    for phase, table in enumerate(("farms", "hubs", "points")):
        mine = earlier.phase == phase
        calls_at[mine] = ranks[table][calls_at[mine]]
    return replace(
        earlier,
        lot=lot[goods],
        batch=batch[goods],
        quantity=earlier.quantity[goods],
        farm=farm[farms],
        farm_hub=ranks["hubs"][earlier.farm_hub][farms],
        point=point[points],
        point_hub=ranks["hubs"][earlier.point_hub][points],
        by_parcel=earlier.by_parcel[points],
        vehicle=ranks["vehicles"][earlier.vehicle],
        calls_at=calls_at,
        goods=_inverse(goods)[earlier.goods],
    )


def _sorted_holds(holds: Holds, ranks: dict[str, Ints]) -> Holds:
    """In the new row numbers, ordered by them."""
    fetched = holds.phase == 0
    calls_at = holds.calls_at.copy()
    calls_at[fetched] = ranks["farms"][calls_at[fetched]]
    calls_at[~fetched] = ranks["points"][calls_at[~fetched]]
    order = np.lexsort((calls_at, holds.phase))
    return Holds(holds.phase[order], calls_at[order], ranks["vehicles"][holds.vehicle][order])


def _inverse(rows: Ints) -> Ints:
    rank = np.empty(len(rows), dtype=np.int64)
    rank[rows] = np.arange(len(rows))
    return rank
