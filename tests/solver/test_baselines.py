from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.baselines import Effort, Van, alone, collection_alone, compare, self_haul
from solver.baselines.lone import Search
from solver.baselines.market import Market
from solver.baselines.tours import Tours
from solver.baselines.van import saved
from solver.cost import by_row
from solver.problem import Pins, ints
from solver.roads import RoadMap
from solver.solution import Phase
from tests.solver.builder import changed, small_plan, with_cell


def test_each_farm_drives_to_its_hub_and_back() -> None:
    problem, solution = small_plan()
    effort = collection_alone(problem, solution, Van())
    out = RoadMap(problem.places, problem.roads).legs(problem.farms.place, problem.hubs.place[ints(0, 0, 1)])
    assert effort.routes == 3
    assert effort.distance_m == 2 * int(out.distance_m.sum())
    # 10 minutes a farm, and 140, 40 and 48 kg at 1,200 s a tonne.
    assert effort.duration_s == 2 * int(out.duration_s.sum()) + 3 * 600 + 168 + 48 + 58
    assert effort.money_minor == pytest.approx(effort.distance_m * 0.044 + effort.duration_s * 2200 / 3600, abs=3)


def test_a_farm_with_more_than_a_van_holds_drives_again() -> None:
    problem, solution = small_plan()
    assert collection_alone(problem, solution, Van(weight_g=60_000)).routes == 3 + 1 + 1
    assert collection_alone(problem, solution, Van(crates=5)).routes == 4 + 1 + 2


def test_a_farm_that_is_not_back_in_time_is_unreachable() -> None:
    problem, solution = small_plan()
    effort = collection_alone(problem, solution, Van(shift_s=4000))
    assert (effort.routes, effort.unreachable) == (2, 1)


def test_self_haul_shares_line_haul_and_delivery() -> None:
    problem, solution = small_plan()
    shared = self_haul(problem, solution, Van())
    lone = collection_alone(problem, solution, Van())
    cost = solution.report.cost
    assert shared.routes == lone.routes + 3
    assert shared.money_minor == lone.money_minor + cost.line_haul + cost.delivery + cost.parcel + cost.hub


def test_a_lone_farm_tours_the_points_that_need_it() -> None:
    problem, solution = small_plan()
    effort = alone(problem, solution, Van())
    # Apples from farm 0 to points 0 and 2, milk of farm 1 and apples to point 1, eggs of farm 2 to point 0.
    assert effort.unreachable == 0
    assert 3 <= effort.routes <= 4
    assert effort.duration_s > effort.distance_m * 3600 // 88_000


def test_a_point_out_of_reach_is_counted_and_the_rest_is_brought() -> None:
    problem, solution = small_plan()
    effort = alone(problem, solution, Van(shift_s=4 * 3600))
    everything = alone(problem, solution, Van())
    assert effort.unreachable == 1
    assert 0 < effort.distance_m < everything.distance_m


def test_goods_that_only_a_refusing_farm_has_are_out_of_reach() -> None:
    problem, solution = small_plan()
    assert alone(replace(problem, pins=Pins(ints(1), ints(0), ints(0))), solution, Van()).unreachable == 1


def test_a_call_heavier_than_a_van_takes_several_trips() -> None:
    problem, solution = small_plan()
    assert alone(problem, solution, Van(weight_g=30_000)).routes >= 8


def test_the_nearer_farm_brings_the_goods() -> None:
    problem, solution = small_plan()
    near = alone(problem, solution, Van())
    problem = with_cell(problem, "lots", "grade", 2, 1)
    assert alone(problem, solution, Van()).distance_m >= near.distance_m


def test_savings_are_fractions_of_the_baseline() -> None:
    ours, theirs = Effort(1, 50, 0, 300), Effort(4, 100, 0, 200)
    assert saved(ours, theirs) == {
        "routes": 0.75, "distance": 0.5, "duration": 0.0, "money": -0.5, "transport": -0.5,
    }  # fmt: skip


def test_all_three_are_compared_by_name() -> None:
    problem, solution = small_plan()
    found = compare(problem, solution, Van())
    assert list(found["baselines"]) == list(found["saved"]) == ["collection_alone", "self_haul", "alone"]
    ours = int((solution.routes.phase == Phase.COLLECTION).sum())
    assert found["saved"]["collection_alone"]["routes"] == 1 - ours / found["baselines"]["collection_alone"]["routes"]


def test_money_of_the_whole_chain_has_the_hubs_on_both_sides() -> None:
    problem, solution = small_plan()
    found, hub = compare(problem, solution, Van()), solution.report.cost.hub
    cost = solution.report.cost
    transport = cost.collection + cost.line_haul + cost.delivery + cost.parcel
    hauled, lone = found["baselines"]["self_haul"], found["baselines"]["alone"]
    assert (hauled["hub_minor"], lone["hub_minor"]) == (hub, 0)
    assert found["saved"]["self_haul"]["money"] == 1 - (transport + hub) / hauled["money_minor"]
    assert found["saved"]["self_haul"]["transport"] == 1 - transport / (hauled["money_minor"] - hub)
    assert found["saved"]["alone"]["money"] == 1 - (transport + hub) / lone["money_minor"]


