import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from solver import figures
from solver.eligibility import sendable
from solver.explain import explained
from solver.figures import lines
from solver.figures.fairness import Evenness, evenness, points
from solver.figures.purchase import cheapest_purchase_minor
from solver.problem import Pins, Policy, Problem, ints
from solver.solution import Allocations, Solution
from tests.solver.builder import changed, fitting, plan, small_decisions, small_plan, small_region


def test_the_figures_are_plain_values() -> None:
    problem, solution = small_plan()
    found = json.loads(json.dumps(figures.of(problem, solution)))
    assert found["batches"] == 6
    assert (found["farms_with_lots"], found["farms_used"]) == (3, 3)
    assert found["weight_g"] == 228_000
    assert found["shortfalls"] == {"no-supply": 5000}
    assert [found[phase]["routes"] for phase in ("collection", "line_haul", "delivery")] == [2, 1, 2]
    assert found["distance_m"] == sum(found[phase]["distance_m"] for phase in ("collection", "line_haul", "delivery"))
    assert found["landed_cost_per_kg_minor"]["total"] == pytest.approx(solution.report.cost.landed / 228)
    assert found["gap"] == 1.0
    assert found["gap_allocation"] == 0.0


def test_the_fill_rate_counts_value_at_posted_prices() -> None:
    problem, solution = small_plan()
    # 80.84 of 89.84 in value: five kilograms of beef are dear.
    assert figures.fill_rate(problem, figures.planned(problem, solution)) == pytest.approx(80_840 / 89_840)


def test_more_than_ordered_does_not_count() -> None:
    problem, _ = small_plan()
    assert figures.fill_rate(problem, problem.batches.quantity * 3) == 1.0


def test_nothing_ordered_is_no_division() -> None:
    problem = changed(small_region(), "batches", quantity=ints(0, 0, 0, 0, 0, 0))
    assert figures.fill_rate(problem, ints(0, 0, 0, 0, 0, 0)) == 0.0


def test_the_controllable_cost_leaves_out_the_cheapest_purchase() -> None:
    problem, solution = small_plan()
    # Farm 0's apples are the cheapest and would have been enough for all 152 kg.
    assert cheapest_purchase_minor(problem, solution) == 152 * 190 + 6800 + 15_000
    assert figures.of(problem, solution)["controllable_minor"] == solution.report.cost.landed - 50_680
    better = changed(problem, "lots", ask_minor_per_1000=ints(190, 170, 180, 25_000, 150))
    assert cheapest_purchase_minor(better, solution) == 150 * 180 + 2 * 190 + 6800 + 15_000


def test_an_earlier_purchase_moves_where_that_lets_a_cheap_lot_in() -> None:
    problem = changed(small_region(), "lots", ask_minor_per_1000=ints(100, 170, 300, 25_000, 150))
    problem = changed(problem, "lots", grade=ints(4, 2, 2, 2, 1), offered=ints(60_000, 90_000, 150_000, 3000, 50_000))
    solution = replace(small_plan()[1], allocations=Allocations(ints(0, 2), ints(1, 0), ints(60_000, 80_000)))
    # The good cheap lot serves the first batch until the second needs it.
    assert cheapest_purchase_minor(problem, solution) == 60 * 100 + 80 * 300


lot_kinds = st.lists(
    st.tuples(st.integers(1, 3), st.integers(-4, 0), st.integers(0, 60), st.integers(1, 99)), min_size=5, max_size=5
)
batch_kinds = st.lists(st.tuples(st.integers(1, 3), st.integers(24, 29), st.integers(0, 40)), min_size=6, max_size=6)


@settings(deadline=None)
@given(lot_kinds, batch_kinds)
def test_the_cheapest_purchase_is_that_of_a_linear_program(
    lots: list[tuple[int, int, int, int]], batches: list[tuple[int, int, int]]
) -> None:
    grade, harvest, offered, ask = (ints(*column) for column in zip(*lots, strict=True))
    asked, fresh, quantity = (ints(*column) for column in zip(*batches, strict=True))
    problem = changed(
        small_region(), "lots", product=ints(0, 0, 0, 0, 0), grade=grade, harvest_day=harvest, offered=offered
    )
    problem = changed(problem, "lots", ask_minor_per_1000=ask * 1000)
    problem = changed(
        problem, "batches", product=ints(0, 0, 0, 0, 0, 0), grade=asked, fresh_days=fresh, quantity=quantity
    )
    served = served_greedily(problem)
    solution = replace(small_plan()[1], allocations=served)
    assert cheapest_purchase_minor(problem, solution) == round(by_linear_program(problem, served))


