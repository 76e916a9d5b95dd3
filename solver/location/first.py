"""A plan at once: clients to depots by regret, then routes by angle around each depot."""

from collections.abc import Iterable

import numpy as np

from solver.location.estimate import Estimate, Opened, likely_costs
from solver.location.measure import Measured, Reals
from solver.location.verify import Tour


def first_plan(problem: Measured, estimates: Iterable[Estimate]) -> tuple[Tour, ...] | None:
    """Routes from the first set of depots into which the clients fit this way; None where there is none."""
    ways = likely_costs(problem)
    for estimate in estimates:
        home = _assigned(problem, ways, estimate.opened)
        if home is not None:
            return _swept(problem, home)
    return None


def _assigned(problem: Measured, ways: Reals, opened: Opened) -> list[int] | None:
    """Who would lose most by the second best depot chooses first; large clients before small where it is tight."""
    room = problem.room.astype(np.int64).copy()
    cost = ways[list(opened)]
    order = np.sort(cost, axis=0)
    regret = order[1] - order[0] if len(opened) > 1 else np.zeros(len(problem.demand))
    for key in (-regret, -problem.demand.astype(np.float64)):
        home, left = [-1] * len(problem.demand), room.copy()
        for client in np.argsort(key, kind="stable").tolist():
            fitting = [depot for depot in opened if left[depot] >= problem.demand[client]]
            if not fitting:
                break
            home[client] = min(fitting, key=lambda depot: float(ways[depot, client]))
            left[home[client]] -= problem.demand[client]
        else:
            return home
    return None


def _swept(problem: Measured, home: list[int]) -> tuple[Tour, ...]:
    """Gillett & Miller's (1974) sweep; a vehicle is left when the next client does not fit."""
    tours = []
    for depot in sorted(set(home)):
        mine = np.flatnonzero(np.array(home) == depot)
        gap = problem.xy[problem.depots + mine] - problem.xy[depot]
        path: list[int] = []
        load = 0
        for client in mine[np.argsort(np.arctan2(gap[:, 1], gap[:, 0]), kind="stable")].tolist():
            demand = int(problem.demand[client])
            if load + demand > problem.load:
                tours.append(Tour(depot, tuple(path)))
                path, load = [], 0
            path.append(client)
            load += demand
        tours.append(Tour(depot, tuple(path)))
    return tuple(tours)
