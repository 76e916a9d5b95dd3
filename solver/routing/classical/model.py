"""The search's own picture of a problem: PyVRP's (Wouda, Lan & Kool 2024), and routes out of and into it."""

import numpy as np
import pyvrp

from solver.instances.classical import ClassicalRoute
from solver.routing.classical.measure import Measured

Routes = tuple[ClassicalRoute, ...]
# PyVRP's own word for no limit.
_NEVER = int(np.iinfo(np.int64).max)


def pyvrp_model(problem: Measured, routes: int) -> pyvrp.ProblemData:
    """PyVRP's own problem; one vehicle type a depot, in the depots' order, for about so many routes."""
    clients, depots = range(problem.depots, len(problem.demand)), range(problem.depots)
    demand, service, early = problem.demand.tolist(), problem.service.tolist(), problem.early.tolist()
    late = [_NEVER] * len(demand) if problem.late is None else problem.late.tolist()
    load = [min(room, sum(demand)) for room in problem.capacity.tolist()]
    longest = [_NEVER if limit is None else limit for limit in problem.max_duration]
    distance = problem.matrix(durations=False)
    duration = problem.matrix(durations=True) if problem.timed else np.zeros_like(distance)
    return pyvrp.ProblemData(
        [pyvrp.Location(float(x), float(y)) for x, y in problem.xy],
        [pyvrp.Client(node, [demand[node]], [], service[node], early[node], late[node]) for node in clients],
        [pyvrp.Depot(depot, early[depot], late[depot]) for depot in depots],
        [
            pyvrp.VehicleType(
                _fleet(problem, depot, routes), [load[depot]], depot, depot, shift_duration=longest[depot]
            )
            for depot in depots
        ],
        [distance],  # type: ignore[list-item]  # pyvrp's stub gives ndarray one parameter, numpy's has two
        [duration],  # type: ignore[list-item]  # as above
    )


def fewest_routes(problem: Measured, depot: int = 0) -> int:
    """As many full vehicles of this depot as all goods fill."""
    return -(-int(problem.demand.sum()) // int(problem.capacity[depot]))


def _fleet(problem: Measured, depot: int, routes: int) -> int:
    """As many vehicles as there are, but not so many more than needed that the search is lost among empty ones."""
    clients = len(problem.demand) - problem.depots
    least = fewest_routes(problem, depot)
    ample = max(least * 5 // 4 + 3, routes + 3)
    if problem.late is not None:
        ample = max(ample, 2 * least + 8, 100)
    vehicles = problem.vehicles[depot]
    return min(clients, ample if vehicles is None else min(ample, vehicles))


def solution_of(model: pyvrp.ProblemData, routes: Routes) -> pyvrp.Solution:
    """The routes as the search sees them; clients of no route are for it to insert."""
    return pyvrp.Solution(model, [pyvrp.Route(model, list(route.clients), route.depot) for route in routes])


def routes_of(solution: pyvrp.Solution) -> Routes:
    """The routes of a complete plan."""
    return tuple(route_of(route) for route in solution.routes())


def route_of(route: pyvrp.Route) -> ClassicalRoute:
    """Its depot and its clients in order."""
    return ClassicalRoute(route.vehicle_type(), tuple(stop.idx for stop in route if stop.is_client()))
