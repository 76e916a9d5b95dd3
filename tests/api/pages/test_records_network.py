"""Records of the network: places with their hours, hubs and vehicles with their money, regions with their rhythm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from farmlink.network import commands, queries
from farmlink.network.values import Approval, FarmId, OpenHours, PointId, VehicleId
from farmlink.people.values import OrganisationKind, Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of
from tests.api.pages.filled import filled_in
from tests.farmlink.network.builders import Country

FARMS, POINTS, HUBS = "/ops/records/farms", "/ops/records/points", "/ops/records/hubs"
VEHICLES, REGIONS = "/ops/records/vehicles", "/ops/records/regions"


@pytest.fixture
def operator(api: Api) -> httpx.Client:
    return browser_of(api, Role.ADMIN)[0]


@pytest.fixture
def country(api: Api) -> Country:
    return Country.founded(api.store)


def made(answer: httpx.Response) -> UUID:
    """The id of the record that the browser was led to."""
    assert answer.status_code == 200, answer.text
    return UUID(answer.url.path.rsplit("/", 1)[1])


def a_farm(country: Country) -> dict[str, Any]:
    """What somebody types for a farm in Holland."""
    return {
        "name": "Oak Hill",
        "organisation_id": str(country.organisation()),
        "region_id": str(country.region.id),
        "address.town": "Holland",
        "coordinates.latitude_e6": "42.7875",
        "coordinates.longitude_e6": "-86.1089",
        "families": "fruit\neggs\n",
        "hours.0": "08:00-12:00, 14:00\N{EN DASH}18:00",
        "hours.5": "7:30-9:00",
    }


def test_a_farm_is_made_with_hours_that_can_be_read_then_approved_and_suspended(
    api: Api, operator: httpx.Client, country: Country
) -> None:
    key = made(filled_in(operator, f"{FARMS}/new", FARMS, **a_farm(country)))
    card = api.store.read(queries.farm, FarmId(key))
    shown = operator.get(f"{FARMS}/{key}").text
    approved = filled_in(operator, f"{FARMS}/{key}", f"{FARMS}/{key}/approval")
    suspended = filled_in(operator, f"{FARMS}/{key}", f"{FARMS}/{key}/suspension")

    assert card.hours == (OpenHours(0, 480, 720), OpenHours(0, 840, 1080), OpenHours(5, 450, 540))
    assert (card.families, card.coordinates.latitude_e6, card.state) == (("fruit", "eggs"), 42_787_500, "pending")
    assert 'value="08:00-12:00, 14:00-18:00"' in shown
    assert "Suspend" in approved.text
    assert "Suspend" not in suspended.text
    assert api.store.read(queries.farm, FarmId(key)).state == Approval.SUSPENDED


@pytest.mark.parametrize(
    ("changed", "at", "said"),
    [
        ({"hours.2": "8 till late"}, "hours.2", "Write from and until"),
        ({"hours.2": "08:00-25:00"}, "hours.2", "Write a time up to 24:00."),
        ({"hours.0": "08:00-12:00, 11:00-13:00"}, "hours", ""),
        ({"coordinates.latitude_e6": "north"}, "coordinates.latitude_e6", "Write a number such as 12.5"),
        (
            {"coordinates.latitude_e6": "-86.1089", "coordinates.longitude_e6": "42.7875"},
            "coordinates.latitude_e6",
            "look swapped",
        ),
        ({"address.town": ""}, "address.town", "This is needed."),
        ({"region_id": ""}, "region_id", "This is needed."),
    ],
)
def test_what_is_wrong_with_a_farm_stands_at_its_field(
    operator: httpx.Client, country: Country, changed: dict[str, str], at: str, said: str
) -> None:
    answer = filled_in(operator, f"{FARMS}/new", FARMS, **a_farm(country) | changed)

    assert answer.status_code == 422
    assert f'id="{at}-fault"' in answer.text
    assert said in answer.text
    assert 'value="Oak Hill"' in answer.text


def test_an_address_without_coordinates_is_looked_up_and_one_that_nobody_knows_is_refused(
    api: Api, operator: httpx.Client, country: Country
) -> None:
    nowhere = {"coordinates.latitude_e6": "", "coordinates.longitude_e6": "", "address.district": "MI"}
    found = filled_in(operator, f"{FARMS}/new", FARMS, **a_farm(country) | nowhere)
    lost = filled_in(operator, f"{FARMS}/new", FARMS, **a_farm(country) | nowhere | {"address.town": "Nowhereville"})

    assert api.store.read(queries.farm, FarmId(made(found))).coordinates.latitude_e6 // 10**6 == 42
    assert lost.status_code in {409, 422}
    assert "Nowhereville" in lost.text


def test_a_point_keeps_its_hours_closed_days_and_capacity(api: Api, operator: httpx.Client, country: Country) -> None:
    point = country.point()
    path = f"{POINTS}/{point.id}"
    said = {"hours.6": "10:00-16:00", "closed_days": "2026-12-24\n2026-12-25", "capacity_g": "850.5", "by_parcel": None}

    changed = filled_in(operator, path, path, **said)
    wrong = filled_in(operator, path, path, closed_days="Christmas")

    card = api.store.read(queries.point, PointId(point.id))
    assert changed.status_code == 200
    assert (card.hours, card.capacity_g, card.by_truck, card.by_parcel) == (
        (OpenHours(6, 600, 960),),
        850_500,
        True,
        False,
    )
    assert card.closed_days == ("2026-12-24", "2026-12-25")
    assert wrong.status_code == 422
    assert 'id="closed_days-fault"' in wrong.text


def test_a_hub_and_its_vehicle_cost_money_in_whole_coins(api: Api, operator: httpx.Client, country: Country) -> None:
    hub = country.hub()
    paid = filled_in(
        operator, f"{HUBS}/{hub.id}", f"{HUBS}/{hub.id}", fixed_minor="350.05", handling_minor_per_kg="0.14"
    )
    fine = filled_in(operator, f"{HUBS}/{hub.id}", f"{HUBS}/{hub.id}", handling_minor_per_kg="0.145")
    truck = {
        "name": "Reefer 2",
        "weight_g": "4500",
        "volume_ml": "30000",
        "crates": "480",
        "cold_classes": ["ambient", "chilled"],
        "minor_per_km": "0.62",
        "shift_s": "09:30",
    }
    at = f"{VEHICLES}/new?hub_id={hub.id}"
    key = made(filled_in(operator, at, at.replace("/new", ""), **truck))

    card = api.store.read(queries.vehicle, VehicleId(key))
    assert (paid.status_code, api.store.read(queries.hub, hub.id).fixed_minor) == (200, 35_005)
    assert (card.minor_per_km, card.shift_s, card.weight_g) == (62, 34_200, 4_500_000)
    assert fine.status_code == 422
    assert "At most 2 digits after the point." in fine.text
    assert "Reefer 2" in operator.get(f"{HUBS}/{hub.id}").text


def test_a_region_keeps_its_roads_tariff_and_rhythm(api: Api, operator: httpx.Client, country: Country) -> None:
    path = f"{REGIONS}/{country.region.id}"
    said = {
        "roads.band_limit_m": "12.5, 40",
        "parcels.zone_limit_m": "100, 300",
        "parcels.weight_limit_g": "2, 10",
        "parcels.price_minor": "7.50, 12\n9.99, 15.20",
        "rhythm.collect_from_s": "07:30",
        "rhythm.home_service_s": "00:04:30",
    }
    changed = filled_in(operator, path, path, **said)
    wrong = filled_in(operator, path, path, **{"rhythm.collect_until_s": "06:00", "currency": "ABC"})
    again = filled_in(operator, path, path)

    card = api.store.read(queries.region, country.region.id)
    assert (changed.status_code, again.status_code, wrong.status_code) == (200, 200, 422)
    assert card.roads.band_limit_m == (12_500, 40_000)
    assert card.parcels.price_minor == ((750, 1200), (999, 1520))
    assert (card.rhythm.collect_from_s, card.rhythm.home_service_s) == (27_000, 270)


def test_a_hubs_planner_keeps_what_is_theirs_and_others_records_do_not_exist(api: Api, country: Country) -> None:
    hub, farm = country.hub(), country.farm()
    elsewhere = Country(api.store, Country.anywhere(api.store).region)
    planner, _ = browser_of(api, Role.PLANNER, hub.organisation_id)
    stranger, _ = browser_of(api, Role.PLANNER, country.organisation(OrganisationKind.HUB, "Nobody's"))
    region = f"{REGIONS}/{elsewhere.region.id}"

    renamed = filled_in(planner, f"{FARMS}/{farm.id}", f"{FARMS}/{farm.id}", name="Two Creeks")

    assert api.store.read(queries.farm, farm.id).name == "Two Creeks"
    assert (renamed.status_code, planner.get(region).status_code) == (200, 404)
    assert [stranger.get(f"{kind}/{key}").status_code for kind, key in ((FARMS, farm.id), (HUBS, hub.id))] == [404, 404]
    assert "Two Creeks" not in stranger.get(FARMS).text
    assert hub.name not in stranger.get(HUBS).text
    assert planner.get(f"{REGIONS}").text.count("/ops/records/regions/") == 1


def test_farms_are_found_by_name_code_or_town_however_many_there_are(
    api: Api, operator: httpx.Client, country: Country
) -> None:
    for number in range(3):
        api.store.run(commands.add_farm, country.farm_draft(f"Farm {number}", f"f-{number}"))

    first = operator.get(FARMS, params={"limit": "2"}).text

    assert "Farm 2" not in first
    assert "Farm 2" in operator.get(FARMS, params={"q": "f-2"}).text
    assert "Farm 2" in operator.get(FARMS, params={"q": "south haven"}).text
    assert "after=" in first
