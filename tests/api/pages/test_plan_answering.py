"""A farm that called: its planner answers for it, and says from whom they have it."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from farmlink.confirmations.values import RequestState, RequestView
from farmlink.network import queries as network
from farmlink.people import commands as people
from farmlink.people.values import PersonId, Role
from farmlink.store.transaction import Transaction
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, send
from tests.farmlink.planning.builders import Season


@pytest.fixture
def season(api: Api) -> Season:
    return Season.closed(api.store, lots=(60_000,), bags=(50,)).planned()


@pytest.fixture
def planner(api: Api, season: Season) -> httpx.Client:
    return browser_of(api, Role.PLANNER, season.market.hub.organisation_id)[0]


def farmer_of(api: Api, asked: RequestView) -> PersonId:
    """Somebody at the farm, with a telephone."""
    house = api.store.read(network.farm, asked.farm_id).organisation_id
    return api.store.run(people.add_person, "Ada", phone="+1 616 555 0101", role=Role.FARMER, organisation_id=house)


def heard(tx: Transaction) -> list[str]:
    found = "SELECT facts ->> 'heard_from' FROM audit_entry WHERE action = 'confirmation.answer-on-behalf'"
    return list(tx.execute(found).scalars())


def test_who_called_is_answered_for_from_the_list_of_answers(api: Api, season: Season, planner: httpx.Client) -> None:
    (asked,) = season.asked()
    ada = farmer_of(api, asked)
    page = f"/plan/answers/{asked.id}"
    listed = planner.get(f"/plan/cycles/{season.cycle_id}/answers").text
    shown = planner.get(page).text
    kept = send(planner, page, page, reply="reduced", amount="12.5", reason="pest", heard_from=str(ada))

    (now,) = season.asked(RequestState.REDUCED)
    assert page in listed
    assert "tel:+16165550101" in shown
    assert (kept.url.path, "said for the farm" in kept.text) == (f"/plan/cycles/{season.cycle_id}/answers", True)
    assert (now.answered, now.reason, now.on_behalf) == (12_500, "pest", True)
    assert api.store.run(heard) == [str(ada)]


@pytest.mark.parametrize(("reply", "state"), [("accepted", RequestState.ACCEPTED), ("declined", RequestState.DECLINED)])
def test_all_of_it_is_confirmed_or_nothing(
    season: Season, planner: httpx.Client, reply: str, state: RequestState
) -> None:
    (asked,) = season.asked()
    page = f"/plan/answers/{asked.id}"

    assert send(planner, page, page, reply=reply, reason="weather").status_code == 200
    assert [one.on_behalf for one in season.asked(state)] == [True]


@pytest.mark.parametrize(
    ("said", "field", "message"),
    [
        ({}, "reply", ""),
        ({"reply": "declined"}, "reason", "say why"),
        ({"reply": "reduced", "amount": "50"}, "amount", "more than 0 and less than 50: in kilograms"),
        ({"reply": "reduced", "amount": "much"}, "amount", "Write a number"),
        ({"reply": "reduced", "amount": "7.5", "packs": "5000"}, "amount", "packs of 5; the nearest smaller part is 5"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(
    api: Api, season: Season, planner: httpx.Client, said: dict[str, str], field: str, message: str
) -> None:
    (asked,) = season.asked()
    page, packs = f"/plan/answers/{asked.id}", said.get("packs", "1")
    api.store.run(lambda tx: tx.execute("UPDATE lot SET pack = :pack", {"pack": int(packs)}).rowcount)
    refused = send(planner, page, page, **said)

    assert refused.status_code == 422
    assert message in refused.text.split(f'id="{field}-fault"')[1].split("</span>")[0]
    assert len(season.asked()) == 1


def test_who_is_not_of_the_farm_cannot_have_said_it(season: Season, planner: httpx.Client) -> None:
    (asked,) = season.asked()
    page = f"/plan/answers/{asked.id}"

    assert send(planner, page, page, reply="accepted", heard_from=str(uuid4())).status_code == 404
    assert len(season.asked()) == 1


def test_what_is_answered_meanwhile_is_shown_as_it_stands(season: Season, planner: httpx.Client) -> None:
    (asked,) = season.asked()
    page = f"/plan/answers/{asked.id}"
    word = planner.get(page).text.partition('name="csrf" value="')[2].partition('"')[0]
    send(planner, page, page, reply="accepted")
    late = planner.post(page, data={"csrf": word, "reply": "declined", "reason": "sold"})

    assert (late.status_code, "answered already" in late.text, "<form" in late.text.split("<main")[1]) == (
        409,
        True,
        False,
    )


def test_another_hubs_planner_finds_no_question(api: Api, season: Season) -> None:
    (asked,) = season.asked()
    elsewhere = season.market.country.hub("Elsewhere").organisation_id
    stranger, _ = browser_of(api, Role.PLANNER, elsewhere)

    assert stranger.get(f"/plan/answers/{asked.id}").status_code == 404
    assert browser_of(api, Role.FARMER)[0].get(f"/plan/answers/{asked.id}").status_code == 403
