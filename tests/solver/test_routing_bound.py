from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest

from solver.instances.classical import ClassicalProblem, ClassicalRoute, Client, Depot, Rounding
from solver.instances.routing import read_classical
from solver.routing.classical.bound import lower_bound
from solver.routing.classical.measure import Measured, measured

INSTANCES = Path(__file__).parent / "instances"


def made(seed: int, rounding: Rounding, *, depots: int = 1, clients: int = 6, capacity: int = 10) -> Measured:
    """Scattered clients, some of them at the same place or without goods."""
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 30, (depots + clients, 2)).astype(float)
    demand = rng.integers(0, capacity // 2 + 1, clients)
    return measured(
        ClassicalProblem(
            "made",
            rounding,
            tuple(Depot(x, y, capacity, None, None, 0, None) for x, y in places[:depots]),
            tuple(Client(x, y, int(q), 0, 0, None) for (x, y), q in zip(places[depots:], demand, strict=True)),
        )
    )


def shortest(problem: Measured) -> int:
    """By trying every order of every set that a vehicle carries, then every way to split all clients into such sets."""
    clients = range(len(problem.demand) - problem.depots)
    cost: dict[frozenset[int], int] = {}
    for size in range(1, len(clients) + 1):
        for chosen in combinations(clients, size):
            if problem.demand[[problem.depots + client for client in chosen]].sum() <= problem.capacity[0]:
                cost[frozenset(chosen)] = min(
                    problem.length(ClassicalRoute(depot, order))
                    for depot in range(problem.depots)
                    for order in permutations(chosen)
                )
    best = {frozenset[int](): 0}
    for size in range(1, len(clients) + 1):
        for subset in map(frozenset, combinations(clients, size)):
            first = min(subset)
            best[subset] = min(cost[part] + best[subset - part] for part in cost if first in part and part <= subset)
    return best[frozenset(clients)]


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("depots", [1, 3])
@pytest.mark.parametrize("seed", range(12))
def test_no_plan_is_shorter(seed: int, depots: int, rounding: Rounding) -> None:
    problem = made(seed, rounding, depots=depots)
    best = shortest(problem) / problem.per_unit
    assert 0.4 * best <= lower_bound(problem) <= best


def test_it_is_the_length_where_every_route_goes_straight_out_and_back() -> None:
    far = [Client(100, 0, 10, 0, 0, None), Client(0, 50, 10, 0, 0, None), Client(-70, 0, 10, 0, 0, None)]
    depot = Depot(0, 0, 10, None, None, 0, None)
    problem = measured(ClassicalProblem("star", Rounding.NEAREST, (depot,), tuple(far)))
    assert lower_bound(problem) == 2 * (100 + 50 + 70)


def test_it_is_close_where_everybody_stands_in_one_line() -> None:
    line = tuple(Client(float(x), 0, 0, 0, 0, None) for x in range(1, 11))
    problem = measured(ClassicalProblem("line", Rounding.NEAREST, (Depot(0, 0, 1, None, None, 0, None),), line))
    assert lower_bound(problem) == 20


def test_rounded_edges_may_make_a_detour_shorter_than_the_straight_way() -> None:
    steps = tuple(Client(1.4 * step, 0, 1, 0, 0, None) for step in range(1, 6))
    problem = measured(ClassicalProblem("steps", Rounding.NEAREST, (Depot(0, 0, 1, None, None, 0, None),), steps))
    straight = sum(problem.length(ClassicalRoute(0, (client,))) for client in range(5))
    assert lower_bound(problem) == 2 * (1 + 2 + 3 + 4 + 5) < straight


@pytest.mark.parametrize(
    ("file", "known", "part"), [("X-n106-k14.vrp", 26362, 0.9), ("RC208.vrp", 776.1, 0.7), ("pr01.txt", 861.32, 0.5)]
)
def test_it_is_not_far_below_the_best_known_plan(file: str, known: float, part: float) -> None:
    assert part * known <= lower_bound(measured(read_classical(INSTANCES / file))) <= known
