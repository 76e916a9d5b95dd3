"""What planners hold to in the solver: the vehicle that calls at a farm or a point, whatever else is better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solver.check import Rule, check, check_problem
from solver.codec import inputs_hash, problem_from_bytes, problem_to_bytes
from solver.errors import InvalidProblemError
from solver.params import Params
from solver.pooling import greedy, solve
from solver.problem import Holds, Ints, Problem, ints
from solver.solution import Phase, Solution
from tests.solver.regions import made_region

QUICK = Params(iterations=20, rounds=1, workers=1)


@pytest.fixture(scope="module")
def problem() -> Problem:
    """A region of one hub, with trucks that all hold anything."""
    made = made_region(25, farms=12, points=10, hubs=1)
    vehicles = made.vehicles
    same = np.full(len(vehicles.id), 7)
    return replace(made, vehicles=replace(vehicles, cold=same))


@pytest.fixture(scope="module")
def plan(problem: Problem) -> Solution:
    return greedy(problem)


def callers(problem: Problem, plan: Solution, phase: Phase) -> dict[int, set[int]]:
    """The vehicles that call at each farm or point."""
    lot, batch = plan.allocations.lot[plan.loads.allocation], plan.allocations.batch[plan.loads.allocation]
    ends: Ints = problem.lots.farm[lot] if phase is Phase.COLLECTION else problem.batches.point[batch]
    route = plan.stops.route[plan.loads.stop]
    found: dict[int, set[int]] = {}
    for end, which in zip(ends.tolist(), route.tolist(), strict=True):
        if plan.routes.phase[which] == phase:
            found.setdefault(end, set()).add(int(plan.routes.vehicle[which]))
    return found


def another(problem: Problem, vehicle: int) -> int:
    """The roomiest truck but this one."""
    others = [row for row in range(len(problem.vehicles.id)) if row != vehicle]
    return max(others, key=lambda row: int(problem.vehicles.weight_g[row]))


def swapped(problem: Problem, plan: Solution, phase: Phase) -> Problem:
    """Hold somebody who is called at to another vehicle than the plan's."""
    alone = {end: next(iter(found)) for end, found in callers(problem, plan, phase).items() if len(found) == 1}
    place, now = next(iter(alone.items()))
    return replace(problem, holds=Holds(ints(int(phase)), ints(place), ints(another(problem, now))))


@pytest.mark.parametrize("phase", [Phase.COLLECTION, Phase.DELIVERY])
def test_a_plan_in_which_the_held_vehicle_calls_keeps_the_rule(problem: Problem, plan: Solution, phase: Phase) -> None:
    served = {end: found for end, found in callers(problem, plan, phase).items() if len(found) == 1}
    rows = [(int(phase), end, next(iter(found))) for end, found in sorted(served.items())]
    held = replace(problem, holds=Holds(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))))

    assert check(held, plan) == ()


@pytest.mark.parametrize("phase", [Phase.COLLECTION, Phase.DELIVERY])
def test_a_plan_in_which_another_vehicle_calls_breaks_it(problem: Problem, plan: Solution, phase: Phase) -> None:
    assert [one.rule for one in check(swapped(problem, plan, phase), plan)] == [Rule.HOLDS]


@pytest.mark.parametrize("phase", [Phase.COLLECTION, Phase.DELIVERY])
@pytest.mark.parametrize("searched", [False, True])
def test_whoever_is_held_to_another_vehicle_is_called_at_by_it(
    problem: Problem, plan: Solution, phase: Phase, *, searched: bool
) -> None:
    held = swapped(problem, plan, phase)
    found = solve(held, QUICK) if searched else greedy(held)
    place, vehicle = int(held.holds.calls_at[0]), int(held.holds.vehicle[0])

    assert check(held, found) == ()
    assert callers(held, found, phase).get(place, {vehicle}) == {vehicle}


def test_a_farm_held_to_a_vehicle_comes_in_at_the_hub_of_that_vehicle() -> None:
    made = made_region(7, farms=12, points=10, hubs=2)
    found = greedy(made)
    farm, hub = next((row, int(hub)) for row, hub in enumerate(found.farm_hub.tolist()) if hub >= 0)
    vehicle = next(row for row in range(len(made.vehicles.id)) if made.vehicles.hub[row] != hub)
    held = replace(made, holds=Holds(ints(0), ints(farm), ints(vehicle)))

    assert greedy(held).farm_hub[farm] in {-1, 1 - hub}


def test_a_problem_without_holds_is_written_as_it_always_was(problem: Problem) -> None:
    held = swapped(problem, greedy(problem), Phase.COLLECTION)
    again = problem_from_bytes(problem_to_bytes(held))

    assert inputs_hash(again) == inputs_hash(held) != inputs_hash(problem)
    assert again.holds.vehicle.tolist() == held.holds.vehicle.tolist()
    assert not len(problem_from_bytes(problem_to_bytes(problem)).holds.phase)


@pytest.mark.parametrize(
    ("holds", "column"),
    [
        (Holds(ints(0), ints(0, 1), ints(0)), "calls_at"),
        (Holds(ints(1), ints(0), ints(0)), "phase"),
        (Holds(ints(0), ints(12), ints(0)), "calls_at"),
        (Holds(ints(2), ints(-1), ints(0)), "calls_at"),
        (Holds(ints(0), ints(0), ints(10_000)), "vehicle"),
        (Holds(ints(0, 0), ints(3, 3), ints(0, 1)), "calls_at"),
    ],
)
def test_a_hold_of_nobody_or_twice_is_refused(problem: Problem, holds: Holds, column: str) -> None:
    with pytest.raises(InvalidProblemError) as refused:
        check_problem(replace(problem, holds=holds))

    assert refused.value.table == "holds"
    assert refused.value.column == column
