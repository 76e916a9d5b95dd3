"""Who sends what through which hubs to whom: a minimum-cost flow per product, since products share no goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.allocation.limits import Limits
from solver.allocation.match import Stream, matched
from solver.allocation.network import PROMISE, SCALE, Arcs, unit_minor
from solver.allocation.ways import Ways
from solver.cost import PPM, counted_ask, fairness_segments
from solver.instance import Floats, Instance
from solver.problem import Ints, ints

UNCAPPED = -1
"""Stands for the share of a farm that has no cap."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One row a lot, hub it comes in, hub it goes out, and batch; `expected` is the flow's own cost in minor units."""

    lot: Ints
    source: Ints
    target: Ints
    batch: Ints
    quantity: Ints
    expected: float


@dataclass(frozen=True, slots=True)
class Prices:
    """What a thousand base units cost apart from the roads."""

    lot: Floats  # gate price as counted, packaging, spoilage
    ends: Ints  # fairness segments, lots x K
    rates: Floats
    batch: Floats  # commission and payment fee
    short: Floats
    unit: Ints  # of each product: minor units in which its flow counts


def fixed_prices(instance: Instance) -> Prices:
    """Prices that no decision changes."""
    problem, policy = instance.problem, instance.problem.policy
    lots, products = problem.lots, problem.products
    spoiled = products.spoilage_ppm_per_day[lots.product] * problem.rhythm.hand_out_day / PPM
    ends, rates = fairness_segments(problem)
    fees = (policy.commission_ppm + policy.payment_fee_ppm) / PPM
    return Prices(
        lot=counted_ask(problem)
        + lots.ask_minor_per_1000 * spoiled
        + policy.packaging_minor_per_kg * instance.lot_weight_g,
        ends=ends,
        rates=rates / 1000,
        batch=(problem.batches.price_minor_per_1000 * fees).astype(np.float64),
        short=products.shortfall_minor_per_1000[problem.batches.product].astype(np.float64),
        unit=unit_minor(products.shortfall_minor_per_1000),
    )


