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


@dataclass(frozen=True, slots=True)
class _Flow:
    """Base units that come in at hubs, cross from one to another and leave, each with the rows of its arcs."""

    lots: Ints
    source: Ints
    out: Ints
    into: Ints
    batches: Ints
    coming: Ints
    crossing: Ints
    leaving: Ints
    cost: int


class Market:
    """One product: the arcs that no choice changes are made once."""

    def __init__(
        self, instance: Instance, prices: Prices, limits: Limits, caps: dict[tuple[int, int], int], product: int
    ) -> None:
        problem = instance.problem
        hubs = len(problem.hubs.id)
        self.weight, self._unit = float(problem.products.unit_weight_g[product]), int(prices.unit[product])
        mask = int(problem.products.cold[product])
        self.carried = instance.hub_carries[:, mask]
        self._posted = bool(mask & problem.parcels.cold)
        self._cold = not mask & AMBIENT
        self.lots = np.flatnonzero((problem.lots.product == product) & (limits.most > 0))
        self._batches = np.flatnonzero((problem.batches.product == product) & (limits.wanted > 0))
        self.most, self.wanted = limits.most[self.lots], limits.wanted[self._batches]
        self._fees = prices.batch[self._batches]
        self.farm, self._point = problem.lots.farm[self.lots], problem.batches.point[self._batches]
        self.farms, self.points = np.unique(self.farm), np.unique(self._point)
        self._shape = (len(problem.farms.id), len(problem.points.id), hubs)
        keys = np.stack([problem.lots.grade[self.lots], problem.lots.harvest_day[self.lots]], axis=1)
        kinds, self._kind = (a.reshape(-1, 2) if i == 0 else a.ravel() for i, a in enumerate(_kinds(keys)))
        # Of each kind, the lots that are at least as good and as fresh.
        self.as_good: list[Flags] = [(kind <= keys).min(axis=1) for kind in kinds]
        keys = np.stack([problem.batches.grade[self._batches], instance.needs_day[self._batches]], axis=1)
        asks, self._ask = (a.reshape(-1, 2) if i == 0 else a.ravel() for i, a in enumerate(_kinds(keys)))
        self._lot_nodes = 1 + np.arange(len(self.lots))
        self._batch_nodes = self._lot_nodes[-1:].sum() + 1 + np.arange(len(self._batches))
        first = 1 + len(self.lots) + len(self._batches)
        self._pools = first + np.arange(len(kinds) * hubs).reshape(-1, hubs)
        self._shelves = first + len(kinds) * hubs + np.arange(len(asks) * hubs).reshape(-1, hubs)
        self._spare = first + (len(kinds) + len(asks)) * hubs
        self._pairs = np.nonzero((kinds[:, None, 0] >= asks[None, :, 0]) & (kinds[:, None, 1] >= asks[None, :, 1]))
        mine = {farm: most for (capped, farm), most in caps.items() if capped == product}
        self._static = self._offers(prices, limits, mine, problem.lots.pack[self.lots])
        # Of a thousand base units, the fairness segments as if a lot sold evenly from all of them.
        self.lot_minor = prices.lot[self.lots] + prices.rates[self.lots].mean(axis=1)
        self.short_minor = float(problem.products.shortfall_minor_per_1000[product])
        self._promised = float(limits.least[self.lots].sum()) * PROMISE * self._unit / 1000

    def sold(self, chosen: Chosen, rates: Rates) -> Sold:
        """The cheapest flow through what is chosen."""
        farms, points, hubs = self._shape
        flow, kg = self._flow(chosen, rates), self.weight / 1000
        pair = np.tile(flow.out * hubs + flow.into, len(self._pairs[0]))
        link_kg = np.bincount(pair, flow.crossing * kg, hubs * hubs).reshape(hubs, hubs)
        np.fill_diagonal(link_kg, 0)
        coming_kg = flow.coming * kg
        intake_kg = np.bincount(flow.source, coming_kg, hubs) + link_kg.sum(axis=0)
        point_kg = np.bincount(self._point[flow.batches], flow.leaving * kg, points)
        cold_kg = point_kg if self._cold else np.zeros(points)
        farm_kg = np.bincount(self.farm[flow.lots], coming_kg, farms)
        return Sold(
            flow.cost * self._unit / SCALE / 1000 + self._promised,
            # Where nothing flows numpy counts in whole numbers.
            np.concatenate([farm_kg, point_kg, cold_kg, link_kg.ravel(), intake_kg]).astype(np.float64),
        )

    def bought(self, chosen: Chosen, rates: Rates) -> Ints:
        """Base units of each of the product's lots in the cheapest flow."""
        flow = self._flow(chosen, rates)
        return np.bincount(flow.lots, flow.coming, len(self.lots)).astype(np.int64)

    def _flow(self, chosen: Chosen, rates: Rates) -> _Flow:
        source, target = chosen.farm_hub[self.farm], chosen.point_hub[self._point]
        gate = rates.gate[self.farm, source] + rates.hub[source]
        lots = np.flatnonzero((source != NONE) & np.isfinite(gate) & self.carried[source])
        by_parcel = chosen.parcel[self._point]
        door = np.where(by_parcel, rates.parcel[self._point, target], rates.door[self._point, target])
        able = np.where(by_parcel, self._posted, self.carried[target])
        batches = np.flatnonzero((target != NONE) & np.isfinite(door) & able)
        hauled = np.isfinite(rates.haul) & (self.carried[:, None] | self.carried[None, :])
        out, into = np.nonzero(chosen.links & hauled)
        kind, ask = self._pairs
        over = np.where(out == into, 0.0, rates.haul[out, into] + rates.hub[into]) * self.weight
        parts = (
            self._static,
            self._arcs(self._lot_nodes[lots], self._pools[self._kind[lots], source[lots]], self.most[lots],
                       gate[lots] * self.weight),
            self._arcs(self._pools[kind][:, out].ravel(), self._shelves[ask][:, into].ravel(),
                       np.full(len(kind) * len(out), self.wanted.sum()), np.tile(over, len(kind))),
            self._arcs(self._shelves[self._ask[batches], target[batches]], self._batch_nodes[batches],
                       self.wanted[batches], self._fees[batches] + door[batches] * self.weight),
        )  # fmt: skip
        flows, cost = least_cost_flow(_joined(*parts), 0, int(self.wanted.sum()), self._batch_nodes, self.wanted)
        ends = np.cumsum([len(part.tail) for part in parts])
        _, coming, crossing, leaving = np.split(flows, ends[:-1])
        return _Flow(lots, source[lots], out, into, batches, coming, crossing, leaving, cost)

    def _offers(self, prices: Prices, limits: Limits, caps: dict[int, int], pack: Ints) -> Columns:
        """From the source to lots, and to batches for what stays short."""
        lot, give, cost = offered(prices, limits, self.lots, pack, self._unit)
        capped = np.array([farm for farm in self.farms.tolist() if farm in caps], dtype=np.int64)
        origin = np.zeros(self._shape[0], dtype=np.int64)
        origin[capped] = self._spare + np.arange(len(capped))
        room = np.array([caps[farm] for farm in capped.tolist()], dtype=np.int64)
        return _joined(
            self._arcs(np.zeros(len(capped)), origin[capped], room, np.zeros(len(capped))),
            self._arcs(origin[self.farm[lot]], self._lot_nodes[lot], give, cost),
            self._arcs(np.zeros(len(self._batches)), self._batch_nodes, self.wanted, prices.short[self._batches]),
        )

    def _arcs(self, tail: Floats | Ints, head: Ints, room: Ints, cost: Floats) -> Columns:
        return Columns(tail.astype(np.int64), head, room.astype(np.int64), whole_cost(cost, self._unit))


def _kinds(keys: Ints) -> tuple[Ints, Ints]:
    rows, inverse = np.unique(keys, axis=0, return_inverse=True)
    return rows, inverse.astype(np.int64)


def _joined(*parts: Columns) -> Columns:
    return Columns(*(np.concatenate([getattr(part, name) for part in parts]) for name in Columns.__slots__))
