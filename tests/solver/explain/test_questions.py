"""What a lot hears about its detour, what an estimate is worth, and how a threshold is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import solver
from solver import Params
from solver.check.trace import trace
from solver.explain import explain
from solver.explain.gates import gates
from solver.explain.questions import last
from solver.problem import Policy, Problem, ints
from solver.solution import Explanation, Solution
from tests.solver.builder import changed, plan, small_decisions, small_region, with_cell
from tests.solver.left_out import without_farm_2


def lot(name: str, problem: Problem, solution: Solution, effort: int = 10**9) -> dict[str, Explanation]:
    """All that a lot hears, by code."""
    return {
        found.code: found for found in explain(problem, solution, effort) if (found.subject, found.id) == ("lot", name)
    }


def test_a_farm_that_nobody_calls_at_hears_how_much_nearer_it_had_to_be() -> None:
    problem, solution = without_farm_2()
    cheap = with_cell(problem, "lots", "ask_minor_per_1000", 2, 160)
    found = lot("lot 2", cheap, solution)
    price, distance = found["price-verified"].facts, found["distance-verified"].facts
    assert 0 < distance["would_sell_at_detour_m"] < distance["detour_m"]
    calls = gates(trace(cheap, solution), np.ones(3, dtype=np.bool_))
    shorter_minor = calls.visit_minor(2, distance["detour_m"]) - calls.visit_minor(
        2, distance["would_sell_at_detour_m"]
    )
    # What the way would cost less is what the price would have to: spoilage grows with it by a half per cent.
    cheaper_minor = (160 - price["would_sell_at_minor_per_1000"]) * 1.005 * price["quantity"] / 1000
    assert price["quantity"] == distance["quantity"]
    assert shorter_minor == pytest.approx(cheaper_minor, abs=2 * price["quantity"] / 1000)


def test_no_detour_is_short_enough_for_goods_that_are_too_dear_at_the_hub() -> None:
    problem, solution = without_farm_2()
    for effort in (0, 10**9):
        assert not {"distance-verified", "distance-estimate"} & set(lot("lot 2", problem, solution, effort))


def test_without_effort_all_is_an_estimate_and_nearly_the_same() -> None:
    problem, solution = without_farm_2()
    cheap = with_cell(problem, "lots", "ask_minor_per_1000", 2, 160)
    read, tried = lot("lot 2", cheap, solution, 0), lot("lot 2", cheap, solution)
    assert set(read) == {code.replace("verified", "estimate") for code in tried}
    for code, fact in (("price", "would_sell_at_minor_per_1000"), ("distance", "would_sell_at_detour_m")):
        about = read[f"{code}-estimate"].facts[fact]
        assert about == pytest.approx(tried[f"{code}-verified"].facts[fact], rel=0.2)


def test_a_lot_that_sells_a_part_is_not_its_own_rival() -> None:
    # Farm 0 has no more than it sends, so farm 2 is needed for the far point's 12 kg, however dear it is.
    problem = with_cell(small_region(), "lots", "ask_minor_per_1000", 2, 900)
    problem = with_cell(problem, "lots", "daily_capacity", 0, 140_000)
    solution = plan(problem, small_decisions())
    read, tried = (lot("lot 2", problem, solution, effort) for effort in (0, 10**9))
    about = read["price-estimate"].facts["would_sell_at_minor_per_1000"]
    assert about == tried["price-verified"].facts["would_sell_at_minor_per_1000"]


def test_the_effort_goes_to_the_lots_with_most_left() -> None:
    problem, solution = without_farm_2()
    problem = with_cell(problem, "lots", "offered", 3, 1000)  # 60 kg of eggs
    first, second = lot("lot 2", problem, solution, 1), lot("lot 4", problem, solution, 1)
    assert "price-verified" in first
    assert {code.rpartition("-")[2] for code in second} == {"estimate"}


def test_a_lot_of_too_low_a_grade_hears_the_grade_that_would_do() -> None:
    problem, solution = without_farm_2()
    for effort, code in ((0, "grade-estimate"), (10**9, "grade-verified")):
        facts = lot("lot 4", problem, solution, effort)[code].facts
        assert (facts["grade"], facts["would_sell_at_grade"]) == (1, 2)


def test_where_no_price_is_low_enough_no_price_is_named() -> None:
    problem, solution = without_farm_2()
    for effort in (0, 10**9):
        assert set(lot("lot 3", problem, solution, effort)) == {"not-at-any-price"}


def test_a_lot_for_nothing_that_does_not_sell_has_no_lower_price() -> None:
    problem, solution = without_farm_2()
    free = with_cell(problem, "lots", "ask_minor_per_1000", 3, 0)
    assert set(lot("lot 3", free, solution)) == {"not-at-any-price"}


def test_what_is_left_of_a_lot_and_worth_no_visit_is_held_back_by_that() -> None:
    problem, solution = without_farm_2()
    demanding = with_cell(problem, "lots", "minimum", 2, 150_001)
    for effort in (0, 10**9):
        assert set(lot("lot 2", demanding, solution, effort)) == {"held-back"}


def test_a_farm_that_has_its_share_is_held_back_by_that() -> None:
    # Farms 0, 1 and 2 offer fitting apples; farm 0 sells all that is asked although a half would be its share.
    problem = changed(small_region(), "lots", grade=ints(3, 2, 4, 2, 3))
    problem = replace(problem, policy=replace(problem.policy, share_cap_ppm=500_000))
    solution = plan(problem, small_decisions())
    dear = with_cell(problem, "lots", "ask_minor_per_1000", 0, 500)
    for effort in (0, 10**9):
        assert set(lot("lot 0", dear, solution, effort)) == {"held-back"}


def test_the_others_shares_are_kept_when_goods_are_sold_again() -> None:
    # Without a cap farm 0's cheap apples would take all; with it farm 2's are cheap enough.
    problem = changed(
        small_region(), "lots", grade=ints(3, 2, 4, 2, 3), ask_minor_per_1000=ints(100, 170, 900, 25_000, 950)
    )
    capped = replace(problem, policy=Policy(share_cap_ppm=400_000))
    free, kept = (lot("lot 2", p, plan(p, small_decisions())) for p in (replace(problem, policy=Policy()), capped))
    assert free["price-verified"].facts["would_sell_at_minor_per_1000"] < 200
    assert set(kept) == {"held-back", "standby"}


def test_only_a_plan_that_had_its_time_is_verified() -> None:
    problem = small_region()
    long, first = solver.solve(problem, Params(iterations=5, rounds=1, workers=1)), solver.greedy(problem)
    assert [found.code for found in long.report.explanations if found.code.endswith("-verified")]
    assert not [found.code for found in first.report.explanations if found.code.endswith("-verified")]
    assert [found.code for found in first.report.explanations if found.code.endswith("-estimate")]


@pytest.mark.parametrize("threshold", [0, 1, 2, 41, 98, 99])
@pytest.mark.parametrize("guess", [-5, 0, 1, 40, 41, 42, 99, 500])
def test_a_threshold_is_found_from_any_guess(threshold: int, guess: int) -> None:
    assert last(lambda number: number <= threshold, 100, guess) == threshold


def test_a_good_guess_is_tried_just_below_and_just_above_and_no_more() -> None:
    tried: list[int] = []

    def holds(number: int) -> bool:
        tried.append(number)
        return number <= 5000

    assert last(holds, 10_000, 5000) == 5000
    assert tried == [5000, 5001]
