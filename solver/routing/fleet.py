"""The vehicles as the day uses them: where each one is back, and which days are paid."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from solver.cost import DAY_S
from solver.instance import Instance
from solver.routing.errand import Trucks
from solver.routing.timing import Timed


class Fleet:
    """Remembers trips from phase to phase."""

    def __init__(self, instance: Instance) -> None:
        self._ground = instance
        self._free_s = np.zeros(len(instance.problem.vehicles.id), dtype=np.int64)
        self._paid: set[tuple[int, int]] = set()

    def trucks(self, hub: int, from_s: int) -> Trucks:
        """The hub's vehicles for a phase that begins at `from_s`."""
        vehicles, rows = self._ground.problem.vehicles, self._ground.hub_vehicles[hub]
        day = from_s // DAY_S
        paid = np.array([(int(row), day) in self._paid for row in rows], dtype=np.bool_)
        return Trucks(
            vehicle=rows,
            room=np.stack([vehicles.weight_g[rows], vehicles.volume_ml[rows], vehicles.crates[rows]], axis=1),
            cold=vehicles.cold[rows],
            fixed_minor=np.where(paid, 0, vehicles.fixed_minor[rows]),
            minor_per_km=vehicles.minor_per_km[rows],
            minor_per_hour=vehicles.minor_per_hour[rows],
            free_s=self._free_s[rows],
            shift_s=vehicles.shift_s[rows],
            mark=self._ground.marks[rows],
        )

    def use(self, trucks: Trucks, trips: Iterable[Timed]) -> None:
        """These trips are driven."""
        for trip in trips:
            vehicle = int(trucks.vehicle[trip.trip.truck])
            self._free_s[vehicle] = max(int(self._free_s[vehicle]), trip.return_s)
            self._paid.add((vehicle, trip.depart_s // DAY_S))