def test_lone_farms_that_can_share_a_point_do_not_both_go_there() -> None:
    problem, solution = small_plan()
    # All eggs, milk and apples of farm 2 alone: nobody else has to drive for apples.
    problem = with_cell(with_cell(problem, "lots", "offered", 2, 200_000), "lots", "maximum", 2, 200_000)
    problem = with_cell(problem, "lots", "daily_capacity", 2, 200_000)
    served = by_row(solution.allocations.batch, solution.allocations.quantity, len(problem.batches.id))
    tours = Tours(problem, Van(), 1)
    market = Market(problem, served, tours.reach())
    brought = Search(tours, market).closed(market.bring(tours.direct_minor() * 0))
    goes = brought.total_g > 0
    assert goes.sum() <= 4
    assert brought.total_g.sum() == (served * problem.products.unit_weight_g[problem.batches.product]).sum()


def test_more_looking_finds_no_dearer_tours() -> None:
    problem, solution = small_plan()
    served = by_row(solution.allocations.batch, solution.allocations.quantity, len(problem.batches.id))
    tours = Tours(problem, Van(), 1)
    search = Search(tours, Market(problem, served, tours.reach()))
    start = search.market.bring(tours.direct_minor())
    cost = [sum(t.effort.money_minor for t in search.driven(found)) for found in (start, search.closed(start))]
    assert cost[1] <= cost[0]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 250_000), min_size=3, max_size=3), st.integers(20_000, 900_000), st.integers(0, 2))
def test_every_call_is_made_within_van_and_shift(grams: list[int], weight_g: int, farm: int) -> None:
    problem, _ = small_plan()
    van = Van(weight_g=weight_g)
    tours = Tours(problem, van, 1)
    wanted = np.where(tours.reach()[farm], ints(*grams), 0)
    for loads in (wanted, wanted // 2):  # the lighter loads may go on the same tours
        toured = tours.of(farm, loads, 5)
        calls = [point for tour in toured.tours for point in tour]
        full, rest_g = np.divmod(loads, van.holds_g(problem.rhythm.crate_g))
        assert sorted(calls) == sorted(np.repeat([0, 1, 2], full + (rest_g > 0)).tolist())
        assert toured.effort.duration_s <= len(toured.tours) * van.shift_s
        assert toured.effort.routes == len(toured.tours)


def test_a_farm_that_brings_nothing_stays_at_home() -> None:
    problem, _ = small_plan()
    toured = Tours(problem, Van(), 1).of(0, ints(0, 0, 0), 5)
    assert (toured.tours, toured.effort) == ((), Effort())


def test_known_tours_are_given_up_when_the_van_is_too_small_for_their_new_loads() -> None:
    problem, _ = small_plan()
    tours = Tours(problem, Van(weight_g=100_000), 1)
    light, heavy = tours.of(0, ints(10_000, 10_000, 0), 5), tours.of(0, ints(90_000, 90_000, 0), 5)
    assert (len(light.tours), len(heavy.tours)) == (1, 2)
    assert len(tours.of(0, ints(150_000, 10_000, 0), 5).tours) == 2
    assert len(tours.of(0, ints(10_000, 10_000, 0), 5).tours) == 1


def test_the_marginal_cost_of_a_lone_call_is_its_whole_drive() -> None:
    problem, _ = small_plan()
    tours = Tours(problem, Van(), 1)
    marginal = tours.marginal_minor(0, tours.of(0, ints(10_000, 0, 0), 5))
    assert marginal[0] == pytest.approx(tours.direct_minor()[0, 0])
    assert marginal[1] < tours.direct_minor()[0, 1]


def test_a_farm_without_a_hub_drives_nowhere() -> None:
    problem, solution = small_plan()
    idle = changed(replace(solution, farm_hub=ints(-1, -1, -1)), "allocations", quantity=ints(0, 0, 0, 0, 0))
    assert collection_alone(problem, idle, Van()) == Effort()


def test_heavy_pieces_are_brought_however_dear_the_way_is() -> None:
    problem, solution = small_plan()
    heavy = changed(problem, "products", unit_weight_g=ints(1, 1, 5000, 1))
    effort = alone(heavy, solution, Van(weight_g=4_000_000, crates=1000, minor_per_km=10**6))
    assert (effort.unreachable, effort.left_g) == (0, 0)


def test_what_no_farm_can_bring_is_left() -> None:
    problem, solution = small_plan()
    refusing = replace(problem, pins=Pins(ints(1), ints(0), ints(0)))
    # Farm 1 alone has milk, and point 1 gets 40 kg of it.
    assert alone(refusing, solution, Van()).left_g == 40_000
    assert collection_alone(problem, solution, Van(shift_s=4000)).left_g == 40_000
