"""Dispatch over HTTP: docks count and share, leaders hand out, consumers look; others' orders do not exist."""

from __future__ import annotations

import httpx
import pytest

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Stage
from farmlink.dispatch.values import ReceiptView
from farmlink.network.values import HubCard
from farmlink.orders.values import OrderId
from farmlink.people import commands as people
from farmlink.people.values import OrganisationKind, Role
from tests.api.conftest import Api, once
from tests.farmlink.cycles.builders import HOMES
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import force_sql


@pytest.fixture
def goods(api: Api) -> Goods:
    return Goods.closed(api.store).confirmed()


@pytest.fixture
def dock(api: Api, goods: Goods) -> httpx.Client:
    return api.as_(api.person(Role.DOCK, goods.market.hub.organisation_id))


@pytest.fixture
def leader(api: Api, goods: Goods) -> httpx.Client:
    return api.as_(api.person(Role.LEADER, goods.market.point.organisation_id))


def counts(dock: httpx.Client, goods: Goods) -> dict[str, object]:
    sent = dock.get(f"/api/v1/cycles/{goods.cycle_id}/dispatch/receipts").json()["items"]
    return {"counts": [{"allocation_id": one["allocation_id"], "received": one["allocated"]} for one in sent]}


def test_a_dock_counts_and_shares_a_leader_hands_out_and_the_cycle_ends(
    api: Api, dock: httpx.Client, leader: httpx.Client, goods: Goods
) -> None:
    path = f"/api/v1/cycles/{goods.cycle_id}/dispatch"
    counted = dock.post(f"{path}/receipts", json=counts(dock, goods), headers=once())
    assert (counted.status_code, counted.json()["changed"]) == (200, len(goods.receipts()))
    assert dock.post(f"{path}/share", headers=once()).json() == {"changed": 2}
    first, second = goods.orders
    consumer = api.as_(first.consumer_id)
    (due,) = consumer.get(f"/api/v1/orders/{first.id}/hand-out").json()["items"]
    assert (due["due"], due["handed_out"]) == (30_000, None)
    (handed,) = leader.post(f"/api/v1/orders/{first.id}/hand-out", json={}, headers=once()).json()["items"]
    assert handed["handed_out"] == 30_000
    spoiled = {"lines": [{"line_id": str(goods.line(second).line_id), "handed_out": 18_000, "reason": "spoiled"}]}
    (handed,) = leader.post(f"/api/v1/orders/{second.id}/hand-out", json=spoiled, headers=once()).json()["items"]
    assert (handed["handed_out"], handed["reason"], handed["end_reason"]) == (18_000, None, "spoiled")
    flow = dock.post(f"{path}/finish", headers=once()).json()
    assert (flow["ordered_minor"], flow["handed_out_minor"], flow["short_minor"]) == (15_000, 14_400, {"spoiled": 600})
    assert goods.stage() is Stage.DONE


def test_whoever_hands_out_a_gift_knows_who_collects_it_and_how_they_are_reached(api: Api) -> None:
    goods = Goods.opened(api.store)
    giver, (bags, _) = goods.market.person(), api.store.read(cycles.listings, goods.cycle_id)
    rose = api.store.run(people.name_recipient, giver, "Grandma Rose", phone="+1 231 555 0101")
    gift = goods.market.place(goods.cycle_id, {bags.id: 2}, consumer_id=giver, recipient_id=rose)
    own = goods.order(3)
    goods.close()
    goods.confirmed().receive()
    leader = api.as_(api.person(Role.LEADER, goods.market.point.organisation_id))

    def told(order_id: OrderId) -> tuple[str | None, str | None]:
        said = leader.get(f"/api/v1/orders/{order_id}/hand-out").json()
        return said["recipient"], said["recipient_phone"]

    assert told(gift.id) == (None, None)
    goods.share()
    assert told(gift.id) == ("Grandma Rose", "+1 231 555 0101")
    assert told(own.id) == (None, None)


def test_a_leader_hands_out_the_whole_point_but_for_those_who_wait(
    dock: httpx.Client, leader: httpx.Client, goods: Goods
) -> None:
    goods.receive()
    goods.share()
    path = f"/api/v1/cycles/{goods.cycle_id}/points/{goods.market.point.id}/hand-out"
    waiting = {"waiting": [str(goods.orders[0].id)]}
    assert leader.post(path, json=waiting, headers=once()).json() == {"changed": 1}
    assert dock.post(path, json=waiting, headers=once()).status_code == 403


def test_nobody_counts_more_than_was_sent_nor_what_was_not(dock: httpx.Client, goods: Goods) -> None:
    path, body = f"/api/v1/cycles/{goods.cycle_id}/dispatch/receipts", counts(dock, goods)
    (first, *_) = goods.receipts()
    more = {"counts": [{"allocation_id": str(first.allocation_id), "received": first.allocated + 1}]}
    strange = {"counts": [{"allocation_id": str(goods.cycle_id), "received": 1}]}
    below = {"counts": [{"allocation_id": str(first.allocation_id), "received": -1}]}
    none: dict[str, object] = {"counts": []}
    answers = [dock.post(path, json=bad, headers=once()) for bad in (more, strange, below, none)]
    assert [answer.status_code for answer in answers] == [422, 409, 422, 422]
    assert dock.post(path, json=body, headers=once()).status_code == 200