def offered(prices: Prices, limits: Limits, lots: Ints, pack: Ints, unit: int) -> tuple[Ints, Ints, Floats]:
    """What lots give in pieces that grow dearer, promised units first: each piece's number in `lots`, room and cost."""
    least, most = limits.least[lots], limits.most[lots]
    # Whole packs, so that flows are; up, so that the flow stays a bound.
    segment_ends = np.minimum(-(-prices.ends[lots] // pack[:, None]) * pack[:, None], most[:, None])
    ends = np.sort(np.concatenate([segment_ends, least[:, None], most[:, None]], axis=1), axis=1)
    starts = np.concatenate([np.zeros((len(ends), 1), dtype=np.int64), ends[:, :-1]], axis=1)
    lot, piece = np.nonzero(ends > starts)
    end, start = ends[lot, piece], starts[lot, piece]
    rates = prices.rates[lots]
    segment = np.minimum((segment_ends[lot] <= start[:, None]).sum(axis=1), rates.shape[1] - 1)
    cost = prices.lot[lots[lot]] + rates[lot, segment] + limits.surcharge[lots[lot]]
    return lot, end - start, cost - np.where(end <= least[lot], PROMISE * unit, 0)


def send(instance: Instance, prices: Prices, ways: Ways, limits: Limits, caps: dict[tuple[int, int], int]) -> Sent:
    """The cheapest flow of every product under these ways and limits."""
    parts = [
        _Market(instance, prices, ways, limits, product).solve(caps)
        for product in np.unique(instance.problem.batches.product[limits.wanted > 0]).tolist()
    ]
    return gathered(parts)


def gathered(parts: Sequence[Sent]) -> Sent:
    """Several products' flows as one."""
    none = np.empty(0, dtype=np.int64)

    def column(name: str) -> Ints:
        return np.concatenate([none, *(getattr(part, name) for part in parts)])

    return Sent(
        lot=column("lot"),
        source=column("source"),
        target=column("target"),
        batch=column("batch"),
        quantity=column("quantity"),
        expected=sum(part.expected for part in parts),
    )


class _Market:
    """One product: its lots and batches by class, and the network between them."""

    def __init__(self, instance: Instance, prices: Prices, ways: Ways, limits: Limits, product: int) -> None:
        problem = instance.problem
        self._prices, self._ways, self._limits, self._product = prices, ways, limits, product
        self._unit = int(prices.unit[product])
        self._weight = float(problem.products.unit_weight_g[product])  # kilograms of a thousand base units
        mask = int(problem.products.cold[product])
        self._lots = np.flatnonzero((problem.lots.product == product) & (limits.most > 0))
        self._batches = np.flatnonzero((problem.batches.product == product) & (limits.wanted > 0))
        self._pack = problem.lots.pack[self._lots]
        self._farm, self._point = problem.lots.farm[self._lots], problem.batches.point[self._batches]
        carried = instance.hub_carries[:, mask]
        self._collect = np.where(carried, ways.collect[self._farm], np.inf)
        truck = np.where(carried, ways.truck[self._point], np.inf)
        parcel = ways.parcel[self._point] if mask & problem.parcels.cold else np.full_like(truck, np.inf)
        self._bring = np.minimum(truck, parcel)
        self._haul = np.where(carried[:, None] | carried[None, :], ways.haul, np.inf)
        np.fill_diagonal(self._haul, 0.0)
        keys = np.stack([problem.lots.grade[self._lots], problem.lots.harvest_day[self._lots]], axis=1)
        self._kinds, self._kind = np.unique(keys, axis=0, return_inverse=True)
        asks = np.stack([problem.batches.grade[self._batches], instance.needs_day[self._batches]], axis=1)
        self._asks, self._ask = np.unique(asks, axis=0, return_inverse=True)

    def solve(self, caps: dict[tuple[int, int], int]) -> Sent:
        hubs = self._haul.shape[0]
        arcs = Arcs(unit=self._unit)
        source = arcs.add_nodes(1)
        lots, batches = arcs.add_nodes(len(self._lots)), arcs.add_nodes(len(self._batches))
        first_pool = arcs.nodes
        pools = arcs.add_nodes(len(self._kinds) * hubs).reshape(-1, hubs)
        first_shelf = arcs.nodes
        shelves = arcs.add_nodes(len(self._asks) * hubs).reshape(-1, hubs)
        wanted = self._limits.wanted[self._batches]
        self._offer(arcs, source, lots, caps)
        lot, hub = np.nonzero(np.isfinite(self._collect))
        coming = arcs.add(
            lots[lot], pools[self._kind.ravel()[lot], hub], self._limits.most[self._lots[lot]],
            (self._collect[lot, hub] + self._ways.hub[hub]) * self._weight,
        )  # fmt: skip
        kind, ask, out, into = self._crossings()
        over = arcs.add(
            pools[kind, out], shelves[ask, into], ints(int(wanted.sum())),
            (self._haul[out, into] + np.where(out == into, 0, self._ways.hub[into])) * self._weight,
        )  # fmt: skip
        batch, target = np.nonzero(np.isfinite(self._bring))
        leaving = arcs.add(
            shelves[self._ask.ravel()[batch], target], batches[batch], wanted[batch],
            self._prices.batch[self._batches[batch]] + self._bring[batch, target] * self._weight,
        )  # fmt: skip
        arcs.add(source, batches, wanted, self._prices.short[self._batches])
        flows, cost = arcs.flow(int(source[0]), int(wanted.sum()), batches, wanted)
        streams = matched(
            Stream(pools[self._kind.ravel()[lot], hub], lot, flows[coming]),
            Stream(pools[kind, out], shelves[ask, into], flows[over]),
            Stream(shelves[self._ask.ravel()[batch], target], batch, flows[leaving]),
        )
        pool, shelf, lot, batch, quantity = streams
        return Sent(
            self._lots[lot],
            (pool - first_pool) % hubs,
            (shelf - first_shelf) % hubs,
            self._batches[batch],
            quantity,
            # What promises earn is no money; one that is not kept stays as dear as it is.
            (cost / SCALE + float(self._limits.least[self._lots].sum()) * PROMISE) * self._unit / 1000,
        )

    def _offer(self, arcs: Arcs, source: Ints, lots: Ints, caps: dict[tuple[int, int], int]) -> None:
        """From the source to each lot."""
        lot, room, cost = offered(self._prices, self._limits, self._lots, self._pack, self._unit)
        arcs.add(self._origins(arcs, source, caps)[lot], lots[lot], room, cost)

    def _origins(self, arcs: Arcs, source: Ints, caps: dict[tuple[int, int], int]) -> Ints:
        """Where each lot's goods begin: at the source, or at its farm when the farm's share is capped."""
        farms, row = np.unique(self._farm, return_inverse=True)
        most = np.array([caps.get((self._product, farm), UNCAPPED) for farm in farms.tolist()], dtype=np.int64)
        capped = most != UNCAPPED
        start = np.full(len(farms), source[0])
        start[capped] = arcs.add_nodes(int(capped.sum()))
        arcs.add(source, start[capped], most[capped], np.zeros(1))
        return start[row]

    def _crossings(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Every pool and shelf that grade, freshness and roads allow together."""
        good = self._kinds[:, None, 0] >= self._asks[None, :, 0]
        fresh = self._kinds[:, None, 1] >= self._asks[None, :, 1]
        kind, ask = np.nonzero(good & fresh)
        out, into = np.nonzero(np.isfinite(self._haul))
        pairs, roads = len(kind), len(out)
        return np.repeat(kind, roads), np.repeat(ask, roads), np.tile(out, pairs), np.tile(into, pairs)
