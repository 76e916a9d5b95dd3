"""Handing out: one tap a neighbour, found by code or name, a part of an order with its reason, the end of the day."""

from __future__ import annotations

import httpx
import pytest

from farmlink.kernel.ids import uuid7
from farmlink.orders.rules.codes import pick_up_code
from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, keys_on, send
from tests.api.pages.pointing import leader_of, point_of
from tests.farmlink.settlement.builders import Ledgered, under


@pytest.fixture
def season(api: Api) -> Ledgered:
    season = Ledgered.on_the_way(api.store)
    season.receive()
    season.share()
    return season


@pytest.fixture
def leader(api: Api, season: Ledgered) -> httpx.Client:
    return leader_of(api, season)


def counter(season: Ledgered) -> str:
    return f"{point_of(season)}/hand-out"


def test_one_tap_hands_everything_out_and_twice_changes_nothing(season: Ledgered, leader: httpx.Client) -> None:
    order = season.orders[0]
    page, to = counter(season), f"{counter(season)}/{order.id}/all"
    assert "2 wait" in leader.get(page).text
    data = {"csrf": word(leader, page), "cycle": str(season.cycle_id)}
    first, again = leader.post(to, data=data), leader.post(to, data=data)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "1 waits" in first.text
    assert f"Written down: Ada, {pick_up_code(order.id)}." in first.text
    assert "Served: 1" in first.text
    assert season.line(order).handed_out == season.line(order).due


def test_each_deed_of_a_page_has_a_key_of_its_own(api: Api, season: Ledgered, leader: httpx.Client) -> None:
    keys = keys_on(leader.get(counter(season)).text)
    assert len(keys) == len(set(keys)) == 3
    order = season.orders[0]
    shown = leader.get(f"{counter(season)}/{order.id}").text
    assert len(keys_on(shown)) == 1


def test_a_neighbour_is_found_by_code_or_name(season: Ledgered, leader: httpx.Client) -> None:
    code, other = (pick_up_code(order.id) for order in season.orders)
    found = leader.get(counter(season), params={"search": code.lower()}).text
    assert code in found.partition('id="slips"')[2].partition("</ul>")[0]
    assert other not in found.partition('id="slips"')[2].partition("</ul>")[0]
    unknown = leader.get(counter(season), params={"search": "Zoe"}).text
    assert "Nobody here has the code or name “Zoe”" in unknown
    assert (code in unknown, other in unknown) == (True, True)


def test_less_than_is_there_needs_a_reason_and_what_was_typed_stays(season: Ledgered, leader: httpx.Client) -> None:
    order = season.orders[1]
    page, line = f"{counter(season)}/{order.id}", season.line(order).line_id
    packs, reason = f"packs-{line}", f"reason-{line}"
    assert "20 kg" in leader.get(page).text
    for typed, said in (
        ("21", "Between 0 and 20"),
        ("x", "Between 0 and 20"),
        ("0000000019" * 500, "Between 0 and 20"),
        ("18", "Say why less"),
    ):
        refused = send(leader, page, page, **{packs: typed, reason: ""})
        assert (refused.status_code, said in refused.text, f'value="{typed}"' in refused.text) == (422, True, True)
    done = send(leader, page, page, **{packs: "18", reason: "spoiled"})
    assert done.status_code == 200
    assert (season.line(order).handed_out, season.line(order).end_reason) == (18_000, "spoiled")
    assert "instead of 20 kg" in leader.get(page).text
    otherwise = leader.post(f"{page}/all", data={"csrf": word(leader, counter(season))})
    assert (otherwise.status_code, "handed out already" in otherwise.text) == (409, True)


def test_at_the_end_of_the_day_all_but_those_who_wait_are_served(season: Ledgered, leader: httpx.Client) -> None:
    first, second = season.orders
    page = counter(season)
    wrong = send(leader, page, page, waiting=str(uuid7()))
    assert wrong.status_code == 422
    assert send(leader, page, page, waiting="nobody").status_code == 404
    done = send(leader, page, page, waiting=str(first.id))
    assert done.status_code == 200
    assert season.line(first).handed_out is None
    assert season.line(second).handed_out == 20_000


