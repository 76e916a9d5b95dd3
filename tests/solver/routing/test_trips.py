"""Trips of one errand: the first ones, and the search's against every possible day."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.problem import ints
from solver.routing.errand import Errand, Trip
from solver.routing.first import first_trips
from solver.routing.improve import Effort, best_trips
from solver.routing.timing import day, trips_cost
from tests.solver.routing.errands import FROM_S, MINUTE, errand
from tests.solver.routing.searched import never, search, served


def every_day(task: Errand) -> float:
    """The cheapest of all days on which each truck makes at most one trip."""
    visits, best = range(len(task)), trips_cost(task, [])
    for crews in itertools.product(range(-1, len(task.trucks)), repeat=len(task)):
        teams = [[v for v in visits if crews[v] == truck] for truck in range(len(task.trucks))]
        ways = [itertools.permutations(team) for team in teams]
        for order in itertools.product(*ways):
            trips = day(task, [Trip(truck, way) for truck, way in enumerate(order) if way])
            if trips is not None:
                best = min(best, trips_cost(task, trips))
    return best


@given(
    st.lists(st.integers(-90, 90), min_size=1, max_size=4),
    st.sampled_from([30, 50, 100]),
    st.lists(st.integers(0, 400), min_size=4, max_size=4),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_search_finds_the_cheapest_of_all_days(km: list[int], load: int, opens: list[int]) -> None:
    task = errand(*km, load=load, opens_s=FROM_S + MINUTE * ints(*opens[: len(km)]))
    assert trips_cost(task, search(task)) <= every_day(task) + 1


def test_first_trips_serve_everything_that_fits() -> None:
    assert served(first_trips(errand(30, 50, -20))) == [0, 1, 2]


def test_a_search_that_is_halted_leaves_the_first_trips() -> None:
    task = errand(*range(10, 30), load=20)
    halted = best_trips(Effort(task, 10**9, seed=1), lambda: True)
    assert halted == first_trips(task)


def test_a_search_stops_when_it_is_told_to() -> None:
    task = errand(*range(10, 30), load=20)
    asked: list[int] = []

    def halted() -> bool:
        asked.append(1)
        return len(asked) > 2

    best_trips(Effort(task, 10**9, seed=1), halted)
    assert len(asked) == 3


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_finds_the_same_trips(seed: int) -> None:
    task = errand(*np.random.default_rng(seed).integers(-90, 90, 12).tolist(), load=20)
    assert best_trips(Effort(task, 100, seed), never) == best_trips(Effort(task, 100, seed), never)
