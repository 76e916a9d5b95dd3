import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from solver.errors import NoSolutionError, SolutionRejectedError
from solver.instances.classical import ClassicalProblem, ClassicalRoute, Client, Depot, Rounding
from solver.instances.routing import read_classical
from solver.routing.classical import solve
from solver.routing.classical.best import Best, RoutedPlan
from solver.routing.classical.crew import Crew
from solver.routing.classical.jobs import Found
from solver.routing.classical.measure import measured
from solver.routing.classical.savings import savings_routes
from solver.routing.classical.solfile import solution_text
from solver.routing.classical.solve import solve_routes
from solver.routing.classical.verify import verify_routes

INSTANCES = Path(__file__).parent / "instances"
LONG_S = 120.0


def depot(x: float = 0, y: float = 0, **changed: float | None) -> Depot:
    return replace(Depot(x, y, 10, None, None, 0, None), **changed)  # type: ignore[arg-type]  # fields by name


def client(x: float, y: float, demand: int = 1, **changed: float | None) -> Client:
    return replace(Client(x, y, demand, 0, 0, None), **changed)  # type: ignore[arg-type]  # fields by name


def problem(
    *clients: Client, depots: tuple[Depot, ...] = (), rounding: Rounding = Rounding.NEAREST
) -> ClassicalProblem:
    return ClassicalProblem("made", rounding, depots or (depot(),), clients)


def route(*clients: int, at: int = 0) -> ClassicalRoute:
    return ClassicalRoute(at, clients)


def broken(made: ClassicalProblem, *routes: ClassicalRoute) -> str:
    return "; ".join(verify_routes(made, routes).violations)


class TestTheChecker:
    def test_distances_are_rounded_to_the_nearest_whole_number_by_edge(self) -> None:
        made = problem(client(0.5, 0), client(0, 2.4))
        assert verify_routes(made, [route(0), route(1)]).cost == 1 + 1 + 2 + 2

    def test_distances_with_windows_are_truncated_to_tenths(self) -> None:
        made = problem(client(1, 1, late=10), depots=(depot(late=10),), rounding=Rounding.TENTHS)
        assert verify_routes(made, [route(0)]).cost == 2.8

    def test_other_distances_are_exact(self) -> None:
        assert verify_routes(problem(client(1, 1), rounding=Rounding.NONE), [route(0)]).cost == 2 * math.sqrt(2)

    def test_every_client_is_visited_once(self) -> None:
        made = problem(client(1, 0), client(2, 0))
        assert broken(made, route(0, 1)) == ""
        assert broken(made, route(0)) == "client 2: visited 0 times"
        assert broken(made, route(0, 1, 0)) == "client 1: visited 2 times"

    def test_strangers_and_idle_routes_are_refused(self) -> None:
        made = problem(client(1, 0))
        assert broken(made, route(0), route()) == "route 2: visits nobody"
        assert broken(made, route(0, 1)) == "route 1: no client 2"
        assert broken(made, route(0, -1)) == "route 1: no client 0"
        assert broken(made, route(0, at=1)) == "route 1: no depot 2"

    def test_a_load_stays_within_the_capacity(self) -> None:
        assert broken(problem(client(1, 0, 4), client(2, 0, 6)), route(0, 1)) == ""
        assert broken(problem(client(1, 0, 5), client(2, 0, 6)), route(0, 1)) == "route 1: load 11 over capacity 10"

    def test_a_route_keeps_the_longest_duration_with_its_services(self) -> None:
        limited = (depot(max_duration=5.0),)
        assert broken(problem(client(2, 0, service=1), depots=limited, rounding=Rounding.NONE), route(0)) == ""
        too_long = problem(client(2, 0, service=1.1), depots=limited, rounding=Rounding.NONE)
        assert broken(too_long, route(0)) == "route 1: duration 5.100000 over 5"

    def test_no_depot_sends_more_vehicles_than_it_has(self) -> None:
        made = problem(client(1, 0), client(2, 0), depots=(depot(vehicles=1), depot(9)))
        assert broken(made, route(0), route(1, at=1)) == ""
        assert broken(made, route(0), route(1)) == "depot 1: 2 routes for 1 vehicles"

    def test_windows_are_kept_and_waiting_is_allowed(self) -> None:
        home = (depot(early=1, late=20),)
        first, second = client(3, 0, early=8, late=9, service=2), client(5, 0, late=12)
        made = problem(first, second, depots=home, rounding=Rounding.TENTHS)
        assert broken(made, route(0, 1)) == ""
        assert broken(made, route(1, 0)) == ""
        late = problem(first, replace(second, late=11.9), depots=home, rounding=Rounding.TENTHS)
        assert broken(late, route(0, 1)) == "route 1: arrives at 12.0 where it closes at 11.9"
        closing = problem(first, second, depots=(depot(early=1, late=16),), rounding=Rounding.TENTHS)
        assert broken(closing, route(0, 1)) == "route 1: arrives at 17.0 where it closes at 16"

    def test_unrounded_windows_are_kept_to_the_last_digit(self) -> None:
        made = problem(client(3, 0, late=3.25), depots=(depot(early=0.25, late=9),), rounding=Rounding.NONE)
        assert broken(made, route(0)) == ""
        late = problem(client(3, 0, late=3.24), depots=(depot(early=0.25, late=9),), rounding=Rounding.NONE)
        assert broken(late, route(0)) == "route 1: arrives at 3.2 where it closes at 3.24"

    def test_a_wait_counts_for_the_duration_unless_one_can_leave_home_later(self) -> None:
        late_opening = client(4, 0, early=50, late=60)
        limited = (depot(max_duration=8.0, late=100),)
        assert broken(problem(late_opening, depots=limited, rounding=Rounding.NONE), route(0)) == ""
        before = client(2, 0, early=0, late=10)
        waits = problem(before, late_opening, depots=limited, rounding=Rounding.NONE)
        assert broken(waits, route(0, 1)) == "route 1: duration 46.000000 over 8"


