"""A leader's money: commission line by line, cash for the hub, pay-outs, and the account that they go to."""

from __future__ import annotations

import httpx
import pytest

from farmlink.kernel.ids import uuid7
from farmlink.payments import commands as payments
from farmlink.people.values import Role
from farmlink.settlement import commands
from farmlink.settlement.values import BankDetails
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, send
from tests.api.pages.pointing import leader_of, point_of
from tests.farmlink.settlement.builders import Ledgered, under

IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.fixture
def season(api: Api) -> Ledgered:
    under(api.store, leader_commission_ppm=30_000)
    season = Ledgered.done(api.store)
    season.settle()
    return season


@pytest.fixture
def leader(api: Api, season: Ledgered) -> httpx.Client:
    return leader_of(api, season)


def test_what_is_owed_stands_first_and_every_line_below(season: Ledgered, leader: httpx.Client) -> None:
    shown = leader.get("/lead/money").text
    assert "$4.50" in shown
    assert shown.count("Commission on a line that was handed out") == 2
    assert "Nobody knows yet where to pay you" in shown
    assert f"point={season.market.point.id}" in shown


def test_rules_that_pay_no_commission_are_named(api: Api) -> None:
    season = Ledgered.done(api.store)
    season.settle()
    shown = leader_of(api, season).get("/lead/money").text
    assert "pay leaders no commission: it is 0 %" in shown
    assert "There is no commission yet" not in shown


def test_cash_and_pay_outs_are_told(api: Api, season: Ledgered, leader: httpx.Client) -> None:
    order, point, hub = season.orders[0], season.market.point, season.market.hub
    api.store.run(payments.collect, order.id, point.id, 9_000)
    assert "Bring the cash to the hub" in leader.get("/lead/money").text
    api.store.run(commands.hand_over, uuid7(), hub.id, point.id, 9_000)
    api.store.run(commands.keep_bank_details, point.organisation_id, BankDetails("Holland", iban=IBAN))
    api.store.run(commands.pay_out, uuid7(), hub.id)
    shown = leader.get("/lead/money").text
    assert "Bring the cash to the hub" not in shown
    for said in ("Cash brought to the hub", "$90.00", "$4.50", "$0.00"):
        assert said in shown


def test_bank_details_are_kept_and_a_wrong_one_is_said_at_its_field(season: Ledgered, leader: httpx.Client) -> None:
    page, to = "/lead/money", f"{point_of(season)}/bank"
    wrong = send(leader, page, to, holder="Holland Market", iban="DE00 0000")
    assert wrong.status_code == 422
    assert 'value="DE00 0000"' in wrong.text
    assert 'id="iban-fault"' in wrong.text
    assert send(leader, page, to, iban=IBAN).status_code == 422
    kept = send(leader, page, to, holder="Holland Market", iban=IBAN)
    assert (kept.status_code, "DE89370400440532013000" in kept.text) == (200, True)


def test_who_leads_nothing_has_no_money_and_sees_no_other(api: Api, season: Ledgered) -> None:
    stranger, _ = browser_of(api, Role.LEADER)
    assert "You do not lead" in stranger.get("/lead/money").text
    assert stranger.get("/lead/money", params={"point": str(season.market.point.id)}).status_code in {200, 404}
    assert "$4.50" not in stranger.get("/lead/money", params={"point": str(season.market.point.id)}).text
