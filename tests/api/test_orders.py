"""Orders over HTTP: placed, changed and cancelled by whom they belong to, or by who may do it for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from farmlink.people import commands as people
from farmlink.people.values import Role
from tests.api.conftest import Api, once
from tests.api.shop import Shop
from tests.farmlink.cycles.builders import Market


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api, Market.founded(api.store))


def test_a_consumer_orders_changes_and_cancels(shop: Shop) -> None:
    cycle_id, bags, crates = shop.market.open()
    ada = shop.api.as_role(Role.CONSUMER)

    placed = shop.order(ada, cycle_id, {bags: 3})
    address = f"/api/v1/orders/{placed.json()['id']}"
    seen = ada.get(address)
    amended = ada.put(address, json=shop.basket({crates: 2}), headers=once() | {"If-Match": seen.headers["etag"]})
    late = ada.put(address, json=shop.basket({bags: 1}), headers=once() | {"If-Match": seen.headers["etag"]})
    message = ada.get(f"{address}/confirmation", headers={"accept-language": "zh-CN"}).json()
    cancelled = ada.post(f"{address}/cancellation", headers=once())

    assert placed.headers["etag"] == seen.headers["etag"] == '"1"'
    assert placed.json() | {"due_minor": None} == seen.json()
    assert (amended.status_code, amended.json()["total_minor"]) == (200, 5000)
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert "US$50.00" in message["body"]
    assert (cancelled.json()["state"], cancelled.json()["reason"]) == ("cancelled", "consumer")
    assert [order["id"] for order in ada.get("/api/v1/orders").json()["items"]] == [placed.json()["id"]]


def test_the_confirmation_says_what_is_true_of_the_order_now(shop: Shop) -> None:
    ada, bob, eve = (shop.api.as_role(Role.CONSUMER) for _ in range(3))
    cycle_id, bags, _ = shop.market.open(threshold_minor=100_000)
    by_consumer, by_planner, unmet = (shop.order(one, cycle_id, {bags: 3}).json()["id"] for one in (ada, bob, eve))

    def told(client: httpx.Client, order_id: str) -> dict[str, str]:
        found: dict[str, str] = client.get(f"/api/v1/orders/{order_id}/confirmation").json()
        return found

    open_ = told(ada, by_consumer)
    shop.planner.post(f"/api/v1/cycles/{cycle_id}/pause", headers=once())
    paused = told(ada, by_consumer)
    ada.post(f"/api/v1/orders/{by_consumer}/cancellation", headers=once())
    shop.planner.post(f"/api/v1/orders/{by_planner}/cancellation", headers=once())
    shop.market.close_in(cycle_id, 0)
    late = told(eve, unmet)
    shop.planner.post(f"/api/v1/cycles/{cycle_id}/closing", headers=once())

    assert open_["body"].startswith("Your order is in. Until ")
    assert paused["body"].startswith("Your order is in. Ordering is paused: until ")
    assert late["body"].startswith("Your order is in. It can no longer be changed or cancelled.\n")
    ends = [told(ada, by_consumer), told(bob, by_planner), told(eve, unmet)]
    assert {end["subject"] for end in ends} == {"Your order for Sep 5, 2031 is cancelled"}
    assert [end["body"] for end in ends] == [
        "Your order for Sep 5, 2031 is cancelled, as you asked. Nothing is charged.",
        "The planner or your pick-up point cancelled your order for Sep 5, 2031. Nothing is charged.",
        "Too few people ordered, so your order for Sep 5, 2031 cannot be served. Nothing is charged.",
    ]


def test_the_same_key_answers_the_same_and_a_refusal_stays_one(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open()
    ada, bob = shop.api.as_role(Role.CONSUMER), shop.api.as_role(Role.CONSUMER)
    key, address = once(), f"/api/v1/cycles/{cycle_id}/orders"

    first = ada.post(address, json=shop.basket({bags: 1}), headers=key)
    again = ada.post(address, json=shop.basket({bags: 1}), headers=key)
    other = ada.post(address, json=shop.basket({bags: 2}), headers=key)
    theirs = bob.post(address, json=shop.basket({bags: 200}), headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (409, "key-reused")
    assert (theirs.status_code, theirs.json()["code"], theirs.json()["facts"]["packs_left"]) == (409, "sold-out", 99)
    assert bob.post(address, json=shop.basket({bags: 200}), headers=key).json() == theirs.json()


def test_somebody_elses_order_is_not_there(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open()
    placed = shop.order(shop.api.as_role(Role.CONSUMER), cycle_id, {bags: 3}).json()
    bob = shop.api.as_role(Role.CONSUMER)
    address = f"/api/v1/orders/{placed['id']}"

    answers = [
        bob.get(address),
        bob.get(f"{address}/confirmation"),
        bob.put(address, json=shop.basket({bags: 1}), headers=once() | {"If-Match": '"1"'}),
        bob.post(f"{address}/cancellation", headers=once()),
        bob.get(f"/api/v1/orders/{uuid4()}"),
        shop.order(bob, cycle_id, {bags: 1}, consumer_id=placed["consumer_id"]),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "missing")}
    assert bob.get("/api/v1/orders").json() == {"items": [], "next": None}
    assert shop.api.nobody.get(address).status_code == 401


def test_a_planner_and_the_points_leader_order_for_somebody(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open()
    leader = shop.api.as_(shop.api.person(Role.LEADER, shop.market.point.organisation_id))
    stranger = shop.api.as_(shop.api.person(Role.LEADER, shop.market.country.point("Elsewhere").organisation_id))
    ada, bob = shop.market.person("Ada"), shop.market.person("Bob")

    by_planner = shop.order(shop.planner, cycle_id, {bags: 1}, consumer_id=str(ada))
    by_leader = shop.order(leader, cycle_id, {bags: 2}, consumer_id=str(bob))
    by_stranger = shop.order(stranger, cycle_id, {bags: 2}, consumer_id=str(shop.market.person()))
    cancelled = leader.post(f"/api/v1/orders/{by_leader.json()['id']}/cancellation", headers=once())
    everybody = shop.planner.get(f"/api/v1/cycles/{cycle_id}/orders?limit=1").json()

    assert by_planner.json()["consumer_id"] == str(ada)
    assert by_leader.json()["consumer_id"] == str(bob)
    assert by_stranger.status_code == 404
    assert cancelled.json()["reason"] == "planner"
    assert everybody["next"] == everybody["items"][0]["id"] == by_planner.json()["id"]


def test_a_leader_cannot_order_in_the_place_of_strangers_nor_for_nobody(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open()
    leader = shop.api.as_(shop.api.person(Role.LEADER, shop.market.point.organisation_id))
    stranger, regular = (
        shop.api.store.run(people.add_person, name, email=f"{name}@example.org", password_hash="x")
        for name in ("Eve", "Ida")
    )
    gone = shop.market.person("Gone")
    shop.api.store.run(people.erase_person, gone)
    shop.market.place(cycle_id, {bags: 1}, consumer_id=regular)
    cycle_id, bags, _ = shop.market.open()

    def answer(client: httpx.Client, consumer_id: UUID) -> int:
        return shop.order(client, cycle_id, {bags: 1}, consumer_id=str(consumer_id)).status_code

    assert [answer(leader, one) for one in (stranger, gone, uuid4(), regular)] == [404, 404, 404, 201]
    assert [answer(shop.planner, one) for one in (gone, uuid4(), stranger)] == [404, 404, 201]


def test_a_leader_moves_an_order_only_to_a_point_of_their_own(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open()
    leader = shop.api.as_(shop.api.person(Role.LEADER, shop.market.point.organisation_id))
    placed = shop.order(leader, cycle_id, {bags: 1}, consumer_id=str(shop.market.person())).json()
    elsewhere = str(shop.market.country.point("Elsewhere").id)
    seen = leader.get(f"/api/v1/orders/{placed['id']}").headers["etag"]

    def amend(**more: Any) -> int:
        basket = shop.basket({bags: 2}, **more)
        headers = once() | {"If-Match": seen}
        return leader.put(f"/api/v1/orders/{placed['id']}", json=basket, headers=headers).status_code

    assert amend(place_id=elsewhere) == 404
    assert amend() == 200


@pytest.mark.parametrize(
    ("spoilt", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"listing_id": str(uuid4()), "packs": 0}]}, "lines"),
        ({"place_id": "Holland"}, "place_id"),
        ({"tip_minor": 1}, "tip_minor"),
    ],
)
def test_a_wrong_order_is_answered_field_by_field(shop: Shop, spoilt: dict[str, Any], field: str) -> None:
    cycle_id, bags, _ = shop.market.open()
    ada = shop.api.as_role(Role.CONSUMER)

    answer = ada.post(f"/api/v1/cycles/{cycle_id}/orders", json=shop.basket({bags: 1}) | spoilt, headers=once())

    assert answer.status_code in {400, 422}
    assert field in answer.json()["errors"][0]["field"]


def test_after_the_cut_off_the_answer_says_so_in_both_languages(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open()
    shop.market.close_in(cycle_id, 0)
    ada = shop.api.as_role(Role.CONSUMER)

    english = shop.order(ada, cycle_id, {bags: 1})
    ada.headers["accept-language"] = "zh-CN"
    chinese = shop.order(ada, cycle_id, {bags: 1})

    assert (english.status_code, english.json()["code"]) == (409, "cycle-closed")
    assert "cut-off" in english.json()["detail"]
    assert "截单" in chinese.json()["detail"]
