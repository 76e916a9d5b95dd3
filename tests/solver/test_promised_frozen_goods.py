from dataclasses import replace

import pytest

from solver import greedy
from solver.check import check
from solver.cost import by_row
from solver.problem import AMBIENT, CHILLED, Parcels, Pins, Problem, ints
from tests.solver.builder import BEEF, changed, flags, small_region


def posting(beef_minor: int) -> Problem:
    """Parcels cost next to nothing, trucks come everywhere, and no carrier takes beef, which is worth so much."""
    region: Problem = changed(small_region(), "lots", product=ints(0, 1, 0, 2, BEEF))
    region = changed(region, "points", by_parcel=flags(True, True, True), by_truck=flags(True, True, True))
    region = changed(region, "products", shortfall_minor_per_1000=ints(9000, 9000, 9000, beef_minor))
    return replace(region, parcels=Parcels((2_000_000,), (30_000,), ((1,),), cold=AMBIENT | CHILLED))


@pytest.mark.parametrize(("beef_minor", "served"), [(200_000, True), (1500, False)])
def test_a_truck_comes_for_goods_that_no_carrier_takes_where_they_are_worth_it(
    beef_minor: int, *, served: bool
) -> None:
    problem = posting(beef_minor)

    plan = greedy(problem)

    asked = int(problem.batches.quantity[problem.batches.product == BEEF].sum())
    assert asked > 0
    assert (by_row(plan.allocations.lot, plan.allocations.quantity, 5)[4] > 0) == served


def test_promised_goods_that_no_carrier_takes_come_by_truck_however_cheap_parcels_are() -> None:
    region = changed(small_region(), "lots", product=ints(0, 1, 0, 2, BEEF))
    region = changed(region, "points", by_parcel=flags(True, True, True), by_truck=flags(True, True, True))
    carrier = Parcels((2_000_000,), (30_000,), ((1,),), cold=AMBIENT | CHILLED)
    promised = replace(region, parcels=carrier, pins=Pins(ints(4), ints(5000), ints(50_000)))

    plan = greedy(promised)

    assert check(promised, plan) == ()
    assert by_row(plan.allocations.lot, plan.allocations.quantity, 5)[4] == 5000
    assert plan.parcel.tolist() == [False, True, True]
