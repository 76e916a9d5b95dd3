import math
from dataclasses import replace

import pytest

from solver.instances.location import Site, Stop
from solver.location.verify import Tour, verify_location
from tests.solver.location.made import cheapest, random_problem, small

GOOD = (Tour(0, (0, 1)), Tour(1, (2, 3)))


def test_depots_vehicles_and_distance_are_paid() -> None:
    verdict = verify_location(small(), GOOD)
    assert verdict.violations == ()
    assert verdict.opened == (0, 1)
    assert verdict.cost == pytest.approx(7 + 9 + 2 * 2 + 2 * (5 + math.hypot(3, 1) + 5))


def test_a_depot_is_paid_once_and_one_without_routes_is_not() -> None:
    verdict = verify_location(small(capacity=None), [Tour(0, (0, 1)), Tour(0, (2,)), Tour(0, (3,))])
    assert verdict.violations == ()
    assert verdict.opened == (0,)
    ways = 10 + math.hypot(3, 1) + 2 * math.hypot(103, 4) + 2 * math.hypot(100, 5)
    assert verdict.cost == pytest.approx(7 + 3 * 2 + ways)


def test_hundredfold_edges_are_rounded_up_one_by_one() -> None:
    problem = replace(small(vehicle_cost=0), hundredfold=True)
    assert verify_location(problem, GOOD).cost == 7 + 9 + 2 * (500 + math.ceil(316.2277) + 500)


def test_an_edge_of_whole_hundredths_is_not_rounded_up() -> None:
    problem = replace(
        small(vehicle_cost=0), hundredfold=True, depots=(Site(0, 0, None, 0),), clients=(Stop(0.07, 0, 1),)
    )
    assert verify_location(problem, [Tour(0, (0,))]).cost == 14


@pytest.mark.parametrize(
    ("routes", "broken"),
    [
        ((Tour(0, (0, 1)), Tour(1, (2,))), ["client 4: visited 0 times"]),
        ((Tour(0, (0, 1)), Tour(1, (2, 3)), Tour(1, (3,))), ["client 4: visited 2 times"]),
        ((*GOOD, Tour(0, ())), ["route 3: visits nobody"]),
        ((Tour(0, (0, 1)), Tour(2, (2, 3))), ["route 2: no depot 3"]),
        ((Tour(0, (0, 1)), Tour(-1, (2, 3))), ["route 2: no depot 0"]),
        ((*GOOD, Tour(0, (4,))), ["route 3: no client 5"]),
        ((*GOOD, Tour(0, (-1,))), ["route 3: no client 0"]),
    ],
)
def test_everybody_is_visited_once_from_a_depot_that_is_there(routes: tuple[Tour, ...], broken: list[str]) -> None:
    verdict = verify_location(small(), routes)
    assert list(verdict.violations) == broken
    assert verdict.cost == math.inf


def test_a_vehicle_carries_no_more_than_it_holds() -> None:
    assert verify_location(replace(small(), vehicle_capacity=9), GOOD).violations == (
        "route 1: load 10 over capacity 9",
        "route 2: load 10 over capacity 9",
    )


def test_a_depot_sends_no_more_than_it_holds() -> None:
    routes = (Tour(0, (0, 1)), Tour(0, (2,)), Tour(1, (3,)))
    assert verify_location(small(capacity=15), routes).violations == ()
    assert verify_location(small(capacity=14), routes).violations == ("depot 1: sends 15 over capacity 14",)


def test_the_cheapest_of_all_is_what_it_should_be() -> None:
    assert cheapest(small()) == pytest.approx(verify_location(small(), GOOD).cost)
    assert cheapest(random_problem(0, clients=1, depots=1)) < math.inf
