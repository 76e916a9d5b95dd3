"""The market of a plan against a linear programme, its duals against one unit more, and what lots are told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import greedy
from solver.check.trace import trace
from solver.explain import explain
from solver.explain.gates import gates
from solver.explain.ground import grounds
from solver.explain.market import Market
from solver.problem import Problem
from solver.reserves import share_limits
from solver.solution import NONE, Explanation, Solution
from tests.solver.builder import with_cell
from tests.solver.explain.sold_again import Floor
from tests.solver.regions import made_region


@settings(deadline=None, max_examples=15, derandomize=True)
@given(st.integers(0, 10**6))
def test_a_market_costs_what_the_linear_programme_costs_and_a_gift_saves_what_the_duals_say(seed: int) -> None:
    problem = made_region(seed)
    plan = trace(problem, greedy(problem))
    calls = gates(plan, np.ones(len(problem.farms.id), dtype=np.bool_))
    caps, ripe = share_limits(problem), problem.lots.harvest_day <= 0
    for product, (ground, rows) in grounds(plan, calls, np.unique(problem.lots.product)).items():
        market, floor = Market(ground), Floor(plan, product, caps)
        units = float(problem.batches.quantity[problem.batches.product == product].sum())
        # Each of four arcs a unit is rounded to a 64th of a minor unit a thousand.
        rounding = units / 1000 * 4 / 64 + 1e-6
        assert market.minor == pytest.approx(floor.minor(), abs=rounding)
        for lot in np.flatnonzero(~ground.called_at & (ground.lot_hub != NONE) & ripe[rows]).tolist():
            grade, hub = int(ground.problem.lots.grade[lot]), int(ground.lot_hub[lot])
            worth = market.worth(lot, grade) if market.wanted(lot, grade) else 0.0
            saved = (floor.minor() - floor.minor((int(rows[lot]), hub, 1.0))) * 1000
            assert max(worth or 0.0, 0.0) == pytest.approx(saved, abs=1)


def told(problem: Problem, solution: Solution, effort: int = 10**9) -> dict[tuple[str, str], Explanation]:
    """What each unsold lot hears, by lot and by what it is about."""
    return {
        (found.id, found.code.partition("-")[0]): found
        for found in explain(problem, solution, effort)
        if found.subject == "lot" and found.code != "standby"
    }


@settings(deadline=None, max_examples=15, derandomize=True)
@given(st.integers(0, 10**6))
def test_at_the_price_it_is_told_a_lot_is_cheap_enough_and_one_unit_above_it_hears_the_same(seed: int) -> None:
    problem = made_region(seed)
    solution = greedy(problem)
    names = problem.lots.id.tolist()
    for (name, what), found in told(problem, solution).items():
        if what == "price":
            price, row = found.facts["would_sell_at_minor_per_1000"], names.index(name)
            assert found.code == "price-verified"
            assert found.facts["quantity"] > 0
            cheaper, dearer = (with_cell(problem, "lots", "ask_minor_per_1000", row, ask) for ask in (price, price + 1))
            assert (name, "held") in told(cheaper, solution)
            assert told(dearer, solution)[name, "price"].facts["would_sell_at_minor_per_1000"] == price


@settings(deadline=None, max_examples=15, derandomize=True)
@given(st.integers(0, 10**6))
def test_in_the_grade_it_is_told_a_lot_is_good_enough_and_in_the_one_below_it_is_not(seed: int) -> None:
    problem = made_region(seed)
    solution = greedy(problem)
    names = problem.lots.id.tolist()
    for (name, what), found in told(problem, solution).items():
        if what == "grade":
            row, grade = names.index(name), found.facts["would_sell_at_grade"]
            assert found.code == "grade-verified"
            assert grade > problem.lots.grade[row]
            better, below = (with_cell(problem, "lots", "grade", row, as_good) for as_good in (grade, grade - 1))
            assert (name, "held") in told(better, solution)
            assert (name, "held") not in told(below, solution)
