from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.cost import (
    Lines,
    consignment_minor,
    counted_ask,
    fairness_segments,
    half_up,
    price,
    price_fairness,
    price_lines,
    price_routes,
    shares,
)
from solver.problem import Box, Parcels, Passage, Policy, Roads, Side, ints
from solver.solution import Phase
from tests.solver.builder import changed, names, plan, small_decisions, small_plan, small_region, with_cell


def test_the_goods_of_the_small_plan_cost_what_they_cost_by_hand() -> None:
    cost = small_plan()[1].report.cost
    # 140 kg at 190, 40 kg at 170, 12 kg at 210, 600 eggs at 25 each.
    assert cost.purchase == 26_600 + 6800 + 2520 + 15_000
    # 228 kg at 5.
    assert cost.packaging == 1140
    # Half a percent of the apples, one of the milk, a fifth of the eggs: 145.6 + 68 + 30 for one day.
    assert cost.spoilage == 244
    # 24,000 + 18,600 + 10,400 + 3,840 + 24,000 posted; 8 % and 2 % of it.
    assert (cost.commission, cost.payment_fees) == (6467, 1617)
    # 5 kg of beef at 2,000.
    assert cost.shortfall == 10_000


def test_hubs_cost_their_fixed_price_and_what_they_handle() -> None:
    # A: 180 kg from farms and 48 kg from B at 14; B: 48 kg from its farm and 100 kg from A at 15.
    assert small_plan()[1].report.cost.hub == 35_000 + 30_000 + 228 * 14 + 148 * 15


def test_a_hub_that_is_not_used_costs_nothing() -> None:
    problem, solution = small_plan()
    hubs = replace(problem.hubs, fixed_minor=ints(35_000, 30_000), handling_minor_per_kg=ints(0, 0))
    nothing = replace(solution, allocations=replace(solution.allocations, lot=ints(), batch=ints(), quantity=ints()))
    nothing = changed(nothing, "routes", **{name: ints() for name in ("phase", "vehicle", "depart_s", "return_s")})
    nothing = changed(nothing, "routes", distance_m=ints())
    nothing = changed(nothing, "stops", **{f.name: ints() for f in fields(solution.stops)})
    nothing = changed(nothing, "loads", **{f.name: ints() for f in fields(solution.loads)})
    assert price(replace(problem, hubs=hubs), nothing).landed == 0


def test_a_hub_that_nothing_passes_bears_nothing() -> None:
    problem, _ = small_plan()
    hubs = replace(problem.hubs, id=names("A", "B", "C"), place=ints(0, 1, 1), fixed_minor=ints(35_000, 30_000, 9))
    hubs = replace(hubs, handling_minor_per_kg=ints(14, 15, 9), throughput_g=ints(10**9, 10**9, 10**9))
    wider = replace(problem, hubs=hubs)
    solution = plan(wider, small_decisions())
    assert int(price_lines(wider, solution).hub.sum()) == solution.report.cost.hub == 70_412


def test_a_route_costs_its_kilometres_its_hours_and_its_vehicle() -> None:
    problem, solution = small_plan()
    # The van's only trip that day: 56,488 m at 45, 4,748 s at 3,000 an hour, 11,000 fixed.
    assert int(solution.routes.distance_m[3]) == 56_488
    assert int(solution.routes.return_s[3] - solution.routes.depart_s[3]) == 4748
    # 2,541.96 + 3,956.67 + 11,000, up to what its phase rounds.
    assert abs(int(price_routes(problem, solution)[3]) - 17_498.63) < 1


def test_a_vehicle_is_paid_once_a_day_whatever_it_drives() -> None:
    problem, solution = small_plan()
    free = changed(problem, "vehicles", minor_per_km=ints(0, 0, 0), minor_per_hour=ints(0, 0, 0))
    by_route = price_routes(free, solution)
    # Truck A collects and hauls on the first day; by hours 6,564 s to 15,754 s of its 16,500.
    assert by_route.tolist() == [4853, 16_000, 11_647, 11_000, 16_000]


def test_a_vehicle_that_works_on_two_days_is_paid_twice() -> None:
    problem = changed(small_region(), "vehicles", minor_per_km=ints(0, 0, 0), minor_per_hour=ints(0, 0, 0))
    decisions = small_decisions()
    decisions.trips[3] = replace(decisions.trips[3], vehicle=0)
    assert int(price_routes(problem, plan(problem, decisions)).sum()) == 2 * 16_500 + 2 * 16_000


def test_tolls_are_paid_each_time_a_passage_is_driven() -> None:
    problem, solution = small_plan()
    east = Side((Box(42_000_000, -84_500_000, 44_000_000, -83_000_000),))
    tolled = replace(problem, roads=Roads(passages=(Passage("river", 43_000_000, -84_500_000, 700, east),)))
    free = replace(problem, roads=Roads(passages=(Passage("river", 43_000_000, -84_500_000, 0, east),)))
    assert price(tolled, solution).line_haul - price(free, solution).line_haul == 1400


@pytest.mark.parametrize(
    ("weight_g", "cold_g", "distance_m", "minor"),
    [
        (12_000, 0, 215_000, 1380 + 1080),
        (10_000, 0, 215_000, 1380),
        (10_001, 0, 215_000, 1380 + 800),
        (500, 500, 240_000, 800 + 400),
        (10_001, 10_001, 240_001, 1580 + 840 + 800),
        (500, 0, 480_001, 0),
    ],
)
def test_parcels_are_posted_step_by_step(weight_g: int, cold_g: int, distance_m: int, minor: int) -> None:
    assert consignment_minor(small_region().parcels, distance_m, weight_g, cold_g) == minor


