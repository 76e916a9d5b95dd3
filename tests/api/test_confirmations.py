"""Questions over HTTP: farmers answer theirs, signed in or by link; planners look on; others' do not exist."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import httpx
import pytest

from farmlink.cycles.values import Stage
from farmlink.network import queries as network
from farmlink.people import commands as people
from farmlink.people.values import OrganisationKind, PersonId, Role
from farmlink.planning.values import Subject
from farmlink.planning.work.explained import explanations
from farmlink.store.transaction import Transaction
from farmlink.supply import queries as supply
from tests.api.conftest import Api, once
from tests.farmlink.planning.builders import Season


def one(tx: Transaction, asked: str) -> object:
    return tx.execute(asked).scalar_one()


@pytest.fixture
def season(api: Api) -> Season:
    """One farm is asked for fifty kilograms."""
    return Season.closed(api.store, lots=(60_000,), bags=(50,)).planned()


@pytest.fixture
def farmer(api: Api, season: Season) -> httpx.Client:
    (asked,) = season.asked()
    return api.as_(api.person(Role.FARMER, api.store.read(network.farm, asked.farm_id).organisation_id))


@pytest.fixture
def planner(api: Api, season: Season) -> httpx.Client:
    return api.as_(api.person(Role.PLANNER, season.market.hub.organisation_id))


def test_a_farmer_sees_what_is_asked_and_says_yes(farmer: httpx.Client, season: Season) -> None:
    (asked,) = farmer.get("/api/v1/confirmations?state=open").json()["items"]
    assert (asked["quantity"], asked["floor"]) == (50_000, 0)
    assert farmer.get(f"/api/v1/confirmations/{asked['id']}").json() == asked
    path, key = f"/api/v1/confirmations/{asked['id']}/answer", once()
    first = farmer.post(path, json={"reply": "accepted"}, headers=key)
    assert (first.status_code, first.json()["answered"]) == (200, 50_000)
    assert farmer.post(path, json={"reply": "accepted"}, headers=key).json() == first.json()
    assert farmer.post(path, json={"reply": "accepted"}, headers=once()).json() == first.json()
    assert season.stage() is Stage.CONFIRMED


def test_a_second_different_answer_is_refused_in_the_farmers_language(farmer: httpx.Client, season: Season) -> None:
    (asked,) = season.asked()
    path = f"/api/v1/confirmations/{asked.id}/answer"
    part = {"reply": "reduced", "quantity": 20_000, "reason": "pest"}
    assert farmer.post(path, json=part, headers=once()).json()["answered"] == 20_000
    refused = farmer.post(path, json={"reply": "accepted"}, headers={**once(), "Accept-Language": "zh-CN"})
    assert (refused.status_code, refused.json()["code"]) == (409, "answered-otherwise")
    assert "此前已答复" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reply": "declined"}, "reason-missing"),
        ({"reply": "reduced", "reason": "pest"}, "part-out-of-range"),
        ({"reply": "reduced", "quantity": 50_000, "reason": "pest"}, "part-out-of-range"),
        ({"reply": "accepted", "quantity": 50_000}, "quantity-not-asked"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_the_question_stays_open(
    farmer: httpx.Client, season: Season, body: dict[str, object], code: str
) -> None:
    (asked,) = season.asked()
    refused = farmer.post(f"/api/v1/confirmations/{asked.id}/answer", json=body, headers=once())
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert season.asked() == [asked]


@pytest.mark.parametrize("body", [{}, {"reply": "perhaps"}, {"reply": "reduced", "quantity": 0}, {"reply": 1}])
def test_an_answer_in_nonsense_is_refused(farmer: httpx.Client, season: Season, body: dict[str, object]) -> None:
    (asked,) = season.asked()
    refused = farmer.post(f"/api/v1/confirmations/{asked.id}/answer", json=body, headers=once())
    assert 400 <= refused.status_code < 500
    assert season.asked() == [asked]


def test_another_farms_question_does_not_exist(api: Api, season: Season) -> None:
    (asked,) = season.asked()
    other = api.as_(api.person(Role.FARMER, season.market.country.organisation(name="Neighbour")))
    assert other.get("/api/v1/confirmations").json()["items"] == []
    hidden = other.get(f"/api/v1/confirmations/{asked.id}")
    missing = other.get(f"/api/v1/confirmations/{uuid4()}")
    assert (hidden.status_code, hidden.json()["detail"]) == (404, missing.json()["detail"])
    path = f"/api/v1/confirmations/{asked.id}"
    assert other.post(f"{path}/answer", json={"reply": "accepted"}, headers=once()).status_code == 404
    assert other.post(f"{path}/link").status_code == 404
    assert season.asked() == [asked]


def test_a_farmer_learns_why_about_their_own_lots_alone(api: Api) -> None:
    season = Season.closed(api.store)
    plan_id = season.plan()
    about = explanations(api.store, plan_id, Subject.LOT)
    assert len({one.id for one in about}) == 2, "a lot of each of two farms"
    mine = api.store.read(supply.lot, season.lots[0])
    client = api.as_(api.person(Role.FARMER, api.store.read(network.farm, mine.farm_id).organisation_id))
    path = f"/api/v1/confirmations/why?plan_id={plan_id}"
    assert client.get(path).status_code == 404, "what is not published is the planners' alone"

    season.publish(plan_id)

    told = client.get(path).json()["items"]
    assert {(one["subject"], one["id"]) for one in told} == {("lot", str(mine.id))}
    assert {one["code"] for one in told} == {one.code for one in about if one.id == mine.id}


def test_a_plan_that_asked_is_explained_after_the_next_one_holds_and_never_to_farms_elsewhere(
    api: Api, season: Season, farmer: httpx.Client
) -> None:
    (asked,) = season.asked()
    season.planned()
    path = f"/api/v1/confirmations/why?plan_id={asked.plan_id}"
    assert farmer.get(path).status_code == 200
    elsewhere = api.as_(api.person(Role.FARMER, season.market.country.organisation(name="Neighbour")))
    hidden = elsewhere.get(path)
    missing = elsewhere.get(f"/api/v1/confirmations/why?plan_id={uuid4()}")
    assert (hidden.status_code, hidden.json()["code"]) == (404, missing.json()["code"])
    assert farmer.get("/api/v1/confirmations/why").status_code == 422


def test_a_planner_of_another_hub_finds_no_question(api: Api, season: Season) -> None:
    (asked,) = season.asked()
    other = api.as_(api.person(Role.PLANNER, season.market.country.organisation(OrganisationKind.HUB, "Elsewhere")))
    assert other.get(f"/api/v1/confirmations/{asked.id}").status_code == 404
    assert other.post(f"/api/v1/cycles/{season.cycle_id}/confirmations/end", headers=once()).status_code == 404


def test_a_planner_sees_every_question_and_how_they_stand(planner: httpx.Client, season: Season) -> None:
    path = f"/api/v1/cycles/{season.cycle_id}/confirmations"
    (asked,) = planner.get(path, params={"state": "open"}).json()["items"]
    assert planner.get(f"/api/v1/confirmations/{asked['id']}").json() == asked
    assert planner.get(f"{path}/counts").json()["open"] == 1
    ended = planner.post(f"{path}/end", headers=once())
    assert (ended.json()["open"], ended.json()["lapsed"]) == (0, 1)


def test_a_link_does_nothing_when_it_is_read_and_belongs_to_the_first_device_that_answers(
    api: Api, farmer: httpx.Client, season: Season
) -> None:
    (asked,) = season.asked()
    token = farmer.post(f"/api/v1/confirmations/{asked.id}/link").json()["token"]
    for _ in range(3):
        assert api.nobody.get(f"/api/v1/answers/{token}").json()["state"] == "open"
    mine = {"reply": "accepted", "device": str(uuid4())}
    assert api.nobody.post(f"/api/v1/answers/{token}", json=mine, headers=once()).json()["state"] == "accepted"
    assert api.nobody.post(f"/api/v1/answers/{token}", json=mine, headers=once()).status_code == 200
    elsewhere = {**mine, "device": str(uuid4())}
    refused = api.nobody.post(f"/api/v1/answers/{token}", json=elsewhere, headers=once())
    assert (refused.status_code, refused.json()["code"]) == (403, "link-elsewhere")
    assert season.stage() is Stage.CONFIRMED


def test_a_planner_can_make_the_link_of_a_farm_without_a_farmer_signed_in(
    api: Api, planner: httpx.Client, season: Season
) -> None:
    (asked,) = season.asked()
    token = planner.post(f"/api/v1/confirmations/{asked.id}/link").json()["token"]
    assert api.nobody.get(f"/api/v1/answers/{token}").json()["id"] == str(asked.id)


def test_a_link_says_who_answered_and_is_worth_nothing_once_they_left_the_farm(
    api: Api, season: Season, farmer: httpx.Client
) -> None:
    (asked,) = season.asked()
    token = farmer.post(f"/api/v1/confirmations/{asked.id}/link").json()["token"]
    me = PersonId(UUID(farmer.get("/api/v1/people/me").json()["id"]))
    farm = api.store.read(network.farm, asked.farm_id)
    body = {"reply": "accepted", "device": str(uuid4())}

    api.store.run(people.revoke, me, Role.FARMER, farm.organisation_id)
    refused = api.nobody.post(f"/api/v1/answers/{token}", json=body, headers=once())
    seen = api.nobody.get(f"/api/v1/answers/{token}")
    api.store.run(people.grant, me, Role.FARMER, farm.organisation_id)
    answered = api.nobody.post(f"/api/v1/answers/{token}", json=body, headers=once())

    assert {(answer.status_code, answer.json()["code"]) for answer in (refused, seen)} == {(403, "link-holder-gone")}
    assert answered.json()["state"] == "accepted"
    told = "SELECT facts ->> 'person_id' FROM audit_entry WHERE action = 'confirmation.answer'"
    assert api.store.read(one, told) == str(me)


def test_the_answer_page_sent_twice_counts_once_and_a_mended_answer_counts_anew(
    api: Api, season: Season, farmer: httpx.Client
) -> None:
    (asked,) = season.asked()
    token = farmer.post(f"/api/v1/confirmations/{asked.id}/link").json()["token"]
    page = api.nobody.get(f"/answers/{token}", headers={"accept": "text/html"}).text
    key, *_ = re.findall(r'name="key" value="([0-9a-f-]{36})"', page)

    def send(**said: str) -> int:
        phone = api.client({"accept": "text/html"})  # the first answer, with its cookie, got lost
        return phone.post(f"/answers/{token}", data={"key": key, **said}).status_code

    assert send(reply="reduced", amount="0") == 422
    assert (send(reply="accepted"), send(reply="accepted")) == (303, 303)
    kept = "SELECT count(*) FROM idempotency_key WHERE outcome IS NOT NULL AND command LIKE '%answer_by_link'"
    assert api.store.read(one, kept) == 1
    assert api.nobody.post(f"/answers/{token}", data={"reply": "accepted"}).status_code == 422


def test_a_planner_answers_for_a_farm_that_called_and_the_farm_has_the_last_word(
    planner: httpx.Client, farmer: httpx.Client, season: Season
) -> None:
    (asked,) = season.asked()
    path = f"/api/v1/confirmations/{asked.id}/answer"
    no = {"reply": "declined", "reason": "weather"}

    told = planner.post(path, json={"reply": "accepted"}, headers=once()).json()
    objected = farmer.post(path, json=no, headers=once()).json()
    late = planner.post(path, json={"reply": "accepted"}, headers=once())

    assert (told["state"], told["on_behalf"]) == ("accepted", True)
    assert (objected["state"], objected["on_behalf"], objected["answered"]) == ("declined", False, 0)
    assert (late.status_code, late.json()["code"]) == (409, "answered-otherwise")


def test_what_is_answered_by_a_planners_link_was_answered_for_the_farm_and_its_page_takes_an_objection(
    api: Api, planner: httpx.Client, farmer: httpx.Client, season: Season
) -> None:
    (asked,) = season.asked()
    token = planner.post(f"/api/v1/confirmations/{asked.id}/link").json()["token"]
    mine = {"reply": "accepted", "device": str(uuid4())}
    assert api.nobody.post(f"/api/v1/answers/{token}", json=mine, headers=once()).json()["on_behalf"] is True

    own = farmer.post(f"/api/v1/confirmations/{asked.id}/link").json()["token"]
    page = api.nobody.get(f"/answers/{own}", headers={"accept": "text/html"}).text
    assert "it sends 50 kg of 50 kg of Apples" in page
    key, *_ = re.findall(r'name="key" value="([0-9a-f-]{36})"', page)
    phone = api.client({"accept": "text/html"})
    assert phone.post(f"/answers/{own}", data={"key": key, "reply": "declined", "reason": "pest"}).status_code == 303
    assert "You said no." in phone.get(f"/answers/{own}").text
    assert 'name="reply"' not in phone.get(f"/answers/{own}").text


def test_a_made_up_link_does_not_exist(api: Api) -> None:
    assert api.nobody.get("/api/v1/answers/made-up").status_code == 404
    body = {"reply": "accepted", "device": str(uuid4())}
    assert api.nobody.post("/api/v1/answers/made-up", json=body, headers=once()).status_code == 404
