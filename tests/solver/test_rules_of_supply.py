from dataclasses import replace
from typing import Any

import pytest

from solver.check import Rule, check
from solver.problem import Pins, Policy, Problem, ints
from solver.solution import Reason, Solution
from tests.solver.builder import (
    APPLES,
    Decisions,
    changed,
    plan,
    repriced,
    small_decisions,
    small_plan,
    small_region,
    with_cell,
)


def broken(problem: Problem, solution: Solution) -> set[Rule]:
    return {violation.rule for violation in check(problem, solution)}


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


def test_the_grade_asked_or_better() -> None:
    problem, solution = small_plan()
    assert broken(with_cell(problem, "batches", "grade", 0, 3), solution) == set()
    assert broken(with_cell(problem, "batches", "grade", 0, 4), solution) == {Rule.GRADE}


def test_the_product_asked() -> None:
    problem, solution = small_plan()
    assert Rule.GRADE in broken(with_cell(problem, "batches", "product", 3, APPLES), solution)


def test_the_days_declared_are_left_at_hand_out() -> None:
    problem, solution = small_plan()
    # Milk keeps ten days, was harvested on the collection day, is handed out a day later.
    assert broken(with_cell(problem, "batches", "fresh_days", 2, 9), solution) == set()
    assert broken(with_cell(problem, "batches", "fresh_days", 2, 10), solution) == {Rule.FRESHNESS}


def test_nothing_is_collected_before_it_is_harvested() -> None:
    problem, solution = small_plan()
    assert broken(with_cell(problem, "lots", "harvest_day", 1, 1), solution) == {Rule.FRESHNESS}


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


def test_a_policy_without_terms_changes_nothing() -> None:
    problem = small_region(policy=Policy())
    assert broken(problem, plan(problem, small_decisions())) == set()
