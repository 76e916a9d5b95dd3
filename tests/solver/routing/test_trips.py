"""Trips of one errand: the first ones, and the search's against every possible day."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.problem import AMBIENT, CHILLED, ints
from solver.routing.errand import Errand, Trip
from solver.routing.first import first_trips
from solver.routing.improve import Effort, best_trips
from solver.routing.timing import Timed, day, trips_cost
from tests.solver.routing.errands import FROM_S, MINUTE, errand, trucks


def never() -> bool:
    return False


def search(task: Errand, iterations: int = 200) -> list[Timed]:
    return best_trips(Effort(task, iterations, seed=1), never)


def served(trips: list[Timed]) -> list[int]:
    return sorted(visit for trip in trips for visit in trip.trip.visits)


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


def test_a_truck_that_carries_the_cold_class_fetches_it() -> None:
    cool = errand(30, masks=ints(1 << CHILLED), trucks=trucks(cold=ints(AMBIENT, CHILLED)))
    assert [trip.trip.truck for trip in first_trips(cool)] == [1]
    assert [trip.trip.truck for trip in search(cool)] == [1]


def test_what_only_some_trucks_can_carry_goes_on_those() -> None:
    mixed = errand(
        30, 40, 50, masks=ints(1 << CHILLED, 1 << AMBIENT, 1 << CHILLED), trucks=trucks(cold=ints(AMBIENT, CHILLED))
    )
    trips = {trip.trip.truck: sorted(trip.trip.visits) for trip in search(mixed)}
    assert trips == {0: [1], 1: [0, 2]}


def test_few_trucks_go_again_when_all_their_room_is_needed() -> None:
    task = errand(10, 12, 14, 16, 18, 20, load=50, trucks=trucks(1))
    assert served(search(task)) == [0, 1, 2, 3, 4, 5]
    assert len(search(task)) == 3


def test_a_visit_that_costs_more_than_it_is_worth_is_left_out() -> None:
    task = errand(30, 90, prize_minor=ints(100_000, 100), load=80)
    assert served(search(task)) == [0]


def test_a_closed_gate_is_left_out_and_the_others_are_served() -> None:
    task = errand(30, 50, opens_s=ints(FROM_S + MINUTE, FROM_S), closes_s=ints(FROM_S, 16 * 3600))
    assert served(search(task)) == [1]


def test_without_trucks_nothing_is_driven() -> None:
    assert search(errand(30, trucks=trucks(0))) == []


def test_tolls_and_kilometre_prices_choose_the_truck() -> None:
    dear = errand(30, trucks=trucks(minor_per_km=ints(20, 10)))
    assert [trip.trip.truck for trip in search(dear)] == [1]


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
