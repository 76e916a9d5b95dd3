"""The usual way: open depots first, with clients assigned at a linear cost, then route what is open.

HiGHS solves the facility location (strong formulation, every client whole, depot capacities kept; a client costs its
part of a full vehicle's way there and back and of the vehicle). PyVRP then routes on every core, a seed each, and the
best counts: from all open depots at once where a short look says that their capacities hold anyway, else depot by depot
with the clients assigned to it, because PyVRP knows no capacity of depots. Run as
`python -m tests.benchmarks.peers.facility_then_pyvrp FILE --seconds 30 --seed 1 -o OUT`, which writes what
`python -m solver locate` writes.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import highspy
import numpy as np
import pyvrp
from numpy.typing import NDArray
from pyvrp.stop import MaxRuntime

from solver.instances.location import LocationProblem, Site, Stop, read_location
from solver.location.verify import Tour, Verdict, verify_location

CORES: Final = 2
LOCATING, LOOKING = 0.15, 0.08
"""Shares of the time: the facility location at most, and the look whether capacities hold without being asked for."""
STARTING_S: Final = 1.0
"""Kept for starting the processes and for writing: the peer's wall time is the time given, not more."""
FINE: Final = 1000
"""Unrounded distances are whole in thousandths."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Some clients to be routed from some depots, numbered as in the file but from 0."""

    depots: tuple[int, ...]
    clients: tuple[int, ...]
    seconds: float
    seed: int


def main() -> None:
    """Locate, route, write."""
    began = time.monotonic()
    parser = argparse.ArgumentParser(prog="facility_then_pyvrp", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    problem = read_location(asked.file)
    home = assigned(problem, LOCATING * asked.seconds)
    tours, verdict = routed(problem, home, began + asked.seconds - STARTING_S, asked.seed)
    answer = {
        "cost": verdict.cost,
        "open": [depot + 1 for depot in verdict.opened],
        "routes": [{"depot": tour.depot + 1, "clients": [client + 1 for client in tour.clients]} for tour in tours],
    }
    asked.output.write_text(json.dumps(answer), encoding="utf-8")


def distances(problem: LocationProblem) -> NDArray[np.float64]:
    """Depots first; in the file's unit."""
    places: list[Site | Stop] = [*problem.depots, *problem.clients]
    at = np.array([(place.x, place.y) for place in places])
    straight: NDArray[np.float64] = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    return np.ceil(straight * 100 - 1e-9) if problem.hundredfold else straight


def assigned(problem: LocationProblem, seconds: float) -> list[int]:
    """The depot of each client."""
    depots, clients = range(len(problem.depots)), range(len(problem.clients))
    ways = 2 * distances(problem)[: len(depots), len(depots) :] + problem.vehicle_cost
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("time_limit", seconds)
    doors = [highs.addBinary(obj=site.opening) for site in problem.depots]
    demand = [client.demand for client in problem.clients]
    part = [
        [highs.addBinary(obj=ways[depot, client] * demand[client] / problem.vehicle_capacity) for client in clients]
        for depot in depots
    ]
    for client in clients:
        highs.addConstr(sum(part[depot][client] for depot in depots) == 1)
    for depot in depots:
        for client in clients:
            highs.addConstr(part[depot][client] <= doors[depot])
        if (room := problem.depots[depot].capacity) is not None:
            sent = sum(demand[client] * part[depot][client] for client in clients)
            highs.addConstr(sent <= room * doors[depot])
    highs.run()
    values = np.array(highs.getSolution().col_value)[len(depots) :].reshape(len(depots), len(clients))
    return [int(depot) for depot in values.argmax(axis=0)]


def routed(
    problem: LocationProblem, home: Sequence[int], deadline: float, seed: int
) -> tuple[tuple[Tour, ...], Verdict]:
    """The cheapest plan that keeps the depots' capacities."""
    opened, everybody = tuple(sorted(set(home))), tuple(range(len(home)))
    left = max(deadline - time.monotonic(), 0.1)
    with ProcessPoolExecutor(CORES, get_context("spawn")) as pool:
        looks = [Errand(opened, everybody, LOOKING * left, seed + core) for core in range(CORES)]
        found = list(pool.map(searched, [problem] * CORES, looks))
        free = not any(verify_location(problem, tours).violations for tours in found)
        seconds = max(deadline - time.monotonic(), 0.1)
        plans = [
            [Errand(opened, everybody, seconds, seed + core)] if free else _apart(home, seconds, seed + core)
            for core in range(CORES)
        ]
        found += pool.map(routed_in_turn, [problem] * CORES, plans)
    if not free:
        found = found[CORES:]
    return min(
        ((tours, verdict) for tours in found if not (verdict := verify_location(problem, tours)).violations),
        key=lambda plan: plan[1].cost,
    )


def _apart(home: Sequence[int], seconds: float, seed: int) -> list[Errand]:
    """One depot after the other, each with time by its clients."""
    errands = []
    for depot in sorted(set(home)):
        clients = tuple(client for client, its in enumerate(home) if its == depot)
        errands.append(Errand((depot,), clients, seconds * len(clients) / len(home), seed))
    return errands


def routed_in_turn(problem: LocationProblem, errands: Sequence[Errand]) -> tuple[Tour, ...]:
    """What one core does."""
    return tuple(tour for errand in errands for tour in searched(problem, errand))


def searched(problem: LocationProblem, errand: Errand) -> tuple[Tour, ...]:
    """PyVRP alone."""
    unit = 1 if problem.hundredfold else FINE
    nodes = [*errand.depots, *(len(problem.depots) + client for client in errand.clients)]
    matrix: Any = np.rint(distances(problem)[np.ix_(nodes, nodes)] * unit).astype(np.int64)
    fixed = round(problem.vehicle_cost * unit)
    model = pyvrp.ProblemData(
        [pyvrp.Location(0, 0)] * len(nodes),
        [
            pyvrp.Client(number, [problem.clients[client].demand])
            for number, client in enumerate(errand.clients, len(errand.depots))
        ],
        [pyvrp.Depot(number) for number in range(len(errand.depots))],
        [
            pyvrp.VehicleType(len(errand.clients), [problem.vehicle_capacity], number, number, fixed_cost=fixed)
            for number in range(len(errand.depots))
        ],
        [matrix],
        [np.zeros_like(matrix)],
    )
    stop = MaxRuntime(errand.seconds)
    found = pyvrp.solve(model, stop, seed=errand.seed, collect_stats=False, display=False)
    return tuple(
        Tour(
            errand.depots[route.start_depot()],
            tuple(errand.clients[stop.idx] for stop in route if stop.is_client()),
        )
        for route in found.best.routes()
    )


if __name__ == "__main__":
    main()
