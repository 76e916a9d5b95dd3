"""Whole-number distances and times as the search wants them, in the rounding of the problem's class."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.instances.classical import ClassicalProblem, ClassicalRoute, Client, Depot, Rounding

Whole = NDArray[np.int64]
Reals = NDArray[np.float64]
# A product such as 10 x 0.3 may fall just short of the whole number that it is.
_SHORT = 1e-9
_PER_UNIT = {Rounding.NEAREST: 1, Rounding.TENTHS: 10, Rounding.NONE: 1000}


@dataclass(frozen=True)
class Measured:
    """Nodes are the depots, then the clients; N nodes, D depots, times in the same unit as distances."""

    depots: int
    xy: Reals
    demand: Whole
    service: Whole
    early: Whole
    late: Whole | None
    capacity: Whole
    max_duration: list[int | None]
    vehicles: list[int | None]
    rounding: Rounding

    @property
    def per_unit(self) -> int:
        """Whole numbers of a file's unit of length."""
        return _PER_UNIT[self.rounding]

    @property
    def timed(self) -> bool:
        return self.late is not None or any(limit is not None for limit in self.max_duration)

    def distances(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Whole:
        return self._edges(rows, columns, up=False)

    def durations(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Whole:
        """Travel times; unrounded ones are rounded up, so that a route within its limit truly is."""
        return self._edges(rows, columns, up=True)

    def _edges(self, rows: NDArray[np.int64], columns: NDArray[np.int64], *, up: bool) -> Whole:
        gap = self.xy[rows] - self.xy[columns]
        straight: Reals = np.hypot(gap[:, 0], gap[:, 1])
        if self.rounding is Rounding.NEAREST:
            whole = np.floor(straight + 0.5)
        elif self.rounding is Rounding.TENTHS:
            whole = np.floor(straight * 10 + _SHORT)
        else:
            whole = np.ceil(straight * 1000) if up else np.rint(straight * 1000)
        return whole.astype(np.int64)

    def length(self, route: ClassicalRoute) -> int:
        """From the depot through all clients and back."""
        path = np.array([route.depot, *(client + self.depots for client in route.clients), route.depot])
        return int(self.distances(path[:-1], path[1:]).sum())

    def matrix(self, *, durations: bool) -> Whole:
        nodes = np.arange(len(self.demand))
        measure = self.durations if durations else self.distances
        return np.array([measure(np.full(len(nodes), node), nodes) for node in nodes], dtype=np.int64)


def measured(problem: ClassicalProblem) -> Measured:
    """Turn the raw numbers of a file into whole ones, never to the advantage of a route."""
    unit = _PER_UNIT[problem.rounding]
    depots, clients = problem.depots, problem.clients
    places: list[Depot | Client] = [*depots, *clients]
    timed = any(place.late is not None for place in places)

    def down(values: list[float]) -> Whole:
        return np.floor(np.array(values) * unit + _SHORT).astype(np.int64)

    def up(values: list[float]) -> Whole:
        return np.ceil(np.array(values) * unit - _SHORT).astype(np.int64)

    service = [0.0] * len(depots) + [client.service for client in clients]
    return Measured(
        depots=len(depots),
        xy=np.array([(place.x, place.y) for place in places], dtype=np.float64),
        demand=np.array([0] * len(depots) + [client.demand for client in clients], dtype=np.int64),
        service=down(service) if problem.rounding is Rounding.TENTHS else up(service),
        early=(down if problem.rounding is Rounding.TENTHS else up)([place.early for place in places]),
        late=down([place.late or 0.0 for place in places]) if timed else None,
        capacity=np.array([depot.capacity for depot in depots], dtype=np.int64),
        max_duration=[None if d.max_duration is None else int(down([d.max_duration])[0]) for d in depots],
        vehicles=[depot.vehicles for depot in depots],
        rounding=problem.rounding,
    )
