import time
from dataclasses import replace

import numpy as np
import pytest

from solver.instances.location import LocationProblem, Site, Stop, read_location
from solver.location.bound import lower_bound
from solver.location.estimate import promising
from solver.location.measure import measured
from solver.location.qroutes import QRoutes, Weights, roughly, weights
from solver.location.routes import Budget
from tests.solver.location.made import INSTANCES, cheapest, random_problem, small

LONG_S = 120.0


def bound(problem: LocationProblem, steps: int = 30) -> float:
    scaled = measured(problem)
    return lower_bound(scaled, promising(scaled), Budget(time.monotonic() + LONG_S, steps)) / scaled.per_unit


@pytest.mark.parametrize("seed", range(24))
def test_it_is_never_above_the_cheapest_plan(seed: int) -> None:
    problem = random_problem(seed)
    best = cheapest(problem)
    assert 0 < bound(problem, 0) <= best
    assert 0.5 * best <= bound(problem) <= best


def test_it_holds_for_all_depots_where_prices_were_made_for_a_few() -> None:
    problem = random_problem(8, depots=9)
    assert 0 < bound(problem) <= cheapest(problem)


def test_it_is_the_cost_where_every_route_goes_to_one_client() -> None:
    problem = replace(small(), vehicle_capacity=5)
    assert bound(problem) == pytest.approx(cheapest(problem), rel=1e-3)


def test_it_is_close_to_the_best_known_value_of_a_public_problem() -> None:
    problem = read_location(INSTANCES / "prodhon-coord20-5-1.dat")
    assert 0.92 * 54793 <= bound(problem, 60) <= 54793


def test_prices_make_it_sharper() -> None:
    problem = read_location(INSTANCES / "barreto-coordGaspelle.dat")
    assert 1.05 * bound(problem, 1) < bound(problem, 40) <= 424.9


def test_rounded_edges_do_not_lift_it() -> None:
    problem = LocationProblem("near", hundredfold=False, vehicle_capacity=5, vehicle_cost=0,
                              depots=(Site(0, 0, None, 0),), clients=(Stop(0, 1.0006, 5),))  # fmt: skip
    assert bound(problem) <= 2 * 1.0006


def test_clients_without_demand_do_not_count() -> None:
    problem = LocationProblem("free", hundredfold=False, vehicle_capacity=5, vehicle_cost=1,
                              depots=(Site(0, 0, None, 3),), clients=(Stop(1, 0, 0),))  # fmt: skip
    assert bound(problem) == 0


def test_without_time_there_is_still_one() -> None:
    scaled = measured(small())
    found = lower_bound(scaled, promising(scaled), Budget(time.monotonic() - 1))
    assert 0 < found / scaled.per_unit <= cheapest(small())


def test_large_demands_are_rounded_down_to_a_few_steps() -> None:
    problem = replace(small(), vehicle_capacity=10_007, clients=tuple(
        Stop(client.x, client.y, client.demand * 1000 + 3) for client in small().clients))  # fmt: skip
    counted = weights(measured(replace(problem, depots=(Site(0, 0, None, 1),))))
    assert counted.most <= 160
    assert (counted.weight * 10_007 <= 5003 * (counted.most + 1)).all()


def test_prices_are_made_with_longer_steps_in_which_everybody_weighs_something() -> None:
    fine = Weights(np.array([0, 2, 3]), np.array([1, 50, 159]), 159)
    rough = roughly(fine)
    assert (rough.clients.tolist(), rough.weight.tolist(), rough.most) == ([0, 2, 3], [1, 25, 79], 79)
    assert roughly(rough).weight.tolist() == rough.weight.tolist()


class TestQRoutes:
    def test_a_part_is_the_clients_share_of_the_cheapest_route_through_it(self) -> None:
        scaled = measured(small(capacity=None))
        counted = weights(scaled)
        routes = QRoutes(scaled, [0, 1], counted)
        through = routes.through(np.zeros(4))
        way = scaled.edges
        pair = way[0, 2] + way[2, 3] + way[3, 0] + scaled.fixed
        assert (counted.weight.tolist(), counted.most) == ([1, 1, 1, 1], 2)
        assert through.part[0, :2].tolist() == [pair / 2, pair / 2]
        assert routes.visits(through, 0, 0).tolist() == [1, 1, 0, 0]
        assert routes.visits(through, 1, 2).tolist() == [0, 0, 1, 1]

    @pytest.mark.parametrize(("clients", "load"), [(2, 2), (3, 4)])
    def test_a_route_comes_back_to_a_client_only_after_two_others(self, clients: int, load: int) -> None:
        # A vehicle so dear that its route would go to and fro until it is full.
        problem = replace(
            small(capacity=None, vehicle_cost=1e6), vehicle_capacity=20, clients=small().clients[:clients]
        )
        scaled = measured(problem)
        routes = QRoutes(scaled, [0], weights(scaled))
        through = routes.through(np.zeros(clients))
        assert (through.load == load).all()
        for client in range(clients):
            visits = routes.visits(through, 0, client)
            assert (visits.min(), visits.sum()) == (1, load)
