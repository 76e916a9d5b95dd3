"""What a point says about itself: its hours and closed days, kept unless somebody else was quicker."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from farmlink.network import queries as network
from farmlink.network.values import OpenHours, PointCard
from farmlink.people import queries as people
from farmlink.people.values import OrganisationKind, PersonId, Role
from farmlink.scheduler import REACTIONS
from farmlink.store.outbox import relay_due
from farmlink.store.transaction import Transaction
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, keys_on, send
from tests.api.pages.pointing import leader_of, point_of
from tests.farmlink.dispatch.builders import Goods


@pytest.fixture
def season(api: Api) -> Goods:
    return Goods.opened(api.store)


@pytest.fixture
def leader(api: Api, season: Goods) -> httpx.Client:
    return leader_of(api, season)


def card(api: Api, season: Goods) -> PointCard:
    return api.store.read(network.point, season.market.point.id)


def test_hours_and_closed_days_are_kept(api: Api, season: Goods, leader: httpx.Client) -> None:
    page = f"{point_of(season)}/settings"
    hours = {"hours-0": "9-12, 15:00-18:30", "hours-6": "8：00～24:00"}  # noqa: RUF001  # as phones write it
    kept = send(leader, page, page, closed_on="2031-12-24", **hours)
    assert (kept.status_code, "Kept." in kept.text, "2031-12-24" in kept.text) == (200, True, True)
    assert card(api, season).hours == (OpenHours(0, 540, 720), OpenHours(0, 900, 1110), OpenHours(6, 480, 1440))
    assert 'value="9:00-12:00, 15:00-18:30"' in kept.text
    again = send(leader, page, page, open_again="2031-12-24", **hours)
    assert "2031-12-24" not in again.text
    assert card(api, season).closed_days == ()
    assert card(api, season).name == season.market.point.name


@pytest.mark.parametrize("typed", ["nine to five", "18:00-9:00", "9-12, 11-14"])
def test_hours_that_cannot_be_stay_as_they_were_typed(
    api: Api, season: Goods, leader: httpx.Client, typed: str
) -> None:
    page = f"{point_of(season)}/settings"
    refused = send(leader, page, page, **{"hours-2": typed})
    assert (refused.status_code, f'value="{typed}"' in refused.text) == (422, True)
    assert card(api, season).hours == ()


def test_a_day_that_is_none_is_said_at_its_field(season: Goods, leader: httpx.Client) -> None:
    page = f"{point_of(season)}/settings"
    refused = send(leader, page, page, closed_on="2031-02-30")
    assert (refused.status_code, "closed_on-fault" in refused.text) == (422, True)


def test_who_was_slower_is_asked_to_look_again(season: Goods, leader: httpx.Client) -> None:
    page = f"{point_of(season)}/settings"
    send(leader, page, page, **{"hours-0": "9-12"})
    stale = send(leader, page, page, revision="1", **{"hours-0": "9-13"})
    assert (stale.status_code, "changed by somebody else" in stale.text) == (412, True)


def test_a_point_is_shared_by_address_and_whoever_has_none_gets_the_letter_of_an_invitation(
    api: Api, season: Goods, leader: httpx.Client
) -> None:
    page = f"{point_of(season)}/settings"
    shared = send(leader, page, f"{point_of(season)}/leaders", called="Bo", email="bo@example.org")

    relay_due(api.store, REACTIONS)
    assert "invitation" in api.store.read(letters)
    assert (shared.status_code, "bo@example.org" in shared.text) == (200, True)
    assert ">Bo<" not in shared.text, "the name in somebody's account is not told to whoever knows their address"


def test_nobody_leaves_a_point_alone_and_whoever_has_left_sees_it_no_more(
    api: Api, season: Goods, leader: httpx.Client
) -> None:
    page, leaving = f"{point_of(season)}/settings", f"{point_of(season)}/leaving"
    alone = send(leader, page, leaving)
    send(leader, page, f"{point_of(season)}/leaders", called="Bo", email="bo@example.org")
    not_yet = send(leader, page, leaving)
    other = successor(api, season)
    left = send(leader, page, leaving)

    assert [alone.status_code, not_yet.status_code, left.status_code] == [409, 409, 200]
    assert "Nobody else who can sign in leads this point." in not_yet.text
    assert leader.get(page).status_code == 403
    assert send(other, page, leaving).status_code == 409


def test_each_form_of_the_settings_has_a_key_of_its_own_and_a_wrong_address_is_said_at_its_field(
    season: Goods, leader: httpx.Client
) -> None:
    page = f"{point_of(season)}/settings"
    keys = keys_on(leader.get(page).text)
    wrong = send(leader, page, f"{point_of(season)}/leaders", called="Bo", email="bo")

    assert len(set(keys)) == 3
    assert (wrong.status_code, 'id="email-fault"' in wrong.text, 'value="Bo"' in wrong.text) == (422, True, True)


def test_a_point_is_shared_by_those_who_lead_it_alone(api: Api, season: Goods) -> None:
    stranger, _ = browser_of(api, Role.LEADER, season.market.country.organisation(OrganisationKind.POINT, "Elsewhere"))
    word = stranger.get("/me").text.partition('name="csrf" value="')[2].partition('"')[0]
    said = {"csrf": word, "called": "Bo", "email": "bo@example.org"}

    assert stranger.post(f"{point_of(season)}/leaders", data=said).status_code == 404
    assert stranger.post(f"{point_of(season)}/leaving", data=said).status_code == 404
    address = f"/api/v1/points/{season.market.point.id}/leaders"
    foreign = api.as_role(Role.LEADER)
    assert foreign.post(address, json={"name": "Bo", "email": "bo@example.org"}, headers=once()).status_code == 404
    assert foreign.delete(f"{address}/me").status_code == 404


def test_programs_share_and_leave_a_point_too(api: Api, season: Goods) -> None:
    own = season.market.point.organisation_id
    first, second = api.person(Role.LEADER, own), api.person(Role.LEADER, own)
    address = f"/api/v1/points/{season.market.point.id}/leaders"

    shared = api.as_(first).post(address, json={"name": "Bo", "email": "bo@example.org"}, headers=once())
    refused = api.as_(first).delete(f"{address}/me")
    api.store.run(can_sign_in, second)
    left = api.as_(first).delete(f"{address}/me")

    assert [shared.status_code, refused.status_code, left.status_code] == [204, 409, 204]
    assert refused.json()["code"] == "last-leader"
    assert len(api.store.read(people.member_ids, own, Role.LEADER)) == 2


def test_a_leader_ends_anothers_part_and_reads_what_sharing_opens(
    api: Api, season: Goods, leader: httpx.Client
) -> None:
    page, own = f"{point_of(season)}/settings", season.market.point.organisation_id
    [first] = api.store.read(people.member_ids, own, Role.LEADER)
    api.store.run(can_sign_in, first)
    shown = leader.get(page).text
    send(leader, page, f"{point_of(season)}/leaders", called="Bo", email="bo@example.org")
    [bo] = set(api.store.read(people.member_ids, own, Role.LEADER)) - {first}
    ended = send(leader, page, f"{point_of(season)}/leaders/{bo}/ended")

    assert f"It opens: {season.market.point.name}." in shown
    assert "/ended" not in shown, "nobody else leads it"
    assert (ended.status_code, "bo@example.org" in ended.text) == (200, False)
    assert api.store.read(people.member_ids, own, Role.LEADER) == [first]
    deeds = "SELECT actor, action FROM audit_entry WHERE facts ->> 'role' = 'leader' AND subject = :bo ORDER BY id"
    done = api.store.read(lambda tx: [tuple(row) for row in tx.execute(deeds, {"bo": bo})])
    assert done == [(str(first), "membership.granted"), (str(first), "membership.revoked")]


def test_the_last_who_can_sign_in_is_never_ended_and_others_points_do_not_exist(
    api: Api, season: Goods, leader: httpx.Client
) -> None:
    own = season.market.point.organisation_id
    first, second = api.person(Role.LEADER, own), api.person(Role.LEADER, own)
    api.store.run(can_sign_in, second)
    address = f"/api/v1/points/{season.market.point.id}/leaders/{second}"

    foreign = api.as_role(Role.LEADER).delete(address)
    refused = api.as_(first).delete(address)
    page = send(leader, f"{point_of(season)}/settings", f"{point_of(season)}/leaders/{second}/ended")
    api.store.run(can_sign_in, first)
    ended = api.as_(first).delete(address)

    assert [foreign.status_code, refused.status_code, page.status_code, ended.status_code] == [404, 409, 409, 204]
    assert "Nobody else who can sign in leads this point." in page.text
    assert second not in api.store.read(people.member_ids, own, Role.LEADER)


def successor(api: Api, season: Goods) -> httpx.Client:
    """Somebody else who leads the point and can sign in."""
    browser, person_id = browser_of(api, Role.LEADER, season.market.point.organisation_id)
    api.store.run(can_sign_in, person_id)
    return browser


def can_sign_in(tx: Transaction, person_id: PersonId) -> None:
    tx.execute("UPDATE person SET password_hash = 'x', email = id || '@example.org' WHERE id = :id", {"id": person_id})


def letters(tx: Transaction) -> list[str]:
    return list(tx.execute("SELECT kind FROM message").scalars())


def once() -> dict[str, str]:
    return {"idempotency-key": str(uuid4())}
