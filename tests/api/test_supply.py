from typing import Any

import httpx
import pytest

from farmlink.catalogue.commands import create_product
from farmlink.catalogue.values import ProductCard, ProductDraft
from farmlink.network.values import FarmCard
from farmlink.people import commands as people
from farmlink.people.values import Role
from tests.api.conftest import Api, once
from tests.farmlink.network.builders import Country


@pytest.fixture
def country(api: Api) -> Country:
    return Country.founded(api.store)


@pytest.fixture
def farm(country: Country) -> FarmCard:
    return country.farm()


@pytest.fixture
def farmer(api: Api, farm: FarmCard) -> httpx.Client:
    return api.as_(api.person(Role.FARMER, farm.organisation_id))


@pytest.fixture
def apples(api: Api) -> ProductCard:
    names = {"en": "Apples", "zh-CN": "苹果"}
    return api.store.run(create_product, ProductDraft(code="apples", name=names, volume_ml_per_1000=1, shelf_days=30))


@pytest.fixture
def lot(farm: FarmCard, apples: ProductCard) -> dict[str, Any]:
    return {
        "farm_id": str(farm.id),
        "product_id": str(apples.id),
        "grade": 4,
        "quantity": 250_000,
        "ask_minor_per_1000": 190,
        "harvest_on": "2031-09-03",
    }


def test_a_farmer_offers_a_lot_in_six_fields(farmer: httpx.Client, lot: dict[str, Any]) -> None:
    offered = farmer.post("/api/v1/lots", json=lot, headers=once())
    assert (offered.status_code, offered.headers["etag"]) == (201, '"1"')
    assert (offered.json()["collect_until"], offered.json()["forecast_high"]) == ("2031-10-03", 250_000)
    assert farmer.get(f"/api/v1/lots/{offered.json()['id']}").json() == offered.json()


def test_lots_exist_only_for_their_farm_and_for_planners(
    api: Api, country: Country, farmer: httpx.Client, lot: dict[str, Any]
) -> None:
    path = f"/api/v1/lots/{farmer.post('/api/v1/lots', json=lot, headers=once()).json()['id']}"
    stranger = api.as_(api.person(Role.FARMER, country.farm("Other").organisation_id))
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/failed-harvest", headers=once()).status_code == 404
    assert stranger.post("/api/v1/lots", json=lot, headers=once()).status_code == 404
    assert stranger.get("/api/v1/lots").json()["items"] == []
    assert stranger.get("/api/v1/lots", params={"farm_id": lot["farm_id"]}).json()["items"] == []
    assert api.as_role(Role.CONSUMER).get(path).status_code == 403
    planner = api.as_role(Role.PLANNER)
    filters = {"farm_id": lot["farm_id"], "product_id": lot["product_id"], "state": "offered"}
    assert len(planner.get("/api/v1/lots", params=filters).json()["items"]) == 1
    assert planner.get("/api/v1/lots", params={"state": "failed"}).json()["items"] == []


def test_an_offer_repeated_after_its_farmer_joined_another_farm_is_the_same_offer(
    api: Api, country: Country, farm: FarmCard, lot: dict[str, Any]
) -> None:
    person_id, key = api.person(Role.FARMER, farm.organisation_id), once()
    farmer = api.as_(person_id)

    first = farmer.post("/api/v1/lots", json=lot, headers=key)
    api.store.run(people.grant, person_id, Role.FARMER, country.organisation(name="Neighbour"))
    again = farmer.post("/api/v1/lots", json=lot, headers=key)

    assert (again.status_code, again.json()) == (201, first.json())


def test_a_better_forecast_needs_the_version_that_was_read(farmer: httpx.Client, lot: dict[str, Any]) -> None:
    offered = farmer.post("/api/v1/lots", json=lot, headers=once()).json()
    change = {
        name: offered[name]
        for name in ("quantity", "minimum", "ask_minor_per_1000", "daily_capacity", "forecast_low", "forecast_likely")
    } | {"forecast_high": 300_000}
    path = f"/api/v1/lots/{offered['id']}"
    assert farmer.put(path, json=change, headers={"If-Match": '"1"'}).json()["forecast_high"] == 300_000
    assert farmer.put(path, json=change, headers={"If-Match": '"1"'}).status_code == 412
    assert farmer.put(path, json=change).status_code == 428


def test_a_failed_harvest_is_reported_once_and_a_withdrawn_lot_stays_away(
    farmer: httpx.Client, lot: dict[str, Any]
) -> None:
    first, second = (farmer.post("/api/v1/lots", json=lot, headers=once()).json()["id"] for _ in range(2))
    reports = [farmer.post(f"/api/v1/lots/{first}/failed-harvest", headers=once()) for _ in range(2)]
    assert [(answer.status_code, answer.json()["state"]) for answer in reports] == [(200, "failed")] * 2
    assert farmer.post(f"/api/v1/lots/{second}/withdrawal", headers=once()).json()["state"] == "withdrawn"
    gone = farmer.post(f"/api/v1/lots/{second}/failed-harvest", headers=once())
    assert (gone.status_code, gone.json()["code"]) == (409, "lot-gone")


@pytest.mark.parametrize(
    "wrong",
    [{"quantity": 0}, {"quantity": 10**30}, {"grade": 6}, {"harvest_on": "soon"}, {"pack": 300_000}, {"colour": "red"}],
)
def test_a_wrong_lot_is_refused_with_a_clear_answer(
    farmer: httpx.Client, lot: dict[str, Any], wrong: dict[str, Any]
) -> None:
    answer = farmer.post("/api/v1/lots", json=lot | wrong, headers=once())
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
