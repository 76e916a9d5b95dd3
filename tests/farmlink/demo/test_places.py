"""Regions as the demo makes them: Michigan by the scenario's rules, others from their file."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from uuid import uuid4
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from farmlink.demo import clocks, elsewhere, region
from farmlink.demo.elsewhere import NoPlacesError
from farmlink.demo.market import make_goods
from farmlink.demo.names import CHINESE
from farmlink.demo.scenario import FOLDER, Scenario, Town, read_scenario
from farmlink.demo.setting import Ground, choose_place
from farmlink.demo.survey import NoFarmsError, NoMarketsError, NoSuchStateError, NotPlacesFileError
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.geo import Coordinates, from_degrees
from farmlink.kernel.locale import render_refusal
from farmlink.network.rules.extent import expected_extent
from farmlink.network.rules.regions import check_region
from farmlink.network.values import Address, Approval, FarmCard, FarmId, PointCard, PointId, RegionId
from farmlink.people.values import OrganisationId
from farmlink.planning.work.sites import Load, SiteTerms, choose_sites

MARQUETTE, LANSING = from_degrees(46.54, -87.4), from_degrees(42.73, -84.55)
MACKINAW_CITY, BAD_AXE, ALPENA = from_degrees(45.84, -84.73), from_degrees(43.8, -83.0), from_degrees(45.06, -83.43)
PORT_AUSTIN = from_degrees(44.04, -83.0)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario()


def crosses(scenario: Scenario, passage: int, start: Coordinates, end: Coordinates) -> bool:
    rule = region.michigan(scenario).roads.passages[passage]

    def inside(place: Coordinates) -> bool:
        here = (place.latitude_e6, place.longitude_e6)
        return any(box.contains(*here) for box in rule.side.boxes) and not any(
            box.contains(*here) for box in rule.side.without
        )

    def beyond(place: Coordinates) -> bool:
        if rule.other is None:
            return not inside(place)
        here = (place.latitude_e6, place.longitude_e6)
        return any(box.contains(*here) for box in rule.other.boxes) and not any(
            box.contains(*here) for box in rule.other.without
        )

    return (inside(start) and beyond(end)) or (inside(end) and beyond(start))


def test_michigan_is_a_region_that_the_rules_accept(scenario: Scenario) -> None:
    draft = region.michigan(scenario)

    check_region(draft)
    assert draft.roads.passages[0].toll_minor == 1000
    assert draft.parcels.price_minor[0][0] == 800


@pytest.mark.parametrize(
    ("start", "end", "over_the_bridge"),
    [(MARQUETTE, LANSING, True), (MARQUETTE, MACKINAW_CITY, True), (MACKINAW_CITY, LANSING, False)],
)
def test_the_upper_peninsula_is_reached_over_the_bridge(
    scenario: Scenario, start: Coordinates, end: Coordinates, *, over_the_bridge: bool
) -> None:
    assert crosses(scenario, 0, start, end) is over_the_bridge


@pytest.mark.parametrize(
    ("start", "end", "around_the_bay"),
    [(BAD_AXE, ALPENA, True), (PORT_AUSTIN, ALPENA, True), (BAD_AXE, PORT_AUSTIN, False), (BAD_AXE, LANSING, False)],
)
def test_the_thumb_reaches_the_north_west_shore_around_the_bay(
    scenario: Scenario, start: Coordinates, end: Coordinates, *, around_the_bay: bool
) -> None:
    assert crosses(scenario, 1, start, end) is around_the_bay


def test_all_goods_have_a_chinese_name(scenario: Scenario) -> None:
    assert {good.name for good in scenario.goods} == set(CHINESE)


def test_without_a_file_the_demo_plays_in_michigan(scenario: Scenario) -> None:
    place = choose_place(scenario, None, None)

    assert (place.draft.name, place.file.name, place.elsewhere) == ("Michigan", "michigan.csv", False)


def test_another_region_has_the_clock_and_the_extent_of_its_file(scenario: Scenario) -> None:
    place = choose_place(scenario, FOLDER / "ohio.csv", " oh ")

    check_region(place.draft)
    assert (place.draft.name, place.draft.time_zone, place.elsewhere) == ("oh", "America/New_York", True)
    assert place.draft.extent.contains(40_000_000, -83_000_000)
    assert place.draft.roads.passages == ()


def test_the_region_of_a_file_is_as_large_as_its_places_lie_apart(tmp_path: Path, scenario: Scenario) -> None:
    file = tmp_path / "far.csv"
    spread = [FARM.replace("f1", f"f{row}").replace("-81.51", str(-81.51 + 3 * row)) for row in range(-3, 4)]
    file.write_text("\n".join([HEADER, *spread, MARKET]))

    draft = choose_place(scenario, file, None).draft

    assert draft.extent == expected_extent(
        [from_degrees(41.09, -81.52), *(from_degrees(41.08, -81.51 + 3 * row) for row in range(-3, 4))], "Etc/GMT+5"
    )
    assert draft.extent.contains(41_080_000, -90_510_000)


def test_every_state_keeps_a_clock_that_there_is() -> None:
    assert len(clocks.STATES) == 52
    assert {ZoneInfo(zone).key for zone in clocks.STATES.values()} == set(clocks.STATES.values())


@pytest.mark.parametrize(
    ("longitude", "states", "zone"),
    [
        (-83, {"OH"}, "America/New_York"),
        (-83, {"oh "}, "America/New_York"),
        (-122, {"OR", "WA"}, "America/Los_Angeles"),
        (-83, {"OH", "IL"}, "Etc/GMT+6"),
        (-83, {"Ontario"}, "Etc/GMT+6"),
        (-83, set(), "Etc/GMT+6"),
        (117, {"WA"}, "Etc/GMT-8"),
        (2, {""}, "Etc/UTC"),
    ],
)
def test_a_region_keeps_its_states_clock_or_that_of_its_longitude(longitude: int, states: set[str], zone: str) -> None:
    assert clocks.time_zone([from_degrees(40, longitude)], states) == zone


def test_a_file_of_one_state_has_its_clock_without_naming_it(scenario: Scenario) -> None:
    assert choose_place(scenario, FOLDER / "ohio.csv", None).draft.time_zone == "America/New_York"


HEADER = "id,kind,name,city,state,zip,latitude,longitude,products"
FARM = "f1,farm,Green,Akron,OH,44301,41.08,-81.51,fruit"
MARKET = "m1,market,Square,Akron,OH,44301,41.09,-81.52,"


@pytest.mark.parametrize(
    ("lines", "state", "refusal"),
    [
        ([], None, NotPlacesFileError),
        (["a,b,c", "1,2,3"], None, NotPlacesFileError),
        ([HEADER], None, NoFarmsError),
        ([HEADER, MARKET], None, NoFarmsError),
        ([HEADER, FARM.replace("fruit", ""), MARKET], None, NoFarmsError),
        ([HEADER, FARM.replace("41.08", ""), MARKET], None, NoFarmsError),
        ([HEADER, FARM], None, NoMarketsError),
        ([HEADER, FARM, MARKET], "ZZ", NoSuchStateError),
    ],
)
def test_a_file_that_makes_no_demo_is_refused_for_what_it_lacks(
    tmp_path: Path, scenario: Scenario, lines: list[str], state: str | None, refusal: type[RefusedError]
) -> None:
    file = tmp_path / "places.csv"
    file.write_text("\n".join(lines))

    with pytest.raises(refusal):
        choose_place(scenario, file, state)


def test_a_state_that_the_file_does_not_have_is_answered_with_those_it_has(tmp_path: Path, scenario: Scenario) -> None:
    file = tmp_path / "places.csv"
    file.write_text(f"{HEADER}\n{FARM}\n{MARKET}")

    with pytest.raises(NoSuchStateError) as refused:
        choose_place(scenario, file, "ZZ")
    assert render_refusal(refused.value, "en") == "places.csv has no places in ZZ. It has places in: OH."


def test_kinds_are_known_in_capitals_too(tmp_path: Path, scenario: Scenario) -> None:
    file = tmp_path / "akron.csv"
    file.write_text(f"{HEADER}\n{FARM.replace('fruit', 'Eggs;FRUIT')}\n{MARKET}")

    place = choose_place(scenario, file, None)

    stall = replace(farm("Akron", from_degrees(41.08, -81.51), "Eggs", "FRUIT"), code="f1")
    here = point("Akron", from_degrees(41.09, -81.52))
    ground = cast("Ground", SimpleNamespace(farms=(stall,), points=(here,), towns=elsewhere.towns([stall], [here])))
    assert place.draft.name == "Akron"
    assert {good.tag for good in make_goods(scenario, ground, 10, 1).goods} == {"eggs", "fruit"}


def test_one_farm_and_one_market_are_a_region(tmp_path: Path, scenario: Scenario) -> None:
    file = tmp_path / "akron.csv"
    file.write_text(f"{HEADER}\n{FARM}\n{MARKET}")

    assert choose_place(scenario, file, None).draft.name == "Akron"


def farm(town: str, place: Coordinates, *families: str) -> FarmCard:
    return FarmCard(
        FarmId(uuid4()), RegionId(uuid4()), OrganisationId(uuid4()), town, town, Address(town=town), place,
        families, (), standing_yes=False, state=Approval.APPROVED, revision=1,
    )  # fmt: skip


def point(town: str, place: Coordinates) -> PointCard:
    return PointCard(
        PointId(uuid4()), RegionId(uuid4()), OrganisationId(uuid4()), town, town, Address(town=town), place,
        100, 1_000_000, (), (), by_truck=True, by_parcel=True, state=Approval.APPROVED, revision=1,
    )  # fmt: skip


def test_towns_weigh_by_their_markets_and_lie_where_their_places_are() -> None:
    west, east = Coordinates(40_000_000, -84_000_000), Coordinates(40_200_000, -84_000_000)

    found = elsewhere.towns([farm("Akron", west, "fruit")], [point("AKRON", east), point("Xenia", west)])

    assert found[0] == Town("Akron", Coordinates(40_100_000, -84_000_000), 1.0)
    assert [town.name for town in found] == ["Akron", "Xenia"]


def test_hubs_stand_where_farms_and_points_are(scenario: Scenario) -> None:
    north, south = Coordinates(44_000_000, -84_000_000), Coordinates(38_000_000, -84_000_000)
    farms = [farm("North", north, "fruit"), farm("South", south, "eggs"), farm("Nothing", south)]
    points = [point("North", north), point("South", south)]

    sites = elsewhere.hub_sites(scenario, elsewhere.towns(farms, points), farms, points, orders=5000)

    assert dict(sites) == {"North": north, "South": Coordinates(38_000_000, -84_000_000)}


def test_a_region_where_nobody_sells_has_no_hubs(scenario: Scenario) -> None:
    here = Coordinates(44_000_000, -84_000_000)

    with pytest.raises(NoPlacesError):
        elsewhere.hub_sites(scenario, [], [farm("Nothing", here)], [point("North", here)], orders=10)


def test_a_dear_hub_is_not_opened_for_a_short_way() -> None:
    near = [Coordinates(40_000_000, -84_000_000), Coordinates(40_010_000, -84_000_000)]
    terms = SiteTerms(opening_minor=100_000, throughput_g=10**9, minor_per_tonne_km=100, circuity_ppm=1_270_000)

    chosen = choose_sites(near, [Load(place, 1_000_000) for place in near], terms)

    assert len(chosen) == 1
    assert np.isin(chosen, [0, 1]).all()
