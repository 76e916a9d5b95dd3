"""One product's network: lots, hub pools, batches; a minimum-cost flow says who sends what through which hubs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from ortools.graph.python import min_cost_flow

from solver.instance import Floats
from solver.problem import Ints

SCALE = 64
"""Flow costs are whole: 64ths of a minor unit a thousand base units."""
PROMISE = 2**26
"""What a thousand promised units earn in the flow: more than any way from lot to batch costs."""
DEAREST = 2**23
"""No arc costs more a thousand: a kilogram sent for a whole truck alone is dear enough."""


def unit_minor(shortfall_minor: Ints) -> Ints:
    """In how many minor units a flow counts, by its goods' shortfall price: dear ones in more, or none would be sent.

    A power of two; one unless the shortfall price itself is more than an arc can cost.
    """
    return 2 ** np.ceil(np.log2(np.maximum(shortfall_minor / DEAREST, 1))).astype(np.int64)


@dataclass(slots=True)
class Arcs:
    """A network as it grows: nodes are numbers, arcs are columns."""

    nodes: int = 0
    tails: list[Ints] = field(default_factory=list)
    heads: list[Ints] = field(default_factory=list)
    rooms: list[Ints] = field(default_factory=list)
    costs: list[Ints] = field(default_factory=list)
    count: int = 0
    unit: int = 1  # minor units in which costs are counted

    def add_nodes(self, number: int) -> Ints:
        """Fresh nodes."""
        fresh = np.arange(self.nodes, self.nodes + number, dtype=np.int64)
        self.nodes += number
        return fresh

    def add(self, tail: Ints, head: Ints, room: Ints, cost: Floats) -> slice:
        """Arcs with room and cost in minor units a thousand; where they stand in the answer."""
        tail, head, room, cost = np.broadcast_arrays(tail, head, room, cost)
        self.tails.append(tail.ravel().astype(np.int64))
        self.heads.append(head.ravel().astype(np.int64))
        self.rooms.append(room.ravel().astype(np.int64))
        self.costs.append(whole_cost(cost.ravel(), self.unit))
        where = slice(self.count, self.count + tail.size)
        self.count += tail.size
        return where

    def flow(self, source: int, supply: int, sinks: Ints, wanted: Ints) -> tuple[Ints, int]:
        """Flow of each arc at least cost, and that cost in 64ths of thousandths of the unit."""
        tails, heads, rooms, costs = (np.concatenate(part) for part in (self.tails, self.heads, self.rooms, self.costs))
        return least_cost_flow(Columns(tails, heads, rooms, costs), source, supply, sinks, wanted)


@dataclass(frozen=True, slots=True)
class Columns:
    """Arcs that are all there: whole costs, in 64ths of the network's unit a thousand."""

    tail: Ints
    head: Ints
    room: Ints
    cost: Ints


def whole_cost(minor: Floats, unit: int = 1) -> Ints:
    """Costs as the flow takes them, counted in so many minor units."""
    cost: Ints = np.rint(np.minimum(minor / unit, DEAREST) * SCALE).astype(np.int64)
    return cost


def least_cost_flow(arcs: Columns, source: int, supply: int, sinks: Ints, wanted: Ints) -> tuple[Ints, int]:
    """Flow of each arc from the source to all that is wanted, and its cost in 64ths of thousandths.

    Raises
    ------
    ArithmeticError
        The network does not balance or its costs overflow: a defect, never a shortage.
    """
    solver = min_cost_flow.SimpleMinCostFlow()
    rows = solver.add_arcs_with_capacity_and_unit_cost(arcs.tail, arcs.head, arcs.room, arcs.cost)
    solver.set_nodes_supplies(np.array([source]), np.array([supply]))
    solver.set_nodes_supplies(sinks, -wanted)
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"minimum-cost flow ended with {status}")
    return np.asarray(solver.flows(rows), dtype=np.int64), int(solver.optimal_cost())
