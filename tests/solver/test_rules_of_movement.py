from dataclasses import replace
from typing import Any

import pytest

from solver.check import Rule, check
from solver.problem import AMBIENT, CHILLED, Problem, Rhythm, ints
from solver.solution import NONE, Phase, Solution
from tests.solver.builder import (
    HOUR,
    HUB_A,
    changed,
    plan,
    repriced,
    small_decisions,
    small_plan,
    small_region,
    with_cell,
)
from tests.solver.judged import broken
from tests.solver.timetable import Trip


def driven(number: int, problem: Problem | None = None, **changes: Any) -> tuple[Problem, Solution]:
    """The small plan with one trip changed."""
    decisions = small_decisions()
    decisions.trips[number] = replace(decisions.trips[number], **changes)
    problem = problem or small_region()
    return problem, plan(problem, decisions)


def with_trips(*trips: Trip, without: tuple[int, ...] = (), problem: Problem | None = None) -> tuple[Problem, Solution]:
    decisions = small_decisions()
    kept = [trip for number, trip in enumerate(decisions.trips) if number not in without]
    problem = problem or small_region()
    return problem, plan(problem, replace(decisions, trips=[*kept, *trips]))


def test_what_moves_has_a_hub_and_what_does_not_has_none() -> None:
    problem, solution = small_plan()
    assert Rule.ONE_HUB in broken(problem, with_cell(solution, "farm_hub", "farm_hub", 0, NONE))
    assert Rule.ONE_HUB in broken(problem, with_cell(solution, "point_hub", "point_hub", 0, NONE))


def test_a_farm_that_sends_nothing_has_no_hub() -> None:
    problem = small_region()
    decisions = small_decisions()
    decisions.allocations = decisions.allocations[:1]
    decisions.trips = [
        Trip(Phase.COLLECTION, 0, 8 * HOUR, [(2, {0: 80_000})]),
        Trip(Phase.DELIVERY, 1, 31 * HOUR, [(5, {0: 80_000})]),
    ]
    lean = replace(decisions, farm_hub=[HUB_A, NONE, NONE], point_hub=[HUB_A, NONE, NONE], parcel=[False] * 3)
    assert broken(problem, plan(problem, lean)) == set()
    assert broken(problem, plan(problem, replace(lean, farm_hub=[HUB_A, HUB_A, NONE]))) == {Rule.ONE_HUB}


def test_a_hub_handles_no_more_than_it_can() -> None:
    problem, solution = small_plan()
    # Hub A takes 180 kg from its farms and 48 kg from hub B.
    assert broken(with_cell(problem, "hubs", "throughput_g", HUB_A, 228_000), solution) == set()
    assert broken(with_cell(problem, "hubs", "throughput_g", HUB_A, 227_999), solution) == {Rule.THROUGHPUT}


def test_all_of_an_allocation_is_collected() -> None:
    assert Rule.COLLECTED in broken(*driven(0, stops=[(2, {0: 80_000, 1: 59_000}), (3, {2: 40_000})]))
    assert Rule.COLLECTED in broken(*driven(0, stops=[(2, {0: 80_000, 1: 60_000}), (4, {2: 40_000})]))


def test_goods_that_change_hubs_are_hauled() -> None:
    assert Rule.HAULED in broken(*driven(2, stops=[(1, {1: 60_000, 2: 40_000, 3: 12_000})]))
    assert Rule.HAULED in broken(*driven(2, stops=[(0, {1: 60_000, 2: 40_000, 3: 12_000, 4: 600})]))


def test_goods_that_stay_at_a_hub_are_not_hauled() -> None:
    stops = [(1, {0: 80_000, 1: 60_000, 2: 40_000, 3: 12_000, 4: 600})]
    assert Rule.HAULED in broken(*driven(2, stops=stops))


def test_all_of_an_allocation_is_delivered() -> None:
    assert Rule.DELIVERED in broken(*driven(3, stops=[(5, {0: 79_000, 4: 600})]))
    assert Rule.DELIVERED in broken(*driven(3, stops=[(6, {0: 80_000, 4: 600})]))


