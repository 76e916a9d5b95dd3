"""The problem in whole numbers: edges, openings and routes in one unit, depots before clients."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.instances.location import LocationProblem, Site, Stop

Whole = NDArray[np.int64]
Reals = NDArray[np.float64]
# A whole number of hundredths may come out of the square root a little above itself.
_SHORT = 1e-9
# Thousandths of the file's unit: 200 edges rounded so lose at most a tenth of one.
_PER_UNIT = 1000


@dataclass(frozen=True)
class Measured:
    """D depots, C clients; nodes of `edges` are the depots, then the clients; all costs in 1 / `per_unit`.

    `room[d]` is never more than the whole demand, which says that a depot has no capacity.
    """

    per_unit: int
    xy: Reals
    edges: Whole
    demand: Whole
    load: int
    room: Whole
    opening: Whole
    fixed: int
    rounded: bool = True
    """Whether edges and costs are rounded, not the file's own."""

    @property
    def depots(self) -> int:
        return len(self.room)

    @property
    def total(self) -> int:
        """The whole demand."""
        return int(self.demand.sum())

    def bounded(self, depot: int) -> bool:
        """Whether the depot may be too small for everybody."""
        return int(self.room[depot]) < self.total


def measured(problem: LocationProblem) -> Measured:
    """Round to whole numbers; unrounded problems to thousandths, which only the search sees."""
    places: list[Site | Stop] = [*problem.depots, *problem.clients]
    xy = np.array([(place.x, place.y) for place in places], dtype=np.float64)
    gap = xy[:, None, :] - xy[None, :, :]
    straight = np.sqrt((gap**2).sum(axis=2))
    per_unit = 1 if problem.hundredfold else _PER_UNIT
    edges = np.ceil(straight * 100 - _SHORT) if problem.hundredfold else np.rint(straight * per_unit)
    demand = np.array([client.demand for client in problem.clients], dtype=np.int64)
    total = int(demand.sum())
    room = [total if depot.capacity is None else min(depot.capacity, total) for depot in problem.depots]
    # A file of whole edges may still have a cost with a fraction: finer units for all of it.
    costs = np.array([problem.vehicle_cost, *(depot.opening for depot in problem.depots)])
    if per_unit == 1 and (costs != np.rint(costs)).any():
        per_unit, edges = _PER_UNIT, edges * _PER_UNIT
    whole = np.rint(costs * per_unit).astype(np.int64)
    return Measured(
        per_unit=per_unit,
        xy=xy,
        edges=edges.astype(np.int64),
        demand=demand,
        load=problem.vehicle_capacity,
        room=np.array(room, dtype=np.int64),
        opening=whole[1:],
        fixed=int(whole[0]),
        rounded=not problem.hundredfold or bool((whole != costs * per_unit).any()),
    )