class TestTheSavingsStart:
    def test_neighbours_share_a_route_and_the_capacity_is_kept(self) -> None:
        made = problem(client(10, 0, 5), client(10, 1, 5), client(-10, 0, 5), client(-10, 1, 5))
        routes = savings_routes(measured(made))
        assert sorted(sorted(each.clients) for each in routes) == [[0, 1], [2, 3]]
        assert broken(made, *routes) == ""

    def test_chains_are_turned_round_to_meet(self) -> None:
        made = problem(*(client(10, y) for y in (0, 1, 2, 3, 4, 5)))
        (only,) = savings_routes(measured(made))
        assert only.clients in ((0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0))

    def test_windows_give_the_direction(self) -> None:
        made = problem(
            client(10, 0, early=50, late=60),
            client(10, 1, early=10, late=20),
            depots=(depot(late=100),),
            rounding=Rounding.TENTHS,
        )
        assert savings_routes(measured(made)) == [route(1, 0)]

    def test_a_window_that_closes_too_early_keeps_routes_apart(self) -> None:
        made = problem(
            client(10, 0, late=10), client(0.5, 10, late=10.1), depots=(depot(late=100),), rounding=Rounding.TENTHS
        )
        routes = savings_routes(measured(made))
        assert len(routes) == 2
        assert broken(made, *routes) == ""

    def test_a_long_tour_is_not_made_where_durations_are_limited(self) -> None:
        made = problem(
            client(10, 0, service=1),
            client(10, 1, service=1),
            depots=(depot(max_duration=22.0),),
            rounding=Rounding.NONE,
        )
        assert len(savings_routes(measured(made))) == 2

    def test_every_client_leaves_from_its_nearest_depot(self) -> None:
        made = problem(client(1, 0), client(9, 0), depots=(depot(), depot(10)), rounding=Rounding.NONE)
        assert savings_routes(measured(made)) == [route(0), route(1, at=1)]

    @pytest.mark.parametrize(("name", "most"), [("X-n106-k14.vrp", 1.06), ("RC208.vrp", 1.6)])
    def test_public_problems_start_within_reach(self, name: str, most: float) -> None:
        best_known = {"X-n106-k14.vrp": 26362, "RC208.vrp": 776.1}[name]
        made = read_classical(INSTANCES / name)
        verdict = verify_routes(made, savings_routes(measured(made)))
        assert verdict.violations == ()
        assert verdict.cost <= most * best_known


class TestMeasuring:
    def test_unrounded_durations_are_never_too_short(self) -> None:
        scaled = measured(problem(client(1, 1), rounding=Rounding.NONE))
        here, there = np.array([0]), np.array([1])
        assert scaled.distances(here, there).tolist() == [1414]
        assert scaled.durations(here, there).tolist() == [1415]


