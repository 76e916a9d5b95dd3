"""Settlement over HTTP: planners settle and credit, docks weigh, everybody sees their own statement alone."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from farmlink.kernel.ids import uuid7
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.payments import commands as payments
from farmlink.people.values import Role
from tests.api.conftest import Api, once
from tests.farmlink.settlement.builders import ELM, Ledgered, under

IBAN = {"holder": ELM.holder, "iban": "DE89 3704 0044 0532 0130 00"}


@pytest.fixture
def season(api: Api) -> Ledgered:
    """Two orders of 90.00 and 60.00, handed out; the cycle is over and not settled."""
    under(api.store, leader_commission_ppm=30_000)
    return Ledgered.done(api.store, lots=(60_000,))


@pytest.fixture
def planner(api: Api, season: Ledgered) -> httpx.Client:
    return api.as_(api.person(Role.PLANNER, season.market.hub.organisation_id))


@pytest.fixture
def farmer(api: Api, season: Ledgered) -> httpx.Client:
    farm = api.store.read(network.farm, FarmId(season.farms()[0]))
    return api.as_(api.person(Role.FARMER, farm.organisation_id))


def settle(planner: httpx.Client, season: Ledgered) -> dict[str, Any]:
    answer = planner.post(f"/api/v1/cycles/{season.cycle_id}/settlement", headers=once())
    assert answer.status_code == 200, answer.text
    settled: dict[str, Any] = answer.json()
    return settled


def test_a_planner_settles_a_cycle_once_and_reads_what_it_came_to(planner: httpx.Client, season: Ledgered) -> None:
    path = f"/api/v1/cycles/{season.cycle_id}/settlement"
    assert planner.get(path).status_code == 404
    first = settle(planner, season)
    assert (first["orders"], first["charged_minor"]) == (2, 15_000)
    assert settle(planner, season) == first == planner.get(path).json()


def test_a_consumer_sees_the_final_price_of_their_own_order_only(
    api: Api, planner: httpx.Client, season: Ledgered
) -> None:
    thirty, twenty = season.orders
    consumer = api.as_(thirty.consumer_id)
    assert consumer.get(f"/api/v1/orders/{thirty.id}/charge").status_code == 404
    settle(planner, season)
    assert consumer.get(f"/api/v1/orders/{thirty.id}/charge").json()["total_minor"] == 9_000
    (line,) = consumer.get(f"/api/v1/orders/{thirty.id}/charge/lines").json()["items"]
    assert (line["item"], line["amount_minor"]) == ("sale", -9_000)
    assert consumer.get(f"/api/v1/orders/{twenty.id}/charge").status_code == 404
    assert consumer.get(f"/api/v1/orders/{twenty.id}/charge/lines").status_code == 404
    assert consumer.get("/api/v1/money").json()["items"] == [
        {"currency": thirty.currency, "credit_minor": 0, "held_minor": 0, "to_pay_minor": 9_000}
    ]
    (charged,) = consumer.get("/api/v1/money/charges", params={"currency": thirty.currency}).json()["items"]
    assert (charged["kind"], charged["amount_minor"]) == ("charge", 9_000)
    assert consumer.get("/api/v1/money/credit", params={"currency": thirty.currency}).json()["items"] == []
    assert consumer.get("/api/v1/money/credit", params={"currency": "euro"}).status_code == 422


def test_a_planner_takes_back_what_was_bad_and_never_more_than_was_charged(
    api: Api, planner: httpx.Client, season: Ledgered
) -> None:
    settle(planner, season)
    order = season.orders[0]
    path = f"/api/v1/orders/{order.id}/charge/credit-notes"
    body = {"line_id": str(order.lines[0].id), "amount_minor": 4_500, "reason": "bruised", "bearer": "hub"}
    key = once()
    made = planner.post(path, json=body, headers=key)
    assert (made.status_code, made.json()["amount_minor"]) == (201, 4_500)
    assert planner.post(path, json=body, headers=key).json() == made.json()
    refused = planner.post(path, json=body | {"amount_minor": 4_501}, headers=once()).json()
    assert (refused["code"], "$45.00" in refused["detail"]) == ("credit-above-charge", True)
    assert planner.post(path, json=body | {"amount_minor": -1}, headers=once()).status_code == 422
    consumer = api.as_(order.consumer_id)
    assert [one["amount_minor"] for one in consumer.get(path).json()["items"]] == [4_500]
    assert consumer.post(path, json=body, headers=once()).status_code == 403
    crates = f"/api/v1/orders/{order.id}/charge/crates"
    assert planner.post(crates, json={"crates": 1}, headers=once()).json()["code"] == "more-crates-than-given"


def test_everybody_reads_their_own_statement_and_nobody_anothers(
    api: Api, planner: httpx.Client, farmer: httpx.Client, season: Ledgered
) -> None:
    settle(planner, season)
    (farm,), point, hub = season.farms(), season.market.point, season.market.hub
    leader = api.as_(api.person(Role.LEADER, point.organisation_id))
    stranger = api.as_(api.person(Role.FARMER, point.organisation_id))
    cycle = {"cycle_id": str(season.cycle_id)}
    for client, path in (
        (farmer, f"/api/v1/farms/{farm}"),
        (leader, f"/api/v1/points/{point.id}"),
        (planner, f"/api/v1/hubs/{hub.id}"),
    ):
        lines = client.get(f"{path}/statement", params=cycle | {"limit": "200"}).json()["items"]
        sums = client.get(f"{path}/statement/sums", params=cycle).json()["items"]
        owed = sum(one["balance_minor"] for one in client.get(f"{path}/account").json()["items"])
        assert sum(one["amount_minor"] for one in lines) == sum(one["amount_minor"] for one in sums) == -owed != 0
        assert client.get(f"{path}/statement").json()["items"]
        for hidden in ("statement", "statement/sums", "account"):
            assert stranger.get(f"{path}/{hidden}").status_code in {403, 404}


def test_movements_are_shown_of_ones_own_accounts(
    api: Api, planner: httpx.Client, farmer: httpx.Client, season: Ledgered
) -> None:
    settle(planner, season)
    (farm,), point, hub = season.farms(), season.market.point, season.market.hub
    leader = api.as_(api.person(Role.LEADER, point.organisation_id))
    money = {"currency": hub.currency}
    assert len(farmer.get(f"/api/v1/farms/{farm}/account/movements", params=money).json()["items"]) == 2
    earned = leader.get(f"/api/v1/points/{point.id}/account/movements", params=money | {"kind": "leader-commission"})
    assert sum(one["amount_minor"] for one in earned.json()["items"]) == -450
    hidden = leader.get(f"/api/v1/points/{point.id}/account/movements", params=money | {"kind": "farm-payable"})
    assert hidden.json()["items"] == []
    spread = planner.get(f"/api/v1/hubs/{hub.id}/account/movements", params=money | {"kind": "spread"})
    assert len(spread.json()["items"]) == 2
    assert leader.get(f"/api/v1/farms/{farm}/account/movements", params=money).status_code == 403


def test_a_dock_types_weights_row_after_row_and_sends_them_at_once(api: Api) -> None:
    season = Ledgered.by_weight(api.store)
    dock = api.as_(api.person(Role.DOCK, season.market.hub.organisation_id))
    path = f"/api/v1/cycles/{season.cycle_id}/settlement/weights"
    waiting = dock.get(path).json()["items"]
    assert [one["weight_g"] for one in waiting] == [None, None]
    rows = [{"line_id": one["line_id"], "weight_g": one["nominal_g"] + 500} for one in waiting]
    assert dock.post(path, json={"weights": rows}, headers=once()).json() == {"changed": 2}
    slip = [rows[0] | {"weight_g": 30}]
    refused = dock.post(path, json={"weights": slip}, headers=once())
    assert (refused.status_code, refused.json()["code"]) == (422, "implausible-weight")
    assert [one["weight_g"] - one["nominal_g"] for one in dock.get(path).json()["items"]] == [500, 500]


def test_a_planner_takes_over_what_a_leader_collected(api: Api, planner: httpx.Client, season: Ledgered) -> None:
    settle(planner, season)
    order, hub, point = season.orders[0], season.market.hub, season.market.point
    api.store.run(payments.collect, order.id, point.id, 9_000)
    path, body = f"/api/v1/hubs/{hub.id}/cash", {"point_id": str(point.id), "amount_minor": 9_001}
    refused = planner.post(path, json=body, headers=once())
    assert (refused.status_code, refused.json()["code"]) == (409, "more-than-collected")
    assert "$90.00" in refused.json()["detail"]
    assert planner.post(path, json=body | {"amount_minor": 9_000}, headers=once()).status_code == 201
    stands = {
        one["kind"]: one["balance_minor"] for one in planner.get(f"/api/v1/hubs/{hub.id}/account").json()["items"]
    }
    assert stands["bank"] == 9_000
    stranger = api.as_(api.person(Role.PLANNER, season.market.point.organisation_id))
    assert stranger.post(path, json=body, headers=once()).status_code == 404


def test_a_farm_says_where_it_is_paid_and_is_paid_there(
    api: Api, planner: httpx.Client, farmer: httpx.Client, season: Ledgered
) -> None:
    settle(planner, season)
    house = api.store.read(network.farm, FarmId(season.farms()[0])).organisation_id
    path = f"/api/v1/organisations/{house}/bank-details"
    assert farmer.get(path).status_code == 404
    wrong = farmer.post(path, json=IBAN | {"iban": "DE89370400440532013001"}, headers=once())
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bank-details-wrong")
    assert farmer.post(path, json=IBAN, headers=once()).json()["iban"] == ELM.iban
    assert farmer.get(path).json()["holder"] == "Elm Farm"
    assert planner.get(path).status_code == 404

    hub = season.market.hub
    made = planner.post(f"/api/v1/hubs/{hub.id}/pay-outs", headers=once())
    assert made.status_code == 201
    pay_out = made.json()
    assert planner.get(f"/api/v1/hubs/{hub.id}/pay-outs").json()["items"][0]["id"] == pay_out["id"]
    assert planner.get(f"/api/v1/pay-outs/{pay_out['id']}").json() == pay_out
    table = planner.get(f"/api/v1/pay-outs/{pay_out['id']}/csv")
    assert (table.headers["content-type"].split(";")[0], "Elm Farm" in table.text) == ("text/csv", True)
    sepa = planner.get(f"/api/v1/pay-outs/{pay_out['id']}/sepa")
    assert (sepa.status_code, sepa.json()["code"]) == (409, "not-sepa")
    kept = api.store.read(lambda tx: tx.execute("SELECT outcome::text FROM idempotency_key").scalars().all())
    assert [text for text in kept if text and ELM.iban and ELM.iban in text] == []
    stranger = api.as_(api.person(Role.PLANNER, season.market.point.organisation_id))
    assert stranger.get(f"/api/v1/pay-outs/{pay_out['id']}").status_code == 404
    assert planner.get(f"/api/v1/pay-outs/{uuid7()}").status_code == 404
