"""What the goods cost when farms, points and hubs are chosen: one small flow a product, remembered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.allocation.flow import Prices, offered
from solver.allocation.limits import Limits
from solver.allocation.network import PROMISE, SCALE, Columns, least_cost_flow, whole_cost
from solver.instance import Floats, Instance
from solver.problem import AMBIENT, Flags, Ints
from solver.solution import NONE


@dataclass(frozen=True, slots=True)
class Chosen:
    """The hub of each farm and point, `NONE` for those left out, and which hubs exchange goods (hubs x hubs)."""

    farm_hub: Ints
    point_hub: Ints
    parcel: Flags
    links: Flags


@dataclass(frozen=True, slots=True)
class Rates:
    """Minor units a kilogram as the goods see them: time at gates and doors, parcels, line hauls, handling."""

    gate: Floats  # farms x hubs, infinite where no truck gets there
    door: Floats  # points x hubs
    parcel: Floats  # points x hubs
    haul: Floats  # hubs x hubs
    hub: Floats  # handling, and the price of a hub that is full


@dataclass(frozen=True, slots=True)
class Sold:
    """One product's flow: its cost, and the kilograms that it moves, all in one row.

    Of farms, of points, of points as far as parcels need cold packs, of hubs to hubs, and of what hubs handle.
    """

    minor: float
    kg: Floats


class Market:
    """One product: the arcs that no choice changes are made once."""

    def __init__(
        self, instance: Instance, prices: Prices, limits: Limits, caps: dict[tuple[int, int], int], product: int
    ) -> None:
        problem = instance.problem
        hubs = len(problem.hubs.id)
        self._weight, self._unit = float(problem.products.unit_weight_g[product]), int(prices.unit[product])
        mask = int(problem.products.cold[product])
        self._carried = instance.hub_carries[:, mask]
        self._posted = bool(mask & problem.parcels.cold)
        self._cold = not mask & AMBIENT
        self._lots = np.flatnonzero((problem.lots.product == product) & (limits.most > 0))
        self._batches = np.flatnonzero((problem.batches.product == product) & (limits.wanted > 0))
        self._most, self._wanted = limits.most[self._lots], limits.wanted[self._batches]
        self._fees = prices.batch[self._batches]
        self._farm, self._point = problem.lots.farm[self._lots], problem.batches.point[self._batches]
        self.farms, self.points = np.unique(self._farm), np.unique(self._point)
        self._shape = (len(problem.farms.id), len(problem.points.id), hubs)
        keys = np.stack([problem.lots.grade[self._lots], problem.lots.harvest_day[self._lots]], axis=1)
        kinds, self._kind = (a.reshape(-1, 2) if i == 0 else a.ravel() for i, a in enumerate(_kinds(keys)))
        keys = np.stack([problem.batches.grade[self._batches], instance.needs_day[self._batches]], axis=1)
        asks, self._ask = (a.reshape(-1, 2) if i == 0 else a.ravel() for i, a in enumerate(_kinds(keys)))
        self._lot_nodes = 1 + np.arange(len(self._lots))
        self._batch_nodes = self._lot_nodes[-1:].sum() + 1 + np.arange(len(self._batches))
        first = 1 + len(self._lots) + len(self._batches)
        self._pools = first + np.arange(len(kinds) * hubs).reshape(-1, hubs)
        self._shelves = first + len(kinds) * hubs + np.arange(len(asks) * hubs).reshape(-1, hubs)
        self._spare = first + (len(kinds) + len(asks)) * hubs
        self._pairs = np.nonzero((kinds[:, None, 0] >= asks[None, :, 0]) & (kinds[:, None, 1] >= asks[None, :, 1]))
        mine = {farm: most for (capped, farm), most in caps.items() if capped == product}
        self._static = self._offers(prices, limits, mine, problem.lots.pack[self._lots])
        self._promised = float(limits.least[self._lots].sum()) * PROMISE * self._unit / 1000

    def sold(self, chosen: Chosen, rates: Rates) -> Sold:
        """The cheapest flow through what is chosen."""
        farms, points, hubs = self._shape
        source, target = chosen.farm_hub[self._farm], chosen.point_hub[self._point]
        gate = rates.gate[self._farm, source] + rates.hub[source]
        lots = np.flatnonzero((source != NONE) & np.isfinite(gate) & self._carried[source])
        by_parcel = chosen.parcel[self._point]
        door = np.where(by_parcel, rates.parcel[self._point, target], rates.door[self._point, target])
        able = np.where(by_parcel, self._posted, self._carried[target])
        batches = np.flatnonzero((target != NONE) & np.isfinite(door) & able)
        hauled = np.isfinite(rates.haul) & (self._carried[:, None] | self._carried[None, :])
        out, into = np.nonzero(chosen.links & hauled)
        kind, ask = self._pairs
        over = np.where(out == into, 0.0, rates.haul[out, into] + rates.hub[into]) * self._weight
        parts = (
            self._static,
            self._arcs(self._lot_nodes[lots], self._pools[self._kind[lots], source[lots]], self._most[lots],
                       gate[lots] * self._weight),
            self._arcs(self._pools[kind][:, out].ravel(), self._shelves[ask][:, into].ravel(),
                       np.full(len(kind) * len(out), self._wanted.sum()), np.tile(over, len(kind))),
            self._arcs(self._shelves[self._ask[batches], target[batches]], self._batch_nodes[batches],
                       self._wanted[batches], self._fees[batches] + door[batches] * self._weight),
        )  # fmt: skip
        flows, cost = least_cost_flow(_joined(*parts), 0, int(self._wanted.sum()), self._batch_nodes, self._wanted)
        ends = np.cumsum([len(part.tail) for part in parts])
        _, coming, crossing, leaving = np.split(flows * (self._weight / 1000), ends[:-1])
        link_kg = np.bincount(np.tile(out * hubs + into, len(kind)), crossing, hubs * hubs).reshape(hubs, hubs)
        np.fill_diagonal(link_kg, 0)
        intake_kg = np.bincount(source[lots], coming, hubs) + link_kg.sum(axis=0)
        point_kg = np.bincount(self._point[batches], leaving, points)
        cold_kg = point_kg if self._cold else np.zeros(points)
        farm_kg = np.bincount(self._farm[lots], coming, farms)
        return Sold(
            cost * self._unit / SCALE / 1000 + self._promised,
            # Where nothing flows numpy counts in whole numbers.
            np.concatenate([farm_kg, point_kg, cold_kg, link_kg.ravel(), intake_kg]).astype(np.float64),
        )

    def _offers(self, prices: Prices, limits: Limits, caps: dict[int, int], pack: Ints) -> Columns:
        """From the source to lots, and to batches for what stays short."""
        lot, give, cost = offered(prices, limits, self._lots, pack, self._unit)
        capped = np.array([farm for farm in self.farms.tolist() if farm in caps], dtype=np.int64)
        origin = np.zeros(self._shape[0], dtype=np.int64)
        origin[capped] = self._spare + np.arange(len(capped))
        room = np.array([caps[farm] for farm in capped.tolist()], dtype=np.int64)
        return _joined(
            self._arcs(np.zeros(len(capped)), origin[capped], room, np.zeros(len(capped))),
            self._arcs(origin[self._farm[lot]], self._lot_nodes[lot], give, cost),
            self._arcs(np.zeros(len(self._batches)), self._batch_nodes, self._wanted, prices.short[self._batches]),
        )

    def _arcs(self, tail: Floats | Ints, head: Ints, room: Ints, cost: Floats) -> Columns:
        return Columns(tail.astype(np.int64), head, room.astype(np.int64), whole_cost(cost, self._unit))


def _kinds(keys: Ints) -> tuple[Ints, Ints]:
    rows, inverse = np.unique(keys, axis=0, return_inverse=True)
    return rows, inverse.astype(np.int64)


def _joined(*parts: Columns) -> Columns:
    return Columns(*(np.concatenate([getattr(part, name) for part in parts]) for name in Columns.__slots__))
