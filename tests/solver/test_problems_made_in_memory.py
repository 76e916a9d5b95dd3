"""What a program hands to the solver is judged like what a file holds, before any optimiser sees it."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import solver
from solver.allocation.facility.solve import solve_facilities
from solver.errors import InvalidProblemError
from solver.instances.classical import (
    MOST_CLIENTS,
    ClassicalProblem,
    Client,
    Depot,
    Rounding,
    check_classical,
)
from solver.instances.location import LocationProblem, check_location
from solver.instances.orlib import FacilityProblem, check_facilities
from solver.location.solve import solve_location
from solver.params import Params
from solver.routing.classical.solve import solve_routes
from tests.solver.builder import small_region
from tests.solver.location.made import small

NAN: Any = math.nan
WORD: Any = "5"
HALF: Any = 0.5
NONE: Any = None

FACILITIES = FacilityProblem(
    name="two",
    capacity=np.array([10, 20]),
    opening=np.array([3.0, 4.0]),
    demand=np.array([5, 15]),
    cost=np.array([[1.0, 2.0], [3.0, 0.0]]),
)
DEPOT = Depot(0, 0, 10, 2, None, 0, None)
CLIENT = Client(3, 4, 5, 1.0, 0, None)
ROUTES = ClassicalProblem("three", Rounding.NONE, (DEPOT,), (CLIENT,) * 3)


def refused(check: Callable[[], object]) -> tuple[str, int, str]:
    with pytest.raises(InvalidProblemError) as caught:
        check()
    assert caught.value.reason
    return caught.value.table, caught.value.row, caught.value.column


def with_depot(problem: Any, row: int, **change: Any) -> Any:
    depots = list(problem.depots)
    depots[row] = replace(depots[row], **change)
    return replace(problem, depots=tuple(depots))


def with_client(problem: Any, row: int, **change: Any) -> Any:
    clients = list(problem.clients)
    clients[row] = replace(clients[row], **change)
    return replace(problem, clients=tuple(clients))


class TestLocation:
    @pytest.mark.parametrize("capacity", [10, None])
    def test_what_can_be_solved_passes(self, capacity: int | None) -> None:
        check_location(small(capacity=capacity))
        check_location(replace(small(capacity=capacity), clients=()))

    @pytest.mark.parametrize(
        ("problem", "place"),
        [
            (replace(small(), depots=()), ("depots", -1, "x")),
            (replace(small(), vehicle_capacity=0), ("problem", 0, "vehicle_capacity")),
            (replace(small(), vehicle_capacity=HALF), ("problem", 0, "vehicle_capacity")),
            (replace(small(), vehicle_cost=-1.0), ("problem", 0, "vehicle_cost")),
            (with_depot(small(), 1, x=NAN), ("depots", 1, "x")),
            (with_depot(small(), 1, y=math.inf), ("depots", 1, "y")),
            (with_depot(small(), 0, capacity=-1), ("depots", 0, "capacity")),
            (with_depot(small(), 0, opening=WORD), ("depots", 0, "opening")),
            (with_client(small(), 3, x=NONE), ("clients", 3, "x")),
            (with_client(small(), 2, demand=11), ("clients", 2, "demand")),
            (with_client(small(), 2, demand=-1), ("clients", 2, "demand")),
            (small(capacity=9), ("clients", -1, "demand")),
        ],
    )
    def test_what_nobody_can_solve_is_refused_at_its_place(
        self, problem: LocationProblem, place: tuple[str, int, str]
    ) -> None:
        assert refused(lambda: solve_location(problem, 1.0)) == place


class TestFacilities:
    def test_what_can_be_solved_passes(self) -> None:
        check_facilities(FACILITIES)

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"capacity": np.array([10.0, 20.0])}, ("facilities", -1, "capacity")),
            ({"opening": np.array([3.0])}, ("facilities", -1, "opening")),
            ({"cost": np.zeros((2, 3))}, ("customers", -1, "cost")),
            ({"cost": np.array([[1.0, 2.0], [3.0, NAN]])}, ("customers", 1, "cost")),
            ({"opening": np.array([3.0, math.inf])}, ("facilities", 1, "opening")),
            ({"demand": np.array([5, -1])}, ("customers", 1, "demand")),
            ({"demand": np.array([16, 15])}, ("customers", -1, "demand")),
            (
                {"capacity": np.zeros(0, dtype=np.int64), "opening": np.zeros(0), "cost": np.zeros((0, 2))},
                ("facilities", -1, "capacity"),
            ),
        ],
    )
    def test_what_nobody_can_solve_is_refused_at_its_place(
        self, change: dict[str, Any], place: tuple[str, int, str]
    ) -> None:
        assert refused(lambda: solve_facilities(replace(FACILITIES, **change), 1.0)) == place


class TestRoutes:
    def test_what_can_be_solved_passes(self) -> None:
        check_classical(ROUTES)
        check_classical(with_depot(with_depot(ROUTES, 0, vehicles=None), 0, max_duration=9.0))
        timed = tuple(replace(CLIENT, late=9.0) for _ in range(3))
        check_classical(replace(ROUTES, depots=(replace(DEPOT, late=9.0),), clients=timed))

    @pytest.mark.parametrize(
        ("problem", "place"),
        [
            (replace(ROUTES, depots=()), ("depots", -1, "x")),
            (replace(ROUTES, clients=(CLIENT,) * (MOST_CLIENTS + 1)), ("clients", -1, "x")),
            (with_depot(ROUTES, 0, x=NAN), ("depots", 0, "x")),
            (with_depot(ROUTES, 0, capacity=0), ("depots", 0, "capacity")),
            (with_depot(ROUTES, 0, vehicles=0), ("depots", 0, "vehicles")),
            (with_depot(ROUTES, 0, max_duration=-1.0), ("depots", 0, "max_duration")),
            (with_client(ROUTES, 1, y=1e12), ("clients", 1, "y")),
            (with_client(ROUTES, 1, service=NAN), ("clients", 1, "service")),
            (with_client(ROUTES, 1, demand=HALF), ("clients", 1, "demand")),
            (with_client(ROUTES, 1, demand=11), ("clients", 1, "demand")),
            (with_client(ROUTES, 1, early=-1.0), ("clients", 1, "early")),
            (with_client(ROUTES, 1, early=5.0, late=4.0), ("clients", 1, "late")),
            (with_client(ROUTES, 1, early=5.0, late=6.0), ("clients", -1, "late")),
            (with_depot(ROUTES, 0, vehicles=1), ("depots", -1, "vehicles")),
        ],
    )
    def test_what_nobody_can_solve_is_refused_at_its_place(
        self, problem: ClassicalProblem, place: tuple[str, int, str]
    ) -> None:
        assert refused(lambda: solve_routes(problem, 1.0)) == place


@pytest.mark.parametrize(("seconds", "seed"), [(NAN, 1), (-1.0, 1), (5.0, -1), (5.0, HALF), (1e9, 1)])
def test_no_search_takes_a_time_or_a_seed_that_it_cannot_keep(seconds: float, seed: int) -> None:
    field = "seed" if seconds == 5.0 else "seconds"
    assert refused(lambda: solve_routes(ROUTES, seconds, seed=seed)) == ("routes", -1, field)
    assert refused(lambda: solve_location(small(), seconds, seed=seed)) == ("location", -1, field)
    assert refused(lambda: solve_facilities(FACILITIES, seconds, seed=seed)) == ("facilities", -1, field)


@pytest.mark.parametrize(
    ("field", "number"),
    [
        ("deadline_s", NAN),
        ("deadline_s", -1),
        ("seed", 2**70),
        ("iterations", HALF),
        ("rounds", -5),
        ("workers", 0),
        ("seed", WORD),
    ],
)
def test_no_plan_is_made_with_numbers_that_make_none(field: str, number: Any) -> None:
    assert refused(lambda: solver.solve(small_region(), Params(**{field: number}))) == ("params", -1, field)
