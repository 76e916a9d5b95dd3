"""The poster: a drawing that any browser opens, in both languages, with a code that leads to the point."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from api.pages.lead.drawn import code_of, fitting, width_of, wrapped
from farmlink.network import commands as network
from farmlink.network.values import OpenHours
from tests.api.conftest import Api
from tests.api.pages.pointing import leader_of, point_of
from tests.farmlink.cycles.builders import COLLECT_ON
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import force_sql


@pytest.mark.parametrize(
    ("language", "said"), [("en", ["Apples", "$25.00", "Order by"]), ("zh-CN", ["苹果", "截单时间", "农场直发"])]
)
def test_the_poster_says_what_until_when_and_where(api: Api, language: str, said: list[str]) -> None:
    season = Goods.opened(api.store)
    leader = leader_of(api, season, language)
    page, drawn = leader.get(f"{point_of(season)}/poster"), leader.get(f"{point_of(season)}/poster.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    texts = " ".join("".join(node.itertext()) for node in ET.fromstring(drawn.text).iter())  # our own drawing
    for one in ["Holland Market", *said]:
        assert one in texts
    assert f"/points/{season.market.point.id}" in page.text
    assert "poster.svg" in page.text


def test_the_cut_off_is_told_by_the_clock_of_the_cycle(api: Api) -> None:
    season = Goods.opened(api.store)
    leader, address = leader_of(api, season), f"{point_of(season)}/poster.svg"
    drawn = leader.get(address).text
    force_sql(api.store, "UPDATE region SET time_zone = 'Pacific/Honolulu'")
    assert leader.get(address).text == drawn


def test_hours_of_the_day_stand_on_it_once_they_are_known(api: Api) -> None:
    season = Goods.opened(api.store)
    leader, address = leader_of(api, season), f"{point_of(season)}/poster"
    assert "Write the opening hours" in leader.get(address).text
    weekday = (COLLECT_ON.weekday() + 1) % 7
    point = season.market.point
    draft = season.market.country.point_draft("Holland Market")
    hours = replace(draft, hours=(OpenHours(weekday, 600, 1110),), organisation_id=point.organisation_id)
    api.store.run(network.change_point, point.id, hours, point.revision)
    assert "10:00-18:30" in leader.get(f"{address}.svg").text
    assert "Write the opening hours" not in leader.get(address).text


def test_a_point_without_a_cycle_has_a_poster_without_goods(api: Api) -> None:
    season = Goods.opened(api.store)
    other = season.market.point_with(organisation_id=season.market.point.organisation_id)
    leader = leader_of(api, season)
    assert "No cycle hands out here" in leader.get(f"/lead/points/{other.id}/poster").text
    assert leader.get(f"/lead/points/{other.id}/poster.svg").status_code == 200


def test_a_code_is_square_and_begins_with_a_finder() -> None:
    modules, path = code_of("https://farmlink.example.org/points/1")
    assert modules in range(21, 60, 4)
    assert path.startswith("M0 0h1v1h-1z")


def test_texts_keep_to_their_lines() -> None:
    assert width_of("苹果", 10) == 20
    assert wrapped("Holland Market", 10, 500) == ["Holland Market"]
    assert wrapped("Holland Market", 10, 60) == ["Holland", "Market"]
    assert wrapped("新鲜苹果到了", 10, 30) == ["新鲜苹", "果到了"]
    cut = wrapped("A very long name of a market that nobody can read", 10, 80)
    assert (len(cut), cut[-1][-1]) == (2, "…")
    assert wrapped("", 10, 80) == [""]


def test_what_would_run_out_of_its_box_is_written_smaller() -> None:
    two = "09:00-12:00, 15:00-18:00"
    assert (fitting("09:00-12:00", 30, 384), fitting(two, 30, 384)) == (30, 28)
    assert width_of(two, 28) <= 384
    assert fitting(", ".join([two] * 3), 30, 384) == 18
