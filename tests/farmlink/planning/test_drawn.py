"""A plan as it is looked at: what is on board on every leg, how full and timely it is, and what farms alone need."""

from __future__ import annotations

from dataclasses import replace

import pytest

from farmlink.planning import queries
from farmlink.planning.values import PlanId
from farmlink.planning.work.drawn import Drawn, draw, drawn, unpacked
from farmlink.planning.work.lone import compared, known
from farmlink.store.store import Store
from tests.farmlink.planning.builders import Season


@pytest.fixture
def season(store: Store) -> Season:
    return Season.closed(store)


@pytest.fixture
def plan_id(season: Season) -> PlanId:
    return season.plan()


@pytest.fixture
def seen(season: Season, plan_id: PlanId) -> Drawn:
    return drawn(season.store, plan_id)


def test_a_collection_starts_empty_and_a_delivery_ends_empty(season: Season, plan_id: PlanId, seen: Drawn) -> None:
    phases = {route.number: route.phase for route in season.store.read(queries.routes, plan_id)}
    first = {phases[trip.number]: trip.legs[0].load_g for trip in seen.trips}
    last = {phases[trip.number]: trip.legs[-1].load_g for trip in seen.trips}

    assert (first["collection"], last["delivery"]) == (0, 0)
    assert first["delivery"] == 50_000
    assert sum(trip.legs[-1].load_g for trip in seen.trips if phases[trip.number] == "collection") == 50_000


def test_the_legs_of_a_trip_are_as_long_as_the_trip(season: Season, plan_id: PlanId, seen: Drawn) -> None:
    driven = {route.number: route.distance_m for route in season.store.read(queries.routes, plan_id)}

    assert {trip.number: sum(leg.distance_m for leg in trip.legs) for trip in seen.trips} == driven


def test_every_call_is_in_time_and_none_is_when_all_are_a_day_late(
    season: Season, plan_id: PlanId, seen: Drawn
) -> None:
    problem, solution = unpacked(season.store, plan_id)
    late = replace(solution, stops=replace(solution.stops, start_s=solution.stops.start_s + 86_400))
    measures = draw(problem, late).measures

    assert seen.measures.calls_in_time == seen.measures.calls > 0
    assert measures.calls_in_time == 0
    assert measures.tightest_s is not None
    assert measures.tightest_s < 0


def test_hours_from_harvest_grow_with_every_day_that_goods_lie(season: Season, plan_id: PlanId, seen: Drawn) -> None:
    problem, solution = unpacked(season.store, plan_id)
    earlier = replace(problem, lots=replace(problem.lots, harvest_day=problem.lots.harvest_day - 2))

    assert seen.measures.fresh_h is not None
    assert draw(earlier, solution).measures.fresh_h == seen.measures.fresh_h + 48


def test_a_truck_is_as_full_as_its_fullest_leg(seen: Drawn) -> None:
    trip = seen.trips[0]
    full = replace(trip, holds_g=max(leg.load_g for leg in trip.legs), holds_crates=10**6)
    crated = replace(trip, holds_g=10**12, holds_crates=2 * max(leg.crates for leg in trip.legs))

    assert (full.fullest_ppm, crated.fullest_ppm) == (1_000_000, 500_000)


def test_a_plan_is_unpacked_once(season: Season, plan_id: PlanId, seen: Drawn) -> None:
    assert drawn(season.store, plan_id) is seen


def test_farms_that_ship_alone_drive_more_trips_than_a_plan_that_pools(season: Season, plan_id: PlanId) -> None:
    alone = compared(*season.store.read(queries.blobs, plan_id))

    assert known(plan_id) is None
    assert alone.trips >= 1
    assert (alone.planned_trips, alone.planned_distance_m) == (
        len(season.store.read(queries.routes, plan_id)),
        sum(route.distance_m for route in season.store.read(queries.routes, plan_id)),
    )


def test_a_plan_may_hold_until_a_newer_one_does(season: Season, plan_id: PlanId) -> None:
    newer = season.plan()
    before = [season.store.read(queries.may_hold, one) for one in (plan_id, newer)]
    season.publish(newer)

    assert before == [True, True]
    assert [season.store.read(queries.may_hold, one) for one in (plan_id, newer)] == [False, False]
