"""One product of a plan sold again while hubs and routes stay as they are: a minimum-cost flow and its duals.

From the lots of farms that are called at, through the hubs that fetch them and the line hauls that are driven, to the
batches of points that are served, at what the goods cost: gate price as counted, fairness segments, packaging,
spoilage, handling, fees and shortfall prices. Transport is paid for. Other lots' packs and least visits are left out,
as in the planner's own flow, and so is the room in trucks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solver.allocation.flow import Prices, fixed_prices
from solver.allocation.network import DEAREST, SCALE, Columns, least_cost_flow, whole_cost
from solver.eligibility import promised, sendable
from solver.explain.duals import FAR, Duals, Ends, duals
from solver.instance import Instance
from solver.problem import Flags, Ints, Problem
from solver.solution import NONE

SOURCE = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """What a product's market stands on: the problem with this product alone, and what the plan has decided."""

    problem: Problem
    caps: dict[int, int]  # the most that a farm may sell, where its share is capped
    sent: Ints  # of each lot, in the plan
    lot_hub: Ints  # where a lot's goods come in, or would
    called_at: Flags  # lots of farms that a truck calls at anyway
    batch_hub: Ints
    driven: Flags  # hubs x hubs between which goods move


@dataclass(frozen=True, slots=True)
class Asked:
    """The lot that a question is about: it takes part even if nobody calls at its farm, and sends so much."""

    lot: int
    least: int
    most: int


