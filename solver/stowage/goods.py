"""The goods' part of the programme: from farms' lots through pools and shelves of hubs to batches, in kilograms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.allocation.flow import Prices, fixed_prices
from solver.allocation.limits import Limits
from solver.instance import Floats, Instance
from solver.problem import Ints
from solver.reserves import share_limits
from solver.search.goods import Chosen, Rates
from solver.solution import NONE
from solver.stowage.matrix import Matrix

PROMISED = 2.0
"""What a promised kilogram earns, in overloads: more than anything that it could crowd out."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Columns by which lots come in, fairness segment by fairness segment; what is promised comes first."""

    lot: Ints
    column: Ints
    most_kg: Floats
    promised: Ints  # 1 or 0


def add_goods(matrix: Matrix, instance: Instance, rates: Rates, limits: Limits, chosen: Chosen) -> Pieces:
    """Rows and columns of all goods; what their trucks hold comes beside them."""
    problem, hubs = instance.problem, len(instance.problem.hubs.id)
    lots, batches, prices = problem.lots, problem.batches, fixed_prices(instance)
    kinds, kind = _classes(lots.product, lots.grade, lots.harvest_day)
    asks, ask = _classes(batches.product, batches.grade, instance.needs_day)
    pools, shelves = (matrix.add_rows(nothing, nothing).reshape(-1, hubs)
                      for nothing in (np.zeros(len(kinds) * hubs), np.zeros(len(asks) * hubs)))  # fmt: skip
    pieces = _come_in(matrix, instance, rates, limits, chosen, prices, pools[kind, chosen.farm_hub[lots.farm]])
    _share(matrix, instance, pieces)
    _cross(matrix, instance, rates, chosen, (kinds, asks), (pools, shelves))
    _leave(matrix, instance, rates, limits, chosen, prices, shelves[ask, chosen.point_hub[batches.point]])
    return pieces


def _come_in(
    matrix: Matrix, instance: Instance, rates: Rates, limits: Limits, chosen: Chosen, prices: Prices, pool: Ints
) -> Pieces:
    """Every lot at its farm's hub; what it must send earns so much that it comes if anything does."""
    problem = instance.problem
    source = chosen.farm_hub[problem.lots.farm]
    gate = rates.gate[problem.lots.farm, source] + rates.hub[source]
    carried = instance.hub_carries[source, problem.products.cold[problem.lots.product]]
    lots = np.flatnonzero((source != NONE) & np.isfinite(gate) & carried & (limits.most > 0))
    least, most = limits.least[lots][:, None], limits.most[lots][:, None]
    ends = np.minimum(prices.ends[lots], most)
    ends[:, -1] = most[:, 0]
    starts = np.concatenate([np.zeros_like(least), ends[:, :-1]], axis=1)
    must = np.clip(least, starts, ends) - starts
    weight = instance.lot_weight_g[lots][:, None]
    cost = (prices.lot[lots][:, None] + prices.rates[lots]) / weight + gate[lots][:, None]
    room = np.stack([must, ends - starts - must])
    promised, row, segment = np.nonzero(room)
    promised = 1 - promised
    most_kg = room[1 - promised, row, segment] * weight[row, 0] / 1000
    earned = PROMISED * instance.overload_minor * promised
    column = matrix.add_columns(cost[row, segment] - earned, most_kg)
    matrix.put(pool[lots[row]], column, 1.0)
    return Pieces(lots[row], column, most_kg, promised)


def _share(matrix: Matrix, instance: Instance, pieces: Pieces) -> None:
    """No farm sells more of a product than its capped share."""
    lots, weight_g = instance.problem.lots, instance.problem.products.unit_weight_g
    for (product, farm), most in share_limits(instance.problem).items():
        mine = np.flatnonzero((lots.product[pieces.lot] == product) & (lots.farm[pieces.lot] == farm))
        if len(mine):
            row = matrix.add_rows(np.array([-np.inf]), np.array([most * weight_g[product] / 1000]))
            matrix.put(np.repeat(row, len(mine)), pieces.column[mine], 1.0)


def _cross(
    matrix: Matrix, instance: Instance, rates: Rates, chosen: Chosen, classes: tuple[Ints, Ints],
    rows: tuple[Ints, Ints],
) -> None:  # fmt: skip
    """From every pool to every shelf that grade, freshness and roads allow."""
    (kinds, asks), (pools, shelves) = classes, rows
    fits = (kinds[:, None, 0] == asks[None, :, 0]) & (kinds[:, None, 1:] >= asks[None, :, 1:]).all(axis=2)
    pairs = np.stack(np.nonzero(fits))
    roads = np.stack(np.nonzero(chosen.links & np.isfinite(rates.haul)))
    kind, ask = np.repeat(pairs, roads.shape[1], axis=1)
    out, into = np.tile(roads, pairs.shape[1])
    cold = instance.problem.products.cold[kinds[kind, 0]]
    able = np.flatnonzero(instance.hub_carries[out, cold] | instance.hub_carries[into, cold])
    kind, ask, out, into = (column[able] for column in (kind, ask, out, into))
    cost: Floats = np.where(out == into, 0.0, rates.haul[out, into] + rates.hub[into])
    column = matrix.add_columns(cost, np.full(len(cost), np.inf))
    matrix.put(pools[kind, out], column, -1.0)
    matrix.put(shelves[ask, into], column, 1.0)


def _leave(
    matrix: Matrix, instance: Instance, rates: Rates, limits: Limits, chosen: Chosen, prices: Prices, shelf: Ints
) -> None:
    """To every batch what it asks, from its shelf or as a shortage."""
    problem, batches = instance.problem, instance.problem.batches
    target, parcel = chosen.point_hub[batches.point], chosen.parcel[batches.point]
    mask, weight = problem.products.cold[batches.product], problem.products.unit_weight_g[batches.product]
    door = np.where(parcel, rates.parcel[batches.point, target], rates.door[batches.point, target])
    able = np.where(parcel, (mask & problem.parcels.cold) != 0, instance.hub_carries[target, mask])
    wanted = limits.wanted * weight / 1000
    rows = matrix.add_rows(wanted, wanted)
    served = np.flatnonzero((target != NONE) & np.isfinite(door) & able)
    column = matrix.add_columns((door + prices.batch / weight)[served], wanted[served])
    matrix.put(shelf[served], column, -1.0)
    matrix.put(rows[served], column, 1.0)
    matrix.put(rows, matrix.add_columns(prices.short / weight, wanted), 1.0)


def _classes(*columns: Ints) -> tuple[Ints, Ints]:
    kinds, kind = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
    return kinds, kind.ravel().astype(np.int64)
