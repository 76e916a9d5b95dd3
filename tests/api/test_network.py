from typing import Any

import httpx
import pytest

from farmlink.network.commands import add_farm, add_vehicle
from farmlink.people.values import OrganisationId, OrganisationKind, Role
from tests.api.conftest import Api, once
from tests.farmlink.network.builders import Country

HOLLAND = {"town": "Holland", "district": "MI"}


@pytest.fixture
def planner(api: Api) -> httpx.Client:
    return api.as_role(Role.PLANNER)


@pytest.fixture
def country(api: Api) -> Country:
    return Country.founded(api.store)


def farm_of(country: Country, owner: OrganisationId, **more: Any) -> dict[str, Any]:
    return {
        "region_id": str(country.region.id),
        "organisation_id": str(owner),
        "name": "Apple Farm",
        "address": HOLLAND,
        "coordinates": {"latitude_e6": 42_790_000, "longitude_e6": -86_110_000},
    } | more


def hub_of(country: Country, owner: OrganisationId, **more: Any) -> dict[str, Any]:
    return farm_of(country, owner, name="Flint", throughput_g=1_000_000) | more


def test_a_region_with_a_bridge_is_founded_and_changed(api: Api, planner: httpx.Client) -> None:
    box = {"south_e6": 45_800_000, "west_e6": -90_000_000, "north_e6": 48_000_000, "east_e6": -83_000_000}
    bridge = {"name": "Mackinac", "latitude_e6": 45_817_000, "longitude_e6": -84_728_000, "toll_minor": 1000}
    body = {
        "name": "Michigan",
        "time_zone": "America/Detroit",
        "currency": "USD",
        "roads": {"passages": [bridge | {"side": {"boxes": [box]}}]},
    }
    made = planner.post("/api/v1/regions", json=body, headers=once())
    assert made.status_code == 201
    assert made.json()["roads"]["passages"][0]["side"]["boxes"] == [box]
    path = f"/api/v1/regions/{made.json()['id']}"
    changed = planner.put(path, json=body | {"name": "Mitten"}, headers={"If-Match": made.headers["etag"]})
    assert api.nobody.get(path).json() == changed.json()
    assert [region["name"] for region in api.nobody.get("/api/v1/regions").json()["items"]] == ["Mitten"]
    wrong = body | {"time_zone": "Michigan"}
    assert planner.post("/api/v1/regions", json=wrong, headers=once()).json()["code"] == "unknown-time-zone"
    turned = body | {"extent": box | {"south_e6": 49_000_000}}
    assert planner.post("/api/v1/regions", json=turned, headers=once()).status_code == 422


def test_a_farmer_applies_and_a_planner_approves(api: Api, country: Country, planner: httpx.Client) -> None:
    owner = country.organisation()
    farmer = api.as_(api.person(Role.FARMER, owner))
    made = farmer.post("/api/v1/farms", json=farm_of(country, owner), headers=once())
    assert (made.status_code, made.json()["state"]) == (201, "pending")
    path = f"/api/v1/farms/{made.json()['id']}"
    assert (api.nobody.get(path).status_code, farmer.get(path).status_code) == (404, 200)
    assert farmer.post(f"{path}/approval", headers=once()).status_code == 403
    assert planner.post(f"{path}/approval", headers=once()).json()["state"] == "approved"
    assert [farm["name"] for farm in api.nobody.get("/api/v1/farms").json()["items"]] == ["Apple Farm"]
    inside = {"standing_yes", "organisation_id"}
    assert not inside & api.nobody.get("/api/v1/farms").json()["items"][0].keys()
    assert not inside & api.nobody.get(path).json().keys()
    assert inside <= farmer.get(path).json().keys()
    assert planner.post(f"{path}/suspension", headers=once()).json()["state"] == "suspended"
    assert api.nobody.get("/api/v1/farms").json()["items"] == []


def test_a_farmer_adds_and_changes_only_the_own_farm(api: Api, country: Country) -> None:
    mine, theirs = country.organisation(), country.farm("Theirs")
    farmer = api.as_(api.person(Role.FARMER, mine))
    foreign = farm_of(country, theirs.organisation_id)
    assert farmer.post("/api/v1/farms", json=foreign, headers=once()).json()["code"] == "not-your-organisation"
    put = farmer.put(f"/api/v1/farms/{theirs.id}", json=foreign, headers={"If-Match": '"2"'})
    assert put.status_code == 404
    made = farmer.post("/api/v1/farms", json=farm_of(country, mine), headers=once())
    path, renamed = f"/api/v1/farms/{made.json()['id']}", farm_of(country, mine, name="New Name")
    assert farmer.put(path, json=renamed, headers={"If-Match": '"1"'}).json()["name"] == "New Name"


def test_an_address_without_coordinates_is_looked_up_and_an_unknown_one_refused(api: Api, country: Country) -> None:
    owner = country.organisation(OrganisationKind.POINT)
    leader = api.as_(api.person(Role.LEADER, owner))
    body = farm_of(country, owner, coordinates=None)
    made = leader.post("/api/v1/points", json=body, headers=once()).json()
    assert made["coordinates"] == {"latitude_e6": 42_790_000, "longitude_e6": -86_110_000}
    nowhere = body | {"address": {"town": "Atlantis"}}
    assert leader.post("/api/v1/points", json=nowhere, headers=once()).json()["code"] == "address-unknown"