class Market:
    """A flow of one product; `prices` are those of the ground's problem, where somebody has them already."""

    def __init__(self, ground: Ground, asked: Asked | None = None, prices: Prices | None = None) -> None:
        problem = ground.problem
        self._ground, self._asked = ground, asked
        self._product = int(problem.lots.product[0])
        self._prices = fixed_prices(Instance(problem)) if prices is None else prices
        self._unit = int(self._prices.unit[self._product])
        self._least = promised(problem)
        self._most = np.maximum(sendable(problem), self._least)
        there = ground.called_at & (problem.lots.harvest_day <= 0)
        if asked is not None:
            self._least[asked.lot], self._most[asked.lot], there[asked.lot] = asked.least, asked.most, True
        self._lots = np.flatnonzero(there)
        self._batches = np.flatnonzero((ground.batch_hub != NONE) & (problem.batches.quantity > 0))
        kinds = np.stack([problem.lots.grade, problem.lots.harvest_day], axis=1)[self._lots]
        self._kinds, self._kind = _classes(kinds)
        batches = problem.batches
        needs_day = problem.rhythm.hand_out_day - problem.products.shelf_days[self._product] + batches.fresh_days
        self._asks, self._ask = _classes(np.stack([batches.grade, needs_day], axis=1)[self._batches])
        hubs = len(ground.driven)
        # Where the nodes of lots, pools, shelves and doors begin; capped farms come last.
        self._first = np.cumsum([1, len(self._lots), len(self._kinds) * hubs, len(self._asks) * hubs])

    def grades(self, lot: int) -> list[int]:
        """Which grades the batches ask that this lot could serve in any grade."""
        problem = self._ground.problem
        grades: list[int] = np.unique(self._asks[self._asks[:, 1] <= problem.lots.harvest_day[lot], 0]).tolist()
        return grades

    def wanted(self, lot: int, grade: int) -> int:
        """How much the batches ask that this lot could serve if it were of this grade."""
        ground = self._ground
        fits = self._fits(lot, grade)[self._ask] & ground.driven[ground.lot_hub[lot]][ground.batch_hub[self._batches]]
        return int(ground.problem.batches.quantity[self._batches[fits]].sum())

    def next_price(self, lot: int, sent: int) -> tuple[float, float]:
        """Minor units a thousand that a lot's next units cost when so much is sent, and how that grows with its ask."""
        problem, ends = self._ground.problem, self._prices.ends[lot]
        rate = float(self._prices.rates[lot, min(int((ends <= sent).sum()), len(ends) - 1)])
        spoiled = float(problem.products.spoilage_ppm_per_day[self._product]) / 1e6 * problem.rhythm.hand_out_day
        ask = max(int(problem.lots.ask_minor_per_1000[lot]), 1)
        return float(self._prices.lot[lot]) + rate, 1 + spoiled + rate / ask

    def worth(self, lot: int, grade: int) -> float | None:
        """Minor units that the next thousand of a lot would save at the gate if it were of this grade.

        From the duals: what the dearest line or shortage costs that it could take over, wherever that leads; its own
        lines do not count. None where it reaches no batch.
        """
        ground, hub = self._ground, int(self._ground.lot_hub[lot])
        shelf = self._first[2] + np.arange(len(self._asks) * len(ground.driven)).reshape(-1, len(ground.driven))
        cost = self.duals.without(lot)[shelf] + self._across[hub]
        least = int(cost[self._fits(lot, grade)][:, ground.driven[hub]].min(initial=FAR))
        return None if least >= FAR // 2 else -(least + int(self._handling[hub])) / SCALE * self._unit

    @cached_property
    def minor(self) -> float:
        """What the cheapest flow costs."""
        return (self._flows[1] + self._given) * self._unit / (SCALE * 1000)

    @cached_property
    def size(self) -> int:
        """How many arcs the flow has."""
        return sum(len(part.tail) for part in self._arcs.values())

    @cached_property
    def sent(self) -> int:
        """What the lot asked about sends; less than its least where nobody takes that."""
        assert self._asked is not None
        (row,) = np.flatnonzero(self._lots == self._asked.lot) + 1
        flows, arcs = self._flows[0], self._arcs
        freely = flows["piece"][arcs["piece"].head == row].sum()
        return self._asked.least + int(freely - flows["back"][arcs["back"].tail == row].sum())

    @cached_property
    def duals(self) -> Duals:
        """What one more unit at each node is worth."""
        flows, arcs = self._flows[0], self._arcs
        inner = ("coming", "over", "leaving")
        sold, lacking = flows["piece"] > 0, flows["short"] > 0
        row = arcs["piece"].head[sold] - 1
        ends = Ends(
            np.concatenate([arcs["piece"].head[sold], arcs["short"].head[lacking]]),
            -np.concatenate([arcs["piece"].cost[sold], arcs["short"].cost[lacking]]),
            np.concatenate([self._lots[row], np.full(int(lacking.sum()), NONE)]),
        )
        nodes = int(self._first[-1]) + len(self._batches)
        return duals(nodes, _joined([arcs[name] for name in inner]), np.concatenate([flows[n] for n in inner]), ends)

    @cached_property
    def _flows(self) -> tuple[dict[str, Ints], int]:
        """Flow of each group of arcs, and the cost without what lots must send."""
        arcs = self._arcs
        wanted = self._ground.problem.batches.quantity[self._batches]
        least = self._least[self._lots]
        sinks = np.concatenate([self._first[-1] + np.arange(len(self._batches)), 1 + np.arange(len(self._lots))])
        columns = _joined(list(arcs.values()))
        given = np.concatenate([wanted, -least])
        flows, cost = least_cost_flow(columns, SOURCE, int(given.sum()), sinks, given)
        ends = np.cumsum([len(part.tail) for part in arcs.values()])[:-1]
        return dict(zip(arcs, np.split(flows, ends), strict=True)), cost

    @cached_property
    def _pieces(self) -> tuple[Ints, Ints, Ints]:
        """Of these lots, by fairness segment: what they must send of it, what they may beside, and its cost."""
        least, most = self._least[self._lots][:, None], self._most[self._lots][:, None]
        ends = np.minimum(self._prices.ends[self._lots], most)
        ends[:, -1] = most[:, 0]
        starts = np.concatenate([np.zeros_like(ends[:, :1]), ends[:, :-1]], axis=1)
        must = np.clip(least, starts, ends) - starts
        cost = self._prices.lot[self._lots][:, None] + self._prices.rates[self._lots]
        return must, ends - starts - must, whole_cost(cost, self._unit)

    @cached_property
    def _given(self) -> int:
        """What lots must send costs."""
        must, _, cost = self._pieces
        return int((must * cost).sum())

    @cached_property
    def _arcs(self) -> dict[str, Columns]:
        ground, hubs = self._ground, np.arange(len(self._ground.driven))
        batches, lots = ground.problem.batches, 1 + np.arange(len(self._lots))
        _, room, cost = self._pieces
        piece, segment = np.nonzero(room)
        wanted = batches.quantity[self._batches]
        pool = self._first[1] + self._kind * len(hubs) + ground.lot_hub[self._lots]
        kind, ask = np.nonzero((self._kinds[:, None] >= self._asks[None]).all(axis=2))
        out, into = np.nonzero(ground.driven)
        over = self._first[1] + (kind[:, None] * len(hubs) + out), self._first[2] + (ask[:, None] * len(hubs) + into)
        shelf = self._first[2] + self._ask * len(hubs) + ground.batch_hub[self._batches]
        door = self._first[-1] + np.arange(len(self._batches))
        origin, shares = self._origins()
        least = self._least[self._lots]
        return {
            "piece": _columns(origin[piece], lots[piece], room[piece, segment], cost[piece, segment]),
            "share": shares,
            "coming": _columns(lots, pool, self._most[self._lots], self._handling[ground.lot_hub[self._lots]]),
            "over": _columns(*over, wanted.sum(), self._across[out, into]),
            "leaving": _columns(shelf, door, wanted, whole_cost(self._prices.batch[self._batches], self._unit)),
            "short": _columns(SOURCE, door, wanted, whole_cost(self._prices.short[self._batches], self._unit)),
            # What nobody takes goes back, dearer than anything: a question whose answer is no has one all the same.
            "back": _columns(lots[least > 0], SOURCE, least[least > 0], DEAREST * SCALE),
        }

    def _origins(self) -> tuple[Ints, Columns]:
        """Where each lot's free goods begin: at the source, or at its farm when the farm's share is capped."""
        ground, farms = self._ground, len(self._ground.problem.farms.id)
        farm = ground.problem.lots.farm[self._lots]
        cap, selling = np.full(farms, NONE), np.zeros(farms, dtype=np.bool_)
        cap[list(ground.caps)], selling[farm] = list(ground.caps.values()), True
        capped = np.flatnonzero(selling & (cap != NONE))
        node = self._first[-1] + len(self._batches) + np.arange(len(capped))
        promised = np.bincount(farm, self._least[self._lots], farms).astype(np.int64)
        start = np.full(farms, SOURCE)
        start[capped] = node
        return start[farm], _columns(SOURCE, node, np.maximum(cap - promised, 0)[capped], 0)

    @cached_property
    def _handling(self) -> Ints:
        """Of each hub, for goods that come in."""
        problem = self._ground.problem
        weight = int(problem.products.unit_weight_g[self._product])
        return whole_cost((problem.hubs.handling_minor_per_kg * weight).astype(np.float64), self._unit)

    @cached_property
    def _across(self) -> Ints:
        """From hub to hub, for goods that cross: the second hub handles them too."""
        return np.where(np.eye(len(self._handling), dtype=np.bool_), 0, self._handling[None, :])

    def _fits(self, lot: int, grade: int) -> Flags:
        """Which of the asks a lot serves if it is of this grade."""
        day = int(self._ground.problem.lots.harvest_day[lot])
        fits: Flags = (self._asks[:, 0] <= grade) & (self._asks[:, 1] <= day)
        return fits


def _classes(rows: Ints) -> tuple[Ints, Ints]:
    kinds, kind = np.unique(rows, axis=0, return_inverse=True)
    return kinds, kind.ravel().astype(np.int64)


def _columns(tail: Ints | int, head: Ints | int, room: Ints | int, cost: Ints | int) -> Columns:
    return Columns(*(column.ravel().astype(np.int64) for column in np.broadcast_arrays(tail, head, room, cost)))


def _joined(parts: list[Columns]) -> Columns:
    names = ("tail", "head", "room", "cost")
    return Columns(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
