"""Which truck fetches what, and what is better left out."""

from __future__ import annotations

from solver.problem import AMBIENT, CHILLED, ints
from solver.routing.first import first_trips
from tests.solver.routing.errands import FROM_S, MINUTE, errand, trucks
from tests.solver.routing.searched import search, served


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
