"""Guests of a private cycle, invited by who leads a point where it hands out; and what was sold there before."""

from __future__ import annotations

from uuid import uuid4

import httpx

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import CycleId
from farmlink.people.values import PersonId, Role
from farmlink.store.transaction import Transaction
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, send
from tests.api.pages.pointing import leader_of, point_of
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import force_sql

BO = {"called": "Bo", "email": "bo@example.org"}


def invited(tx: Transaction, cycle_id: CycleId) -> list[PersonId]:
    found = "SELECT person_id FROM cycle_invitation WHERE cycle_id = :cycle"
    return list(tx.execute(found, {"cycle": cycle_id}).scalars())


def test_a_guest_of_a_private_cycle_is_invited_by_address_once(api: Api) -> None:
    season = Goods.opened(api.store, private=True)
    leader, page = leader_of(api, season), f"{point_of(season)}/guests"
    found = leader.get(point_of(season)).text
    for _ in range(2):
        asked = send(leader, page, page, **BO)

    assert f"{page}?cycle={season.cycle_id}" in found
    assert (asked.status_code, "They are invited." in asked.text) == (200, True)
    (guest,) = api.store.read(invited, season.cycle_id)
    assert api.store.read(cycles.seen_cycle, season.cycle_id, guest).private


def test_to_what_everybody_sees_nobody_is_invited(api: Api) -> None:
    season = Goods.opened(api.store)
    leader, page = leader_of(api, season), f"{point_of(season)}/guests"
    shown = leader.get(page)
    said = BO | {"csrf": word(leader), "cycle_id": str(season.cycle_id)}

    assert page not in leader.get(point_of(season)).text
    assert "Nobody has to be invited here" in shown.text
    refused = leader.post(page, data=said)
    assert (refused.status_code, "Everybody may order in this cycle" in refused.text) == (409, True)
    assert api.store.read(invited, season.cycle_id) == []


def test_nobody_invites_to_what_does_not_come_to_their_point(api: Api) -> None:
    season = Goods.opened(api.store, private=True)
    leader, page = leader_of(api, season), f"{point_of(season)}/guests"
    elsewhere = send(leader, page, page, **BO, cycle_id=str(uuid4()))
    stranger, _ = browser_of(api, Role.LEADER)
    wrong = send(leader, page, page, **BO | {"email": "bo"})

    assert elsewhere.status_code == 404
    assert stranger.get(page).status_code == 404
    assert (wrong.status_code, 'id="email-fault"' in wrong.text) == (422, True)
    assert api.store.read(invited, season.cycle_id) == []


def test_what_is_sold_at_a_point_stands_beside_the_cycle_before(api: Api) -> None:
    season = Goods.closed(api.store, bags=(30, 20))
    force_sql(api.store, "UPDATE order_cycle SET collect_on = current_date, hand_out_on = current_date + 1")
    leader = leader_of(api, season)
    alone = leader.get(point_of(season)).text
    more = Goods(season.market, season.market.open()[0])
    more.order(5)
    shown = leader.get(f"{point_of(season)}?cycle={more.cycle_id}").text

    assert "Sold here" not in alone
    assert "Sold here so far: 5 kg, $15.00. In the cycle of " in shown
    assert "it was 50 kg, $150.00." in shown


def word(client: httpx.Client) -> str:
    """The word that a form of this session carries."""
    return client.get("/me").text.partition('name="csrf" value="')[2].partition('"')[0]
