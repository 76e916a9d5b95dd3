"""What a batch asks of its goods: the product, the grade, and the days that they still keep."""

from solver.check import Rule
from tests.solver.builder import (
    APPLES,
    small_plan,
    with_cell,
)
from tests.solver.judged import broken


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
