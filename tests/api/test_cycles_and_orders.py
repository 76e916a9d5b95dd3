"""Ordering as consumers, leaders and planners meet it over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from farmlink.cycles.values import CycleId, ListingId
from farmlink.people import commands as people
from farmlink.people.values import Role
from tests.api.conftest import Api, once
from tests.farmlink.cycles.builders import COLLECT_ON, Market
from tests.farmlink.planning.builders import run_sql


@dataclass
class Shop:
    """A market behind a running server."""

    api: Api
    market: Market
    planner: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.planner = self.api.as_role(Role.PLANNER)

    def basket(self, packs: dict[ListingId, int], **more: Any) -> dict[str, Any]:
        lines = [{"listing_id": str(listing_id), "packs": count} for listing_id, count in packs.items()]
        return {"place_id": str(self.market.point.id), "lines": lines, **more}

    def order(
        self, client: httpx.Client, cycle_id: CycleId, packs: dict[ListingId, int], **more: Any
    ) -> httpx.Response:
        return client.post(f"/api/v1/cycles/{cycle_id}/orders", json=self.basket(packs, **more), headers=once())

    def terms(self, **changed: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "hub_id": str(self.market.hub.id),
            "opens": (now - timedelta(days=1)).isoformat(),
            "closes": (now + timedelta(days=1)).isoformat(),
            "collect_on": str(COLLECT_ON),
            "hand_out_on": str(COLLECT_ON + timedelta(days=1)),
            **changed,
        }


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api, Market.founded(api.store))


def test_a_planner_makes_a_cycle_from_nothing_to_batches(shop: Shop) -> None:
    made = shop.planner.post("/api/v1/cycles", json=shop.terms(), headers=once())
    address = f"/api/v1/cycles/{made.json()['id']}"
    pack = {"product_id": str(shop.market.apples.id), "grade": 4, "variant_id": str(shop.market.bag.id)}
    steps = [{"from_quantity": 5000, "price_minor_per_1000": 250}]
    sold = {**pack, "price_minor_per_1000": 300, "price_steps": steps}
    listed = shop.planner.post(f"{address}/listings", json={"listings": [sold]}, headers=once())
    opened = shop.planner.post(f"{address}/opening", headers=once())
    consumer = shop.api.as_role(Role.CONSUMER)
    ordered = shop.order(consumer, made.json()["id"], {listed.json()["items"][0]: 3})
    progress = consumer.get(f"{address}/progress").json()
    closed = shop.planner.post(f"{address}/closing", headers=once())
    batches = shop.planner.get(f"{address}/batches").json()

    assert (made.status_code, listed.status_code, opened.status_code, ordered.status_code) == (201, 201, 200, 201)
    assert opened.json()["stage"] == "open"
    assert progress == {"orders": 1, "total_minor": 900}
    assert closed.json() | {"cycle_id": ""} == {
        "cycle_id": "",
        "stage": "closed",
        "orders": 1,
        "lines": 1,
        "batches": 1,
        "worth_minor": 900,
    }
    assert [(batch["quantity"], batch["place_id"]) for batch in batches["items"]] == [(3000, str(shop.market.point.id))]
    assert shop.planner.get(f"{address}/demand").json()["items"][0]["quantity"] == 3000


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


def test_everybody_browses_what_is_open_and_nobody_what_is_not(shop: Shop) -> None:
    cycle_id, _, _ = shop.market.open()
    draft = shop.market.draft()
    private, _, _ = shop.market.open(private=True)
    guest = shop.api.person()
    invited = shop.planner.post(
        f"/api/v1/cycles/{private}/invitations", json={"person_ids": [str(guest)]}, headers=once()
    )
    anybody = shop.api.nobody

    found = anybody.get(f"/api/v1/cycles?point_id={shop.market.point.id}").json()

    assert invited.json() == {"invited": 1}
    assert [cycle["id"] for cycle in found["items"]] == [str(cycle_id)]
    assert found["items"][0]["server_at"] < found["items"][0]["closes_at"]
    assert len(anybody.get(f"/api/v1/cycles/{cycle_id}/listings").json()["items"]) == 2
    assert anybody.get(f"/api/v1/cycles/{cycle_id}/points").json()["items"] == [str(shop.market.point.id)]
    assert anybody.get(f"/api/v1/cycles/{draft.id}").status_code == 404
    assert anybody.get(f"/api/v1/cycles/{private}").status_code == 404
    assert shop.api.as_(guest).get(f"/api/v1/cycles/{private}").status_code == 200
    assert shop.planner.get(f"/api/v1/cycles/{draft.id}").json()["stage"] == "draft"


def test_a_planner_plans_for_their_own_hubs_alone(shop: Shop) -> None:
    cycle_id, _, _ = shop.market.open()
    own = shop.api.as_(shop.api.person(Role.PLANNER, shop.market.hub.organisation_id))
    other = shop.api.as_(shop.api.person(Role.PLANNER, shop.market.country.hub("Flint").organisation_id))

    def pause(client: httpx.Client) -> int:
        return client.post(f"/api/v1/cycles/{cycle_id}/pause", headers=once()).status_code

    assert pause(shop.api.as_role(Role.CONSUMER)) == 403
    assert pause(other) == 404
    assert pause(own) == 200
    assert other.get(f"/api/v1/hubs/{shop.market.hub.id}/cycles").status_code == 404
    assert other.post("/api/v1/cycles", json=shop.terms(), headers=once()).status_code == 404
    assert [
        cycle["id"] for cycle in own.get(f"/api/v1/hubs/{shop.market.hub.id}/cycles?stage=open").json()["items"]
    ] == [str(cycle_id)]


def test_a_cycle_is_paused_resumed_extended_cheapened_copied_and_cancelled(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open()
    address = f"/api/v1/cycles/{cycle_id}"

    def does(what: str, **more: Any) -> httpx.Response:
        return shop.planner.post(f"{address}/{what}", headers=once() | more.pop("headers", {}), **more)

    assert does("pause").json()["paused"] is True
    assert does("resumption").json()["paused"] is False
    seen = shop.planner.get(address)
    later = (datetime.fromisoformat(seen.json()["closes_at"]) + timedelta(hours=2)).isoformat()
    extended = does("extension", json={"closes": later}, headers={"If-Match": seen.headers["etag"]})
    assert datetime.fromisoformat(extended.json()["closes_at"]) == datetime.fromisoformat(later)
    posted = shop.planner.get(f"{address}/listings/{bags}")
    price, cheaper = f"{address}/listings/{bags}/price", {"price_minor_per_1000": 290}
    tried: list[dict[str, str]] = [{}, {"If-Match": '"7"'}, {"If-Match": posted.headers["etag"]}]
    answers = [shop.planner.put(price, json=cheaper, headers=headers) for headers in tried]
    assert [answer.status_code for answer in answers] == [428, 412, 200]
    assert (answers[-1].json()["price_minor_per_1000"], answers[-1].headers["etag"]) == (290, '"290"')
    assert shop.planner.put(price, json=cheaper, headers=tried[-1]).status_code == 412
    copied = does("copy", json={})
    assert copied.json()["collect_on"] == str(COLLECT_ON + timedelta(days=7))
    changed = shop.planner.put(
        f"/api/v1/cycles/{copied.json()['id']}",
        json=shop.terms(minimum_order_minor=700),
        headers={"If-Match": copied.headers["etag"]},
    )
    assert changed.json()["minimum_order_minor"] == 700
    assert does("cancellation").json()["stage"] == "cancelled"


FAR = [
    ("opens", "0001-01-01T00:00:00+14:00"),
    ("opens", "0001-01-02T00:00:00"),
    ("closes", "9999-12-31T23:00:00"),
    ("closes", "9999-12-31T23:00:00-12:00"),
    ("collect_on", "9999-12-31"),
    ("hand_out_on", "0001-01-01"),
]


@pytest.mark.parametrize(("field", "day"), FAR)
def test_a_cycle_outside_the_calendar_is_refused_by_the_field(shop: Shop, field: str, day: str) -> None:
    draft = shop.market.draft()
    seen = shop.planner.get(f"/api/v1/cycles/{draft.id}").headers["etag"]
    terms = shop.terms(**{field: day})

    made = shop.planner.post("/api/v1/cycles", json=terms, headers=once())
    changed = shop.planner.put(f"/api/v1/cycles/{draft.id}", json=terms, headers={"If-Match": seen})

    for answer in (made, changed):
        assert (answer.status_code, answer.json()["code"]) == (422, "outside-calendar")
        assert answer.json()["facts"]["field"] == field


@pytest.mark.parametrize("closes", [day for field, day in FAR if field == "closes"])
def test_a_cut_off_is_not_put_off_beyond_the_calendar(shop: Shop, closes: str) -> None:
    cycle_id, _, _ = shop.market.open()
    address = f"/api/v1/cycles/{cycle_id}"
    headers = once() | {"If-Match": shop.planner.get(address).headers["etag"]}

    answer = shop.planner.post(f"{address}/extension", json={"closes": closes}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "outside-calendar")
    assert answer.json()["facts"]["field"] == "closes"


@pytest.mark.parametrize("collect_on", [date(2199, 6, 1), date(9999, 12, 30)])
def test_a_copy_beyond_the_calendar_is_refused_even_of_a_cycle_from_before_there_was_one(
    shop: Shop, collect_on: date
) -> None:
    draft = shop.market.draft()
    run_sql(
        shop.api.store,
        "UPDATE order_cycle SET closes_at = :day, collect_on = :day, hand_out_on = :day WHERE id = :id",
        id=draft.id,
        day=collect_on,
    )

    answer = shop.planner.post(f"/api/v1/cycles/{draft.id}/copy", json={"days": 366}, headers=once())

    assert (answer.status_code, answer.json()["code"]) == (422, "outside-calendar")
    assert answer.json()["facts"]["field"] == "days"


def test_only_an_open_cycle_is_paused_and_goes_on(shop: Shop) -> None:
    draft = shop.market.draft()
    over, _, _ = shop.market.open()
    shop.planner.post(f"/api/v1/cycles/{over}/cancellation", headers=once())

    answers = [
        shop.planner.post(f"/api/v1/cycles/{cycle_id}/{deed}", headers=once())
        for cycle_id in (draft.id, over)
        for deed in ("pause", "resumption")
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "cycle-not-pausable")}
    assert "cancelled" in answers[-1].json()["detail"]


def test_a_planner_reads_who_must_be_invited_and_others_that_there_is_no_cycle(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open(private=True)
    leader = shop.api.as_(shop.api.person(Role.LEADER, shop.market.point.organisation_id))
    ada, key = shop.market.person("Ada"), once()
    wanted = shop.basket({bags: 1}, consumer_id=str(ada))
    address = f"/api/v1/cycles/{cycle_id}"

    refused = shop.planner.post(f"{address}/orders", json=wanted, headers=key)
    own = shop.order(shop.planner, cycle_id, {bags: 1})
    by_leader = shop.order(leader, cycle_id, {bags: 1}, consumer_id=str(ada))
    shop.planner.post(f"{address}/invitations", json={"person_ids": [str(ada)]}, headers=once())
    placed = shop.planner.post(f"{address}/orders", json=wanted, headers=key)

    assert {(answer.status_code, answer.json()["code"]) for answer in (refused, own)} == {(409, "not-invited")}
    assert (by_leader.status_code, by_leader.json()["code"]) == (404, "missing")
    assert placed.status_code == 201


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
