"""Promises that cannot be kept: which rules are named, and that dropping any one of them is enough for the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

import solver
from solver.check import check
from solver.conflict import kept, smallest, without
from solver.conflict.rules import rules
from solver.errors import InvalidProblemError, NoSolutionError
from solver.problem import AMBIENT, Pins, Problem, ints
from tests.solver.builder import HOUR, changed, flags, small_region, with_cell

Change = Callable[[Problem], Problem]


def promising(lots: dict[int, int]) -> Problem:
    """The small region with so much of these lots promised."""
    quantity = ints(*lots.values())
    return small_region(pins=Pins(ints(*lots), quantity, quantity))


def empty(*tables: str) -> Change:
    def change(problem: Problem) -> Problem:
        for table in tables:
            rows = getattr(problem, table)
            problem = changed(
                problem, table, **{column.name: getattr(rows, column.name)[:0] for column in fields(rows)}
            )
        return problem

    return change


def cell(table: str, column: str, row: int, value: int) -> Change:
    return lambda problem: with_cell(problem, table, column, row, value)


def columns(table: str, **values: Any) -> Change:
    return lambda problem: changed(problem, table, **values)


def both(*changes: Change) -> Change:
    def change(problem: Problem) -> Problem:
        for one in changes:
            problem = one(problem)
        return problem

    return change


def unchanged(problem: Problem) -> Problem:
    return problem


CONFLICTS = {
    "more is promised than is asked": ({0: 180_000}, unchanged, ["rule-promise lot 0", "rule-demand apples"]),
    "two promises together are more than is asked": (
        {0: 100_000, 2: 100_000},
        unchanged,
        ["rule-promise lot 0", "rule-promise lot 2", "rule-demand apples"],
    ),
    "nobody asks the grade": ({4: 10_000}, unchanged, ["rule-promise lot 4", "rule-grade lot 4"]),
    "it is too old": (
        {1: 10_000},
        cell("lots", "harvest_day", 1, -40),
        ["rule-promise lot 1", "rule-harvest lot 1", "rule-shelf milk"],
    ),
    "it is not ripe": (
        {1: 10_000}, cell("lots", "harvest_day", 1, 1), ["rule-promise lot 1", "rule-harvest lot 1"]
    ),
    "all hubs are shut": (
        {0: 20_000},
        columns("hubs", throughput_g=ints(0, 0)),
        ["rule-promise lot 0", "rule-throughput hub A", "rule-throughput hub B"],
    ),
    "there is no hub": ({0: 20_000}, empty("vehicles", "hubs"), ["rule-promise lot 0", "rule-no-hub hubs"]),
    "the farm's gate is shut": (
        {0: 20_000}, cell("farms", "closes_s", 0, 8 * HOUR), ["rule-promise lot 0", "rule-hours farm 0"]
    ),
    "the only point that asks is shut": (
        {1: 20_000}, cell("points", "closes_s", 1, 30 * HOUR), ["rule-promise lot 1", "rule-hours point 1"]
    ),
    "no truck may come to the only point that asks": (
        {1: 20_000},
        columns("points", by_truck=flags(True, False, True)),
        ["rule-promise lot 1", "rule-no-truck point 1"],
    ),
    "every truck has broken down": (
        {0: 20_000}, empty("vehicles"), ["rule-promise lot 0", "rule-vehicles hub A", "rule-vehicles hub B"]
    ),
    "collection ends before anybody is at a gate": (
        {0: 20_000},
        lambda problem: replace(problem, rhythm=replace(problem.rhythm, collect_until_s=8 * HOUR)),
        ["rule-promise lot 0", "rule-until collect"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONFLICTS)
def test_the_rules_that_cannot_hold_together_are_named_and_without_any_one_of_them_a_plan_is_found(case: str) -> None:
    promised, change, named = CONFLICTS[case]
    problem = change(promising(promised))
    found = smallest(problem)
    assert found is not None
    assert sorted(f"{rule.code} {rule.id}" for rule in found.rules) == sorted(named)
    assert found.smallest
    assert not kept(problem)
    for rule in found.rules:
        loosened = without(problem, [rule])
        assert check(loosened, solver.greedy(loosened)) == ()


def test_a_promise_above_what_the_lot_holds_is_a_conflict_of_the_two() -> None:
    problem = promising({0: 300_000})
    found = smallest(problem)
    assert found is not None
    assert [rule.code for rule in found.rules] == ["rule-promise", "rule-holds"]
    assert found.rules[0].sentence() == "lot lot 0: 300000 are promised."
    assert found.rules[1].sentence("zh-CN") == "lot lot 0: 每日最多 180000。"
    # More is promised than is asked, too: without what the lot holds, that conflict is left.
    loosened = smallest(without(problem, [found.rules[1]]))
    assert loosened is not None
    assert [rule.code for rule in loosened.rules] == ["rule-promise", "rule-demand"]


def test_a_larger_conflict_is_irreducible_and_not_called_the_smallest() -> None:
    warm = columns("vehicles", cold=ints(AMBIENT, AMBIENT, AMBIENT))(promising({1: 40_000}))
    found = smallest(warm)
    assert found is not None
    assert not found.smallest
    assert {rule.code for rule in found.rules} == {"rule-promise", "rule-vehicles", "rule-cold"}
    others = [rule for rule in rules(warm) if rule not in found.rules]
    assert not kept(without(warm, others))
    for rule in found.rules:
        assert kept(without(warm, [*others, rule]))


def test_of_two_conflicts_the_smaller_is_named() -> None:
    # More apples are promised than asked, by two farms; and farm 1 has promised milk and is shut.
    problem = cell("farms", "closes_s", 1, 8 * HOUR)(promising({0: 100_000, 1: 20_000, 2: 100_000}))
    found = smallest(problem)
    assert found is not None
    assert [(rule.code, rule.id) for rule in found.rules] == [("rule-promise", "lot 1"), ("rule-hours", "farm 1")]
    others = [rule for rule in rules(problem) if rule not in found.rules]
    assert not kept(without(problem, others))


def test_promises_that_can_be_kept_are_no_conflict() -> None:
    assert smallest(promising({0: 20_000})) is None
    assert smallest(small_region()) is None


def test_a_problem_that_contradicts_itself_elsewhere_is_refused() -> None:
    broken = with_cell(promising({0: 300_000}), "hubs", "throughput_g", 0, -1)
    with pytest.raises(InvalidProblemError, match="throughput_g"):
        smallest(broken)
    with pytest.raises(InvalidProblemError, match="farm"):
        smallest(with_cell(promising({0: 300_000}), "lots", "farm", 0, 99))


def test_whoever_stops_the_search_hears_that_it_was_stopped() -> None:
    with pytest.raises(NoSolutionError, match="stopped"):
        smallest(promising({0: 180_000}), lambda: True)


def test_a_promise_of_what_nobody_asks_at_all_is_a_conflict_with_the_demand() -> None:
    mute = changed(promising({1: 20_000}), "batches", product=ints(0, 0, 0, 2, 0, 3))
    found = smallest(mute)
    assert found is not None
    assert [(rule.code, rule.facts) for rule in found.rules] == [
        ("rule-promise", {"at_least": 20_000}),
        ("rule-demand", {"asked": 0}),
    ]
    assert kept(without(mute, [found.rules[1]]))


def test_a_promise_that_no_rule_of_the_list_explains_stands_alone() -> None:
    nobody = empty("batches", "points")(promising({1: 20_000}))
    found = smallest(nobody)
    assert found is not None
    assert [rule.code for rule in found.rules] == ["rule-promise"]
