"""What the search for depots and routes is made of, part by part."""

import itertools
import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from solver.instances.location import read_location
from solver.location import fleet
from solver.location.estimate import Estimate, promising
from solver.location.first import first_plan
from solver.location.fleet import Vehicles
from solver.location.measure import measured
from solver.location.partition import Limits, recombined
from solver.location.pool import Pool
from solver.location.routes import Budget, search
from solver.location.trials import Trial, Trials, plan_cost, within_room
from solver.location.verify import Tour, verify_location
from tests.solver.location.made import INSTANCES, random_problem, small

GOOD = (Tour(0, (0, 1)), Tour(1, (2, 3)))
LONG_S = 120.0


class TestMeasuring:
    def test_the_search_counts_as_the_checker_does(self) -> None:
        for seed in range(6):
            problem = random_problem(seed)
            scaled = measured(problem)
            plan = first_plan(scaled, promising(scaled))
            assert plan is not None
            cost = verify_location(problem, plan).cost
            assert plan_cost(scaled, plan) / scaled.per_unit == pytest.approx(cost, rel=1e-4)

    def test_a_fraction_in_the_costs_makes_all_units_finer(self) -> None:
        scaled = measured(replace(small(vehicle_cost=2.5), hundredfold=True))
        assert scaled.fixed == 2500
        assert scaled.edges[0, 2] == 500_000

    def test_no_depot_has_more_room_than_there_is_demand(self) -> None:
        scaled = measured(small(capacity=None))
        assert scaled.room.tolist() == [20, 20]
        assert not scaled.bounded(0)
        assert measured(small()).bounded(0)


class TestEstimates:
    def test_sets_that_hold_the_demand_the_cheapest_first(self) -> None:
        assert [estimate.opened for estimate in promising(measured(small()))] == [(0, 1)]
        free = promising(measured(small(capacity=None)))
        assert [estimate.opened for estimate in free] == [(0, 1), (1,), (0,)]
        assert [estimate.opening for estimate in free] == [16_000, 9000, 7000]

    def test_a_full_depot_sends_clients_to_dearer_ones(self) -> None:
        tight = replace(small(capacity=None), depots=(small(capacity=5).depots[0], small(capacity=20).depots[1]))
        (both, _) = promising(measured(tight))
        free, *_ = promising(measured(small(capacity=None)))
        assert both.opened == free.opened == (0, 1)
        assert both.routes > free.routes + 5000

    def test_many_depots_are_not_all_looked_at(self) -> None:
        problem = random_problem(1, clients=8, depots=40)
        assert len(promising(measured(problem))) == 150

    def test_one_client_and_clients_without_demand_are_fine(self) -> None:
        alone = replace(small(), clients=small().clients[:1])
        assert promising(measured(alone))[0].opened == (0,)
        idle = replace(small(), clients=(replace(small().clients[0], demand=0),))
        assert promising(measured(idle))[0].opened == (0,)


class TestFirstPlan:
    def test_it_keeps_the_rules(self) -> None:
        for seed in range(10):
            problem = random_problem(seed, clients=12)
            scaled = measured(problem)
            plan = first_plan(scaled, promising(scaled))
            assert plan is not None
            assert verify_location(problem, plan).violations == ()

    def test_large_clients_first_where_it_is_tight(self) -> None:
        clients = tuple(replace(small().clients[at], demand=demand) for at, demand in ((0, 4), (1, 4), (2, 6), (3, 6)))
        scaled = measured(replace(small(), clients=clients))
        plan = first_plan(scaled, promising(scaled))
        assert plan is not None
        assert within_room(scaled, plan)

    def test_there_is_none_where_nobody_fits(self) -> None:
        clients = tuple(replace(client, demand=6) for client in small().clients[:3])
        scaled = measured(replace(small(), clients=clients))
        assert first_plan(scaled, promising(scaled)) is None


