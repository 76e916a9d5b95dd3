"""When a plan's trucks come to a point: each trip with its stop there alone."""

from __future__ import annotations

from farmlink.planning.queries.stops import deliveries_at
from farmlink.store.store import Store
from tests.farmlink.planning.builders import Season


def test_a_point_sees_the_trips_that_stop_there_and_no_other_stop(store: Store) -> None:
    season = Season.closed(store)
    plan_id, point = season.plan(), season.market.point
    (trip,) = store.read(deliveries_at, plan_id, point.id)
    assert trip.phase == "delivery"
    (stop,) = trip.stops
    assert (stop.place_id, stop.weight_g) == (point.id, 50_000)


def test_where_no_truck_stops_there_is_no_trip(store: Store) -> None:
    season = Season.closed(store)
    plan_id, other = season.plan(), season.market.point_with()
    assert store.read(deliveries_at, plan_id, other.id) == []
