"""The verifier of trips accepts what the search finds, and names every rule that changed trips break."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solver.problem import CHILLED, ints
from solver.routing.errand import FIRST_MARK, Errand, Trip
from solver.routing.timing import Timed, day, trips_cost
from solver.routing.verify import verify_trips
from tests.solver.routing.errands import FROM_S, errand, trucks
from tests.solver.routing.searched import search
from tests.solver.routing.tight import tight_morning


def driven(task: Errand, *trips: Trip) -> list[Timed]:
    done = day(task, trips)
    assert done is not None
    return done


@pytest.mark.parametrize("seed", range(3))
def test_what_the_search_finds_is_accepted_at_its_own_price(seed: int) -> None:
    morning = tight_morning(30, seed)
    found = search(morning, 30)
    verdict = verify_trips(morning, found)
    assert verdict.violations == ()
    assert verdict.cost_minor == pytest.approx(trips_cost(morning, found))


def test_a_visit_made_twice_is_named() -> None:
    task = errand(10, 20)
    trips = driven(task, Trip(0, (0, 1)), Trip(1, (1,)))
    assert verify_trips(task, trips).violations == ("visit 1: made 2 times",)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ready_s": ints(FROM_S + 9_000, 0)}, "trip 0: leaves at 28800, visit 0 is ready at 37800"),
        ({"from_s": FROM_S + 60}, "trip 0: truck 0 leaves at 28800, free from 28860"),
        ({"opens_s": ints(FROM_S + 3_600, FROM_S)}, "trip 0: visit 0: service starts at 29400, closed or not arrived"),
        ({"closes_s": ints(FROM_S, FROM_S + 9_000)}, "trip 0: visit 0: service starts at 29400, closed or not arrived"),
        ({"service_s": ints(600, 660)}, "trip 0: visit 1: service lasts 600 s, due 660 s"),
        ({"masks": ints(1 << CHILLED, 2)}, "trip 0: visit 0: truck 0 does not carry its cold class"),
        ({"masks": ints(FIRST_MARK | 2, 2)}, "trip 0: visit 0: another truck than 0 is held to it"),
        ({"drop": np.array([[0, 101, 0], [0, 0, 0]])}, "trip 0: truck 0: carries 101 of 100 ml"),
        ({"fetch": np.array([[60, 0, 0], [60, 0, 0]])}, "trip 0: truck 0: carries 120 of 100 g"),
        ({"trucks": trucks(shift_s=ints(60, 60))}, "truck 0: works 3600 s of 60"),
        ({"loading_s": 60}, "trip 0: visit 0: arrives at 29400, due 29460"),
    ],
)
def test_trips_of_an_easier_errand_break_the_rule_that_was_added(change: dict[str, object], message: str) -> None:
    task = errand(10, 20)
    trips = driven(task, Trip(0, (0, 1)))
    assert verify_trips(task, trips).violations == ()
    assert verify_trips(replace(task, **change), trips).violations == (message,)  # type: ignore[arg-type]  # any column


def test_a_return_sooner_than_the_drive_home_is_named() -> None:
    task = errand(10)
    (trip,) = driven(task, Trip(0, (0,)))
    early = replace(trip, return_s=trip.return_s - 1)
    assert verify_trips(task, [early]).violations == (f"trip 0: returns at {early.return_s}, due {trip.return_s}",)


def test_a_truck_that_leaves_before_it_is_back_is_named() -> None:
    task = errand(10, 20)
    first, second = driven(task, Trip(0, (0,)), Trip(1, (1,)))
    both = [first, replace(second, trip=Trip(0, (1,)))]
    assert verify_trips(task, both).violations == ("trip 1: truck 0 leaves at 28800, free from 30600",)
