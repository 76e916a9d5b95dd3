"""Large errands: pieces of neighbours that together are the whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solver.check import check
from solver.params import Params
from solver.pooling import solve
from solver.routing import pieces as cutting
from solver.routing.errand import FIRST_MARK
from solver.routing.first import first_trips
from solver.routing.pieces import pieces
from solver.routing.timing import fits
from tests.solver.regions import made_region
from tests.solver.routing.errands import errand, trucks


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "MOST_VISITS", 3)


def test_a_small_errand_is_one_piece() -> None:
    assert [piece.visits.tolist() for piece in pieces(errand(10, 20, 30))] == [[0, 1, 2]]


def test_neighbours_stay_together_and_every_visit_and_truck_is_in_one_piece() -> None:
    task = errand(90, -50, 91, -51, 92, -52, trucks=trucks(4))
    cut = pieces(task)
    assert [piece.visits.tolist() for piece in cut] == [[0, 2, 4], [1, 3, 5]]
    assert sorted(np.concatenate([piece.trucks for piece in cut]).tolist()) == [0, 1, 2, 3]


def test_there_are_no_more_pieces_than_trucks() -> None:
    assert len(pieces(errand(*range(10, 20), trucks=trucks(1)))) == 1
    assert len(pieces(errand(*range(10, 20), trucks=trucks(0)))) == 1


def test_a_truck_that_somebody_else_is_held_to_keeps_no_errand_whole_and_a_visit_that_is_held_does() -> None:
    fleet = replace(trucks(4), mark=np.array([FIRST_MARK, 0, 0, 0]))
    task = errand(90, -50, 91, -51, 92, -52, trucks=fleet)
    held = replace(task, masks=task.masks | np.array([FIRST_MARK, 0, 0, 0, 0, 0]))
    assert [len(pieces(one)) for one in (task, held)] == [2, 1]


def test_trips_of_a_piece_are_trips_of_the_whole() -> None:
    task = errand(90, -50, 91, -51, 92, -52, load=30, trucks=trucks(4))
    trips = [trip for piece in pieces(task) for trip in piece.whole(first_trips(piece.errand))]
    assert sorted(visit for trip in trips for visit in trip.trip.visits) == [0, 1, 2, 3, 4, 5]
    assert all(fits(task, trip.trip) for trip in trips)


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_whose_errands_are_cut_keeps_every_rule(seed: int) -> None:
    problem = made_region(seed, farms=14, points=9, hubs=2, trucks=5)
    assert check(problem, solve(problem, Params(iterations=20, rounds=0, workers=1))) == ()
