"""A plan again: what farms confirmed is kept by the earlier trips where nothing else keeps it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import solver
from solver.canonical import canonical
from solver.check import check
from solver.codec import problem_from_json, problem_to_json
from solver.cost import lot_most
from solver.earlier import earlier_of
from solver.errors import InvalidProblemError, SolutionRejectedError
from solver.instance import Instance
from solver.problem import Earlier, Pins, Problem, ints
from solver.promised import promised_before, trips_before
from solver.solution import NONE, Phase, Solution
from tests.solver.builder import changed, small_plan
from tests.solver.regions import made_region, shuffled
from tests.solver.test_solve import QUICK, answers, sent


def tight(seed: int) -> tuple[Problem, Solution, Problem]:
    """A region with few trucks, its plan, and the region after the answers."""
    rng = np.random.default_rng(seed)
    farms, points, hubs = int(rng.integers(3, 9)), int(rng.integers(2, 6)), int(rng.integers(1, 4))
    problem = made_region(seed, farms=farms, points=points, hubs=hubs)
    plan = solver.solve(problem, QUICK)
    answered = answers(problem, plan, seed)
    return problem, plan, replace(answered, earlier=earlier_of(problem, plan, answered))


@pytest.mark.parametrize("seed", [3, 9, 47, 57, 64, 68])
def test_what_farms_answered_in_a_tight_region_is_planned_again(seed: int) -> None:
    _, _, answered = tight(seed)
    again = solver.solve(answered, QUICK)
    assert check(answered, again) == ()
    assert (sent(answered, again)[answered.pins.lot] >= answered.pins.at_least).all()


def test_without_the_earlier_trips_the_same_region_is_refused() -> None:
    _, _, answered = tight(57)
    with pytest.raises(SolutionRejectedError):
        solver.greedy(replace(answered, earlier=Earlier()), QUICK)
    assert check(answered, solver.greedy(answered, QUICK)) == ()


@pytest.mark.parametrize("seed", [63, 93, 117])
def test_a_plan_that_keeps_every_promise_does_not_fall_back_on_promises_alone(seed: int) -> None:
    problem = made_region(seed, farms=2, points=1, hubs=1)
    plan = solver.greedy(problem)
    again = solver.greedy(replace(problem, earlier=earlier_of(problem, plan, problem)))
    assert plan.allocations.quantity.sum()
    assert (sent(problem, again) == sent(problem, plan)).all()
    assert (again.report.cost, again.report.degraded) == (plan.report.cost, True)


def all_promised(seed: int) -> tuple[Problem, Problem]:
    """A region, and the same region when every farm has accepted all that it is asked for."""
    problem = made_region(seed)
    plan = solver.greedy(problem)
    promised = sent(problem, plan)
    rows = np.flatnonzero(promised)
    pinned = replace(problem, pins=Pins(rows, promised[rows], lot_most(problem)[rows]))
    return problem, replace(pinned, earlier=earlier_of(problem, plan, pinned))


@pytest.mark.parametrize("seed", range(450, 480))
def test_a_plan_whose_every_quantity_is_promised_is_never_refused(seed: int) -> None:
    _, pinned = all_promised(seed)
    assert (sent(pinned, solver.greedy(pinned))[pinned.pins.lot] >= pinned.pins.at_least).all()


@pytest.mark.parametrize("seed", [472, 699, 763, 824])
def test_a_load_that_needs_several_trucks_is_given_to_the_same_ones_again(seed: int) -> None:
    _, pinned = all_promised(seed)
    cuts = np.bincount(pinned.earlier.calls_at[pinned.earlier.phase == Phase.COLLECTION])
    assert cuts.max() > 1 or (np.bincount(pinned.earlier.calls_at[pinned.earlier.phase == Phase.DELIVERY]) > 1).any()
    assert (sent(pinned, solver.greedy(pinned))[pinned.pins.lot] >= pinned.pins.at_least).all()


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
