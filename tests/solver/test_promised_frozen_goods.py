from dataclasses import replace

from solver import greedy
from solver.check import check
from solver.cost import by_row
from solver.problem import AMBIENT, CHILLED, Parcels, Pins, ints
from tests.solver.builder import BEEF, changed, flags, small_region


def test_promised_goods_that_no_carrier_takes_come_by_truck_however_cheap_parcels_are() -> None:
    region = changed(small_region(), "lots", product=ints(0, 1, 0, 2, BEEF))
    region = changed(region, "points", by_parcel=flags(True, True, True), by_truck=flags(True, True, True))
    carrier = Parcels((2_000_000,), (30_000,), ((1,),), cold=AMBIENT | CHILLED)
    promised = replace(region, parcels=carrier, pins=Pins(ints(4), ints(5000), ints(50_000)))

    plan = greedy(promised)

    assert check(promised, plan) == ()
    assert by_row(plan.allocations.lot, plan.allocations.quantity, 5)[4] == 5000
    assert plan.parcel.tolist() == [False, True, True]
