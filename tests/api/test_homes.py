"""Homes over HTTP: said by who lives there, ordered to by them, seen by who brings, and by nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from farmlink.cycles import commands as cycles
from farmlink.people import commands as people
from farmlink.people.values import PersonId, Role
from tests.api.conftest import Api, once
from tests.farmlink.cycles.builders import HOMES
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.network.builders import Country

STREET = "12 Elm Street"


@dataclass
class Street:
    """An open cycle that serves homes, and Ada who lives near the hub."""

    api: Api
    goods: Goods
    ada: httpx.Client
    ada_id: PersonId

    @property
    def shop(self) -> str:
        return f"/api/v1/cycles/{self.goods.cycle_id}"

    @property
    def listing(self) -> str:
        return str(
            next(one["id"] for one in self.ada.get(f"{self.shop}/listings").json()["items"] if one["pack"] == 1000)
        )

    def body(self, **changed: Any) -> dict[str, Any]:
        home = {
            "region_id": str(self.goods.market.hub.region_id),
            "address": {"town": "Grand Rapids", "district": "MI", "street": STREET},
            "coordinates": {"latitude_e6": 42_963_333, "longitude_e6": -85_668_111},
        }
        return home | changed

    def basket(self, place_id: str, packs: int = 20, **more: Any) -> dict[str, Any]:
        return {"place_id": place_id, "lines": [{"listing_id": self.listing, "packs": packs}], **more}

    def settled(self) -> str:
        """Say where Ada lives; the id of her home."""
        return str(self.ada.put("/api/v1/people/me/home", json=self.body()).json()["id"])

    def ordered(self) -> dict[str, Any]:
        """Have Ada order home."""
        answer = self.ada.post(f"{self.shop}/orders", json=self.basket(self.settled()), headers=once())
        assert answer.status_code == 201, answer.text
        order: dict[str, Any] = answer.json()
        return order


@pytest.fixture
def street(api: Api) -> Street:
    goods = Goods.opened(api.store, homes=HOMES)
    ada = api.person()
    return Street(api, goods, api.as_(ada), ada)


def test_one_says_where_one_lives_moves_and_leaves(street: Street) -> None:
    mine = "/api/v1/people/me/home"
    assert street.ada.get(mine).status_code == 404
    first = street.ada.put(mine, json=street.body())
    assert (first.status_code, first.json()["address"]["street"]) == (200, STREET)
    assert street.ada.put(mine, json=street.body()).json() == first.json() == street.ada.get(mine).json()
    town_only = {
        "region_id": street.body()["region_id"],
        "address": {"town": "Holland", "district": "MI", "street": "9th"},
    }
    assert street.ada.put(mine, json=town_only).json()["id"] != first.json()["id"]
    assert street.ada.delete(mine).status_code == 204
    assert street.ada.get(mine).status_code == 404


def test_the_shop_says_what_bringing_costs_and_the_order_counts_it_in(street: Street) -> None:
    shown = street.ada.get(street.shop).json()["homes"]
    assert shown == {"fee_minor": 500, "minimum_order_minor": 1_000, "range_m": 10_000}
    order = street.ordered()
    assert (order["at_home"], order["delivery_fee_minor"], order["total_minor"]) == (True, 500, 6_500)
    told = street.ada.get(f"/api/v1/orders/{order['id']}/confirmation").json()["body"]
    assert STREET in told
    assert "$65.00" in told
    fetched = street.basket(str(street.goods.market.point.id))
    moved = street.ada.put(f"/api/v1/orders/{order['id']}", json=fetched, headers=once() | {"if-match": '"1"'}).json()
    assert (moved["at_home"], moved["delivery_fee_minor"], moved["total_minor"]) == (False, 0, 6_000)


def test_a_planner_drafts_a_cycle_that_serves_homes(street: Street) -> None:
    market = street.goods.market
    planner = street.api.as_(street.api.person(Role.PLANNER, market.hub.organisation_id))
    terms = {
        "hub_id": str(market.hub.id),
        "opens": "2031-08-25T08:00:00",
        "closes": "2031-09-01T20:00:00",
        "collect_on": "2031-09-04",
        "hand_out_on": "2031-09-05",
        "homes": {"fee_minor": 400, "range_m": 5_000},
    }
    made = planner.post("/api/v1/cycles", json=terms, headers=once())
    assert made.json()["homes"] == {"fee_minor": 400, "minimum_order_minor": 0, "range_m": 5_000}
    wrong = planner.post("/api/v1/cycles", json=terms | {"homes": {"fee_minor": 1, "range_m": 0}}, headers=once())
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "homes.range_m")


def seen_by_others(street: Street, order_id: str) -> dict[str, httpx.Client]:
    """People who have business with the cycle, and none with Ada's door."""
    market, api = street.goods.market, street.api
    farm = market.country.farm("A neighbour's").organisation_id
    elsewhere = Country.anywhere(api.store).hub().organisation_id
    return {
        "consumer": api.as_role(Role.CONSUMER),
        "leader": api.as_(api.person(Role.LEADER, market.point.organisation_id)),
        "farmer": api.as_(api.person(Role.FARMER, farm)),
        "driver elsewhere": api.as_(api.person(Role.DRIVER, elsewhere)),
        "planner elsewhere": api.as_(api.person(Role.PLANNER, elsewhere)),
    }


