import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from solver.instances.classical import ClassicalProblem, ClassicalRoute
from solver.instances.routing import read_classical
from solver.routing.classical import rounds, solve
from solver.routing.classical.anneal import Budget, Cooling
from solver.routing.classical.best import Best
from solver.routing.classical.decompose import halves, pieces
from solver.routing.classical.jobs import Found, Job, Piecewise, search_pieces
from solver.routing.classical.measure import Measured, measured
from solver.routing.classical.model import Routes
from solver.routing.classical.savings import savings_routes
from solver.routing.classical.solve import solve_routes
from solver.routing.classical.verify import verify_routes

INSTANCES = Path(__file__).parent / "instances"
LONG_S = 120.0


def started(name: str) -> tuple[ClassicalProblem, Measured, Routes]:
    made = read_classical(INSTANCES / name)
    scaled = measured(made)
    return made, scaled, tuple(savings_routes(scaled))


def with_vehicles(made: ClassicalProblem, vehicles: int) -> ClassicalProblem:
    return replace(made, depots=(replace(made.depots[0], vehicles=vehicles),))


def half(scaled: Measured, routes: Routes, spare: int | None, seconds: float = LONG_S) -> Piecewise:
    job = Job(1, 0, scaled, routes, Cooling(0.01, 0.001), Budget(time.monotonic() + seconds, 50))
    return Piecewise(job, 20, spare)


def clients_of(routes: Routes) -> list[int]:
    return sorted(client for route in routes for client in route.clients)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred clients are treated like thousands."""
    monkeypatch.setattr(rounds, "CLIENTS_A_PIECE", 20)
    monkeypatch.setattr(rounds, "ROUTES_A_PIECE", 2)
    monkeypatch.setattr(solve, "_PARTS_FROM", 2)


@pytest.mark.parametrize("number", [0, 1])
def test_both_halves_have_about_as_many_clients(number: int) -> None:
    _, scaled, routes = started("X-n106-k14.vrp")
    first, second = halves(scaled, routes, number, 3)
    assert sorted(first + second, key=routes.index) == list(routes)
    assert abs(len(clients_of(first)) - 52) <= 12


def test_one_route_has_no_second_half() -> None:
    _, scaled, routes = started("X-n106-k14.vrp")
    assert halves(scaled, routes[:1], 0, 3) == (routes[:1], ())


def test_every_route_is_in_one_piece_and_no_piece_is_tiny() -> None:
    _, scaled, routes = started("X-n106-k14.vrp")
    groups = pieces(scaled, routes, 20, 5)
    assert sorted((route for group in groups for route in group), key=routes.index) == list(routes)
    assert len(groups) > 2
    assert min(len(clients_of(group)) for group in groups) >= 20 / 3


@pytest.mark.parametrize("name", ["X-n106-k14.vrp", "RC208.vrp"])
@pytest.mark.parametrize("spare", [None, 0, 1])
def test_a_half_only_gets_better_and_keeps_its_clients(name: str, spare: int | None) -> None:
    made, scaled, routes = started(name)
    sent: list[Any] = []
    search_pieces(sent.append, half(scaled, routes, spare))
    verdicts = [verify_routes(made, found.routes) for found in sent]
    assert all(verdict.violations == () for verdict in verdicts)
    costs = [verify_routes(made, routes).cost, *(verdict.cost for verdict in verdicts)]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0]
    assert {found.worker for found in sent} == {1}


def test_a_half_tells_the_routes_it_saw_with_their_true_lengths() -> None:
    made, scaled, routes = started("X-n106-k14.vrp")
    sent: list[Any] = []
    search_pieces(sent.append, half(scaled, routes, None))
    best, seen = sent[-1].routes, list(sent[-1].seen.routes())
    assert {frozenset(route.clients) for route in best} - {frozenset(route.clients) for route in routes} <= {
        frozenset(route.clients) for route, _ in seen
    }
    alone = [replace(made, clients=tuple(made.clients[client] for client in route.clients)) for route, _ in seen]
    told = [verify_routes(one, [replace(route, clients=tuple(range(len(route.clients))))])
            for one, (route, _) in zip(alone, seen, strict=True)]  # fmt: skip
    assert [verdict.cost for verdict in told] == [length for _, length in seen]
    assert all(verdict.violations == () for verdict in told)


def test_pieces_without_spare_vehicles_get_no_more_routes() -> None:
    _, scaled, routes = started("X-n106-k14.vrp")
    sent: list[Any] = []
    search_pieces(sent.append, half(scaled, routes[:4], 0))
    assert len(sent[-1].routes) <= 4
    assert clients_of(sent[-1].routes) == clients_of(routes[:4])


def test_a_half_without_time_is_what_it_was() -> None:
    _, scaled, routes = started("X-n106-k14.vrp")
    sent: list[Any] = []
    search_pieces(sent.append, half(scaled, routes[:2], None, seconds=-1))
    assert [type(found) for found in sent] == [Found]
    assert clients_of(sent[0].routes) == clients_of(routes[:2])


@pytest.mark.usefixtures("small_pieces")
def test_a_plan_in_pieces_comes_near_the_best_known_and_repeats_itself() -> None:
    made = with_vehicles(read_classical(INSTANCES / "X-n106-k14.vrp"), 16)
    largest = 2**31 - 1
    plan = solve_routes(made, LONG_S, seed=largest, iterations=400)
    assert 26362 <= plan.cost <= 1.03 * 26362
    assert plan == solve_routes(made, LONG_S, seed=largest, iterations=400)


@pytest.mark.usefixtures("small_pieces")
def test_windows_are_searched_as_a_whole_before_in_pieces() -> None:
    made = read_classical(INSTANCES / "RC208.vrp")
    plan = solve_routes(made, LONG_S, iterations=200)
    assert verify_routes(made, plan.routes).violations == ()
    assert plan.cost <= 1.06 * 776.1


@pytest.mark.usefixtures("small_pieces")
def test_the_largest_plans_are_not_combined(monkeypatch: pytest.MonkeyPatch) -> None:
    made, _, routes = started("X-n106-k14.vrp")
    monkeypatch.setattr(rounds, "_COMBINED_UP_TO", 2)
    monkeypatch.setattr(rounds, "combine", None)
    assert solve_routes(made, LONG_S, iterations=50).cost < verify_routes(made, routes).cost


@pytest.mark.usefixtures("small_pieces")
def test_a_single_route_in_pieces_stays_right() -> None:
    made = read_classical(INSTANCES / "X-n106-k14.vrp")
    few = replace(made, clients=tuple(replace(client, demand=1) for client in made.clients[:5]))
    assert verify_routes(few, solve_routes(few, LONG_S, iterations=20).routes).violations == ()


@pytest.mark.usefixtures("small_pieces")
def test_whoever_stops_or_has_no_time_gets_the_start() -> None:
    made, _, routes = started("X-n106-k14.vrp")
    start = verify_routes(made, routes).cost
    assert solve_routes(made, LONG_S, stop=lambda: True).cost == start
    assert solve_routes(made, 0.0).cost == start


def test_a_round_ends_with_its_last_plan_unless_a_better_one_was_seen() -> None:
    made, _, routes = started("X-n106-k14.vrp")
    again = tuple(replace(route, clients=route.clients[::-1]) for route in routes)
    alone = tuple(ClassicalRoute(0, (client,)) for client in clients_of(routes))
    best = Best(made, time.monotonic())
    best.take(routes)
    best.settle(alone)
    assert best.routes == routes
    best.settle(again)
    assert best.routes == again