def test_trucks_come_only_where_they_may() -> None:
    problem, solution = small_plan()
    assert broken(with_cell(problem, "points", "by_truck", 2, False), solution) == set()
    assert broken(with_cell(problem, "points", "by_truck", 0, False), solution) == {Rule.DELIVERED}


def test_parcels_go_only_where_they_may() -> None:
    problem, solution = small_plan()
    assert broken(with_cell(problem, "points", "by_parcel", 2, False), solution) == {Rule.PARCELS}


def test_parcels_go_only_as_far_as_the_carrier_does() -> None:
    problem, solution = small_plan()
    near = replace(problem, parcels=replace(problem.parcels, zone_limit_m=(1000,), price_minor=((800, 1080, 1380),)))
    assert broken(near, repriced(near, solution)) == {Rule.PARCELS}
    none = replace(problem, parcels=replace(problem.parcels, zone_limit_m=(), weight_limit_g=(), price_minor=()))
    assert broken(none, repriced(none, solution)) == {Rule.PARCELS}


def test_parcels_hold_only_cold_classes_that_may_be_posted() -> None:
    problem, solution = small_plan()
    only_chilled = replace(problem, parcels=replace(problem.parcels, cold=CHILLED))
    assert broken(only_chilled, solution) == set()
    only_frozen = replace(problem, parcels=replace(problem.parcels, cold=4))
    assert broken(only_frozen, solution) == {Rule.PARCELS}


def test_a_point_without_goods_gets_no_parcel() -> None:
    problem = small_region()
    decisions = small_decisions()
    decisions.allocations.pop(3)
    decisions.trips = [
        decisions.trips[0],
        Trip(Phase.COLLECTION, 2, 8 * HOUR + 1800, [(4, {3: 600})]),
        Trip(Phase.LINE_HAUL, 0, 17 * HOUR, [(1, {1: 60_000, 2: 40_000, 3: 600})]),
        Trip(Phase.DELIVERY, 1, 31 * HOUR, [(5, {0: 80_000, 3: 600})]),
        decisions.trips[4],
    ]
    decisions.point_hub[2] = NONE
    assert broken(problem, plan(problem, replace(decisions, parcel=[False] * 3))) == set()
    assert broken(problem, plan(problem, decisions)) == {Rule.PARCELS}


def test_a_vehicle_works_for_its_own_hub() -> None:
    assert Rule.HOME in broken(*driven(1, vehicle=1))
    assert Rule.HOME in broken(*driven(3, vehicle=2))


def test_a_line_haul_starts_at_one_of_its_two_hubs() -> None:
    assert broken(*driven(2, vehicle=2)) >= {Rule.HAULED}


@pytest.mark.parametrize(
    ("column", "enough"),
    # 180 kg on collection: 288 l of apples and milk, 16 and 5 crates of 9 kg.
    [("weight_g", 180_000), ("volume_ml", 264_000), ("crates", 21)],
)
def test_a_vehicle_holds_no_more_than_its_room(column: str, enough: int) -> None:
    problem, solution = small_plan()
    assert broken(with_cell(problem, "vehicles", column, 0, enough), solution) == set()
    assert broken(with_cell(problem, "vehicles", column, 0, enough - 1), solution) == {Rule.CAPACITY}


def test_a_line_haul_unloads_before_it_loads() -> None:
    # 100 kg go out and 48 kg come back: never more than 100 kg on board.
    trip = Trip(Phase.COLLECTION, 1, 8 * HOUR, [(2, {0: 80_000, 1: 60_000}), (3, {2: 40_000})])
    problem = with_cell(small_region(), "vehicles", "weight_g", 0, 100_000)
    problem, solution = with_trips(trip, without=(0,), problem=problem)
    assert broken(problem, solution) == set()
    assert broken(with_cell(problem, "vehicles", "weight_g", 0, 99_999), solution) == {Rule.CAPACITY}


