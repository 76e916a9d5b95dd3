"""Searches side by side in rounds, and whole days of trucks put together."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from solver.problem import ints
from solver.routing import rounds
from solver.routing.errand import Errand, Trip
from solver.routing.first import first_trips
from solver.routing.improve import Effort
from solver.routing.rounds import Rounds, combined, route, searched
from solver.routing.timing import Timed, day, trips_cost
from solver.routing.verify import verify_trips
from solver.shards import Shards
from tests.solver.routing.errands import FROM_S, errand
from tests.solver.routing.searched import never, search, served
from tests.solver.routing.tight import tight_morning

ASKED = Rounds(rounds=2, searches=2, iterations=20, seed=1)


def routed(task: Errand, asked: Rounds = ASKED, *, halted: bool = False) -> list[Timed]:
    with Shards(1, math.inf, (lambda: halted)) as shards:
        return route(task, asked, shards)


def driven(task: Errand, *trips: Trip) -> list[Timed]:
    done = day(task, trips)
    assert done is not None
    return done


def test_rounds_end_no_dearer_than_their_first_search() -> None:
    morning = tight_morning(30, 2)
    found = routed(morning)
    assert verify_trips(morning, found).violations == ()
    assert trips_cost(morning, found) <= trips_cost(morning, search(morning, ASKED.iterations))


def test_the_same_rounds_find_the_same_trips() -> None:
    morning = tight_morning(25, 1)
    assert routed(morning) == routed(morning)


def test_rounds_that_are_halted_leave_the_first_trips() -> None:
    task = errand(10, -20, 30)
    assert routed(task, halted=True) == first_trips(task)


def test_a_closed_gate_is_left_out_and_the_others_keep_their_numbers() -> None:
    task = errand(10, 20, 30, closes_s=ints(FROM_S + 9_000, FROM_S - 1, FROM_S + 9_000))
    assert served(routed(task)) == [0, 2]


def test_an_errand_without_visits_has_no_trips() -> None:
    assert routed(errand()) == []


def test_a_search_tells_the_days_it_held_for_good() -> None:
    morning = tight_morning(30, 2)
    trips, days = searched(Effort(morning, 20, 1), never)
    assert any(len(visits) > 1 for _, visits in days)
    assert {visit for _, visits in days for one in visits for visit in one} >= set(served(trips))


def test_days_of_two_plans_make_a_cheaper_one() -> None:
    task = errand(10, 12, -10, -12, load=50)
    best = driven(task, Trip(0, (0, 2)), Trip(1, (1, 3)))
    pool = [(0, ((0, 1),)), (0, ((2, 3),)), (0, ((0, 1, 2, 3),))]
    found = combined(task, pool, best)
    assert {timed.trip.visits for timed in found} == {(0, 1), (2, 3)}


def test_nothing_cheaper_in_the_pool_leaves_the_best() -> None:
    task = errand(10, 12, -10, -12, load=50)
    best = driven(task, Trip(0, (0, 1)), Trip(1, (2, 3)))
    assert combined(task, [(0, ((0, 2),)), (0, ((1, 3),))], best) == best


def test_a_combination_without_time_leaves_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    task = errand(10, 12, -10, -12, load=50)
    best = driven(task, Trip(0, (0, 2)), Trip(1, (1, 3)))
    monkeypatch.setattr(rounds, "COMBINE_WORK", 0.0)
    assert combined(task, [(0, ((0, 1),)), (0, ((2, 3),))], best) == best


def test_a_visit_not_worth_its_way_is_left_out_of_a_combination() -> None:
    task = replace(errand(10, 80), prize_minor=ints(100_000, 10))
    best = driven(task, Trip(0, (0, 1)))
    assert served(combined(task, [(0, ((0,),))], best)) == [0]