class TestFleets:
    def test_full_vehicles_and_one_for_the_rest(self) -> None:
        scaled = measured(small(capacity=14))
        assert fleet.full(scaled, [0]) == (Vehicles(0, 10, 1), Vehicles(0, 4, 1))
        assert fleet.full(measured(small(capacity=4)), [1]) == (Vehicles(1, 4, 1),)
        assert fleet.full(measured(small()), [1]) == (Vehicles(1, 10, 1),)

    def test_equal_parts(self) -> None:
        assert fleet.even(measured(small(capacity=15)), [1]) == (Vehicles(1, 8, 1), Vehicles(1, 7, 1))
        assert fleet.even(measured(small(capacity=14)), [0]) == (Vehicles(0, 7, 2),)
        assert fleet.even(measured(small(capacity=1)), [0]) == (Vehicles(0, 1, 1),)

    def test_depots_without_capacity_have_as_many_full_ones_as_may_be_wanted(self) -> None:
        scaled = measured(small(capacity=None))
        wanted = (Vehicles(0, 10, 4), Vehicles(1, 10, 4))
        assert fleet.free(scaled, [0, 1]) == fleet.full(scaled, [0, 1]) == fleet.even(scaled, [0, 1]) == wanted
        assert fleet.around(scaled, GOOD, np.random.default_rng(0)) == wanted

    @pytest.mark.parametrize("seed", range(8))
    def test_around_a_plan_they_carry_it_and_fill_the_depot(self, seed: int) -> None:
        scaled = measured(small(capacity=18))
        tours = (Tour(0, (0,)), Tour(0, (1,)), Tour(1, (2, 3)))
        made = fleet.around(scaled, tours, np.random.default_rng(seed))
        sizes = {
            depot: sorted(v.capacity for v in made for _ in range(v.count) if v.depot == depot) for depot in (0, 1)
        }
        assert sum(sizes[0]) == sum(sizes[1]) == 18
        assert sizes[0][-2] >= 5
        assert sizes[1] == [8, 10]
        assert max(sizes[0]) <= 10


class TestRoutes:
    def test_the_same_seed_finds_the_same_routes(self) -> None:
        scaled = measured(read_location(INSTANCES / "prodhon-coord20-5-1.dat"))
        seen: list[list[Sequence[Tour]]] = [[], []]
        found = [
            search(scaled, fleet.full(scaled, (1, 2, 4)), (), budget=Budget(time.monotonic() + LONG_S, 60), seed=3,
                   keep=tours.append)
            for tours in seen
        ]  # fmt: skip
        assert found[0] == found[1] == seen[0][-1]
        assert seen[0] == seen[1]

    def test_a_start_is_never_lost(self) -> None:
        scaled = measured(small())
        budget = Budget(time.monotonic() - 1)
        assert search(scaled, fleet.full(scaled, (0, 1)), GOOD, budget=budget, seed=0, keep=lambda _: None) == GOOD

    def test_a_start_with_more_routes_than_vehicles_is_not_used(self) -> None:
        scaled = measured(small())
        start = (Tour(0, (0,)), Tour(0, (1,)), Tour(1, (2, 3)))
        budget = Budget(time.monotonic() + LONG_S, 50)
        found = search(scaled, fleet.full(scaled, (0, 1)), start, budget=budget, seed=0, keep=lambda _: None)
        assert found is not None
        assert plan_cost(scaled, found) == plan_cost(scaled, GOOD)

    def test_too_few_vehicles_find_nothing(self) -> None:
        scaled = measured(small())
        budget = Budget(time.monotonic() + LONG_S, 20)
        assert search(scaled, fleet.full(scaled, (0,)), (), budget=budget, seed=0, keep=lambda _: None) is None

    def test_a_route_too_large_for_its_vehicle_starts_in_the_largest(self) -> None:
        scaled = measured(small(capacity=18))
        start = (Tour(0, (0, 1)), Tour(1, (2, 3)))
        small_ones = (Vehicles(0, 9, 2), Vehicles(1, 9, 2))
        budget = Budget(time.monotonic() + LONG_S, 50)
        found = search(scaled, small_ones, start, budget=budget, seed=0, keep=lambda _: None)
        assert found is not None
        assert len(found) == 4


class TestPool:
    def test_a_route_is_kept_once_whichever_way_round(self) -> None:
        pool = Pool([(1, 2, 3), (3, 2, 1), (2, 1, 3), ()])
        pool.add([Tour(0, (1, 2, 3)), Tour(1, (0,))])
        assert len(pool) == 2
        assert pool.paths() == [(1, 2, 3), (2, 1, 3), (0,)]

    def test_every_depot_enters_the_cycle_where_that_is_cheapest(self) -> None:
        for seed in range(5):
            problem = random_problem(seed)
            scaled = measured(problem)
            priced = Pool([(0, 1, 2, 3), (4,), (5, 3), (2, 0, 1, 3)]).priced(scaled)
            orders: dict[int, list[tuple[int, ...]]] = {0: [(0, 1, 2, 3), (2, 0, 1, 3)], 1: [(4,)], 2: [(5, 3)]}
            for row, depot in itertools.product(range(3), range(3)):
                tour = priced.tour(row, depot)
                turned = [
                    plan_cost(scaled, [Tour(depot, way[cut:] + way[:cut])])
                    for way in orders[row]
                    for cut in range(len(way))
                ]
                assert plan_cost(scaled, [tour]) == min(turned)
                assert priced.cost[row, depot] + scaled.opening[depot] == min(turned)
                assert set(priced.clients(row)) == set(orders[row][0])