def test_a_vehicle_carries_the_cold_class() -> None:
    problem, solution = small_plan()
    assert broken(with_cell(problem, "vehicles", "cold", 0, AMBIENT | CHILLED), solution) == set()
    assert broken(with_cell(problem, "vehicles", "cold", 0, AMBIENT), solution) == {Rule.COLD}


def test_a_driver_works_no_longer_than_the_shift() -> None:
    problem, solution = small_plan()
    longest_s = int((solution.routes.return_s - solution.routes.depart_s).max())
    assert broken(with_cell(problem, "vehicles", "shift_s", 0, longest_s), solution) == set()
    assert broken(with_cell(problem, "vehicles", "shift_s", 0, longest_s - 1), solution) == {Rule.SHIFT}


def test_two_trips_of_one_phase_share_a_shift() -> None:
    first = Trip(Phase.COLLECTION, 0, 8 * HOUR, [(2, {0: 80_000, 1: 60_000})])
    second = Trip(Phase.COLLECTION, 0, 11 * HOUR, [(3, {2: 40_000})])
    problem, solution = with_trips(first, second, without=(0,))
    assert broken(problem, solution) == set()
    worked_s = solution.routes.return_s - solution.routes.depart_s
    haul_s, collecting_s = int(worked_s[1]), int(worked_s[4] + worked_s[5])
    tired = replace(problem, rhythm=replace(problem.rhythm, haul_handling_s=0))
    assert haul_s > collecting_s
    assert broken(with_cell(tired, "vehicles", "shift_s", 0, collecting_s - 1), solution) >= {Rule.SHIFT}


def test_a_vehicle_is_back_before_it_leaves_again() -> None:
    first = Trip(Phase.COLLECTION, 0, 8 * HOUR, [(2, {0: 80_000, 1: 60_000})])
    second = Trip(Phase.COLLECTION, 0, 8 * HOUR + 60, [(3, {2: 40_000})])
    assert broken(*with_trips(first, second, without=(0,))) == {Rule.OVERLAP}


@pytest.mark.parametrize(
    ("table", "column", "rule"),
    [
        ("routes", "distance_m", Rule.ROADS),
        ("routes", "return_s", Rule.ROADS),
        ("routes", "depart_s", Rule.ROADS),
        ("stops", "arrive_s", Rule.ROADS),
        ("stops", "leave_s", Rule.SERVICE),
    ],
)
def test_times_and_distances_are_those_of_the_roads(table: str, column: str, rule: Rule) -> None:
    problem, solution = small_plan()
    value = int(getattr(getattr(solution, table), column)[0])
    assert rule in broken(problem, with_cell(solution, table, column, 0, value + 1))


def test_nobody_leaves_before_the_phase_begins() -> None:
    assert broken(*driven(3, depart_s=31 * HOUR - 1)) == {Rule.WINDOWS}


def test_a_truck_waits_until_a_farm_opens_and_comes_before_it_closes() -> None:
    problem, solution = small_plan()
    assert solution.stops.start_s[2] == 9 * HOUR > solution.stops.arrive_s[2]
    start_s = int(solution.stops.start_s[1])
    assert broken(with_cell(problem, "farms", "closes_s", 1, start_s), solution) == set()
    assert broken(with_cell(problem, "farms", "closes_s", 1, start_s - 1), solution) == {Rule.WINDOWS}
    assert broken(with_cell(problem, "points", "opens_s", 0, 35 * HOUR), solution) == {Rule.WINDOWS}


def test_service_does_not_start_before_arrival() -> None:
    problem, solution = small_plan()
    early = with_cell(solution, "stops", "start_s", 0, int(solution.stops.arrive_s[0]) - 1)
    assert Rule.SERVICE in broken(problem, early)


