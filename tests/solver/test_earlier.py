"""The earlier plan inside a problem: carried over by its ids, stored, and refused where it refers to nobody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import solver
from solver.canonical import canonical
from solver.check import check
from solver.codec import problem_from_json, problem_to_json
from solver.earlier import earlier_of
from solver.errors import InvalidProblemError
from solver.instance import Instance
from solver.problem import Pins, ints
from solver.promised import promised_before, trips_before
from solver.solution import NONE, Phase
from tests.solver.builder import changed, small_plan
from tests.solver.regions import shuffled
from tests.solver.test_solve import QUICK


def test_the_earlier_plan_is_carried_over_by_its_ids() -> None:
    problem, plan = small_plan()
    moved = shuffled(problem, 3)
    moved = replace(moved, earlier=earlier_of(problem, plan, moved))
    straight = replace(problem, earlier=earlier_of(problem, plan, problem))
    ours, theirs = canonical(straight)[0], canonical(moved)[0]
    assert problem_to_json(ours) == problem_to_json(theirs)
    trips = {
        key: [(trip.vehicle, [call.owner for call in trip.calls]) for trip in known]
        for key, known in trips_before(Instance(straight)).items()
    }
    assert trips[Phase.COLLECTION, 0] == [(0, [0, 1])]
    assert trips[Phase.LINE_HAUL, 0] == [(0, [1])]
    assert trips[Phase.DELIVERY, 1] == [(2, [1])]


def test_what_is_gone_is_not_carried_over() -> None:
    problem, plan = small_plan()
    other = changed(problem, "vehicles", id=np.array(["truck A", "van A", "a new truck"]))
    other = changed(other, "lots", id=np.array(["a new lot", "lot 1", "lot 2", "lot 3", "lot 4"]))
    earlier = earlier_of(problem, plan, other)
    assert 2 not in earlier.vehicle.tolist()
    assert 0 not in earlier.lot.tolist()


def test_only_what_is_promised_is_left_of_the_earlier_plan() -> None:
    problem, plan = small_plan()
    pinned = replace(problem, pins=Pins(ints(0, 1), ints(90_000, 0), ints(90_000, 0)))
    draft = promised_before(Instance(replace(pinned, earlier=earlier_of(problem, plan, pinned))))
    assert draft.lot.tolist() == [0, 0]
    assert draft.quantity.tolist() == [80_000, 10_000]
    assert draft.farm_hub.tolist() == [0, NONE, NONE]


def test_an_earlier_plan_survives_storage() -> None:
    problem, plan = small_plan()
    again = replace(problem, earlier=earlier_of(problem, plan, problem))
    text = problem_to_json(again)
    assert problem_to_json(problem_from_json(text)) == text
    assert '"earlier"' not in problem_to_json(problem)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("lot", ints(99), r"earlier.lot: is not a column|earlier\[0\].lot"),
        ("farm", ints(9, 0, 0), r"earlier\[0\]\.farm"),
        ("quantity", np.array([1.5] * 5), r"earlier\.quantity: is not a column of 5 rows"),
        ("by_parcel", ints(0, 0, 1), r"earlier\.by_parcel"),
        ("phase", ints(3, 0, 0, 0, 0, 0), r"earlier\[0\]\.phase"),
        ("calls_at", ints(3, 0, 0, 0, 0, 0), r"earlier\[0\]\.calls_at"),
    ],
)
def test_an_earlier_plan_that_refers_to_nobody_is_refused(column: str, value: object, said: str) -> None:
    problem, plan = small_plan()
    earlier = replace(earlier_of(problem, plan, problem), **{column: value})  # type: ignore[arg-type]  # any column
    with pytest.raises(InvalidProblemError, match=said):
        solver.check_problem(replace(problem, earlier=earlier))


def test_a_problem_whose_earlier_plan_is_of_no_use_is_planned_all_the_same() -> None:
    problem, plan = small_plan()
    earlier = replace(earlier_of(problem, plan, problem), quantity=ints(1, 1, 1, 1, 1))
    pinned = replace(problem, pins=Pins(ints(0), ints(90_000), ints(90_000)), earlier=earlier)
    assert check(pinned, solver.solve(pinned, QUICK)) == ()
