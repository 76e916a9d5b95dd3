"""A list from the chat: shown as it is read, corrected in place, placed once however often it comes."""

from __future__ import annotations

import httpx
import pytest

from farmlink.orders.queries.neighbours import orders_at
from farmlink.people import queries as people
from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of, send
from tests.api.pages.pointing import leader_of, point_of
from tests.farmlink.dispatch.builders import Goods

LIST = "#接龙\n1. 王姐 苹果两袋\n2. Ana: 1 bag of apples\n3. Bob 香蕉2"


@pytest.fixture
def season(api: Api) -> Goods:
    return Goods.opened(api.store)


@pytest.fixture
def leader(api: Api, season: Goods) -> httpx.Client:
    return leader_of(api, season)


def form(season: Goods) -> tuple[str, str]:
    page = f"{point_of(season)}/roll"
    return page, f"{page}?cycle={season.cycle_id}"


def names(api: Api, season: Goods) -> dict[str, int]:
    found = api.store.read(orders_at, season.cycle_id, season.market.point.id)
    called = api.store.read(people.names, [one.consumer_id for one in found])
    return {called[one.consumer_id]: sum(line.packs for line in one.lines) for one in found}


def test_a_list_is_read_before_anything_is_ordered(api: Api, season: Goods, leader: httpx.Client) -> None:
    shown = send(leader, *form(season), list=LIST, do="read")
    assert shown.status_code == 200
    for said in (
        "2 to order",
        "王姐",
        "2 \u00d7 Apples bag",
        "“香蕉” is not on sale",
        "1 line needs a correction",
        "$6.00",
    ):
        assert said in shown.text
    assert names(api, season) == {}


def test_what_is_right_is_placed_and_what_is_wrong_stays_to_be_corrected(
    api: Api, season: Goods, leader: httpx.Client
) -> None:
    page, to = form(season)
    key = "11111111-1111-4111-8111-111111111111"
    data = {"line": LIST.splitlines(), "do": "place", "key": key, "csrf": word(leader, page)}
    kept = leader.post(to, data=data)
    assert kept.status_code == 422
    assert 'value="3. Bob 香蕉2"' in kept.text
    assert names(api, season) == {"王姐": 2, "Ana": 1}
    done = leader.post(to, data=data | {"line": ["1. 王姐 苹果3袋", "Ana: 1 bag of apples", "Bob apples: 1 crate"]})
    assert done.status_code == 200
    assert "Placed: 1 new, 1 changed, 1 as they were." in done.text
    assert names(api, season) == {"王姐": 3, "Ana": 1, "Bob": 1}
    again = leader.post(to, data=data | {"line": ["1. 王姐 苹果3袋"], "key": key.replace("1", "2")})
    assert "Placed: 0 new, 0 changed, 1 as they were." in again.text
    assert len(names(api, season)) == 3


@pytest.mark.parametrize("made_up", ["9" * 5000, "-".join(["9" * 5000] * 3), "1-2", "1-2-x", "1-2-301"])
def test_an_address_that_somebody_made_up_says_nothing_of_a_last_list(
    season: Goods, leader: httpx.Client, made_up: str
) -> None:
    shown = leader.get(form(season)[0], params={"done": made_up})
    assert (shown.status_code, "Placed:" in shown.text) == (200, False)


def test_what_is_sold_out_is_said_at_its_line(api: Api, season: Goods, leader: httpx.Client) -> None:
    refused = send(leader, *form(season), line="Ana: 999 bags of apples", do="place")
    assert refused.status_code == 422
    assert 'value="Ana: 999 bags of apples"' in refused.text
    assert "aria-invalid" in refused.text
    assert names(api, season) == {}


def test_more_than_is_left_is_said_before_anything_is_placed(season: Goods, leader: httpx.Client) -> None:
    shown = send(leader, *form(season), list="Ana: 999 bags of apples\nBob: -1 bag of apples", do="read")
    assert (shown.status_code, " packs of Apples bag are left for this line" in shown.text) == (200, True)
    assert "without a minus" in shown.text
    assert 'value="place"' not in shown.text


def test_in_chinese_the_correction_is_named_in_chinese(api: Api, season: Goods) -> None:
    leader = leader_of(api, season, "zh-CN")
    shown = send(leader, *form(season), list="王姐 苹果3", do="read")
    assert "“苹果”有几种规格" in shown.text
    assert "袋" in shown.text.partition("有几种规格")[2][:10]


def test_after_the_cut_off_a_list_waits_for_the_next_cycle(api: Api) -> None:
    season = Goods.closed(api.store)
    leader = leader_of(api, season)
    assert "has to wait for the next cycle" in leader.get(f"{point_of(season)}/roll").text


def test_nobody_places_a_list_at_anothers_point(api: Api, season: Goods) -> None:
    stranger, _ = browser_of(api, Role.LEADER)
    data = {"line": "Ana: 1 bag of apples", "do": "place", "csrf": word(stranger, "/me")}
    assert stranger.post(form(season)[1], data=data).status_code == 404
    assert names(api, season) == {}


def word(client: httpx.Client, page: str) -> str:
    found = client.get(page).text
    return found.partition('name="csrf" value="')[2].partition('"')[0]