def test_nobody_but_who_brings_it_sees_a_home_or_the_order_to_it(street: Street) -> None:
    order = street.ordered()
    street.goods.close()
    street.goods.confirmed()
    nothing = str(UUID(int=7))
    doors = [
        "/api/v1/orders/{}",
        "/api/v1/orders/{}/confirmation",
        "/api/v1/orders/{}/hand-out",
    ]
    for name, client in seen_by_others(street, order["id"]).items():
        for door in doors:
            hidden, missing = (client.get(door.format(one)) for one in (order["id"], nothing))
            assert hidden.status_code in {403, 404}, f"{name} at {door}: {hidden.text}"
            assert hidden.text.replace(order["id"], "") == missing.text.replace(nothing, ""), f"{name} at {door}"
        for door in (f"{street.shop}/dispatch/homes", f"/api/v1/people/persons/{street.ada_id}/home"):
            assert client.get(door).status_code in {403, 404}, f"{name} at {door}"
        for public in ("/api/v1/points", f"{street.shop}/points", "/api/v1/farms", street.shop):
            shown = client.get(public)
            assert shown.status_code == 200, f"{name} at {public}: {shown.text}"
            assert order["place_id"] not in shown.text
        handed = client.post(f"/api/v1/orders/{order['id']}/hand-out", json={}, headers=once())
        assert handed.status_code in {403, 404}, name


def test_a_neighbour_cannot_order_to_adas_door(street: Street) -> None:
    home, neighbour = street.settled(), street.api.as_role(Role.CONSUMER)
    foreign, none = (
        neighbour.post(f"{street.shop}/orders", json=street.basket(place), headers=once())
        for place in (home, str(UUID(int=7)))
    )
    assert (foreign.status_code, none.status_code) == (404, 404)
    assert foreign.text.replace(home, "") == none.text.replace(str(UUID(int=7)), "")


@pytest.mark.parametrize("role", [Role.DOCK, Role.DRIVER, Role.PLANNER])
def test_who_brings_it_reads_the_door_and_hands_out_there(street: Street, role: Role) -> None:
    order = street.ordered()
    goods = street.goods
    hand = street.api.as_(street.api.person(role, goods.market.hub.organisation_id))
    assert hand.get(f"{street.shop}/dispatch/homes").status_code == 409
    goods.close()
    goods.confirmed()
    [door] = hand.get(f"{street.shop}/dispatch/homes").json()["items"]
    assert (door["order_id"], door["home_id"], door["address"]["street"]) == (order["id"], order["place_id"], STREET)
    goods.receive()
    goods.share()
    handed = hand.post(f"/api/v1/orders/{order['id']}/hand-out", json={}, headers=once())
    assert [line["handed_out"] for line in handed.json()["items"]] == [20_000]
    assert hand.get(f"{street.shop}/dispatch/homes").json()["items"] == []


