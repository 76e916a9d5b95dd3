"""The search of trips as the tests ask for it, and what it serves."""

from __future__ import annotations

from solver.routing.errand import Errand, Trip
from solver.routing.improve import Effort, best_trips
from solver.routing.timing import Timed


def never() -> bool:
    return False


def search(task: Errand, iterations: int = 200, known: tuple[Trip, ...] = ()) -> list[Timed]:
    return best_trips(Effort(task, iterations, seed=1, known=known), never)


def served(trips: list[Timed]) -> list[int]:
    return sorted(visit for trip in trips for visit in trip.trip.visits)
