"""Standing orders and gifts over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from farmlink.people.values import Role
from farmlink.scheduler import tick
from tests.api.conftest import Api, once
from tests.api.shop import Shop
from tests.farmlink.cycles.builders import Market

ADDRESS = "/api/v1/standing-orders"


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api, Market.founded(api.store))


def each_time(shop: Shop, packs: int = 3, **said: Any) -> dict[str, Any]:
    market = shop.market
    goods = {"product_id": str(market.apples.id), "grade": 4, "variant_id": str(market.bag.id)}
    return {"point_id": str(market.point.id), "lines": [{"goods": goods, "packs": packs} | said]}


def test_a_consumer_orders_again_and_again_rests_goes_on_and_ends(shop: Shop) -> None:
    ada = shop.api.as_role(Role.CONSUMER)

    made = ada.post(ADDRESS, json=each_time(shop), headers=once())
    address = f"{ADDRESS}/{made.json()['id']}"
    cycle_id, _, _ = shop.market.open()
    tick(shop.api.store)
    (order,) = ada.get("/api/v1/orders").json()["items"]
    (turn,) = ada.get(f"{address}/turns").json()["items"]
    changed = ada.put(address, json=each_time(shop, 5), headers=once() | {"if-match": made.headers["etag"]})
    resting = ada.post(f"{address}/rest", json={"until": "2031-12-24"}, headers=once())
    resumed = ada.post(f"{address}/resumption", headers=once())
    ended = ada.post(f"{address}/end", headers=once())

    assert (made.status_code, made.json()["state"], made.headers["etag"]) == (201, "running", '"1"')
    assert (order["cycle_id"], order["lines"][0]["packs"]) == (str(cycle_id), 3)
    assert (turn["order_id"], turn["left_out"], turn["refused"]) == (order["id"], [], None)
    assert (changed.json()["lines"][0]["packs"], changed.json()["revision"]) == (5, 2)
    assert (resting.json()["state"], resting.json()["paused_until"]) == ("paused", "2031-12-24")
    assert resumed.json()["state"] == "running"
    assert ended.json()["state"] == "ended"
    assert ada.get(address).json() == ended.json()
    assert [one["id"] for one in ada.get(ADDRESS).json()["items"]] == [made.json()["id"]]


def test_a_line_says_what_else_would_do(shop: Shop) -> None:
    cycle_id, bags, crates = shop.market.open()
    ada = shop.api.as_role(Role.CONSUMER)
    said = {"most": 5, "shortage": "swap", "substitutes": [str(crates)]}
    line = {"listing_id": str(bags), "packs": 3}
    basket = {"place_id": str(shop.market.point.id), "lines": [line | said]}
    address = f"/api/v1/cycles/{cycle_id}/orders"

    placed = ada.post(address, json=basket, headers=once())
    elsewhere = {"lines": [line | said | {"substitutes": [str(uuid4())]}]}
    refused = shop.api.as_role(Role.CONSUMER).post(address, json=basket | elsewhere, headers=once())

    (kept,) = placed.json()["lines"]
    assert (kept["most_packs"], kept["shortage"], kept["substitutes"]) == (5, "swap", [str(crates)])
    assert (refused.status_code, refused.json()["code"]) == (404, "missing")


def test_a_gift_is_for_whom_the_giver_named_and_nobody_else_knows_the_name_before_goods_are_there(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open()
    ada, eve = shop.api.as_role(Role.CONSUMER), shop.api.as_role(Role.CONSUMER)
    people = "/api/v1/people/me/recipients"

    rose = ada.post(people, json={"name": "Grandma Rose", "phone": "+1 231 555 0101"}, headers=once()).json()["id"]
    basket = shop.basket({bags: 3}) | {"recipient_id": rose}
    own = shop.order(ada, cycle_id, {bags: 1})
    gift = ada.post(f"/api/v1/cycles/{cycle_id}/orders", json=basket, headers=once())
    stolen = eve.post(f"/api/v1/cycles/{cycle_id}/orders", json=basket, headers=once())
    point = shop.market.point.organisation_id
    leader = shop.api.as_(shop.api.person(Role.LEADER, point))
    address = f"/api/v1/orders/{gift.json()['id']}"

    assert (own.status_code, gift.status_code, gift.json()["recipient_id"]) == (201, 201, rose)
    assert (stolen.status_code, stolen.json()["code"]) == (404, "missing")
    for reader, known in ((ada, True), (leader, False), (shop.planner, False)):
        assert (reader.get(f"{address}/hand-out").json()["recipient"] == "Grandma Rose") is known
        assert ("Grandma Rose" in reader.get(f"{address}/confirmation").json()["body"]) is known
    assert [one["name"] for one in ada.get(people).json()["items"]] == ["Grandma Rose"]
    assert eve.delete(f"{people}/{rose}").status_code == 404
    assert ada.delete(f"{people}/{rose}").status_code == 204
    assert ada.get(people).json()["items"] == []
    assert ada.get(f"{address}/hand-out").json()["recipient"] is None
