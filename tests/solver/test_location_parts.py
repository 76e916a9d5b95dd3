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
from solver.location.estimate import promising
from solver.location.first import first_plan
from solver.location.fleet import Vehicles
from solver.location.measure import Measured, measured
from solver.location.partition import Limits, recombined
from solver.location.pool import Pool, moved
from solver.location.routes import Budget, Job, search
from solver.location.trials import plan_cost, within_room
from solver.location.verify import Tour, verify_location
from solver.routing.classical.anneal import Cooling
from tests.solver.location.made import INSTANCES, random_problem, small

GOOD = (Tour(0, (0, 1)), Tour(1, (2, 3)))
LONG_S = 120.0
# What a test between two looks at the clock never takes.
AN_HOUR_S = 3600.0


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

    def test_opening_may_cost_whatever_a_file_may_say(self) -> None:
        problem = small()
        dear = replace(problem, depots=tuple(replace(depot, opening=1e9) for depot in problem.depots))
        assert promising(measured(dear))

    def test_few_of_many_depots_are_found(self) -> None:
        problem = random_problem(5, depots=80)
        dear = replace(problem, depots=tuple(replace(depot, opening=1e4, capacity=None) for depot in problem.depots))
        assert min(len(estimate.opened) for estimate in promising(measured(dear))) == 1

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

    def test_a_route_takes_the_smallest_vehicle_that_carries_it(self) -> None:
        scaled = measured(small(capacity=18))
        sizes = (Vehicles(1, 10, 1), Vehicles(1, 8, 2), Vehicles(0, 10, 1))
        tours = (Tour(1, (0,)), Tour(1, (2, 3)), Tour(0, (1,)))
        assert fleet.seats(scaled, sizes, tours) == [1, 0, 2]
        assert fleet.seats(scaled, sizes, [Tour(1, (0, 1)), Tour(1, (2, 3))]) is None
        assert fleet.seats(scaled, sizes, []) == []


class TestRoutes:
    def searched(
        self, scaled: Measured, vehicles: Sequence[Vehicles], start: Sequence[Tour], iterations: int
    ) -> tuple[tuple[Tour, ...] | None, list[tuple[Tour, ...]]]:
        """What comes out, and what was kept on the way."""
        seen: list[tuple[Tour, ...]] = []
        budget = Budget(time.monotonic() + LONG_S, iterations, steady=True)
        job = Job(scaled, vehicles, start, Cooling(1.0, 0.01), 3)
        return search(job, budget, keep=seen.append, tell=lambda _: None), seen

    def test_the_same_seed_finds_the_same_routes(self) -> None:
        scaled = measured(read_location(INSTANCES / "prodhon-coord20-5-1.dat"))
        found, other = (self.searched(scaled, fleet.full(scaled, (1, 2, 4)), (), 60) for _ in range(2))
        assert found == other
        assert found[0] == found[1][-1]

    def test_a_start_is_never_lost(self) -> None:
        scaled = measured(small())
        assert self.searched(scaled, fleet.full(scaled, (0, 1)), GOOD, 0)[0] == GOOD

    def test_a_start_with_more_routes_than_vehicles_is_not_used(self) -> None:
        scaled = measured(small())
        start = (Tour(0, (0,)), Tour(0, (1,)), Tour(1, (2, 3)))
        found, _ = self.searched(scaled, fleet.full(scaled, (0, 1)), start, 50)
        assert found is not None
        assert plan_cost(scaled, found) == plan_cost(scaled, GOOD)

    def test_too_few_vehicles_find_nothing(self) -> None:
        scaled = measured(small())
        assert self.searched(scaled, fleet.full(scaled, (0,)), (), 20)[0] is None

    def test_what_ends_first_cools_the_search(self) -> None:
        now_s = time.monotonic()
        steady, hurried = (Budget(now_s + AN_HOUR_S, 100, steady=steady) for steady in (True, False))
        assert steady.spent(now_s - AN_HOUR_S, 20) == 0.2
        assert hurried.spent(now_s - AN_HOUR_S, 20) == pytest.approx(0.5, abs=0.1)
        assert hurried.spent(now_s, 90) == 0.9
        assert hurried.spent(now_s, 100) == Budget(now_s - 1).spent(now_s - 2, 0) == 1
        assert Budget(now_s + AN_HOUR_S).spent(now_s - AN_HOUR_S, 7) == pytest.approx(0.5, abs=0.1)


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

    def test_routes_are_moved_to_other_depots_as_far_as_these_hold_them(self) -> None:
        scaled = measured(small(capacity=None))
        found = moved(scaled, GOOD, (1,))
        assert found is not None
        assert within_room(scaled, found)
        assert {tour.depot for tour in found} == {1}
        assert set(moved(scaled, [Tour(1, (0, 1)), Tour(0, (2, 3))], (0, 1)) or ()) == set(GOOD)
        assert moved(measured(small()), GOOD, (1,)) is None

    def test_who_loses_most_is_moved_first(self) -> None:
        scaled = measured(small())
        across = [Tour(1, (0, 2)), Tour(1, (3, 1))]
        found = moved(scaled, across, (0, 1))
        assert found is not None
        assert sorted(tour.depot for tour in found) == [0, 1]


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
