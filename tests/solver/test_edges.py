"""Where a rule just bites: what planted defects slipped past before."""

from dataclasses import replace

import pytest

from solver.check import Rule
from solver.cost import consignment_minor, half_up
from solver.problem import ints
from tests.solver.builder import changed, small_plan, small_region, with_cell
from tests.solver.judged import broken


def test_whoever_starts_before_arriving_does_not_make_up_for_it_by_leaving_earlier() -> None:
    problem, solution = small_plan()
    stops = solution.stops
    early = with_cell(solution, "stops", "start_s", 0, int(stops.arrive_s[0]) - 1)
    early = with_cell(
        early, "stops", "leave_s", 0, int(stops.leave_s[0]) - (int(stops.start_s[0] - stops.arrive_s[0]) + 1)
    )
    assert Rule.SERVICE in broken(problem, early)


def test_eggs_weigh_more_than_their_number() -> None:
    problem, solution = small_plan()
    # 600 eggs of 400 g and 12 kg of apples come home: 252 kg.
    heavy = changed(problem, "products", unit_weight_g=ints(1, 1, 400, 1))
    assert Rule.CAPACITY not in broken(with_cell(heavy, "vehicles", "weight_g", 0, 252_000), solution)
    assert Rule.CAPACITY in broken(with_cell(heavy, "vehicles", "weight_g", 0, 251_999), solution)


def test_handling_a_few_grams_takes_a_second() -> None:
    problem, solution = small_plan()
    # 140 kg at 1,201 s a tonne are 168.14 s.
    slower = with_cell(problem, "farms", "service_s_per_tonne", 0, 1201)
    leave_s = int(solution.stops.leave_s[0])
    assert Rule.SERVICE in broken(slower, solution)
    assert Rule.SERVICE not in broken(slower, with_cell(solution, "stops", "leave_s", 0, leave_s + 1))


@pytest.mark.parametrize("table", ["allocations", "shortfalls", "loads"])
def test_nothing_is_no_quantity(table: str) -> None:
    problem, solution = small_plan()
    assert broken(problem, with_cell(solution, table, "quantity", 0, 0)) == {Rule.COLUMNS}


@pytest.mark.parametrize(("numerator", "whole"), [(1, 1), (-1, 0), (3, 2), (-3, -1), (2, 1)])
def test_an_exact_half_goes_up(numerator: int, whole: int) -> None:
    assert half_up(numerator, 2) == whole


@pytest.mark.parametrize(("weight_g", "minor"), [(1000, 800), (1001, 1080), (5000, 1080), (5001, 1380)])
def test_a_parcel_pays_the_step_that_it_does_not_exceed(weight_g: int, minor: int) -> None:
    assert consignment_minor(small_region().parcels, 240_000, weight_g, 0) == minor


def test_the_last_metre_of_a_zone_belongs_to_it() -> None:
    parcels = replace(small_region().parcels, cold_pack_minor=0)
    assert [consignment_minor(parcels, metres, 500, 500) for metres in (240_000, 240_001)] == [800, 840]