def test_sharing_out_what_nobody_counted_is_refused_because_it_cannot_be_undone(
    dock: httpx.Client, goods: Goods
) -> None:
    path = f"/api/v1/cycles/{goods.cycle_id}/dispatch"
    refused = dock.post(f"{path}/share", headers=once())
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing-counted")
    dock.post(f"{path}/receipts", json=counts(dock, goods), headers=once())
    assert dock.post(f"{path}/share", headers=once()).json() == {"changed": 2}


def test_another_hubs_dock_and_another_points_leader_find_nothing(api: Api, goods: Goods) -> None:
    goods.receive()
    goods.share()
    country = goods.market.country
    dock = api.as_(api.person(Role.DOCK, country.organisation(OrganisationKind.HUB, "Elsewhere")))
    leader = api.as_(api.person(Role.LEADER, country.organisation(OrganisationKind.POINT, "Elsewhere")))
    path = f"/api/v1/cycles/{goods.cycle_id}/dispatch"
    assert dock.get(f"{path}/receipts").status_code == 404
    for deed in ("share", "finish"):
        assert dock.post(f"{path}/{deed}", headers=once()).status_code == 404
    order = f"/api/v1/orders/{goods.orders[0].id}/hand-out"
    hidden, missing = leader.get(order), leader.get(f"/api/v1/orders/{goods.cycle_id}/hand-out")
    assert (hidden.status_code, hidden.json()["detail"]) == (404, missing.json()["detail"])
    assert leader.post(order, json={}, headers=once()).status_code == 404
    whole = f"/api/v1/cycles/{goods.cycle_id}/points/{goods.market.point.id}/hand-out"
    assert leader.post(whole, json={"waiting": []}, headers=once()).status_code == 404
    assert goods.line(goods.orders[0]).ended_at is None


def through_two_hubs(goods: Goods, sister: HubCard) -> list[ReceiptView]:
    """One of the allocations comes in at the sister's hub instead."""
    (first, *_) = goods.receipts()
    force_sql(
        goods.store,
        "UPDATE allocation SET collecting_hub_id = :hub WHERE id = :id",
        hub=sister.id,
        id=first.allocation_id,
    )
    return goods.receipts()


def test_each_hubs_dock_sees_and_counts_what_comes_in_at_its_own_hub(
    api: Api, dock: httpx.Client, goods: Goods
) -> None:
    house = goods.market.country.hub("Sister")
    theirs, *ours = through_two_hubs(goods, house)
    sister = api.as_(api.person(Role.DOCK, house.organisation_id))
    planner = api.as_(api.person(Role.PLANNER, goods.market.hub.organisation_id))
    path = f"/api/v1/cycles/{goods.cycle_id}/dispatch"

    shown = [
        [one["allocation_id"] for one in client.get(f"{path}/receipts").json()["items"]]
        for client in (sister, dock, planner)
    ]
    assert shown == [[str(one.allocation_id) for one in of] for of in ([theirs], ours, [theirs, *ours])]

    of_others = {"counts": [{"allocation_id": str(one.allocation_id), "received": 0} for one in ours]}
    refused = sister.post(f"{path}/receipts", json=of_others, headers=once())
    assert (refused.status_code, refused.json()["code"]) == (409, "not-in-plan")
    assert [one.received for one in goods.receipts()] == [None, *(None for _ in ours)]
    counted = sister.post(f"{path}/receipts", json=counts(sister, goods), headers=once())
    assert (counted.status_code, counted.json()["changed"]) == (200, 1)
    refusals = [sister.post(f"{path}/{deed}", headers=once()).status_code for deed in ("share", "finish")]
    assert refusals == [404, 404]


def test_a_hub_at_which_nothing_comes_in_has_no_part_in_the_cycle(api: Api, goods: Goods) -> None:
    rival = api.as_(api.person(Role.DOCK, goods.market.country.hub("Rival").organisation_id))
    path = f"/api/v1/cycles/{goods.cycle_id}/dispatch"
    nothing = {"counts": [{"allocation_id": str(one.allocation_id), "received": 0} for one in goods.receipts()]}

    answers = [rival.get(f"{path}/receipts"), rival.post(f"{path}/receipts", json=nothing, headers=once())]
    answers.append(rival.get(f"{path}/homes"))

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert {one.received for one in goods.receipts()} == {None}


def test_a_consumer_sees_only_their_own_order(api: Api, goods: Goods) -> None:
    goods.receive()
    goods.share()
    first, second = goods.orders
    consumer = api.as_(first.consumer_id)
    assert consumer.get(f"/api/v1/orders/{second.id}/hand-out").status_code == 404
    assert consumer.post(f"/api/v1/orders/{first.id}/hand-out", json={}, headers=once()).status_code == 403


