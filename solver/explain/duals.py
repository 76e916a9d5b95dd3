"""Prices of a flow's nodes, by Bellman-Ford on its residual network (Ahuja, Magnanti and Orlin 1993, section 9.1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.allocation.network import Columns
from solver.problem import Ints

FAR = 2**60
"""Stands for no way; the costs of ways are far below it."""
NOBODY = -2


@dataclass(frozen=True, slots=True)
class Ends:
    """Ways to leave the network, one a row: at which node, at what cost, and the name of what gives a unit back."""

    node: Ints
    cost: Ints
    name: Ints


@dataclass(frozen=True, slots=True)
class Duals:
    """Of each node: the cheapest way of one more unit to an end, that end's name, and the same with another end."""

    first: Ints
    end: Ints
    second: Ints
    other: Ints

    def without(self, name: int) -> Ints:
        """Cheapest ways to any end but this; `FAR` where there is none."""
        ways: Ints = np.where(self.end == name, self.second, self.first)
        return ways


def duals(nodes: int, arcs: Columns, flow: Ints, ends: Ends) -> Duals:
    """Duals of a flow of least cost: `arcs` between the `nodes`, none of which is an end, and `flow` on each.

    Notes
    -----
    The residual network of such a flow has no cycle of negative cost, so the rounds come to rest. The two cheapest ways
    by different ends are kept, so that the question "and without this lot's own lines?" needs no flow of its own.
    """
    forward, backward = flow < arcs.room, flow > 0
    tail = np.concatenate([arcs.tail[forward], arcs.head[backward]])
    head = np.concatenate([arcs.head[forward], arcs.tail[backward]])
    cost = np.concatenate([arcs.cost[forward], -arcs.cost[backward]])
    at = np.concatenate([tail, tail, ends.node])
    none, nobody = np.full(nodes, FAR), np.full(nodes, NOBODY)
    found, settled = Duals(none, nobody, none, nobody), False
    while not settled:
        value = np.concatenate([cost + found.first[head], cost + found.second[head], ends.cost])
        name = np.concatenate([found.end[head], found.other[head], ends.name])
        before, found = found, _two_least(nodes, at, value, name)
        settled = np.array_equal(before.first, found.first) and np.array_equal(before.second, found.second)
    return found


def _two_least(nodes: int, at: Ints, value: Ints, name: Ints) -> Duals:
    """Of each node the least value, and the least of another name."""
    there = value < FAR // 2
    at, value, name = at[there], value[there], name[there]
    order = np.lexsort((name, value, at))
    at, value, name = at[order], value[order], name[order]
    first, end = _least(nodes, at, value, name)
    others = name != end[at]
    return Duals(first, end, *_least(nodes, at[others], value[others], name[others]))


def _least(nodes: int, at: Ints, value: Ints, name: Ints) -> tuple[Ints, Ints]:
    least, whose = np.full(nodes, FAR), np.full(nodes, NOBODY)
    node, row = np.unique(at, return_index=True)
    least[node], whose[node] = value[row], name[row]
    return least, whose
