"""When trips leave and return, and which no truck can make."""

from __future__ import annotations

import numpy as np

from solver.problem import AMBIENT, CHILLED, ints
from solver.routing.errand import Trip
from solver.routing.timing import day, fits, timed, trips_cost
from tests.solver.routing.errands import FROM_S, MINUTE, errand, trucks


def test_a_truck_leaves_when_the_phase_begins_and_serves_when_it_arrives() -> None:
    times = timed(errand(30, 50), Trip(0, (0, 1)), 0)
    assert times is not None
    assert times.depart_s == FROM_S
    assert times.start_s == (FROM_S + 30 * MINUTE, FROM_S + 60 * MINUTE)
    assert times.return_s == FROM_S + 120 * MINUTE


def test_a_driver_waits_at_home_and_not_at_the_gate() -> None:
    late = errand(30, 50, opens_s=ints(FROM_S, FROM_S + 180 * MINUTE))
    times = timed(late, Trip(0, (0, 1)), 0)
    assert times is not None
    assert times.depart_s == FROM_S + 120 * MINUTE
    assert times.duration_s == 120 * MINUTE


def test_a_gate_that_closes_early_makes_the_driver_wait_at_the_next_one() -> None:
    split = errand(30, 50, opens_s=ints(FROM_S, FROM_S + 180 * MINUTE), closes_s=ints(FROM_S + 40 * MINUTE, 16 * 3600))
    times = timed(split, Trip(0, (0, 1)), 0)
    assert times is not None
    assert times.start_s == (FROM_S + 40 * MINUTE, FROM_S + 180 * MINUTE)
    assert times.arrive_s[1] == FROM_S + 70 * MINUTE


def test_a_gate_that_is_closed_on_arrival_makes_no_trip() -> None:
    assert timed(errand(30, closes_s=ints(FROM_S + 29 * MINUTE)), Trip(0, (0,)), 0) is None


def test_a_trip_waits_for_its_goods_and_for_loading() -> None:
    ready = errand(30, ready_s=ints(FROM_S + 60 * MINUTE), loading_s=45 * MINUTE)
    times = timed(ready, Trip(0, (0,)), 0)
    assert times is not None
    assert times.depart_s == FROM_S + 60 * MINUTE
    assert times.arrive_s == (FROM_S + 135 * MINUTE,)


def test_a_truck_goes_again_when_it_is_back() -> None:
    times = day(errand(30, 50), [Trip(0, (0,)), Trip(0, (1,))])
    assert times is not None
    assert times[1].depart_s == times[0].return_s


def test_no_truck_works_longer_than_its_shift() -> None:
    short = errand(30, 50, trucks=trucks(shift_s=ints(179 * MINUTE, 180 * MINUTE)))
    assert day(short, [Trip(0, (0,)), Trip(0, (1,))]) is None
    assert day(short, [Trip(1, (0,)), Trip(1, (1,))]) is not None


def test_a_day_with_an_overfull_truck_is_no_day() -> None:
    assert day(errand(30, 50, load=60), [Trip(0, (0, 1))]) is None


def test_room_counts_at_every_moment_of_a_trip_that_brings_and_fetches() -> None:
    both = errand(30, 50, load=0)
    drop, fetch = both.drop.copy(), both.fetch.copy()
    drop[1, 0], fetch[0, 0] = 60, 60
    both = errand(30, 50, drop=drop, fetch=fetch)
    assert not fits(both, Trip(0, (0, 1)))
    assert fits(both, Trip(0, (1, 0)))


def test_no_more_is_on_board_at_the_start_than_the_truck_holds() -> None:
    bring = errand(30, 50, load=0, drop=np.tile(ints(60, 0, 0), (2, 1)))
    assert not fits(bring, Trip(0, (0, 1)))


def test_a_truck_carries_only_its_cold_classes() -> None:
    cool = errand(30, masks=ints(1 << CHILLED), trucks=trucks(cold=ints(AMBIENT, AMBIENT | CHILLED)))
    assert not fits(cool, Trip(0, (0,)))
    assert fits(cool, Trip(1, (0,)))


def test_a_day_costs_trucks_kilometres_hours_and_what_is_left_out() -> None:
    paid = errand(30, 50, trucks=trucks(minor_per_hour=ints(60, 60)))
    times = day(paid, [Trip(0, (0,))])
    assert times is not None
    assert trips_cost(paid, times) == 1000 + 60 * 10 + 70 + 100_000