class TestBothCores:
    @pytest.mark.parametrize(
        ("name", "best_known", "iterations", "most"),
        [("X-n106-k14.vrp", 26362, 2000, 1.015), ("RC208.vrp", 776.1, 1000, 1.02), ("pr01.txt", 861.32, 1000, 1.005)],
    )
    def test_public_problems_come_near_the_best_known(
        self, name: str, best_known: float, iterations: int, most: float
    ) -> None:
        made = read_classical(INSTANCES / name)
        plan = solve_routes(made, LONG_S, iterations=iterations)
        assert plan.cost == verify_routes(made, plan.routes).cost
        assert best_known - 0.005 <= plan.cost <= most * best_known

    def test_the_same_seed_and_iterations_give_the_same_plan(self) -> None:
        made = read_classical(INSTANCES / "pr01.txt")
        assert solve_routes(made, LONG_S, seed=3, iterations=60) == solve_routes(made, LONG_S, seed=3, iterations=60)

    def test_one_client_is_one_route(self) -> None:
        assert solve_routes(problem(client(3, 4)), LONG_S, iterations=5) == RoutedPlan((route(0),), 10)

    def test_every_better_plan_is_told_with_what_none_costs_less_than(self) -> None:
        heard: list[RoutedPlan] = []
        plan = solve_routes(read_classical(INSTANCES / "pr01.txt"), LONG_S, iterations=60, heard=heard.append)
        assert heard[-1].cost == plan.cost
        assert [told.cost for told in heard] == sorted({told.cost for told in heard}, reverse=True)
        assert all(told.bound <= told.cost for told in heard)
        assert 0.5 * 861.32 < plan.bound <= 861.32

    def test_nobody_to_visit_is_no_route(self) -> None:
        assert solve_routes(problem(), LONG_S) == RoutedPlan((), 0)

    def test_whoever_asks_to_stop_gets_the_start(self) -> None:
        made = problem(client(1, 0), client(2, 0))
        assert solve_routes(made, LONG_S, stop=lambda: True).cost == 4

    def test_a_window_that_nobody_can_reach_leaves_no_solution(self) -> None:
        made = problem(client(10, 0, late=1), depots=(depot(late=90),), rounding=Rounding.TENTHS)
        with pytest.raises(NoSolutionError):
            solve_routes(made, LONG_S, iterations=20)

    def test_the_largest_problems_get_one_search_over_everything(self, monkeypatch: pytest.MonkeyPatch) -> None:
        started: list[int] = []
        monkeypatch.setattr(Crew, "work", lambda _, tasks, *__, **___: started.append(len(tasks)))
        monkeypatch.setattr(solve, "_TWICE_UP_TO", 1)
        assert solve_routes(problem(client(1, 0), client(2, 0)), LONG_S, iterations=1).cost == 4
        search, combining = started
        assert search == combining == 1

    def test_extreme_numbers_are_carried_through(self) -> None:
        far, heavy = 1e7, 10**12
        made = problem(
            client(far, far, heavy), client(-far, -far, heavy), depots=(depot(capacity=heavy),), rounding=Rounding.NONE
        )
        assert solve_routes(made, LONG_S, iterations=20).cost == pytest.approx(4 * math.sqrt(2) * far)

    def test_of_two_equally_good_plans_the_same_is_taken_in_whatever_order_they_come(self) -> None:
        made = problem(client(1, 0), client(2, 0))
        plans = [(route(0, 1),), (route(1, 0),)]
        taken = []
        for order in (plans, plans[::-1]):
            best = Best(made, time.monotonic())
            assert all(best.take(plan) for plan in order)
            taken.append(best.plan().routes)
        assert taken[0] == taken[1]

    def test_a_search_that_lies_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made = problem(client(10, 0, late=1), depots=(depot(late=90),), rounding=Rounding.TENTHS)
        monkeypatch.setattr(Crew, "work", lambda *given, **_: given[2](Found(0, (route(0),))))
        with pytest.raises(SolutionRejectedError, match="closes at 1") as caught:
            solve_routes(made, LONG_S, iterations=1)
        assert len(caught.value.violations) == 1


class TestTheSolutionFile:
    def test_clients_count_from_one_and_the_cost_comes_last(self) -> None:
        made = problem(client(1, 0), client(2, 0), client(3, 0))
        text = solution_text(made, RoutedPlan((route(2, 0), route(1)), 10.0))
        assert text == "Route #1: 3 1\nRoute #2: 2\nCost 10\n"

    def test_several_depots_are_named(self) -> None:
        made = problem(client(1, 0), depots=(depot(), depot(2)), rounding=Rounding.NONE)
        assert solution_text(made, RoutedPlan((route(0, at=1),), 2.0)) == "Route #1 (depot 2): 1\nCost 2.000000\n"

    def test_a_cost_with_windows_has_one_decimal(self) -> None:
        made = problem(client(1, 0, late=9), depots=(depot(late=9),), rounding=Rounding.TENTHS)
        assert solution_text(made, RoutedPlan((route(0),), 2.0)) == "Route #1: 1\nCost 2.0\n"
