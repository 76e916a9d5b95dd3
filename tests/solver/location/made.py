"""Small location-routing problems, and the cheapest plan of one by trying everything."""

import itertools
from pathlib import Path

import numpy as np

from solver.instances.location import LocationProblem, Site, Stop
from solver.location.verify import Tour, verify_location

INSTANCES = Path(__file__).parents[1] / "instances"


def small(*, capacity: int | None = 10, vehicle_cost: float = 2.0) -> LocationProblem:
    """Two depots a hundred apart, two clients of 5 beside each; a vehicle carries 10."""
    return LocationProblem(
        name="small",
        hundredfold=False,
        vehicle_capacity=10,
        vehicle_cost=vehicle_cost,
        depots=(Site(0, 0, capacity, 7.0), Site(100, 0, capacity, 9.0)),
        clients=(Stop(3, 4, 5), Stop(0, 5, 5), Stop(103, 4, 5), Stop(100, 5, 5)),
    )


def random_problem(seed: int, clients: int = 6, depots: int = 3) -> LocationProblem:
    """Half of them with whole costs and small depots, the others without either."""
    random = np.random.default_rng(seed)
    demand = random.integers(0, 9, clients)
    demand[0] = 8
    tight = seed % 2 == 0
    room = int(demand.sum()) * 2 // 3 + 8
    places = random.integers(0, 30, (depots + clients, 2)).tolist()
    return LocationProblem(
        name=f"random {seed}",
        hundredfold=tight,
        vehicle_capacity=int(random.integers(9, 20)),
        vehicle_cost=float(random.integers(0, 3) * (100 if tight else 5)),
        depots=tuple(
            Site(x, y, room if tight else None, float(random.integers(0, 20) * (100 if tight else 1)))
            for x, y in places[:depots]
        ),
        clients=tuple(Stop(x, y, int(load)) for (x, y), load in zip(places[depots:], demand, strict=True)),
    )


def cheapest(problem: LocationProblem) -> float:
    """Every split of the clients over depots and routes, every order."""
    clients, sets = len(problem.clients), 1 << len(problem.clients)
    everybody = sets - 1
    load = [sum(stop.demand for i, stop in enumerate(problem.clients) if some >> i & 1) for some in range(sets)]
    total = [0.0] + [float("inf")] * everybody
    for depot, site in enumerate(problem.depots):
        route = [float("inf")] * sets
        for some in range(1, sets):
            if load[some] <= problem.vehicle_capacity:
                route[some] = _tour(problem, depot, [i for i in range(clients) if some >> i & 1]) - site.opening
        served = [0.0] + [float("inf")] * everybody
        for some in range(1, sets):
            served[some] = min(route[part] + served[some - part] for part in _parts(some))
        room = load[everybody] if site.capacity is None else site.capacity
        total = [
            min(
                total[some],
                *(
                    site.opening + served[part] + total[some - part]
                    for part in (_parts(some) if some else ())
                    if load[part] <= room
                ),
                float("inf"),
            )
            for some in range(sets)
        ]
    return total[everybody]


def _tour(problem: LocationProblem, depot: int, chosen: list[int]) -> float:
    """Depot, vehicle and the shortest order; of the others nobody is asked."""
    alone = LocationProblem(
        problem.name,
        problem.hundredfold,
        problem.vehicle_capacity,
        problem.vehicle_cost,
        problem.depots,
        tuple(problem.clients[client] for client in chosen),
    )
    return min(
        verify_location(alone, [Tour(depot, order)]).cost
        for order in itertools.permutations(range(len(chosen)))
        if order[0] <= order[-1]
    )


def _parts(some: int) -> list[int]:
    """Every part of a set that is not empty."""
    parts, part = [], some
    while part:
        parts.append(part)
        part = (part - 1) & some
    return parts