class TestPartition:
    def test_the_best_of_two_plans_is_put_together(self) -> None:
        scaled = measured(small())
        pool = Pool([(0, 2), (1, 3), (0, 1), (2,), (3,), (3, 2)])
        found = recombined(scaled, pool, (0, 1), math.inf, Limits(LONG_S))
        assert found is not None
        assert within_room(scaled, found)
        assert plan_cost(scaled, found) == plan_cost(scaled, GOOD)

    def test_depots_do_not_send_more_than_they_hold(self) -> None:
        problem = replace(small(capacity=10), clients=tuple(replace(c, x=0) for c in small().clients))
        scaled = measured(problem)
        found = recombined(scaled, Pool([(0, 1), (2, 3), (0,), (1,)]), (0, 1), math.inf, Limits(LONG_S))
        assert found is not None
        assert sorted(tour.depot for tour in found) == [0, 1]

    def test_nothing_cheaper_is_nothing(self) -> None:
        scaled = measured(small())
        pool = Pool([(0, 1), (2, 3), (0, 2)])
        routes = plan_cost(scaled, GOOD) - int(scaled.opening.sum())
        assert recombined(scaled, pool, (0, 1), routes, Limits(LONG_S)) is None
        assert recombined(scaled, pool, (0, 1), routes + 1, Limits(LONG_S)) is not None

    def test_routes_that_leave_somebody_out_are_no_plan(self) -> None:
        assert recombined(measured(small()), Pool([(0, 1), (2,)]), (0, 1), math.inf, Limits(LONG_S)) is None

    def test_halves_of_routes_are_no_plan(self) -> None:
        problem = replace(small(capacity=None), clients=small().clients[:3])
        pool = Pool([(0, 1), (1, 2), (0, 2)])
        assert recombined(measured(problem), pool, (0, 1), math.inf, Limits(LONG_S)) is None

    def test_columns_beyond_the_limit_are_left_out(self) -> None:
        scaled = measured(small())
        pool = Pool([(0, 2), (1, 3), (0, 1), (2, 3)])
        found = recombined(scaled, pool, (0, 1), math.inf, Limits(LONG_S, columns=2))
        assert found is not None
        assert plan_cost(scaled, found) == plan_cost(scaled, GOOD)


class TestTrials:
    def estimates(self) -> list[Estimate]:
        return [Estimate((0,), 100, 900), Estimate((1,), 100, 920), Estimate((2,), 100, 2000)]

    def test_the_most_promising_is_tried_first(self) -> None:
        assert Trials(self.estimates()).next() == (0,)

    def test_what_was_tried_is_tried_again_while_it_may_still_be_the_best(self) -> None:
        trials = Trials(self.estimates())
        trials.learn(Trial((0,), GOOD, 1000, 1))
        assert trials.next() == (0,)
        trials.learn(Trial((0,), GOOD, 1000, 10))
        assert trials.next() == (1,)

    def test_now_and_then_an_untried_set_is_tried_whatever_its_estimate(self) -> None:
        trials = Trials([self.estimates()[0], self.estimates()[2]])
        trials.learn(Trial((0,), GOOD, 1000, 10))
        assert trials.next() == (0,)
        trials.learn(Trial((0,), GOOD, 1000, 11))
        assert trials.next() == (2,)

    def test_estimates_are_corrected_by_what_the_tried_cost(self) -> None:
        trials = Trials([*self.estimates(), Estimate((3,), 1000, 100)])
        trials.learn(Trial((0,), GOOD, 1900, 10))
        assert trials.next() == (3,)

    def test_a_set_without_routes_is_still_worth_its_estimate(self) -> None:
        trials = Trials(self.estimates()[:1])
        trials.learn(Trial((0,), None, math.inf, 1))
        trials.learn(Trial((7,), None, math.inf, 1))
        assert trials.next() == (0,)
        assert trials.best() is None

    def test_the_cheapest_are_kept(self) -> None:
        tried = [Trial((depot,), GOOD, cost, 1) for depot, cost in enumerate((5.0, 3.0, 4.0))]
        trials = Trials((), tried)
        assert [trial.opened for trial in trials.kept(2)] == [(1,), (2,)]
        assert trials.best() == tried[1]

    def test_a_plan_must_serve_everybody_and_fit_into_the_depots(self) -> None:
        scaled = measured(small())
        assert within_room(scaled, GOOD)
        assert not within_room(scaled, GOOD[:1])
        assert not within_room(scaled, (Tour(0, (0, 1)), Tour(0, (2,)), Tour(1, (3,))))