def test_nothing_is_handed_out_before_it_is_shared(api: Api) -> None:
    season = Ledgered.on_the_way(api.store)
    leader = leader_of(api, season)
    assert "has not shared out" in leader.get(counter(season)).text
    assert "is known when the hub" in leader.get(f"{counter(season)}/{season.orders[0].id}").text
    data = {"csrf": word(leader, f"{point_of(season)}/settings"), "cycle": str(season.cycle_id)}
    refused = leader.post(f"{counter(season)}/{season.orders[0].id}/all", data=data)
    assert (refused.status_code, "Share what came in" in refused.text) == (409, True)


def settled(api: Api) -> Ledgered:
    """Two orders that were handed out, with a deposit of 3.00 for each of their crates."""
    under(api.store, crate_deposit_minor=300)
    season = Ledgered.done(api.store)
    season.settle()
    return season


def test_money_is_taken_once_the_price_is_final(api: Api) -> None:
    season = settled(api)
    leader, (order, other) = leader_of(api, season), season.orders
    page = f"{counter(season)}/{order.id}"
    due = season.payment(order).due_minor
    listing = leader.get(counter(season)).text
    assert "Still to be paid to you, by 2 neighbours" in listing
    assert "It is booked at once, and cannot be taken back here." in listing
    wrong = send(leader, page, f"{page}/paid", amount_minor=str(due - 1))
    assert wrong.status_code == 409
    paid = send(leader, page, f"{page}/paid")
    assert (paid.status_code, "Nothing is due" in paid.text) == (200, True)
    assert season.payment(order).due_minor == 0
    listed = send(leader, counter(season), f"{counter(season)}/{other.id}/paid")
    assert "All are served" in listed.text


def test_crates_come_back_and_no_more_than_went_out(api: Api) -> None:
    season = settled(api)
    leader, order = leader_of(api, season), season.orders[0]
    page = f"{counter(season)}/{order.id}"
    assert "still out: 2" in leader.get(page).text
    paid, crates = keys_on(leader.get(page).text)
    assert paid != crates
    more = send(leader, page, f"{page}/crates", crates="3")
    assert (more.status_code, 'value="3"' in more.text) == (409, True)
    none = send(leader, page, f"{page}/crates", crates="")
    assert (none.status_code, "crates-fault" in none.text) == (422, True)
    back = send(leader, page, f"{page}/crates", crates="2")
    assert (back.status_code, "still out" in back.text) == (200, False)


def test_anothers_order_does_not_exist_at_the_counter(api: Api, season: Ledgered, leader: httpx.Client) -> None:
    order = season.orders[0]
    assert leader.get(f"{counter(season)}/{uuid7()}").status_code == 404
    stranger, _ = browser_of(api, Role.LEADER)
    assert stranger.get(f"{counter(season)}/{order.id}").status_code == 404
    other = season.market.point_with(organisation_id=season.market.point.organisation_id)
    assert leader.get(f"/lead/points/{other.id}/hand-out/{order.id}").status_code == 404


def word(client: httpx.Client, page: str) -> str:
    return client.get(page).text.partition('name="csrf" value="')[2].partition('"')[0]


def test_what_is_not_there_has_nothing_to_count(api: Api) -> None:
    season = Ledgered.on_the_way(api.store)
    season.receive(lambda _: 0)
    season.share()
    leader, order = leader_of(api, season), season.orders[0]
    page = f"{counter(season)}/{order.id}"
    alone, listed = leader.get(page).text, leader.get(counter(season)).text
    assert ('type="number"' in alone, "Nothing of this order came" in alone) == (False, True)
    assert "Nothing came for 2 neighbours" in listed
    assert "/all" not in listed  # nothing to hand out, and nobody to wait for
    season.finish()
    assert "Not collected" not in leader.get(counter(season), params={"cycle": str(season.cycle_id)}).text
