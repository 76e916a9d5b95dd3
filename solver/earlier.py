"""The plan before, carried over by its ids to a problem that has changed since."""

from __future__ import annotations

import numpy as np

from solver.cost import allocation_ends
from solver.problem import Earlier, Flags, Ints, Names, Problem
from solver.solution import NONE, Phase, Solution


def earlier_of(before: Problem, plan: Solution, problem: Problem) -> Earlier:
    """What of a plan for the problem `before` still exists in `problem`."""
    row = {
        name: _rows(getattr(before, name).id, getattr(problem, name).id)
        for name in ("lots", "batches", "farms", "hubs", "points", "vehicles")
    }
    lot, batch = row["lots"][plan.allocations.lot], row["batches"][plan.allocations.batch]
    goods = (lot != NONE) & (batch != NONE)
    hubs = np.append(row["hubs"], NONE)  # the last answers for none
    farm, point = row["farms"], row["points"]
    farm_hub, point_hub = hubs[plan.farm_hub], hubs[plan.point_hub]
    sends, gets = (farm != NONE) & (farm_hub != NONE), (point != NONE) & (point_hub != NONE)
    trip, calls_at, call = _calls(before, plan)
    phase, vehicle = plan.routes.phase[trip], row["vehicles"][plan.routes.vehicle[trip]]
    for kind, table in enumerate(("farms", "hubs", "points")):
        mine = phase == kind
        calls_at[mine] = row[table][calls_at[mine]]
    calls = (vehicle != NONE) & (calls_at != NONE)
    loads = calls[call] & goods[plan.loads.allocation]
    return Earlier(
        lot[goods], batch[goods], plan.allocations.quantity[goods],
        farm[sends], farm_hub[sends], point[gets], point_hub[gets], plan.parcel[gets],
        trip[calls], phase[calls], vehicle[calls], calls_at[calls],
        _left(calls)[call[loads]], _left(goods)[plan.loads.allocation[loads]], plan.loads.quantity[loads],
    )  # fmt: skip


def _rows(before: Names, now: Names) -> Ints:
    """The present row of each earlier one, `NONE` for what is gone."""
    row = {name: number for number, name in enumerate(now.tolist())}
    return np.array([row.get(name, NONE) for name in before.tolist()], dtype=np.int64)


def _left(kept: Flags) -> Ints:
    """The row of each kept row among those that are."""
    rows: Ints = np.cumsum(kept) - 1
    return rows


def _calls(problem: Problem, plan: Solution) -> tuple[Ints, Ints, Ints]:
    """Trip and farm, hub or point of every call, and the call of every load; a stop that serves two is two calls."""
    loads, stops = plan.loads, plan.stops
    farm, point = allocation_ends(problem, plan.allocations)
    route = stops.route[loads.stop]
    phase, home = plan.routes.phase[route], problem.vehicles.hub[plan.routes.vehicle[route]]
    source, target = plan.farm_hub[farm[loads.allocation]], plan.point_hub[point[loads.allocation]]
    at = np.where(phase == Phase.COLLECTION, farm[loads.allocation], point[loads.allocation])
    at = np.where(phase == Phase.LINE_HAUL, np.where(source == home, target, source), at)
    calls, call = np.unique(np.stack([loads.stop, at], axis=1), axis=0, return_inverse=True)
    # Rows of stops are ordered by route, then by position.
    return stops.route[calls[:, 0]], calls[:, 1].copy(), call.ravel()