def test_a_carrier_without_zones_charges_nothing() -> None:
    assert consignment_minor(Parcels(), 1, 1, 1) == 0


def test_landed_lines_sum_to_the_landed_cost_component_by_component() -> None:
    problem, solution = small_plan()
    lines, cost = price_lines(problem, solution), solution.report.cost
    for component in fields(Lines):
        assert int(getattr(lines, component.name).sum()) == getattr(cost, component.name), component.name
    assert int(lines.landed.sum()) == cost.landed


def test_a_route_is_shared_by_weight_and_direct_distance() -> None:
    problem, solution = small_plan()
    lines = price_lines(problem, solution)
    # Farm 1 lies further off than farm 0, so a kilogram of its milk bears more of the milk run.
    per_kg = lines.collection / solution.allocations.quantity
    assert per_kg[2] > per_kg[0] == pytest.approx(per_kg[1], rel=0.01)
    # Only what is posted bears postage.
    assert np.flatnonzero(lines.parcel).tolist() == [3]


def test_fairness_grows_with_the_part_of_a_lot_that_is_sold() -> None:
    problem = small_region(policy=Policy(fairness_ppm=100_000, fairness_segments=4))
    ends, rate = fairness_segments(problem)
    assert ends[0].tolist() == [45_000, 90_000, 135_000, 180_000]
    # A tenth of the ask of 190 in the dearest segment, in thousandths.
    assert rate[0].tolist() == [4750, 9500, 14_250, 19_000]
    # 45 kg at 4.75, 45 at 9.5, 45 at 14.25 and 5 at 19.
    assert price_fairness(problem, ints(140_000, 0, 0, 0, 0)) == half_up(213_750 + 427_500 + 641_250 + 95_000, 1000)


def test_a_farm_behind_its_season_and_a_small_farm_count_as_cheaper() -> None:
    policy = Policy(fairness_ppm=100_000, fairness_segments=1, small_farm_premium_ppm=20_000)
    problem = changed(small_region(policy=policy), "farms", season_offered_minor=ints(1000, 0, 0))
    problem = with_cell(problem, "farms", "season_sold_minor", 0, 250)
    _, rate = fairness_segments(problem)
    # A quarter of the season sold: 2.5 % of 190. Who has no history is where all together are: 2.5 %, less 2 % where
    # the farm is small.
    assert [int(rate[0, 0]), int(rate[1, 0]), int(rate[2, 0])] == [4750, 850, 5250]
    begun = changed(problem, "farms", season_offered_minor=ints(1000, 1000, 0), season_sold_minor=ints(250, 750, 0))
    # Three quarters, and half for who has no history.
    assert fairness_segments(begun)[1][:3, 0].tolist() == [4750, 9350, 10_500]


def test_nobody_has_sold_more_than_was_offered() -> None:
    problem = changed(
        small_region(policy=Policy(fairness_ppm=100_000, fairness_segments=1)),
        "farms",
        season_offered_minor=ints(100, 100, 0),
        season_sold_minor=ints(900, 0, 0),
    )
    assert fairness_segments(problem)[1][:3, 0].tolist() == [19_000, 0, 10_500]


def test_asks_within_the_band_count_as_equal() -> None:
    problem = changed(small_region(policy=Policy(price_band_ppm=110_000)), "lots", grade=ints(3, 2, 3, 2, 1))
    assert counted_ask(problem).tolist() == [190, 170, 190, 25_000, 150]
    assert price_fairness(problem, ints(0, 0, 10_000, 0, 0)) == -200
    narrow = replace(problem, policy=Policy(price_band_ppm=100_000))
    assert counted_ask(narrow).tolist() == [190, 170, 210, 25_000, 150]


def test_remote_lines_are_equalised_in_part() -> None:
    problem, solution = small_plan()
    near = replace(problem, policy=Policy(equalisation_ppm=500_000, equalisation_from_m=300_000))
    assert price(near, solution).subsidy == 0
    remote = replace(problem, policy=Policy(equalisation_ppm=500_000, equalisation_from_m=150_000))
    lines = price_lines(remote, solution)
    mean = int(lines.transport.sum()) * 12_000 / 228_000
    above = int(lines.transport[3]) - mean
    assert price(remote, solution).subsidy == round(max(above, 0) / 2)
    every = replace(problem, policy=Policy(equalisation_ppm=1_000_000, equalisation_from_m=0))
    assert price(every, solution).subsidy > 0


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
def test_shares_sum_exactly_and_are_never_off_by_one(total: int, weights: list[int]) -> None:
    parts = shares(total, weights)
    assert int(parts.sum()) == total
    whole = sum(weights) or len(weights)
    scale = weights if sum(weights) else [1] * len(weights)
    assert all(abs(int(part) * whole - total * weight) < whole for part, weight in zip(parts, scale, strict=True))


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_halves_are_rounded_up(numerator: int, denominator: int) -> None:
    rounded = half_up(numerator, denominator)
    assert -denominator < 2 * (numerator - rounded * denominator) <= denominator or (
        2 * (numerator - rounded * denominator) == -denominator
    )


def test_phases_are_priced_apart() -> None:
    problem, solution = small_plan()
    routes, cost = price_routes(problem, solution), solution.report.cost
    for phase, whole in ((0, cost.collection), (1, cost.line_haul), (2, cost.delivery)):
        assert int(routes[solution.routes.phase == Phase(phase)].sum()) == whole
