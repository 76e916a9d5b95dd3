"""Cycles over HTTP: made, opened, paused, put off, copied, cancelled, closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from farmlink.cycles import commands
from farmlink.cycles.values import PriceStep, Unmet
from farmlink.people.values import Role
from tests.api.conftest import Api, once
from tests.api.shop import Shop
from tests.farmlink.cycles.builders import COLLECT_ON, Market
from tests.farmlink.planning.builders import run_sql


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
    assert (progress["orders"], progress["total_minor"], progress["to_go_minor"]) == (1, 900, 0)
    assert closed.json() | {"cycle_id": ""} == {
        "cycle_id": "",
        "stage": "closed",
        "orders": 1,
        "lines": 1,
        "batches": 1,
        "worth_minor": 900,
        "extended": None,
    }
    assert [(batch["quantity"], batch["place_id"]) for batch in batches["items"]] == [(3000, str(shop.market.point.id))]
    assert shop.planner.get(f"{address}/demand").json()["items"][0]["quantity"] == 3000


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
    now = shop.planner.get(f"{address}/listings/{bags}")
    assert (answers[-1].json(), answers[-1].headers["etag"]) == (now.json(), now.headers["etag"])
    assert now.json()["price_minor_per_1000"] == 290
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


def test_everybody_sees_how_far_a_cycle_has_come_and_what_it_costs_once_more_join(shop: Shop) -> None:
    market = shop.market
    cycle = market.draft(threshold_minor=1_500, extension_hours=24, unmet=Unmet.PARTIAL)
    steps = (PriceStep(2_000, 280), PriceStep(200_000, 250))
    bags, crates = market.list_apples(cycle.id, threshold=5_000, price_minor_per_1000=320, price_steps=steps)
    market.store.run(commands.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 3})
    address = f"/api/v1/cycles/{cycle.id}/progress"

    whole = shop.api.client().get(address).json()
    packs = {one["listing_id"]: one for one in shop.api.client().get(f"{address}/listings").json()["items"]}

    closes_at = shop.api.client().get(f"/api/v1/cycles/{cycle.id}").json()["closes_at"]
    assert whole == {
        "cycle_id": str(cycle.id),
        "orders": 1,
        "total_minor": 0,
        "currency": "USD",
        "threshold_minor": 1_500,
        "to_go_minor": 1_500,
        "state": "open",
        "unmet": "partial",
        "extension_hours": 24,
        "due_at": closes_at,
        "overdue": False,
    }
    assert set(packs) == {str(bags), str(crates)}
    assert packs[str(bags)].pop("says")[1] == "Join until 200 kg: a pack then costs everybody $2.50 instead of $2.80."
    assert packs[str(bags)] == {
        "listing_id": str(bags),
        "ordered": 3_000,
        "threshold": 5_000,
        "to_go": 2_000,
        "state": "open",
        "unmet": "zero",
        "due_at": closes_at,
        "overdue": False,
        "price_minor_per_1000": 280,
        "next_step": {"from_quantity": 200_000, "price_minor_per_1000": 250, "to_go": 197_000},
    }


def test_a_listing_changes_until_somebody_has_ordered_it(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open()
    address = f"/api/v1/cycles/{cycle_id}/listings/{bags}"
    pack = {"product_id": str(shop.market.apples.id), "grade": 4, "variant_id": str(shop.market.bag.id)}

    def put(seen: str, **changed: Any) -> httpx.Response:
        return shop.planner.put(address, json=pack | changed, headers={"If-Match": seen})

    posted = shop.planner.get(address).headers["etag"]
    changed = put(posted, case_packs=6, unmet="partial")
    assert (changed.status_code, changed.json()["case_packs"], changed.json()["unmet"]) == (200, 6, "partial")
    assert put(posted, price_steps=[]).status_code == 412
    shop.market.place(cycle_id, {bags: 1})
    refused = put(changed.headers["etag"], case_packs=5)
    assert (refused.json()["code"], refused.json()["facts"]["field"]) == ("listing-ordered", "case_packs")


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
