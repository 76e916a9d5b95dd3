"""Claims and arrivals over HTTP: photos come as base64, and everybody else's do not exist."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from uuid import UUID

import httpx
import pytest

from farmlink.people import commands as people
from farmlink.people.values import Role
from tests.api.conftest import Api, once
from tests.farmlink.claims.builders import PHOTO, Claimed
from tests.farmlink.kernel.drawn import PNG

BASE64 = b64encode(PNG).decode()


@pytest.fixture
def season(api: Api) -> Claimed:
    season = Claimed.done(api.store)
    season.settle()
    return season


@pytest.fixture
def leader(api: Api, season: Claimed) -> httpx.Client:
    return api.as_(api.person(Role.LEADER, season.market.point.organisation_id))


@pytest.fixture
def planner(api: Api, season: Claimed) -> httpx.Client:
    return api.as_(api.person(Role.PLANNER, season.market.hub.organisation_id))


def claimed(api: Api, season: Claimed, **changed: object) -> dict[str, object]:
    order = season.orders[0]
    body = {"line_id": str(order.lines[0].id), "kind": "damaged", "quantity": 6_000, "photos": [BASE64]}
    consumer = api.as_(order.consumer_id)
    answer = consumer.post(f"/api/v1/orders/{order.id}/claims", json=body | changed, headers=once())
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_a_claim_goes_from_its_consumer_to_the_leader_and_the_planner_and_comes_back_as_money(
    api: Api, season: Claimed, leader: httpx.Client, planner: httpx.Client
) -> None:
    order = season.orders[0]
    consumer = api.as_(order.consumer_id)
    (line,) = consumer.get(f"/api/v1/orders/{order.id}/claims/lines").json()["items"]
    assert (line["handed_out"], line["left"]) == (30_000, 30_000)
    path = f"/api/v1/claims/{claimed(api, season)['id']}"

    (waiting,) = leader.get(f"/api/v1/points/{season.market.point.id}/claims?state=open").json()["items"]
    assert (waiting["kind"], waiting["quantity"]) == ("damaged", 6_000)
    assert planner.post(f"{path}/accept", json={}, headers=once()).json()["code"] == "not-your-turn"
    passed = leader.post(f"{path}/pass-on", json={"word": "They came like that."}, headers=once())
    assert (passed.status_code, passed.json()["state"]) == (200, "passed-on")
    (mine,) = planner.get("/api/v1/claims").json()["items"]
    assert (mine["word"], mine["id"]) == ("They came like that.", waiting["id"])
    assert planner.get(f"{path}/trail").json()["received"] == 50_000
    note = planner.post(f"{path}/accept", json={"quantity": 2_000, "reason": "Four were whole."}, headers=once())
    assert (note.status_code, note.json()["amount_minor"]) == (201, 600)
    (told,) = consumer.get(f"/api/v1/orders/{order.id}/claims").json()["items"]
    assert (told["state"], told["accepted"], told["reason"]) == ("accepted", 2_000, "Four were whole.")


def test_a_leader_accepts_at_once_and_a_planner_declines_with_a_reason(
    api: Api, season: Claimed, leader: httpx.Client, planner: httpx.Client
) -> None:
    one, other = claimed(api, season), claimed(api, season, photos=[])
    assert leader.post(f"/api/v1/claims/{one['id']}/accept", json={}, headers=once()).json()["amount_minor"] == 1_800
    leader.post(f"/api/v1/claims/{other['id']}/pass-on", json={"word": "I cannot tell."}, headers=once())
    declined = planner.post(f"/api/v1/claims/{other['id']}/decline", json={"reason": "Whole."}, headers=once())
    assert (declined.json()["state"], declined.json()["reason"]) == ("declined", "Whole.")


def test_nobody_accepts_or_declines_a_claim_about_their_own_order(api: Api, season: Claimed) -> None:
    consumer, one = season.orders[0].consumer_id, claimed(api, season)
    for role, organisation_id in (
        (Role.LEADER, season.market.point.organisation_id),
        (Role.PLANNER, season.market.hub.organisation_id),
    ):
        api.store.run(people.grant, consumer, role, organisation_id)
    own, other = api.as_(consumer), claimed(api, season)
    assert (one["state"], other["state"]) == ("open", "passed-on")
    for claim in (one, other):
        for deed, body in (("accept", {}), ("pass-on", {"word": "Mine."}), ("decline", {"reason": "Mine."})):
            answer = own.post(f"/api/v1/claims/{claim['id']}/{deed}", json=body, headers=once())
            assert answer.status_code == 404


def test_who_leads_and_plans_accepts_again_with_the_same_key_and_it_is_the_same_deed(api: Api, season: Claimed) -> None:
    both, headers, one = api.person(Role.LEADER, season.market.point.organisation_id), once(), claimed(api, season)
    api.store.run(people.grant, both, Role.PLANNER, season.market.hub.organisation_id)
    notes = [api.as_(both).post(f"/api/v1/claims/{one['id']}/accept", json={}, headers=headers) for _ in range(2)]
    assert [note.status_code for note in notes] == [201, 201]
    assert notes[0].json() == notes[1].json()


def test_a_photo_is_shown_to_whom_it_concerns_and_is_what_its_own_bytes_say(
    api: Api, season: Claimed, leader: httpx.Client, planner: httpx.Client
) -> None:
    found: Any = claimed(api, season)
    (picture_id,) = found["pictures"]
    path = f"/api/v1/claims/{found['id']}/pictures/{picture_id}"
    for client in (api.as_(season.orders[0].consumer_id), leader, planner):
        answer = client.get(path)
        assert (answer.content, answer.headers["content-type"]) == (PHOTO.content, "image/png")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, max-age=3600"
    other_point = api.person(Role.LEADER, season.market.country.point("Elsewhere").organisation_id)
    for stranger in (api.as_(season.orders[1].consumer_id), api.as_(other_point), api.as_role(Role.CONSUMER)):
        assert stranger.get(path).status_code == 404
        assert stranger.get(f"/api/v1/claims/{found['id']}").status_code == 404
    assert api.nobody.get(path).status_code == 401


def test_others_orders_points_and_claims_do_not_exist(api: Api, season: Claimed, leader: httpx.Client) -> None:
    found, order = claimed(api, season), season.orders[0]
    stranger = api.as_(season.orders[1].consumer_id)
    assert stranger.get(f"/api/v1/orders/{order.id}/claims").status_code == 404
    elsewhere = api.as_(api.person(Role.LEADER, season.market.country.point("Elsewhere").organisation_id))
    assert elsewhere.get(f"/api/v1/points/{season.market.point.id}/claims").status_code == 404
    for deed, body in (("accept", {}), ("pass-on", {"word": "Mine?"})):
        answer = elsewhere.post(f"/api/v1/claims/{found['id']}/{deed}", json=body, headers=once())
        assert answer.status_code == 404
    planner = api.as_(api.person(Role.PLANNER, season.market.country.hub("Elsewhere").organisation_id))
    assert planner.get("/api/v1/claims").json()["items"] == []
    assert (
        planner.post(f"/api/v1/claims/{found['id']}/decline", json={"reason": "No"}, headers=once()).status_code == 404
    )


def test_a_leader_counts_what_came_and_planners_see_it_with_its_photo(api: Api) -> None:
    season = Claimed.on_the_way(api.store)
    season.receive()
    season.share()
    point = season.market.point
    leader = api.as_(api.person(Role.LEADER, point.organisation_id))
    planner = api.as_(api.person(Role.PLANNER, season.market.hub.organisation_id))
    path = f"/api/v1/cycles/{season.cycle_id}/points/{point.id}/arrival"
    bags: UUID = season.orders[0].lines[0].listing_id
    row = {"listing_id": str(bags), "counted": 48_000, "damaged": 1_000, "photo": BASE64}
    assert leader.post(path, json={"counts": [row]}, headers=once()).json() == {"changed": 1}
    (seen,) = planner.get(path).json()["items"]
    assert (seen["sent"], seen["missing"], seen["damaged"]) == (50_000, 2_000, 1_000)
    photo = planner.get(f"{path}/pictures/{seen['picture_id']}")
    assert (photo.content, photo.headers["content-type"]) == (PHOTO.content, "image/png")
    elsewhere = api.as_(api.person(Role.LEADER, season.market.country.point("Elsewhere").organisation_id))
    assert elsewhere.get(f"{path}/pictures/{seen['picture_id']}").status_code == 404
    assert elsewhere.get(path).status_code == 404