def test_what_is_read_can_be_sent_back_as_it_is(api: Api, country: Country, planner: httpx.Client) -> None:
    hub = country.hub()
    farm, point = country.farm("Farm"), country.point("Point")
    van = country.store.run(add_vehicle, country.vehicle_draft(hub))
    given = {"id", "revision"}
    derived = {"hubs": {"currency"}, "farms": {"state"}, "points": {"state"}}
    for path in (
        f"regions/{hub.region_id}",
        f"hubs/{hub.id}",
        f"farms/{farm.id}",
        f"points/{point.id}",
        f"vehicles/{van.id}",
    ):
        read = planner.get(f"/api/v1/{path}")
        own = given | derived.get(path.split("/")[0], set())
        body = {name: value for name, value in read.json().items() if name not in own}
        written = planner.put(f"/api/v1/{path}", json=body, headers={"If-Match": read.headers["etag"]})
        assert written.status_code == 200, (path, written.text)
        assert written.json() == read.json() | {"revision": read.json()["revision"] + 1}, path


def test_swapped_and_impossible_coordinates_are_refused(api: Api, country: Country) -> None:
    owner = country.organisation()
    farmer = api.as_(api.person(Role.FARMER, owner))
    swapped = farm_of(country, owner, coordinates={"latitude_e6": -86_110_000, "longitude_e6": 42_790_000})
    answer = farmer.post("/api/v1/farms", json=swapped, headers=once())
    assert (answer.status_code, answer.json()["code"]) == (422, "coordinates-swapped")
    for micro, said in ((95_000_000, "95.000000"), (10**12, "1000000.000000")):
        nowhere = farm_of(country, owner, coordinates={"latitude_e6": micro, "longitude_e6": -86_110_000})
        told = farmer.post("/api/v1/farms", json=nowhere, headers=once()).json()
        assert (told["code"], told["facts"]) == (
            "coordinates-impossible",
            {"field": "coordinates.latitude_e6", "value": said, "most": 90},
        )


def test_a_leader_closes_the_own_point_for_a_day(api: Api, country: Country, planner: httpx.Client) -> None:
    owner = country.organisation(OrganisationKind.POINT)
    leader = api.as_(api.person(Role.LEADER, owner))
    made = leader.post("/api/v1/points", json=farm_of(country, owner), headers=once())
    path = f"/api/v1/points/{made.json()['id']}"
    assert api.nobody.get(path).status_code == 404
    assert planner.post(f"{path}/approval", headers=once()).json()["state"] == "approved"
    assert api.nobody.get(path).headers["etag"] == '"2"'
    closed = farm_of(country, owner, closed_days=["2026-12-24"])
    assert leader.put(path, json=closed, headers={"If-Match": '"2"'}).json()["closed_days"] == ["2026-12-24"]
    assert len(api.nobody.get("/api/v1/points", params={"region_id": str(country.region.id)}).json()["items"]) == 1
    assert planner.post(f"{path}/suspension", headers=once()).json()["state"] == "suspended"
    assert api.nobody.get("/api/v1/points").json()["items"] == []


def test_a_hub_s_planner_runs_the_own_hub_its_vehicles_and_its_region(api: Api, country: Country) -> None:
    mine, other = country.hub(), country.hub("Flint")
    planner = api.as_(api.person(Role.PLANNER, mine.organisation_id))
    van = {"name": "Van", "weight_g": 900_000, "volume_ml": 1, "crates": 100, "cold_classes": ["ambient"]}
    made = planner.post("/api/v1/vehicles", json=van | {"hub_id": str(mine.id)}, headers=once())
    assert made.status_code == 201
    assert planner.post("/api/v1/vehicles", json=van | {"hub_id": str(other.id)}, headers=once()).status_code == 404
    path = f"/api/v1/vehicles/{made.json()['id']}"
    out = planner.put(path, json=van | {"hub_id": str(mine.id), "in_service": False}, headers={"If-Match": '"1"'})
    assert planner.get(path).json() == out.json()
    assert planner.get("/api/v1/vehicles", params={"hub_id": str(mine.id)}).json()["items"] == [out.json()]
    farm = country.store.run(add_farm, country.farm_draft())
    assert planner.post(f"/api/v1/farms/{farm.id}/approval", headers=once()).status_code == 200
    elsewhere = Country.anywhere(country.store)
    foreign = elsewhere.store.run(add_farm, elsewhere.farm_draft())
    assert planner.post(f"/api/v1/farms/{foreign.id}/approval", headers=once()).status_code == 404


def test_a_hub_is_opened_changed_and_shown(api: Api, country: Country, planner: httpx.Client) -> None:
    owner = country.organisation(OrganisationKind.HUB)
    made = planner.post("/api/v1/hubs", json=hub_of(country, owner, state="candidate"), headers=once())
    assert (made.status_code, made.json()["time_zone"]) == (201, "America/Detroit")
    path = f"/api/v1/hubs/{made.json()['id']}"
    opened = planner.put(path, json=hub_of(country, owner, state="open"), headers={"If-Match": '"1"'})
    assert api.nobody.get(path).json() == opened.json()
    assert len(api.nobody.get("/api/v1/hubs", params={"region_id": str(country.region.id)}).json()["items"]) == 1
    assert (
        planner.put(path, json=hub_of(country, owner, state="candidate"), headers={"If-Match": '"2"'}).status_code
        == 409
    )