def test_service_lasts_its_base_and_what_the_weight_adds() -> None:
    problem, solution = small_plan()
    # 140 kg at 1,200 s a tonne.
    assert int(solution.stops.leave_s[0] - solution.stops.start_s[0]) == 600 + 168
    assert broken(with_cell(problem, "farms", "service_s_per_tonne", 0, 1201), solution) == {Rule.SERVICE}


def test_a_stop_is_split_only_when_no_vehicle_holds_it() -> None:
    first = Trip(Phase.COLLECTION, 0, 8 * HOUR, [(2, {0: 80_000}), (3, {2: 40_000})])
    second = Trip(Phase.COLLECTION, 1, 8 * HOUR, [(2, {1: 60_000})])
    problem, solution = with_trips(first, second, without=(0,))
    assert broken(problem, solution) == {Rule.SPLITS}
    small_trucks = changed(problem, "vehicles", weight_g=ints(139_999, 139_999, 4_500_000))
    assert broken(small_trucks, solution) == set()


def test_goods_of_two_cold_classes_may_need_two_visits() -> None:
    problem = changed(small_region(), "vehicles", cold=ints(CHILLED, AMBIENT, AMBIENT | CHILLED))
    problem = with_cell(problem, "lots", "farm", 1, 0)
    problem = with_cell(problem, "products", "cold", 0, AMBIENT)
    trips = [
        Trip(Phase.COLLECTION, 1, 8 * HOUR, [(2, {0: 80_000, 1: 60_000})]),
        Trip(Phase.COLLECTION, 0, 8 * HOUR, [(2, {2: 40_000})]),
    ]
    decisions = small_decisions()
    decisions.farm_hub[1] = NONE
    solution = plan(problem, replace(decisions, trips=[*trips, *decisions.trips[1:]]))
    assert Rule.SPLITS not in broken(problem, solution)


def test_goods_are_hauled_after_they_are_collected() -> None:
    problem = small_region(rhythm=Rhythm(haul_from_s=8 * HOUR))
    _, solution = small_plan()
    back_s = int(solution.routes.return_s[0])
    assert broken(*driven(2, problem, depart_s=back_s)) == set()
    early = with_trips(
        Trip(Phase.COLLECTION, 1, 9 * HOUR, [(2, {0: 80_000, 1: 60_000}), (3, {2: 40_000})]),
        Trip(Phase.LINE_HAUL, 0, 8 * HOUR, [(1, {1: 60_000, 2: 40_000, 3: 12_000, 4: 600})]),
        without=(0, 2),
        problem=problem,
    )
    assert broken(*early) == {Rule.SYNCHRONISATION}


def test_goods_that_are_fetched_are_there_when_the_truck_comes() -> None:
    problem = small_region(rhythm=Rhythm(haul_from_s=8 * HOUR))
    late = Trip(Phase.COLLECTION, 2, 15 * HOUR, [(4, {3: 12_000, 4: 600})])
    haul = replace(small_decisions().trips[2], depart_s=11 * HOUR)
    assert broken(*with_trips(late, haul, without=(1, 2), problem=problem)) == {Rule.SYNCHRONISATION}


def test_a_delivery_leaves_after_the_last_inbound_is_sorted() -> None:
    problem, solution = small_plan()
    last_s = int(solution.routes.return_s[2])
    on_time = replace(problem, rhythm=replace(problem.rhythm, sort_s=31 * HOUR - last_s))
    assert broken(on_time, solution) == set()
    late = replace(problem, rhythm=replace(problem.rhythm, sort_s=31 * HOUR - last_s + 1))
    assert broken(late, solution) == {Rule.SYNCHRONISATION}


def test_parcels_are_sorted_before_the_carrier_goes() -> None:
    decisions = small_decisions()
    _, solution = small_plan()
    ready_s = int(solution.routes.return_s[2])
    problem = small_region(rhythm=Rhythm(sort_s=38 * HOUR - ready_s + 1))
    late = [str(violation) for violation in check(problem, plan(problem, decisions))]
    assert "E25 synchronisation: allocations[3]: sorted after the carrier has gone" in late
