import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from solver.instances.classical import ClassicalProblem, ClassicalRoute
from solver.instances.routing import read_classical
from solver.routing.classical import decompose, solve
from solver.routing.classical.decompose import Half, halves, improve_half, improved, pieces, rounds
from solver.routing.classical.measure import Measured, measured
from solver.routing.classical.savings import savings_routes
from solver.routing.classical.search import Budget, Found
from solver.routing.classical.solve import solve_routes
from solver.routing.classical.verify import verify_routes

INSTANCES = Path(__file__).parent / "instances"
LONG_S = 120.0


def started(name: str) -> tuple[ClassicalProblem, Measured, tuple[ClassicalRoute, ...]]:
    made = read_classical(INSTANCES / name)
    scaled = measured(made)
    return made, scaled, tuple(savings_routes(scaled))


def with_vehicles(made: ClassicalProblem, vehicles: int) -> ClassicalProblem:
    return replace(made, depots=(replace(made.depots[0], vehicles=vehicles),))


def half(scaled: Measured, routes: tuple[ClassicalRoute, ...], spare: int | None) -> Half:
    return Half(1, 0, scaled, routes, spare, Budget(time.monotonic() + LONG_S, 50))


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred clients are treated like thousands."""
    monkeypatch.setattr(decompose, "CLIENTS_A_PIECE", 20)
    monkeypatch.setattr(decompose, "_MOST_ROUNDS", 2)
    monkeypatch.setattr(solve, "_PIECES_FROM", 2)


@pytest.mark.parametrize(("clients", "seconds", "count"), [(1000, 30, 4), (1000, 1, 2), (600, 3600, 6), (100, 12, 3)])
def test_pieces_get_about_four_seconds_but_borders_move(clients: int, seconds: float, count: int) -> None:
    assert rounds(clients, seconds, 2) == count


def test_both_halves_have_about_as_many_clients() -> None:
    _, scaled, routes = started("X-n106-k14.vrp")
    first, second = halves(scaled, routes, 3)
    assert sorted(first + second, key=routes.index) == list(routes)
    assert abs(sum(len(route.clients) for route in first) - 52) <= 12


def test_one_route_has_no_second_half() -> None:
    _, scaled, routes = started("X-n106-k14.vrp")
    assert halves(scaled, routes[:1], 3) == (routes[:1], ())


@pytest.mark.usefixtures("small_pieces")
def test_every_route_is_in_one_piece_and_no_piece_is_tiny() -> None:
    _, scaled, routes = started("X-n106-k14.vrp")
    groups = list(pieces(scaled, routes, 5))
    assert sorted(number for group in groups for number in group) == list(range(len(routes)))
    assert len(groups) > 2
    assert min(sum(len(routes[number].clients) for number in group) for group in groups) >= 20 / 3


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("name", ["X-n106-k14.vrp", "RC208.vrp"])
@pytest.mark.parametrize("spare", [None, 0, 1])
def test_a_half_only_gets_better_and_keeps_its_clients(name: str, spare: int | None) -> None:
    made, scaled, routes = started(name)
    sent: list[Any] = []
    improve_half(sent.append, half(scaled, routes, spare))
    verdicts = [verify_routes(made, found.routes) for found in sent]
    assert all(verdict.violations == () for verdict in verdicts)
    costs = [verify_routes(made, routes).cost, *(verdict.cost for verdict in verdicts)]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0]
    assert {found.worker for found in sent} == {1}


def test_a_piece_without_spare_vehicles_gets_no_more_routes() -> None:
    _, scaled, routes = started("X-n106-k14.vrp")
    better = improved(half(scaled, routes, 0), routes[:4], Budget(time.monotonic() + LONG_S, 50), 0)
    assert len(better) <= 4
    clients = sorted(client for route in routes[:4] for client in route.clients)
    assert sorted(client for route in better for client in route.clients) == clients


@pytest.mark.usefixtures("small_pieces")
def test_a_plan_in_pieces_comes_near_the_best_known_and_repeats_itself() -> None:
    made = with_vehicles(read_classical(INSTANCES / "X-n106-k14.vrp"), 16)
    largest = 2**31 - 1
    plan = solve_routes(made, LONG_S, seed=largest, iterations=400)
    assert 26362 <= plan.cost <= 1.03 * 26362
    assert plan == solve_routes(made, LONG_S, seed=largest, iterations=400)


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


def test_pieces_are_for_many_clients_on_short_routes_or_too_many_for_a_matrix() -> None:
    asked: list[tuple[int, int]] = [(600, 24), (599, 24), (600, 23), (3000, 100), (3001, 10)]
    _, scaled, routes = started("X-n106-k14.vrp")
    answers = []
    for clients, count in asked:
        wide = replace(scaled, demand=scaled.demand.repeat(40)[: clients + 1])
        answers.append(solve._in_pieces(wide, (routes * 10)[:count]))
    assert answers == [True, False, False, False, True]


def test_found_is_what_the_parent_reads() -> None:
    _, scaled, routes = started("X-n106-k14.vrp")
    sent: list[Any] = []
    improve_half(sent.append, replace(half(scaled, routes[:2], None), budget=Budget(time.monotonic() - 1)))
    assert [type(found) for found in sent] == [Found]
