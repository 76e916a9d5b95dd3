"""What a batch gets, what it is short of and why, and what stands by for it."""

from dataclasses import replace
from typing import Any

import pytest

from solver.check import Rule
from solver.problem import Pins, ints
from solver.solution import Reason
from tests.solver.builder import (
    changed,
    plan,
    repriced,
    small_decisions,
    small_plan,
    small_region,
    with_cell,
)
from tests.solver.judged import broken


def test_standby_is_for_what_is_spare() -> None:
    assert broken(*small_plan(standby=[(0, 40_000)])) == set()
    assert broken(*small_plan(standby=[(0, 40_001)])) == {Rule.STANDBY}
    assert broken(*small_plan(standby=[(0, 1000), (0, 1000)])) == {Rule.STANDBY}


def test_a_refusing_farm_is_not_on_standby() -> None:
    problem = small_region(pins=Pins(ints(4), ints(0), ints(0)))
    assert broken(problem, plan(problem, replace(small_decisions(), standby=[(4, 1000)]))) == {Rule.STANDBY}


def test_every_unit_is_allocated_or_short() -> None:
    problem, solution = small_plan()
    assert broken(problem, with_cell(solution, "shortfalls", "quantity", 0, 4999)) == {Rule.BATCHES, Rule.COST}


def test_a_batch_is_short_once() -> None:
    problem, solution = small_plan()
    twice = changed(solution, "shortfalls", batch=ints(5, 5), quantity=ints(2000, 3000), reason=[""] * 2)
    twice = changed(twice, "shortfalls", reason=solution.shortfalls.reason.repeat(2))
    assert broken(problem, repriced(problem, twice)) == {Rule.BATCHES}


@pytest.mark.parametrize(
    ("changes", "true"),
    [
        ({}, Reason.NO_SUPPLY),
        ({"product": ints(0, 1, 3, 2, 0)}, Reason.TOO_DEAR),
        ({"product": ints(0, 1, 3, 2, 0), "grade": ints(3, 2, 0, 2, 1)}, Reason.GRADE),
        ({"product": ints(0, 1, 3, 2, 0), "harvest_day": ints(-1, 0, -150, -1, -1)}, Reason.FRESHNESS),
        ({"product": ints(0, 1, 3, 2, 0), "harvest_day": ints(-1, 0, 1, -1, -1)}, Reason.FRESHNESS),
    ],
)
def test_lacking_supply_is_said_if_and_only_if_it_is_so(changes: dict[str, Any], true: Reason) -> None:
    problem = changed(small_region(), "lots", **changes)
    for reason in (Reason.NO_SUPPLY, Reason.GRADE, Reason.FRESHNESS, Reason.TOO_DEAR):
        decisions = replace(small_decisions(), reasons={5: reason})
        assert (Rule.REASONS in broken(problem, plan(problem, decisions))) == (reason != true)


def test_a_reason_is_from_the_list() -> None:
    problem, solution = small_plan()
    assert broken(problem, with_cell(solution, "shortfalls", "reason", 0, "bad luck")) == {Rule.REASONS}