@pytest.mark.parametrize("role", [Role.DOCK, Role.DRIVER])
def test_a_hub_of_the_region_that_brings_nothing_of_it_learns_no_door(street: Street, role: Role) -> None:
    order = street.ordered()
    beside = street.goods.market.country.hub("Beside").organisation_id
    street.goods.close()
    street.goods.confirmed()
    idle = street.api.as_(street.api.person(role, beside))
    for answer in (
        idle.get(f"{street.shop}/dispatch/homes"),
        idle.get(f"/api/v1/orders/{order['id']}/hand-out"),
        idle.post(f"/api/v1/orders/{order['id']}/hand-out", json={}, headers=once()),
    ):
        assert answer.status_code == 404


def test_a_planner_orders_home_for_who_cannot_and_sees_no_address(street: Street) -> None:
    market = street.goods.market
    planner = street.api.as_(street.api.person(Role.PLANNER, market.hub.organisation_id))
    roll_call = street.api.store.run(people.add_person, "Ng")
    theirs = f"/api/v1/people/persons/{roll_call}/home"
    assert planner.get(theirs).status_code == 404
    sign = planner.put(theirs, json=street.body()).json()
    assert sign == planner.get(theirs).json() == {"id": sign["id"], "region_id": str(market.hub.region_id)}
    basket = street.basket(sign["id"], consumer_id=str(roll_call))
    order = planner.post(f"{street.shop}/orders", json=basket, headers=once())
    assert (order.status_code, order.json()["at_home"]) == (201, True)
    abroad = Country.anywhere(street.api.store)
    assert planner.put(theirs, json=street.body(region_id=str(abroad.region.id))).status_code == 404
    stranger = street.api.as_(street.api.person(Role.PLANNER, abroad.hub().organisation_id))
    hidden = stranger.get(theirs), stranger.put(theirs, json=street.body(region_id=str(abroad.region.id)))
    assert [one.status_code for one in hidden] == [404, 404]
    assert hidden[0].text == hidden[1].text
    assert planner.get(theirs).json() == sign


def test_a_leader_does_not_send_a_customers_order_home(street: Street) -> None:
    market = street.goods.market
    leader = street.api.as_(street.api.person(Role.LEADER, market.point.organisation_id))
    roll_call = street.api.store.run(people.add_person, "Ng")
    home = market.home(roll_call)
    fetched = street.basket(str(market.point.id), consumer_id=str(roll_call))
    order = leader.post(f"{street.shop}/orders", json=fetched, headers=once()).json()
    sent = leader.put(
        f"/api/v1/orders/{order['id']}", json=street.basket(str(home.id)), headers=once() | {"if-match": '"1"'}
    )
    assert sent.status_code == 404


def test_an_erased_persons_home_is_gone_and_an_order_after_the_cut_off_stands(street: Street) -> None:
    order = street.ordered()
    street.goods.close()
    planner = street.api.as_(street.api.person(Role.PLANNER, street.goods.market.hub.organisation_id))
    assert street.ada.delete("/api/v1/people/me").status_code == 204
    street.goods.relay()
    assert planner.get(f"/api/v1/people/persons/{street.ada_id}/home").status_code == 404
    told = planner.get(f"/api/v1/orders/{order['id']}/confirmation").json()["body"]
    assert STREET not in told
    assert planner.get(f"/api/v1/orders/{order['id']}").json()["state"] == "placed"


def test_a_paused_cycle_brings_nothing_new(street: Street) -> None:
    home = street.settled()
    street.api.store.run(cycles.pause, street.goods.cycle_id)
    assert street.ada.post(f"{street.shop}/orders", json=street.basket(home), headers=once()).status_code == 409