def test_the_cycles_planner_may_stand_in_for_dock_and_leader(api: Api, goods: Goods) -> None:
    planner = api.as_(api.person(Role.PLANNER, goods.market.hub.organisation_id))
    path = f"/api/v1/cycles/{goods.cycle_id}/dispatch"
    goods.receive()
    assert planner.post(f"{path}/share", headers=once()).json() == {"changed": 2}
    assert planner.post(f"/api/v1/orders/{goods.orders[0].id}/hand-out", json={}, headers=once()).status_code == 200
    assert planner.post(f"{path}/finish", headers=once()).status_code == 200


def test_whoever_hands_out_and_the_consumer_read_what_is_to_pay_for_what_is_due(api: Api) -> None:
    goods = Goods.closed(api.store, delivery_fee_minor=150).confirmed()
    first, second = goods.orders
    dock = api.as_(api.person(Role.DOCK, goods.market.hub.organisation_id))
    leader = api.as_(api.person(Role.LEADER, goods.market.point.organisation_id))
    consumer = api.as_(first.consumer_id)
    address = f"/api/v1/orders/{first.id}"

    before = [consumer.get(address).json()["due_minor"], leader.get(f"{address}/hand-out").json()["due_minor"]]
    promised = consumer.get(f"{address}/confirmation").json()["body"]
    goods.receive(lambda view: view.allocated // 5)
    goods.share()
    (line,) = leader.get(f"{address}/hand-out").json()["items"]
    due = [one.get(f"{address}/hand-out").json() for one in (leader, consumer)]
    told = consumer.get(f"{address}/confirmation").json()["body"]
    there = consumer.get(f"{address}/confirmation", headers={"accept-language": "zh-CN"}).json()["body"]
    part = {"lines": [{"line_id": line["line_id"], "handed_out": line["due"] - 500, "reason": "spoiled"}]}
    handed = leader.post(f"{address}/hand-out", json=part, headers=once()).json()
    ended = consumer.get(f"{address}/confirmation").json()
    dock.post(f"/api/v1/cycles/{goods.cycle_id}/dispatch/finish", headers=once())
    missed = api.as_(second.consumer_id).get(f"/api/v1/orders/{second.id}").json()
    nothing = api.as_(second.consumer_id).get(f"/api/v1/orders/{second.id}/confirmation").json()["body"]

    packs = line["due"] // 1000
    assert 0 < packs < 30
    assert before == [None, None]
    assert "can no longer be changed" in promised
    assert "at most $91.50" in promised
    assert [(one["due_minor"], one["delivery_fee_minor"], one["currency"]) for one in due] == [
        (packs * 300 + 150, 150, "USD")
    ] * 2
    assert f"{packs} of 30 x Apples bag: ${packs * 3}.00\nDelivery: $1.50\n" in told
    assert f"You pay ${packs * 3 + 1}.50, when you pick it up." in told
    assert "at most" not in told
    assert f"应付 US${packs * 3 + 1}.50" in there
    assert handed["due_minor"] == packs * 300 - 150 + 150
    assert ended["body"].startswith("This was handed out of your order for Sep 5, 2031:\n")
    assert ended["body"].endswith(f"What was handed out comes to ${packs * 3}.00.")
    assert f"{packs - 0.5} of 30 x Apples bag" in ended["body"]
    assert missed["due_minor"] == 0
    assert nothing == "Nothing was handed out of your order for Sep 5, 2031. Nothing is charged."


def test_who_brings_an_order_home_reads_what_to_collect_there(api: Api) -> None:
    goods = Goods.opened(api.store, homes=HOMES)
    order = goods.order_home(30)
    goods.close()
    goods.confirmed()
    goods.receive()
    goods.share()
    driver = api.as_(api.person(Role.DRIVER, goods.market.hub.organisation_id))

    handed = driver.get(f"/api/v1/orders/{order.id}/hand-out").json()
    told = api.as_(order.consumer_id).get(f"/api/v1/orders/{order.id}/confirmation").json()["body"]

    assert (handed["due_minor"], handed["delivery_fee_minor"]) == (9_500, 500)
    assert told.endswith("You pay $95.00, when it is brought. Nothing is charged before.")


def test_an_order_of_which_nothing_came_has_nothing_to_pay_not_even_its_fee(api: Api) -> None:
    goods = Goods.closed(api.store, delivery_fee_minor=150).confirmed()
    goods.receive(lambda _: 0)
    goods.share()
    order = goods.orders[0]
    consumer = api.as_(order.consumer_id)

    told = consumer.get(f"/api/v1/orders/{order.id}/confirmation").json()["body"]

    assert consumer.get(f"/api/v1/orders/{order.id}/hand-out").json()["due_minor"] == 0
    assert told == "Nothing came in of your order for Sep 5, 2031. Nothing is charged."
