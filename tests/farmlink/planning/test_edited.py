"""A plan changed by hand: driven again, priced again, and every broken rule named where it is broken."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from farmlink.planning.rules import MoveImpossibleError
from farmlink.planning.values import Move
from farmlink.planning.work.edited import Tried, changed_by, tried
from farmlink.store.store import Store
from solver.check import check
from solver.pooling import greedy
from solver.problem import Problem
from solver.solution import Phase, Solution
from tests.farmlink.planning.builders import Season
from tests.solver.regions import made_region


@pytest.fixture(scope="module")
def planned() -> tuple[Problem, Solution]:
    """A problem with several trips of several stops."""
    problem = made_region(7, farms=12, points=10, hubs=2)
    return problem, greedy(problem)


def stops_of(solution: Solution) -> list[int]:
    counts: list[int] = np.bincount(solution.stops.route, minlength=len(solution.routes.phase)).tolist()
    return counts


def test_a_plan_that_nobody_changed_is_driven_as_it_was(planned: tuple[Problem, Solution]) -> None:
    problem, solution = planned
    same, numbers = changed_by(problem, solution, [])

    assert numbers == list(range(1, len(solution.routes.phase) + 1))
    assert check(problem, same) == ()


def test_a_stop_there_and_back_leaves_the_plan_as_it_was(planned: tuple[Problem, Solution]) -> None:
    problem, solution = planned
    long = next(trip for trip, stops in enumerate(stops_of(solution), start=1) if stops > 1)
    back, _ = changed_by(problem, solution, [Move(long, 1, long, 2), Move(long, 2, long, 1)])

    assert np.array_equal(back.stops.place, solution.stops.place)
    assert np.array_equal(back.loads.stop, solution.loads.stop)


def test_a_trip_without_stops_is_gone_and_the_others_keep_their_numbers(planned: tuple[Problem, Solution]) -> None:
    problem, solution = planned
    trips = [trip for trip in range(1, len(solution.routes.phase) + 1) if solution.routes.phase[trip - 1] == 0]
    source, target = trips[:2]
    moves = [Move(source, 1, target, 1) for _ in range(stops_of(solution)[source - 1])]
    changed, numbers = changed_by(problem, solution, moves)

    assert source not in numbers
    assert len(changed.routes.phase) == len(numbers) == len(solution.routes.phase) - 1
    assert len(changed.stops.place) == len(solution.stops.place)


@pytest.mark.parametrize("move", [Move(0, 1, 1, 1), Move(1, 99, 1, 1), Move(1, 1, 1, 99), Move(1, 1, 99, 1)])
def test_what_is_not_there_is_not_moved(planned: tuple[Problem, Solution], move: Move) -> None:
    with pytest.raises(MoveImpossibleError):
        changed_by(*planned, [move])


def test_a_collection_does_not_become_a_delivery(planned: tuple[Problem, Solution]) -> None:
    phase = planned[1].routes.phase.tolist()
    fetch, bring = phase.index(Phase.COLLECTION) + 1, phase.index(Phase.DELIVERY) + 1

    with pytest.raises(MoveImpossibleError):
        changed_by(*planned, [Move(fetch, 1, bring, 1)])


def test_a_changed_plan_is_priced_again_and_says_what_it_breaks_at_which_trip(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 60_000), bags=(60, 50))
    plan_id = season.plan()
    seen: Tried = tried(store, plan_id, [Move(1, 1, 1, 2)], date(2026, 1, 1), "America/Detroit")

    assert [route.number for route in seen.routes] == [trip.number for trip in seen.drawn.trips]
    assert (seen.distance_m[0] != seen.distance_m[1]) == (seen.landed_minor[0] != seen.landed_minor[1])
    assert {one.rule for one in seen.broken} <= {"windows", "shift", "synchronisation", "overlap"}