def served_greedily(problem: Problem) -> Allocations:
    left, rows = sendable(problem), []
    for batch in range(6):
        need = int(problem.batches.quantity[batch])
        for lot in fitting(problem, batch).tolist():
            taken = min(need, int(left[lot]))
            left[lot] -= taken
            need -= taken
            if taken:
                rows.append((lot, batch, taken))
    return Allocations(*(np.array(column, np.int64) for column in zip(*rows, strict=True))) if rows else Allocations()


def by_linear_program(problem: Problem, served: Allocations) -> float:
    arcs = [(int(lot), batch) for batch in range(6) for lot in fitting(problem, batch)]
    need = np.bincount(served.batch, served.quantity, 6)
    if not arcs:
        return 0.0
    cost = [float(problem.lots.ask_minor_per_1000[lot]) / 1000 for lot, _ in arcs]
    supply = np.array([[float(lot == row) for lot, _ in arcs] for row in range(5)])
    demand = np.array([[float(batch == row) for _, batch in arcs] for row in range(6)])
    found = linprog(cost, A_ub=supply, b_ub=sendable(problem), A_eq=demand, b_eq=need)
    return float(found.fun or 0.0)


def test_even_sales_have_an_index_of_one() -> None:
    assert evenness(ints(5, 5, 0), ints(10, 10, 0)) == Evenness(2, 1.0, 0.0, 0.5)


def test_one_farm_that_sells_everything_has_an_index_of_one_over_n() -> None:
    assert evenness(ints(10, 0, 0, 0), ints(10, 10, 10, 10)) == Evenness(4, 0.25, 0.75, 0.0)


def test_where_nobody_sells_or_offers_there_is_no_index() -> None:
    assert evenness(ints(0, 0), ints(1, 1)) == Evenness(2, None, 1.0, 0.0)
    assert evenness(ints(0), ints(0)) == Evenness(0, None, 0.0, 1.0)


def test_consignees_are_compared_by_value() -> None:
    problem, solution = small_plan()
    found = points(problem, solution)
    assert (found.taking_part, found.with_nothing) == (3, 0.0)
    assert found.lowest_tenth == pytest.approx(48_000 / 57_000)


def test_the_floor_of_small_farms_is_a_figure() -> None:
    problem = changed(
        small_region(policy=Policy(small_floor_ppm=50_000, share_cap_farms=1)), "lots", grade=ints(3, 2, 4, 2, 3)
    )
    solution = plan(problem, small_decisions())
    assert figures.small_farm_shares(problem, solution) == {
        "apples": {"reserved": 0.05, "served": 0.0},
        "milk": {"reserved": 0.05, "served": 1.0},
    }


def test_a_refusing_farm_is_not_eligible() -> None:
    problem = small_region(
        policy=Policy(small_floor_ppm=50_000, share_cap_farms=1), pins=Pins(ints(1), ints(0), ints(0))
    )
    solution: Solution = small_plan()[1]
    assert figures.small_farm_shares(problem, solution) == {}


def test_lines_by_product_and_by_farm_add_up_to_the_landed_cost() -> None:
    problem, solution = small_plan()
    found = figures.of(problem, solution)
    for way in ("by_product", "by_farm"):
        assert sum(line["landed_minor"] for line in found[way].values()) == solution.report.cost.landed
        assert sum(line["weight_g"] for line in found[way].values()) == found["weight_g"]
        assert sum(line["purchase_minor"] for line in found[way].values()) == solution.report.cost.purchase
    assert set(found["by_product"]) == {"apples", "milk", "eggs"}
    assert set(found["by_farm"]) == {"farm 0", "farm 1", "farm 2"}
    # 40 kg of milk at 170 a kilogram.
    assert found["by_farm"]["farm 1"]["purchase_minor"] == 6800


def test_too_many_farms_are_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, solution = small_plan()
    monkeypatch.setattr(lines, "MOST_FARMS", 2)
    assert figures.of(problem, solution)["by_farm"] == {}


def test_explanations_are_counted_by_subject_and_code() -> None:
    problem, solution = small_plan()
    assert figures.of(problem, solution)["explanations"] == {}
    assert figures.of(problem, explained(problem, solution))["explanations"]["batch"] == {"no-supply": 1}
