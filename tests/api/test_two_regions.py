"""An organisation with farms in two regions: whoever plans one of them has no say in the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest

from farmlink.network import commands as network
from farmlink.network.values import FarmCard, PointCard
from farmlink.people.values import Role
from farmlink.supply import commands as supply
from farmlink.supply.values import LotCard, LotDraft
from tests.api.conftest import Api, once
from tests.farmlink.cycles.builders import COLLECT_ON, Market
from tests.farmlink.network.builders import Country


@dataclass
class Families:
    """A family with a farm, a pick-up point and a lot here, and another of each elsewhere; the planner plans here."""

    planner: httpx.Client
    here: FarmCard
    there: FarmCard
    point_there: PointCard
    lot_here: LotCard
    lot_there: LotCard
    waiting_there: FarmCard


@pytest.fixture
def families(api: Api) -> Families:
    store = api.store
    market = Market.founded(store, apples_g=0)
    elsewhere = Country.anywhere(store)
    here = market.country.farm("Here")
    house = here.organisation_id

    def farm(name: str) -> FarmCard:
        return store.run(network.add_farm, replace(elsewhere.farm_draft(name), organisation_id=house))

    def lot(farm: FarmCard) -> LotCard:
        draft = LotDraft(
            farm_id=farm.id,
            product_id=market.apples.id,
            grade=4,
            quantity=1_000,
            ask_minor_per_1000=200,
            harvest_on=COLLECT_ON - timedelta(days=1),
        )
        return store.run(supply.offer_lot, draft)

    there = store.run(network.approve_farm, farm("There").id)
    point = store.run(network.add_point, replace(elsewhere.point_draft("Point there"), organisation_id=house))
    planner = api.as_(api.person(Role.PLANNER, market.hub.organisation_id))
    return Families(planner, here, there, point, lot(here), lot(there), farm("Waits there"))


def written(card: FarmCard | PointCard, **changed: object) -> dict[str, object]:
    """A body that says again what a place says of itself."""
    body: dict[str, object] = {
        "region_id": str(card.region_id),
        "organisation_id": str(card.organisation_id),
        "name": card.name,
        "address": {"town": "South Haven"},
        "coordinates": {
            "latitude_e6": card.coordinates.latitude_e6,
            "longitude_e6": card.coordinates.longitude_e6,
        },
    }
    return body | changed


def test_a_planner_changes_a_familys_farm_here_and_not_the_one_elsewhere(families: Families) -> None:
    answers = [
        families.planner.put(
            f"/api/v1/{kind}/{card.id}", json=written(card), headers={"if-match": f'"{card.revision}"'}
        ).status_code
        for kind, card in (
            ("farms", families.here),
            ("farms", families.there),
            ("points", families.point_there),
        )
    ]
    assert answers == [200, 404, 404]


def test_a_planner_sees_and_changes_a_familys_lots_here_and_not_those_elsewhere(families: Families) -> None:
    planner, here, there = families.planner, families.lot_here, families.lot_there
    shown = [one["id"] for one in planner.get("/api/v1/lots").json()["items"]]
    assert shown == [str(here.id)]
    assert [planner.get(f"/api/v1/lots/{lot.id}").status_code for lot in (here, there)] == [200, 404]
    for deed in ("withdrawal", "failed-harvest"):
        assert planner.post(f"/api/v1/lots/{there.id}/{deed}", headers=once()).status_code == 404
    offer = {
        "product_id": str(here.product_id),
        "grade": 4,
        "quantity": 1,
        "ask_minor_per_1000": 1,
        "harvest_on": COLLECT_ON.isoformat(),
    }
    offered = [
        planner.post("/api/v1/lots", json=offer | {"farm_id": str(farm.id)}, headers=once()).status_code
        for farm in (families.here, families.there)
    ]
    assert offered == [201, 404]


def test_what_waits_for_approval_elsewhere_does_not_exist_for_a_planner_here(families: Families) -> None:
    planner = families.planner
    assert planner.get(f"/api/v1/farms/{families.waiting_there.id}").status_code == 404
    assert planner.get(f"/api/v1/points/{families.point_there.id}").status_code == 404
    shown = {one["id"]: one for one in planner.get("/api/v1/farms").json()["items"]}
    assert shown.keys() == {str(families.here.id), str(families.there.id)}
    assert "revision" in shown[str(families.here.id)]
    assert "revision" not in shown[str(families.there.id)], "of a farm elsewhere only what everybody may know"


def test_a_planner_adds_a_familys_farm_here_and_not_elsewhere(families: Families) -> None:
    answers = [
        families.planner.post("/api/v1/farms", json=written(farm, name="Second"), headers=once())
        for farm in (families.here, families.there)
    ]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["code"] == "not-your-organisation"


def test_the_family_acts_in_both_regions(api: Api, families: Families) -> None:
    farmer = api.as_(api.person(Role.FARMER, families.here.organisation_id))
    assert {one["id"] for one in farmer.get("/api/v1/lots").json()["items"]} == {
        str(families.lot_here.id),
        str(families.lot_there.id),
    }
    assert farmer.get(f"/api/v1/farms/{families.waiting_there.id}").status_code == 200
