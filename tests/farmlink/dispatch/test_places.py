"""What is due at one place, order by order."""

from __future__ import annotations

from farmlink.dispatch.queries.places import hand_outs_at, places_of
from farmlink.network.values import PlaceId
from farmlink.store.store import Store
from tests.farmlink.dispatch.builders import Goods


def test_a_place_knows_its_orders_once_the_goods_are_shared_out(store: Store) -> None:
    goods = Goods.closed(store).confirmed()
    place, orders = PlaceId(goods.market.point.id), {order.id for order in goods.orders}
    assert store.read(hand_outs_at, goods.cycle_id, place) == {}
    assert store.read(places_of, goods.cycle_id) == {}
    goods.receive()
    goods.share()
    found = store.read(hand_outs_at, goods.cycle_id, place)
    assert set(found) == orders
    assert [len(lines) for lines in found.values()] == [1, 1]
    assert store.read(places_of, goods.cycle_id) == dict.fromkeys(orders, place)
    other = PlaceId(goods.market.point_with().id)
    assert store.read(hand_outs_at, goods.cycle_id, other) == {}
