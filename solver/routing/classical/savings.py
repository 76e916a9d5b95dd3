"""A first plan in a blink: parallel savings (Clarke & Wright 1964), with time windows by segment concatenation."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from solver.instances.classical import ClassicalRoute
from solver.routing.classical.measure import Measured, Whole

_NEIGHBOURS = 80
# So late that no route of any file gets there; small enough to add to without overflow.
_NO_END = 2**60


@dataclass(frozen=True)
class Segment:
    """Consecutive stops: time they take, and between when and when the first may start (Vidal et al. 2013)."""

    duration: int
    early: int
    late: int

    def then(self, after: "Segment", travel: int) -> "Segment | None":
        """Both in a row, or None where the windows forbid it."""
        shift = self.duration + travel
        if self.early + shift > after.late:
            return None
        waiting = max(after.early - shift - self.late, 0)
        early = max(after.early - shift, self.early) - waiting
        return Segment(shift + after.duration + waiting, early, min(after.late - shift, self.late))


@dataclass
class _Chain:
    depot: int
    stops: list[int]
    load: int
    segment: Segment


def savings_routes(problem: Measured) -> list[ClassicalRoute]:
    """Merge lone tours while that saves distance; every client starts at its nearest depot.

    The fleet's size is not looked at: the answer may need more vehicles than there are, or hold a lone tour that no
    window allows. The checker judges it.
    """
    merging = _Merging(problem)
    for first, second in _candidates(problem, merging.depot_of):
        merging.join(first, second)
    chains = {id(chain): chain for chain in merging.chain_of.values()}
    return [
        ClassicalRoute(chain.depot, tuple(stop - problem.depots for stop in chain.stops)) for chain in chains.values()
    ]


def _nearest_depots(problem: Measured) -> Whole:
    nearest = np.zeros(len(problem.demand), dtype=np.int64)
    _, nearest[problem.depots :] = cKDTree(problem.xy[: problem.depots]).query(problem.xy[problem.depots :])
    return nearest


def _candidates(problem: Measured, depot_of: Whole) -> list[tuple[int, int]]:
    """Directed pairs of neighbours with the same depot, the largest saving first."""
    clients = np.arange(problem.depots, len(problem.demand))
    count = min(_NEIGHBOURS + 1, len(clients))
    _, near = cKDTree(problem.xy[clients]).query(problem.xy[clients], count)
    first = np.repeat(clients, count)
    second = clients[near.reshape(-1)]
    apart = (first != second) & (depot_of[first] == depot_of[second])
    first, second = first[apart], second[apart]
    home = depot_of[first]
    saving = problem.distances(home, first) + problem.distances(home, second) - problem.distances(first, second)
    if problem.late is not None:
        wait = problem.early[second] - problem.late[first] - problem.service[first] - problem.durations(first, second)
        saving = saving - np.maximum(wait, 0) // 5
    order = np.argsort(-saving, kind="stable")
    order = order[saving[order] > 0]
    return list(zip(first[order].tolist(), second[order].tolist(), strict=True))


class _Merging:
    def __init__(self, problem: Measured) -> None:
        self.problem = problem
        self.depot_of = _nearest_depots(problem)
        self.chain_of = {
            node: _Chain(int(self.depot_of[node]), [node], int(problem.demand[node]), self._at(node))
            for node in range(problem.depots, len(problem.demand))
        }

    def _at(self, node: int) -> Segment:
        problem = self.problem
        late = _NO_END if problem.late is None else int(problem.late[node])
        return Segment(int(problem.service[node]), int(problem.early[node]), late)

    def _travel(self, here: int, there: int) -> int:
        return int(self.problem.durations(np.array([here]), np.array([there]))[0])

    def join(self, first: int, second: int) -> None:
        """Let the chain that ends with `first` go on to `second`, if it may."""
        before, after = self.chain_of[first], self.chain_of[second]
        if before is after or before.load + after.load > self.problem.capacity[before.depot]:
            return
        if not self._turned(before, last=first) or not self._turned(after, first=second):
            return
        segment = before.segment.then(after.segment, self._travel(first, second))
        if segment is None or not self._within(before.depot, before.stops[0], after.stops[-1], segment):
            return
        before.stops += after.stops
        before.load += after.load
        before.segment = segment
        for stop in after.stops:
            self.chain_of[stop] = before

    def _turned(self, chain: _Chain, *, first: int | None = None, last: int | None = None) -> bool:
        """Whether the chain has the stop where it is wanted, turning it round where windows do not matter."""
        if first in (None, chain.stops[0]) and last in (None, chain.stops[-1]):
            return True
        if self.problem.late is not None or first not in (None, chain.stops[-1]) or last not in (None, chain.stops[0]):
            return False
        chain.stops.reverse()
        return True

    def _within(self, depot: int, first: int, last: int, segment: Segment) -> bool:
        """Whether a route from the depot and back keeps the depot's window and the longest duration."""
        out = self._at(depot).then(segment, self._travel(depot, first))
        whole = out and out.then(self._at(depot), self._travel(last, depot))
        limit = self.problem.max_duration[depot]
        return whole is not None and (limit is None or whole.duration <= limit)
