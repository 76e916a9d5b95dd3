"""The cheapest routes out of a pool for a set of depots: set partitioning under capacities (Akca et al. 2009)."""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array

from solver.location.measure import Measured, Reals, Whole
from solver.location.pool import Pool, Priced
from solver.location.verify import Tour

_BY_COLUMN, _MINIMISE, _CONTINUOUS, _INTEGER = 1, 1, 0, 1
_MOST_NODES = 500
# Costs are whole numbers: what is not a whole one cheaper is not cheaper.
_CHEAPER = 0.5


@dataclass(frozen=True)
class Limits:
    """Seconds of wall time; columns that go into branch and bound, those of least reduced cost."""

    seconds: float
    columns: int = 1_500


def recombined(
    problem: Measured, pool: Pool, opened: Sequence[int], upper: float, limits: Limits
) -> tuple[Tour, ...] | None:
    """Routes of the pool from these depots that together cost less than `upper`; None where none were found.

    `upper` counts routes, not openings. First the linear relaxation, then branch and bound over the columns that its
    reduced costs leave.
    """
    columns = _columns(pool.priced(problem), opened)
    relaxed = _solve(problem, columns, limits.seconds, None)
    if relaxed is None or relaxed.cost > upper - _CHEAPER:
        return None
    few = np.argsort(relaxed.reduced, kind="stable")[: limits.columns]
    chosen = columns.only(np.sort(few[relaxed.reduced[few] < upper - relaxed.cost]))
    found = _solve(problem, chosen, limits.seconds, upper)
    if found is None or found.cost > upper - _CHEAPER:
        return None
    return tuple(chosen.tour(int(column)) for column in np.flatnonzero(found.values > 0.5))


@dataclass(frozen=True)
class _Columns:
    """A client set of the pool from one of the depots each."""

    priced: Priced
    opened: tuple[int, ...]
    row: Whole
    depot: Whole

    def only(self, chosen: Whole) -> "_Columns":
        return _Columns(self.priced, self.opened, self.row[chosen], self.depot[chosen])

    def tour(self, column: int) -> Tour:
        return self.priced.tour(int(self.row[column]), int(self.depot[column]))

    @property
    def cost(self) -> Reals:
        return self.priced.cost[self.row, self.depot].astype(np.float64)


@dataclass(frozen=True)
class _Solved:
    cost: float
    values: Reals
    reduced: Reals


def _columns(priced: Priced, opened: Sequence[int]) -> _Columns:
    """Client sets that a vehicle carries, from each depot."""
    rows = np.arange(len(priced.cost))
    return _Columns(priced, tuple(opened), np.tile(rows, len(opened)), np.repeat(np.array(opened), len(rows)))


def _solve(problem: Measured, columns: _Columns, seconds: float, upper: float | None) -> _Solved | None:
    """The relaxation where there is no `upper`, else the best whole answer that was found below it."""
    highs = highspy.Highs()
    options: dict[str, object] = {"output_flag": False, "threads": 1, "time_limit": max(seconds, 0.01)}
    if upper is not None:
        options |= {"mip_rel_gap": 0.0, "mip_abs_gap": 0.99, "mip_max_nodes": _MOST_NODES}
        options["objective_bound"] = upper - _CHEAPER
    for name, value in options.items():
        highs.setOptionValue(name, value)
    _load(highs, problem, columns, whole=upper is not None)
    highs.run()
    info, solution = highs.getInfo(), highs.getSolution()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return _Solved(float(info.objective_function_value), np.array(solution.col_value), np.array(solution.col_dual))


def _load(highs: highspy.Highs, problem: Measured, columns: _Columns, *, whole: bool) -> None:
    """Rows: every client once; what each depot sends within its room."""
    clients, count = len(problem.demand), len(columns.row)
    visited = [columns.priced.clients(int(row)) for row in columns.row]
    of = np.repeat(np.arange(count), [len(path) for path in visited])
    client = np.concatenate([np.array(path, dtype=np.int64) for path in visited])
    index = np.zeros(problem.depots, dtype=np.int64)
    index[list(columns.opened)] = np.arange(len(columns.opened))
    rows = np.concatenate([client, clients + index[columns.depot]])
    values = np.concatenate([np.ones(len(of)), np.bincount(of, problem.demand[client], count)])
    entries = (rows, np.concatenate([of, np.arange(count)]))
    matrix = csc_array((values, entries), shape=(clients + len(columns.opened), count))
    room = problem.room[list(columns.opened)].astype(np.float64)
    highs.passModel(
        count,
        matrix.shape[0],
        matrix.nnz,
        _BY_COLUMN,
        _MINIMISE,
        0.0,
        columns.cost,
        np.zeros(count),
        np.full(count, 1.0 if whole else highspy.kHighsInf),
        np.concatenate([np.ones(clients), np.zeros(len(room))]),
        np.concatenate([np.ones(clients), room]),
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        np.full(count, _INTEGER if whole else _CONTINUOUS, dtype=np.int32),
    )
