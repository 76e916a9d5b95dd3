"""The pool keeps the shortest of each set of clients, and a plan is made of what several searches saw."""

from typing import Any

import numpy as np
import pytest

from solver.instances.classical import ClassicalProblem, ClassicalRoute, Client, Depot, Rounding
from solver.routing.classical import pool
from solver.routing.classical.combine import Partition, combine
from solver.routing.classical.measure import measured
from solver.routing.classical.model import Routes
from solver.routing.classical.pool import Columns, Pool


def route(*clients: int, at: int = 0) -> ClassicalRoute:
    return ClassicalRoute(at, clients)


def pooled(*routes: tuple[ClassicalRoute, int]) -> Pool:
    made = Pool()
    for each, length in routes:
        made.add(each, length)
    return made


def combined(columns: Columns, best: Routes, *, vehicles: int | None = None, work: float | None = 1.0) -> list[Routes]:
    sent: list[Any] = []
    combine(sent.append, Partition(columns, [vehicles, None], best, 60, 2, work))
    return [found.routes for found in sent]


def test_of_the_same_clients_and_depot_the_shortest_order_stays() -> None:
    made = pooled((route(0, 1, 2), 9), (route(2, 0, 1), 7), (route(1, 0, 2), 8), (route(0, 1, 2, at=1), 10))
    assert sorted(made.columns().routes(), key=str) == [(route(2, 0, 1), 7), (route(0, 1, 2, at=1), 10)]


def test_what_passes_between_processes_comes_back_as_it_was() -> None:
    made, other = pooled((route(0, 1), 3), (route(2), 4)), pooled((route(1, 0), 2), (route(5, at=1), 1))
    made.merge(other.columns())
    assert len(made) == 3
    assert list(made.columns().routes()) == [(route(2), 4), (route(1, 0), 2), (route(5, at=1), 1)]


def test_a_length_is_what_the_search_counts() -> None:
    made = ClassicalProblem(
        "made",
        Rounding.NEAREST,
        (Depot(0, 0, 9, None, None, 0, None), Depot(9, 0, 9, None, None, 0, None)),
        (Client(3, 4, 1, 0, 0, None), Client(3, 0, 1, 0, 0, None)),
    )
    assert measured(made).length(route(0, 1)) == 5 + 4 + 3
    assert measured(made).length(route(1, at=1)) == 12


def test_an_empty_pool_passes_too() -> None:
    made = Pool()
    made.merge(Pool().columns())
    assert list(made.columns().routes()) == []
    assert len(made.columns()) == 0


def test_a_piece_names_its_clients_anew() -> None:
    columns = pooled((route(1, 0), 5)).columns().renamed(np.array([10, 20], dtype=np.int32))
    assert list(columns.routes()) == [(route(20, 10), 5)]


def test_the_oldest_routes_leave_a_full_pool_and_known_ones_count_as_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "MOST_ROUTES", 2)
    made = pooled((route(0), 1), (route(1), 1), (route(0), 1), (route(2), 1))
    assert [each for each, _ in made.columns().routes()] == [route(0), route(2)]


@pytest.mark.parametrize("work", [1.0, None])
def test_two_plans_give_a_third_that_is_shorter_than_both(work: float | None) -> None:
    first, second = (route(0, 1), route(2, 3), route(4, 5)), (route(0, 2), route(1, 3), route(4), route(5))
    made = pooled(*zip(first, (5, 5, 5), strict=True), *zip(second, (6, 6, 1, 1), strict=True))
    (best,) = combined(made.columns(), first, work=work)
    assert set(best) == {route(0, 1), route(2, 3), route(4), route(5)}


def test_no_depot_sends_more_vehicles_than_it_has() -> None:
    made = pooled((route(0), 1), (route(1), 1), (route(0, 1), 9), (route(1, at=1), 3))
    best = (route(0, 1),)
    assert set(combined(made.columns(), best)[0]) == {route(0), route(1)}
    assert set(combined(made.columns(), best, vehicles=1)[0]) == {route(0), route(1, at=1)}


def test_routes_that_cannot_make_a_plan_make_none() -> None:
    assert combined(pooled((route(0, 1), 1), (route(1, 2), 1)).columns(), (route(0), route(1), route(2))) == []
