"""A plan as files: read back by the libraries that others read them with; no cell begins a formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree as ET

import gpxpy
import httpx
import pytest
from icalendar import Calendar

from api.pages.plan.exports.tables import safe
from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of
from tests.farmlink.planning.builders import Season, run_sql

EVIL = "=HYPERLINK(1)"


@pytest.fixture
def files(api: Api) -> dict[str, httpx.Response]:
    """Every file of a plan in which a farm is called like a formula."""
    season = Season.closed(api.store)
    run_sql(api.store, "UPDATE farm SET name = :name", name=EVIL)
    plan_id = season.plan()
    planner = browser_of(api, Role.PLANNER, season.market.hub.organisation_id)[0]
    kinds = ("csv", "xlsx", "geojson", "gpx", "ics")
    return {kind: planner.get(f"/plan/plans/{plan_id}/plan.{kind}") for kind in kinds}


def test_every_file_is_one_to_keep(files: dict[str, httpx.Response]) -> None:
    assert {answer.status_code for answer in files.values()} == {200}
    for kind, answer in files.items():
        assert answer.headers["content-disposition"].startswith('attachment; filename="plan-20')
        assert answer.headers["content-disposition"].endswith(f'.{kind}"')


def test_no_cell_of_a_table_begins_a_formula(files: dict[str, httpx.Response]) -> None:
    rows = list(csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
    book = zipfile.ZipFile(io.BytesIO(files["xlsx"].content))
    shared = ET.fromstring(book.read("xl/sharedStrings.xml"))
    texts = [node.text or "" for node in shared.iter() if node.tag.endswith("}t")]

    assert f"'{EVIL}" in {cell for row in rows for cell in row}
    assert EVIL in texts  # written as a text, which is never reckoned: nothing needs to stand before it
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert not [name for name in book.namelist() if b"<f>" in book.read(name)]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("=1", "'=1"),
        ("+1", "'+1"),
        ("-a", "'-a"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("\uff1d1", "'\uff1d1"),
        ("\uff20x", "'\uff20x"),
        ("Ann", "Ann"),
    ],
)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(cell: str, kept: str) -> None:
    assert (safe(cell), safe(-1)) == (kept, -1)


def test_the_map_holds_a_line_a_trip_and_a_point_a_place(files: dict[str, httpx.Response]) -> None:
    features = json.loads(files["geojson"].content)["features"]
    lines = [one for one in features if one["geometry"]["type"] == "LineString"]
    points = {tuple(one["geometry"]["coordinates"]) for one in features if one["geometry"]["type"] == "Point"}

    assert lines
    for line in lines:
        way = [tuple(at) for at in line["geometry"]["coordinates"]]
        assert (way[0] == way[-1], set(way) <= points) == (True, True)


def test_ways_and_calendar_are_read_by_others(files: dict[str, httpx.Response]) -> None:
    ways = gpxpy.parse(files["gpx"].text).routes
    entries = list(Calendar.from_ical(files["ics"].content).walk("VEVENT"))

    assert len(ways) == len(entries) > 0
    assert all(entry.decoded("dtend") > entry.decoded("dtstart") for entry in entries)
