"""Paying over HTTP: one checkout, what is due at the point, and what providers tell us by themselves."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import stripe

from farmlink.payments import commands, queries
from farmlink.payments.providers.keys import webhook
from farmlink.payments.values import Charge, Method, State
from farmlink.payments.work import pay_due
from farmlink.people.values import PersonId, Role
from tests.api.conftest import Api, once
from tests.api.shop import Shop
from tests.farmlink.cycles.builders import COLLECT_ON, HOMES, Market
from tests.farmlink.payments.builders import Purse
from tests.farmlink.payments.street import ONLINE, Street, street

HAND_OUT_ON = COLLECT_ON + timedelta(days=1)
LONG_HOLDS = ("--hold-days", "36500")
"""Cycles of the tests are handed out in years to come."""


@pytest.fixture
def shop(api: Api) -> Shop:
    return Shop(api, Market.founded(api.store))


@pytest.fixture
def providers(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Street]:
    """The stand-in, calling this server twice for everything, out of order."""
    stripe_calls = ("--webhook", webhook(api.address, Method.STRIPE), "--faults", "twice=1,shuffle=1")
    with street(api.store, tmp_path, *stripe_calls, *LONG_HOLDS, public_url=api.address) as running:
        monkeypatch.setenv("FARMLINK_PAYMENTS", str(running.accounts))
        monkeypatch.setenv("FARMLINK_PUBLIC_URL", api.address)
        yield running


class Buyer:
    """Somebody with an order and some credit."""

    def __init__(self, shop: Shop, *, credit_minor: int = 0, bags: int = 3) -> None:
        self.shop = shop
        self.id: PersonId = shop.api.person()
        self.client = shop.api.as_(self.id)
        self.cycle_id, self.bags, _ = shop.market.open()
        self.order: dict[str, Any] = shop.order(self.client, self.cycle_id, {self.bags: bags}).json()
        self.address = f"/api/v1/orders/{self.order['id']}"
        if credit_minor:
            assert self.top_up(shop.planner, credit_minor).status_code == 201

    def top_up(self, planner: httpx.Client, amount_minor: int) -> httpx.Response:
        body = {"person_id": str(self.id), "amount_minor": amount_minor}
        return planner.post(f"/api/v1/hubs/{self.shop.market.hub.id}/credits", json=body, headers=once())

    def check_out(self, method: str = "credit", headers: dict[str, str] | None = None) -> httpx.Response:
        return self.client.post(f"{self.address}/checkout", json={"method": method}, headers=headers or once())

    def charge(self, amount_minor: int) -> None:
        charge = Charge(uuid_of(self.order["id"]), self.id, amount_minor, self.order["currency"])
        self.shop.api.store.run(commands.settle_many, [charge])


def uuid_of(text: str) -> Any:
    return type(uuid4())(text)


def test_a_consumer_checks_out_with_credit_once(shop: Shop) -> None:
    buyer, key = Buyer(shop, credit_minor=1_000), once()

    first, again = buyer.check_out(headers=key), buyer.check_out(headers=key)
    seen = buyer.client.get(f"{buyer.address}/payment").json()

    assert (first.status_code, first.json()["state"], first.json()["held_minor"]) == (201, "held", 900)
    assert again.json() == first.json() == seen
    other = buyer.check_out()
    assert (other.status_code, other.json()["code"]) == (409, "already-checked-out")


def test_without_credit_it_is_refused_and_nothing_is_held(shop: Shop) -> None:
    buyer = Buyer(shop)

    refused = buyer.check_out()
    assert (refused.status_code, refused.json()["code"]) == (409, "overdrawn")
    assert buyer.client.get(f"{buyer.address}/payment").status_code == 404


def test_the_hold_follows_the_order_and_goes_with_it(shop: Shop) -> None:
    buyer = Buyer(shop, credit_minor=1_000)
    buyer.check_out()

    version = buyer.client.get(buyer.address).headers["etag"]
    more = shop.basket({buyer.bags: 4})
    assert buyer.client.put(buyer.address, json=more, headers=once() | {"If-Match": version}).status_code == 200
    grown = buyer.client.get(f"{buyer.address}/payment").json()
    buyer.client.post(f"{buyer.address}/cancellation", headers=once())
    gone = buyer.client.get(f"{buyer.address}/payment").json()

    assert (grown["state"], grown["held_minor"], grown["most_minor"]) == ("held", 1_000, 1_200)
    assert (gone["state"], gone["held_minor"]) == ("released", 0)
    late = buyer.check_out()
    assert (late.status_code, late.json()["code"]) == (409, "order-cancelled")


def test_after_the_cut_off_nobody_checks_out(shop: Shop) -> None:
    buyer = Buyer(shop, credit_minor=1_000)
    shop.market.close_in(buyer.cycle_id, 0)

    late = buyer.check_out()

    assert (late.status_code, late.json()["code"]) == (409, "cycle-closed")


def test_the_leader_collects_what_is_due_and_nothing_goes_back_without_a_note(shop: Shop) -> None:
    buyer = Buyer(shop)
    buyer.charge(900)
    leader = shop.api.as_(shop.api.person(Role.LEADER, shop.market.point.organisation_id))
    stranger = shop.api.as_role(Role.LEADER)
    paid = {"amount_minor": 900}

    assert stranger.post(f"{buyer.address}/collection", json=paid, headers=once()).status_code == 404
    wrong = leader.post(f"{buyer.address}/collection", json={"amount_minor": 800}, headers=once())
    collected = leader.post(f"{buyer.address}/collection", json=paid, headers=once())
    back = shop.planner.post(f"{buyer.address}/refunds", json={"amount_minor": 200}, headers=once())

    assert (wrong.status_code, wrong.json()["code"]) == (409, "not-due")
    assert (collected.json()["state"], collected.json()["point_id"]) == ("collected", str(shop.market.point.id))
    assert back.status_code == 404, "money goes back with a credit note alone, which takes the charge back too"


def test_what_is_brought_home_is_paid_to_the_hub(shop: Shop) -> None:
    cycle_id, bags, _ = shop.market.open(homes=HOMES)
    consumer = shop.api.person()
    shop.market.home(consumer)
    order = shop.market.place_home(cycle_id, {bags: 20}, consumer)
    charge = Charge(order.id, consumer, order.total_minor, order.currency)
    shop.api.store.run(commands.settle_many, [charge])

    paid = shop.planner.post(
        f"/api/v1/orders/{order.id}/collection", json={"amount_minor": order.total_minor}, headers=once()
    )

    assert paid.json()["point_id"] == str(shop.market.hub.id)


def test_others_orders_are_neither_checked_out_nor_shown(shop: Shop) -> None:
    buyer, eve = Buyer(shop), shop.api.as_role(Role.CONSUMER)

    assert eve.post(f"{buyer.address}/checkout", json={"method": "pick-up"}, headers=once()).status_code == 404
    assert eve.get(f"{buyer.address}/payment").status_code == 404


def test_only_methods_with_an_account_are_offered(shop: Shop) -> None:
    buyer = Buyer(shop)
    offered = [one["method"] for one in buyer.client.get("/api/v1/payment-methods").json()["items"]]
    refused = buyer.check_out("stripe")
    assert offered == ["pick-up", "credit"]
    assert (refused.status_code, refused.json()["code"]) == (409, "method-not-offered")


def test_a_hold_that_would_lapse_before_the_hand_out_is_refused_with_the_day_from_which_it_lasts(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer = Buyer(shop)
    with street(shop.api.store, tmp_path) as running:
        monkeypatch.setenv("FARMLINK_PAYMENTS", str(running.accounts))
        offered = buyer.client.get("/api/v1/payment-methods").json()["items"]
        never, later = buyer.check_out("stripe").json()["code"], HAND_OUT_ON - timedelta(days=4)
        shop.api.store.run(lambda tx: tx.execute("UPDATE order_cycle SET closes_at = :at", {"at": later}))
        refused = buyer.check_out("stripe").json()

        assert {one["method"] for one in offered if one["can"]["hold_days"] == 7} == {"stripe"}
        assert (never, refused["code"], refused["status"]) == ("hold-never-long-enough", "hold-too-short", 409)
        assert refused["facts"]["from_day"] == str(HAND_OUT_ON - timedelta(days=5))
        assert running.told() == []
        assert buyer.check_out("pick-up").json()["state"] == "promised"


def test_yuan_only_providers_refuse_another_currency(shop: Shop, providers: Street) -> None:
    buyer = Buyer(shop)

    refused = buyer.check_out("wechat")

    answers = [buyer.client.get(f"/api/v1/payment-methods{asked}") for asked in ("", "?currency=CNY", "?currency=USD")]
    every, in_yuan, in_dollars = ([one["method"] for one in answer.json()["items"]] for answer in answers)
    assert every == in_yuan == [*in_dollars, "wechat", "alipay"] == ["pick-up", "credit", *ONLINE]
    assert (refused.status_code, refused.json()["code"]) == (409, "method-currency")
    assert refused.json()["detail"].endswith("this is in USD. Choose another way to pay.")
    assert providers.told() == []


def test_a_consumer_pays_by_stripe_and_nobody_else_sees_the_secret(shop: Shop, providers: Street) -> None:
    buyer = Buyer(shop)

    assert buyer.check_out("stripe").json()["state"] == "authorising"
    providers.work_until_done()
    own = buyer.client.get(f"{buyer.address}/payment").json()
    planners = shop.planner.get(f"{buyer.address}/payment").json()
    providers.pay(shop.api.store.read(queries.payment, uuid_of(buyer.order["id"])))
    providers.work()

    assert own["pay_with"] == f"{own['reference']}_secret"
    assert planners["pay_with"] is None
    assert buyer.client.get(f"{buyer.address}/payment").json()["state"] == "held"
    buyer.charge(900)
    providers.work_until_done()
    assert providers.difference_minor() == 0


@pytest.mark.parametrize("method", ONLINE)
def test_calls_that_come_twice_late_and_out_of_order_hold_once(api: Api, providers: Street, method: Method) -> None:
    purses = [Purse(api.store) for _ in range(3)]
    opened = [providers.opened(purse, method, 800) for purse in purses]
    for payment in opened:
        providers.pay(payment)

    assert httpx.post(f"{providers.address}/calls").json() == 3
    pay_due(api.store, providers.providers)  # the calls made these due; nothing else did
    assert httpx.post(f"{providers.address}/calls").json() == 3
    pay_due(api.store, providers.providers)

    assert [purse.payment().state for purse in purses] == [State.HELD] * 3
    assert [purse.held() for purse in purses] == [800] * 3
    for purse in purses:
        purse.settle(800)
    providers.work_until_done()
    assert (providers.difference_minor(), providers.captures()) == (0, [1, 1, 1])


FORGED: list[tuple[str, dict[str, str], bytes]] = [
    ("stripe", {"stripe-signature": "t=1,v1=00"}, b'{"data": {"object": {}}}'),
    ("stripe", {}, b"{}"),
    ("stripe", {"stripe-signature": "t=1"}, b"\xff"),
    ("wechat", {}, b"{}"),
    ("wechat", {"wechatpay-serial": "4A6B"}, b"{}"),
    ("wechat", {"wechatpay-serial": "PUB_KEY_ID_STAND_IN"}, b"{}"),
    (
        "wechat",
        {
            "wechatpay-serial": "PUB_KEY_ID_STAND_IN",
            "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
            "wechatpay-signature": "AAAA",
        },
        b"{}",
    ),
    ("alipay", {}, b"out_trade_no=1&sign=AAAA&sign_type=RSA2"),
    ("alipay", {}, b"out_trade_no=1"),
    ("alipay", {}, b"\xff"),
]


@pytest.mark.parametrize(("method", "headers", "body"), FORGED)
def test_a_forged_call_learns_nothing(
    api: Api, providers: Street, method: str, headers: dict[str, str], body: bytes
) -> None:
    assert providers.told() == []
    kind = "application/x-www-form-urlencoded" if method == "alipay" else "application/json"

    answer = api.nobody.post(f"/api/v1/webhooks/{method}", content=body, headers=headers | {"content-type": kind})

    assert (answer.status_code, answer.json()["code"], answer.json()["facts"]) == (404, "webhook-refused", {})


@pytest.mark.parametrize("metadata", [{"payment": str(uuid4())}, {"payment": "theirs"}, {}, None])
def test_a_genuine_call_about_what_is_not_ours_is_thanked_and_nothing_happens(
    api: Api, providers: Street, metadata: dict[str, str] | None
) -> None:
    secret = tomllib.loads(providers.accounts.read_text())["stripe"]["webhook_secret"]
    body = json.dumps({"data": {"object": {"metadata": metadata}}})
    signed = stripe.WebhookSignature.generate_signature_header(body, secret)
    headers = {"stripe-signature": signed, "content-type": "application/json; charset=utf-8"}

    answer = api.nobody.post("/api/v1/webhooks/stripe", content=body, headers=headers)

    assert (answer.status_code, answer.text) == (200, "")
    assert api.store.read(queries.steps_waiting) == 0


def test_a_genuine_call_is_not_believed_for_ever(api: Api, providers: Street) -> None:
    secret = tomllib.loads(providers.accounts.read_text())["stripe"]["webhook_secret"]
    body = json.dumps({"data": {"object": {}}})
    signed = stripe.WebhookSignature.generate_signature_header(body, secret, 1_700_000_000)
    headers = {"stripe-signature": signed, "content-type": "application/json"}

    assert api.nobody.post("/api/v1/webhooks/stripe", content=body, headers=headers).status_code == 404


def test_without_an_account_nobody_listens(api: Api) -> None:
    answer = api.nobody.post("/api/v1/webhooks/stripe", content=b"{}", headers={"content-type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (404, "webhook-refused")
