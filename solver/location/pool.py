"""Every route seen, whatever depot it came from, and what it costs from each depot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.location.measure import Measured, Whole
from solver.location.verify import Tour

Path = tuple[int, ...]


class Pool:
    """Client sets with the orders in which they were driven, in the order in which they came."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        self._orders: dict[frozenset[int], dict[Path, None]] = {}
        self.add_paths(paths)

    def __len__(self) -> int:
        return len(self._orders)

    def add(self, tours: Iterable[Tour]) -> None:
        """Keep the routes' orders; the depot is forgotten."""
        self.add_paths(tour.clients for tour in tours)

    def add_paths(self, paths: Iterable[Path]) -> None:
        for path in paths:
            if path:
                self._orders.setdefault(frozenset(path), {}).setdefault(_turned(path))

    def paths(self) -> list[Path]:
        return [path for orders in self._orders.values() for path in orders]

    def priced(self, problem: Measured) -> "Priced":
        """Attach every client set to every depot, in its best order and at the best place of its cycle."""
        paths, owner = [], []
        for number, orders in enumerate(self._orders.values()):
            paths += list(orders)
            owner += [number] * len(orders)
        cost, place = _attached(problem, paths)
        sets = np.array(owner, dtype=np.int64)
        # Stable: of equal ways the first that came.
        order = np.argsort(cost, axis=0, kind="stable")
        best = np.empty((len(self._orders), problem.depots), dtype=np.int64)
        for depot in range(problem.depots):
            # Written from the worst to the best, so that the best stays.
            worst_first = order[::-1, depot]
            best[sets[worst_first], depot] = worst_first
        depots = np.arange(problem.depots)
        return Priced(paths, best, cost[best, depots], place[best, depots])


@dataclass(frozen=True)
class Priced:
    """R client sets, D depots: the path to use, its cost with the route's own, and where the depot enters."""

    paths: Sequence[Path]
    path: NDArray[np.int64]
    cost: Whole
    place: NDArray[np.int64]

    def clients(self, row: int) -> Path:
        return self.paths[int(self.path[row, 0])]

    def tour(self, row: int, depot: int) -> Tour:
        """The cycle cut where the depot enters."""
        path, cut = self.paths[int(self.path[row, depot])], int(self.place[row, depot])
        return Tour(depot, path[cut:] + path[:cut])


def _turned(path: Path) -> Path:
    """One way round of two: a cycle's cost is the same both ways."""
    return min(path, path[::-1])


def _attached(problem: Measured, paths: Sequence[Path]) -> tuple[Whole, NDArray[np.int64]]:
    """Cost of each path's cycle through each depot, and before which of its clients the depot enters."""
    cost = np.empty((len(paths), problem.depots), dtype=np.int64)
    place = np.empty_like(cost)
    lengths = np.array([len(path) for path in paths], dtype=np.int64)
    ways = problem.edges[: problem.depots, problem.depots :]
    between = problem.edges[problem.depots :, problem.depots :]
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        cycle = np.array([paths[row] for row in rows.tolist()], dtype=np.int64)
        before = np.roll(cycle, 1, axis=1)
        steps = between[before, cycle]
        detour = ways[:, before] + ways[:, cycle] - steps
        place[rows] = detour.argmin(axis=2).T
        cost[rows] = detour.min(axis=2).T + steps.sum(axis=1)[:, None] + problem.fixed
    return cost, place


def moved(problem: Measured, tours: Sequence[Tour], opened: Sequence[int]) -> tuple[Tour, ...] | None:
    """The same cycles through these depots, who loses most by the second best first; None where one fits nowhere."""
    depots = list(opened)
    cost, place = (part[:, depots] for part in _attached(problem, [tour.clients for tour in tours]))
    load = [int(problem.demand[list(tour.clients)].sum()) for tour in tours]
    left = problem.room[depots].copy()
    order = np.sort(cost, axis=1)
    regret = order[:, min(1, len(depots) - 1)] - order[:, 0]
    found = []
    for number in np.argsort(-regret, kind="stable").tolist():
        fitting = np.flatnonzero(left >= load[number])
        if not len(fitting):
            return None
        nearest = int(fitting[cost[number, fitting].argmin()])
        left[nearest] -= load[number]
        path, cut = tours[number].clients, int(place[number, nearest])
        found.append(Tour(depots[nearest], path[cut:] + path[:cut]))
    return tuple(found)
