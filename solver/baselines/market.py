"""Who can bring what to whom without a hub, and the cheapest way to bring all of it: a flow per product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from solver.allocation.network import Arcs
from solver.eligibility import days_left, sendable
from solver.instance import Floats
from solver.problem import Flags, Ints, Problem

LACKING = 2.0**22
"""Minor units a thousand base units that are not brought: more than any lone way costs."""


@dataclass(frozen=True, slots=True)
class Trade:
    """One product: its lots and served batches, and every pair of them that fits."""

    weight_g: int  # of a base unit
    most: Ints  # per lot
    served: Ints  # per batch
    point: Ints  # per batch
    lot: Ints  # per fit
    batch: Ints  # per fit
    from_farm: Ints  # per fit
    to_point: Ints  # per fit


@dataclass(frozen=True, slots=True)
class Brought:
    """Grams from each farm to each point, trade by trade, and the points that lack some of it, with all they lack."""

    grams: Ints  # trades x farms x points
    lacking: frozenset[int]
    left_g: int

    @property
    def total_g(self) -> Ints:
        """Farms x points."""
        total: Ints = self.grams.sum(axis=0)
        return total


class Market:
    """The goods of a plan, to be brought to the same points by any farm that has them and is in reach."""

    def __init__(self, problem: Problem, served: Ints, reach: Flags) -> None:
        self._shape = reach.shape
        self._trades = [
            trade(problem, served, reach, product)
            for product in np.unique(problem.batches.product[served > 0]).tolist()
        ]

    def most_g(self) -> Ints:
        """What each farm could bring to each point if nobody else wanted or brought it."""
        most_g = np.zeros(self._shape, dtype=np.int64)
        for kind in self._trades:
            amount = np.minimum(kind.most[kind.lot], kind.served[kind.batch])
            np.add.at(most_g, (kind.from_farm, kind.to_point), amount * kind.weight_g)
        return most_g

    def bring(self, price: Floats) -> Brought:
        """Cheapest at these minor units a kilogram, farms x points; as much as can be brought at all."""
        grams = np.zeros((len(self._trades), *self._shape), dtype=np.int64)
        lacking, left_g = set[int](), 0
        for number, kind in enumerate(self._trades):
            short = _settle(kind, price, grams[number])
            lacking |= set(kind.point[short > 0].tolist())
            left_g += int(short.sum()) * kind.weight_g
        return Brought(grams, frozenset(lacking), left_g)

    def rebring(self, brought: Brought, trades: Iterable[int], price: Floats) -> Brought:
        """The same with these trades settled anew; how much is lacking does not depend on prices."""
        grams = brought.grams.copy()
        for number in trades:
            _settle(self._trades[number], price, grams[number])
        return replace(brought, grams=grams)


def trade(problem: Problem, served: Ints, reach: Flags, product: int) -> Trade:
    """What fits what of one product: grade, freshness, and a farm in reach of the point."""
    lots, batches, most = problem.lots, problem.batches, sendable(problem)
    mine = np.flatnonzero((lots.product == product) & (most > 0) & (lots.harvest_day <= 0))
    asked = np.flatnonzero((batches.product == product) & (served > 0))
    fits = lots.grade[mine][:, None] >= batches.grade[asked]
    fits &= days_left(problem, mine)[:, None] >= batches.fresh_days[asked]
    fits &= reach[lots.farm[mine][:, None], batches.point[asked]]
    lot, batch = np.nonzero(fits)
    return Trade(
        weight_g=int(problem.products.unit_weight_g[product]),
        most=most[mine],
        served=served[asked],
        point=batches.point[asked],
        lot=lot,
        batch=batch,
        from_farm=lots.farm[mine[lot]],
        to_point=batches.point[asked[batch]],
    )


def _settle(kind: Trade, price: Floats, grams: Ints) -> Ints:
    """Fill in the grams from each farm to each point; what of each batch nobody can bring."""
    arcs = Arcs()
    source, lots, batches = arcs.add_nodes(1), arcs.add_nodes(len(kind.most)), arcs.add_nodes(len(kind.served))
    arcs.add(source, lots, kind.most, np.zeros(1))
    per_thousand = np.minimum(price[kind.from_farm, kind.to_point] * kind.weight_g, LACKING / 2)
    bringing = arcs.add(lots[kind.lot], batches[kind.batch], kind.served[kind.batch], per_thousand)
    lacking = arcs.add(source, batches, kind.served, np.full(len(batches), LACKING))
    flows, _ = arcs.flow(int(source[0]), int(kind.served.sum()), batches, kind.served)
    grams[:] = 0
    np.add.at(grams, (kind.from_farm, kind.to_point), flows[bringing] * kind.weight_g)
    return flows[lacking]
