"""What a published plan says to those whom it serves: from which lots, and when the truck comes."""

from __future__ import annotations

from farmlink.demand import queries as demand
from farmlink.planning import queries
from farmlink.store.store import Store
from tests.farmlink.planning.builders import Season


def test_a_batch_knows_the_lots_that_serve_it_and_when_its_truck_arrives(store: Store) -> None:
    season = Season.closed(store).confirmed()
    plan_id = store.read(queries.published_plan, season.cycle_id)
    assert plan_id is not None
    (batch,) = store.read(demand.batches, season.cycle_id)

    served = store.read(queries.serving, plan_id, [batch.id])

    assert sum(one.quantity for one in served) == batch.quantity == 50_000
    assert {one.lot_id for one in served} <= set(season.lots)
    assert store.read(queries.serving, plan_id, []) == []
    trips = [route for route in store.read(queries.routes, plan_id) if route.phase == "delivery"]
    stops = [stop for trip in trips for stop in trip.stops]
    arrives = [stop.arrive_at for stop in stops if stop.place_id == batch.place_id]
    assert store.read(queries.arrives_at, plan_id, batch.place_id) == max(arrives)
    assert store.read(queries.arrives_at, plan_id, season.market.hub.id) is None


def test_a_lot_is_sent_once_a_plan_takes_of_it(store: Store) -> None:
    season = Season.closed(store)
    lot = season.lots[0]
    before = store.read(queries.is_sent, lot)
    season.planned()

    assert (before, store.read(queries.is_sent, lot)) == (False, True)
