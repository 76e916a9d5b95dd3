"""A plan to begin with where savings give none, or a poor one."""

from dataclasses import replace

from solver.routing.classical.anneal import Annealer, Budget, Cooling
from solver.routing.classical.measure import Measured
from solver.routing.classical.model import Routes, fewest_routes, pyvrp_model, routes_of
from solver.routing.classical.watch import Watch

# With windows the number of routes hardly changes any more. RC2_10_2 (18 vehicles hold its goods) starts 76 % above the
# best known by savings; after four seconds from 4, 10 and 30 vehicles more it is at 7.3, 2.9 and 8.3 %.
_CLIENTS_A_SPARE_VEHICLE, _LEAST_SPARE = 100, 2
_REPAIRS, _TRIES = 400, 5
_COLD = Cooling(1e-3, 1e-3)


def opening(problem: Measured, worker: int, seed: int, deadline_s: float, watch: Watch) -> Routes:
    """Random routes made better, or with windows insertion into few vehicles and a short repair; may break rules."""
    if problem.late is None:
        return routes_of(Annealer(pyvrp_model(problem, 0), seed, windows=False).scattered())
    # The second worker tries a few vehicles more.
    share = _CLIENTS_A_SPARE_VEHICLE * 2 // (2 + worker)
    spare = max((len(problem.demand) - problem.depots) // share, _LEAST_SPARE)
    few = [fewest_routes(problem, depot) + spare for depot in range(problem.depots)]
    for _ in range(_TRIES):
        allowed: list[int | None] = [
            limit if vehicles is None else min(vehicles, limit)
            for vehicles, limit in zip(problem.vehicles, few, strict=True)
        ]
        annealer = Annealer(pyvrp_model(replace(problem, vehicles=allowed), sum(few)), seed, windows=True)
        plan = annealer.run(annealer.inserted(), _COLD, Budget(deadline_s, _REPAIRS), watch)
        if plan.is_feasible():
            break
        few = [limit * 5 // 4 + 1 for limit in few]
    return routes_of(plan)
