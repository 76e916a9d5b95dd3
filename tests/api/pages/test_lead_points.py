"""A leader's points: how the week stands, what to do next, and whose points they are."""

from __future__ import annotations

import pytest

from farmlink.orders.commands import cancel_cycle
from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of
from tests.api.pages.pointing import leader_of, point_of
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.settlement.builders import Ledgered


def test_ones_only_point_is_shown_at_once_with_what_to_do_next(api: Api) -> None:
    season = Goods.opened(api.store, threshold_minor=10_000)
    season.order(10)
    shown = leader_of(api, season).get("/lead")
    assert shown.status_code == 200
    for said in ("Holland Market", "1 order", "Share the poster", "$70.00 more", "Apples bag", "10 kg", "data-until"):
        assert said in shown.text


def test_it_reads_in_chinese_with_jin(api: Api) -> None:
    season = Goods.opened(api.store)
    season.order(3)
    shown = leader_of(api, season, "zh-CN").get(point_of(season)).text
    for said in ("接下来", "分享海报", "苹果 袋", "6 斤"):
        assert said in shown


def test_of_several_points_one_is_chosen(api: Api) -> None:
    season = Goods.opened(api.store)
    season.order(1)
    other = season.market.point_with(organisation_id=season.market.point.organisation_id)
    leader = leader_of(api, season)
    listed = leader.get("/lead").text
    assert point_of(season) in listed
    assert f"/lead/points/{other.id}" in listed
    assert "No cycle hands out here" in leader.get(f"/lead/points/{other.id}").text


def test_who_leads_nothing_is_told_how_to_and_others_points_do_not_exist(api: Api) -> None:
    season = Goods.opened(api.store)
    stranger, _ = browser_of(api, Role.LEADER)
    assert "/me/applications" in stranger.get("/lead").text
    for part in ("", "/poster", "/poster.svg", "/roll", "/sort", "/arrival", "/hand-out", "/settings"):
        assert stranger.get(point_of(season) + part).status_code == 404
    assert browser_of(api, Role.CONSUMER)[0].get("/lead").status_code == 403
    unknown = leader_of(api, season).get(f"{point_of(season)}?cycle={season.market.point.id}")
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("closed", "Farms are being asked"),
        ("confirmed", "When the truck comes"),
        ("shared", "2 neighbours wait"),
        ("served", "Everybody has been served"),
        ("settled", "Who still pays"),
    ],
)
def test_the_next_thing_follows_the_cycle(api: Api, stage: str, said: str) -> None:
    season = Ledgered.closed(api.store)
    if stage != "closed":
        season.confirmed()
    if stage not in {"closed", "confirmed"}:
        season.receive()
        season.share()
    if stage in {"served", "settled"}:
        season.hand_out_point()
    if stage == "settled":
        season.finish()
        season.settle()
    assert said in leader_of(api, season).get("/lead").text


def test_what_is_still_owed_of_a_cycle_that_is_done_is_not_forgotten_in_the_next(api: Api) -> None:
    season = Ledgered.done(api.store)
    season.settle()
    season.market.lot(100_000)
    season.market.open()
    shown = leader_of(api, season).get("/lead").text
    assert ("Share the poster" in shown, "$150.00 are still to be paid to you" in shown) == (True, True)


def test_a_cycle_that_missed_its_minimum_stays_for_its_leader_with_the_reason(api: Api) -> None:
    season = Goods.opened(api.store, threshold_minor=100_000)
    season.order(3)
    leader = leader_of(api, season)
    api.store.run(cancel_cycle, season.cycle_id)
    now = leader.get(point_of(season)).text
    assert f"{point_of(season)}?cycle={season.cycle_id}" in now
    off = leader.get(f"{point_of(season)}?cycle={season.cycle_id}")
    assert off.status_code == 200
    for said in ("Too few joined: the minimum was missed", "Who had ordered here", "$9.00", "Ada"):
        assert said in off.text
