"""What a farm sends: how much of each lot, and what it has promised."""

from dataclasses import replace
from typing import Any

import pytest

from solver.check import Rule, check
from solver.problem import Pins, Policy, Problem, ints
from solver.solution import Solution
from tests.solver.builder import (
    Decisions,
    plan,
    small_decisions,
    small_plan,
    small_region,
    with_cell,
)
from tests.solver.judged import broken


def selling(quantity: int, **problem_changes: Any) -> tuple[Problem, Solution]:
    """Farm 0 sends this much to the first batch instead of 80,000 g."""
    problem = small_region(**problem_changes)
    decisions = small_decisions()
    return problem, plan(problem, resized(decisions, quantity))


def resized(decisions: Decisions, quantity: int) -> Decisions:
    decisions.allocations[0] = (0, 0, quantity)
    for trip in decisions.trips:
        for _, carried in trip.stops:
            if 0 in carried:
                carried[0] = quantity  # type: ignore[index]  # the hand-made dictionaries are ours to change
    return decisions


def test_a_plan_made_by_hand_keeps_every_rule() -> None:
    problem, solution = small_plan()
    assert check(problem, solution) == ()


def test_a_violation_says_its_number_rule_place_and_reason() -> None:
    problem, solution = small_plan()
    problem = with_cell(problem, "lots", "daily_capacity", 0, 139_000)
    assert "E02 lots: lots[0]: sends 140000 of 139000" in [str(violation) for violation in check(problem, solution)]


def test_what_concerns_a_whole_table_has_no_row() -> None:
    problem, solution = small_plan()
    solution = replace(solution, report=replace(solution.report, bound_minor=10**9))
    assert [str(violation).split(":")[:2] for violation in check(problem, solution)] == [["E27 bounds", " report"]]


@pytest.mark.parametrize("column", ["offered", "maximum", "daily_capacity"])
def test_a_lot_sends_at_most_what_it_may(column: str) -> None:
    problem, solution = small_plan(standby=[])
    assert broken(with_cell(problem, "lots", column, 0, 140_000), solution) == set()
    assert broken(with_cell(problem, "lots", column, 0, 139_999), solution) == {Rule.LOTS}


def test_a_visit_is_worth_its_minimum() -> None:
    problem, solution = small_plan()
    assert broken(with_cell(problem, "lots", "minimum", 2, 12_000), solution) == set()
    assert broken(with_cell(problem, "lots", "minimum", 2, 12_001), solution) == {Rule.LOTS}


def test_packs_are_not_opened() -> None:
    assert broken(*selling(79_000)) == set()
    assert broken(*selling(79_500)) == {Rule.LOTS}


def test_a_promised_quantity_keeps_its_own_size() -> None:
    promise = Pins(lot=ints(0), at_least=ints(139_500), at_most=ints(139_500))
    assert broken(*selling(79_500, pins=promise)) == set()


def test_a_promise_is_neither_lowered_nor_over_booked() -> None:
    assert broken(*selling(80_000, pins=Pins(ints(0), ints(140_000), ints(150_000)))) == set()
    assert broken(*selling(80_000, pins=Pins(ints(0), ints(141_000), ints(150_000)))) == {Rule.PINS}
    assert Rule.PINS in broken(*selling(80_000, pins=Pins(ints(0), ints(0), ints(139_000))))


def test_a_policy_without_terms_changes_nothing() -> None:
    problem = small_region(policy=Policy())
    assert broken(problem, plan(problem, small_decisions())) == set()
