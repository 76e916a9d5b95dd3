"""Everyone sees only their own: what belongs to others answers exactly as what does not exist, and stays as it is."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from api.app import create_app
from api.description import described
from farmlink.kernel.ids import uuid7
from farmlink.network import commands as network
from farmlink.network import queries as farms
from farmlink.network.values import HomeDraft
from farmlink.orders import commands as orders
from farmlink.orders.values import Goods, StandingLine, StandingTerms
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import OrganisationId, Role
from farmlink.planning import queries as planning
from farmlink.store.store import Store
from tests.api.conftest import once
from tests.api.test_matrix import listed, rows
from tests.farmlink.cycles.builders import ELM_STREET, NEAR_HUB
from tests.farmlink.network.builders import Country
from tests.farmlink.planning.builders import Season

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Api

PUBLIC = {"/api/v1/cycles/{cycle_id}", "/api/v1/farms/{farm_id}", "/api/v1/points/{point_id}", "/api/v1/hubs/{hub_id}"}
PUBLIC |= {f"/api/v1/cycles/{{cycle_id}}/{part}" for part in ("listings", "points", "progress", "orders")}
PUBLIC |= {"/api/v1/cycles/{cycle_id}/progress/listings"}
PUBLIC |= {"/api/v1/organisations/{organisation_id}", "/api/v1/regions/{region_id}"}
PUBLIC |= {f"/cycles/{{cycle_id}}{part}" for part in ("", "/live", "/review", "/basket", "/order")}
PUBLIC |= {"/points/{point_id}"}
"""What everybody may read, and where everybody may order."""
TOGETHER = [f"GET /api/v1/cycles/{{cycle_id}}/dispatch/{part}" for part in ("cuts", "shares")]
"""How a shortage was shared, which whoever ordered in the cycle may reckon again: claims without names."""


def somebody_elses(season: Season) -> dict[str, UUID]:
    """What stands in one market: ids that a stranger may have heard of."""
    market = season.market
    asked = season.asked()[0]
    store = season.store
    van = store.run(network.add_vehicle, market.country.vehicle_draft(market.hub, name="Second"))
    pending = store.run(network.add_farm, market.country.farm_draft())
    applicant = store.run(people.add_person, "Bo")
    home = HomeDraft(region_id=market.hub.region_id, address=ELM_STREET, coordinates=NEAR_HUB)
    store.run(network.settle, applicant, home)
    each_time = StandingTerms(
        point_id=market.point.id, lines=(StandingLine(Goods(market.apples.id, 4, market.bag.id), 1),)
    )
    application = store.run(people.apply, applicant, Role.FARMER, "Bo's farm")
    [signed_in] = store.read(persons.sign_ins, applicant, store.run(people.sign_in_as, applicant).token)
    return {
        "cycle_id": season.cycle_id,
        "hub_id": market.hub.id,
        "region_id": market.hub.region_id,
        "organisation_id": market.hub.organisation_id,
        "farm_id": pending.id,
        "point_id": market.point.id,
        "vehicle_id": van.id,
        "lot_id": asked.lot_id,
        "order_id": season.orders[0].id,
        "plan_id": asked.plan_id,
        "run_id": store.read(planning.get_plan, asked.plan_id).run_id,
        "request_id": asked.id,
        "application_id": application.id,
        "person_id": applicant,
        "sign_in_id": signed_in.id,
        "standing_id": store.run(orders.make_standing, applicant, each_time).id,
    }


def strangers_houses(store: Store, season: Season) -> dict[Role, OrganisationId]:
    """Houses of the same trade elsewhere: a farm, a point and a hub of another region."""
    elsewhere = type(season.market.country).anywhere(store)
    hub = elsewhere.hub().organisation_id
    farm, point = elsewhere.farm("Far").organisation_id, elsewhere.point("Far point").organisation_id
    return {
        Role.FARMER: farm,
        Role.LEADER: point,
        Role.DOCK: hub,
        Role.DRIVER: hub,
        Role.PLANNER: hub,
        Role.ADMIN: hub,
    }


def neighbours_house(season: Season, role: Role) -> OrganisationId:
    """A house of the same trade in the same region: of the other farm that was asked, of another point, another hub."""
    country, store = season.market.country, season.store
    if role is Role.FARMER:
        return store.read(farms.farm, season.asked()[1].farm_id).organisation_id
    if role is Role.LEADER:
        return country.point("Next door").organisation_id
    return country.hub("Next door").organisation_id


def knock(client: httpx.Client, method: str, path: str, ids: dict[str, UUID]) -> tuple[int, str]:
    """Ask with the description's own example, and hear the answer without its ids."""
    address = re.sub(r"{(\w+)}", lambda name: str(ids.get(name[1], "consumer")), path)
    headers = {"if-match": '"1"', "idempotency-key": str(uuid7())}
    answer = client.request(method, address, headers=headers, json=examples().get((method, path)))
    said = re.sub(r'(data-server=|name="(?:csrf|key)" value=)"[^"]*"', "", answer.text)  # a page's own, each time
    for id_ in ids.values():
        said = said.replace(str(id_), "…")
    return answer.status_code, said


@cache
def examples() -> dict[tuple[str, str], Any]:
    """A well-formed body for every door that takes one."""
    return {
        (method.upper(), path): operation["requestBody"]["content"]["application/json"]["example"]
        for path, item in described(create_app())["paths"].items()
        for method, operation in item.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }


def owned() -> list[tuple[str, str]]:
    """Doors to what belongs to somebody."""
    return [
        (method, path)
        for method, path in sorted(listed())
        if re.search(r"{\w+_id}", path) and not (path in PUBLIC and method in {"GET", "POST"})
    ]


def shown_too_much(stranger: httpx.Client, theirs: dict[str, UUID]) -> list[str]:
    """Doors at which what belongs to others answers otherwise than what does not exist."""
    nothing, wrong = {name: uuid7() for name in theirs}, []
    for method, path in owned():
        foreign, none = knock(stranger, method, path, theirs), knock(stranger, method, path, nothing)
        if foreign != none or foreign[0] < 400:
            wrong.append(f"{method} {path}: {foreign} instead of {none}")
    return wrong


@pytest.mark.parametrize("role", list(Role))
def test_what_belongs_to_others_answers_as_if_it_did_not_exist(api: Api, role: Role) -> None:
    season = Season.closed(api.store).planned()
    theirs = somebody_elses(season)
    stranger = api.as_(api.person(role, strangers_houses(api.store, season).get(role)))
    before = rows(api.store)

    assert shown_too_much(stranger, theirs) == []
    assert rows(api.store) == before


@pytest.mark.parametrize("role", [Role.FARMER, Role.LEADER, Role.DOCK, Role.DRIVER])
def test_what_belongs_to_a_neighbour_in_the_same_region_does_not_exist_either(api: Api, role: Role) -> None:
    season = Season.closed(api.store).planned()
    theirs = somebody_elses(season)
    neighbour = api.as_(api.person(role, neighbours_house(season, role)))
    before = rows(api.store)

    assert shown_too_much(neighbour, theirs) == []
    assert rows(api.store) == before


def test_what_belongs_to_whoever_orders_at_the_same_point_does_not_exist_either(api: Api) -> None:
    season = Season.closed(api.store).planned()
    theirs = somebody_elses(season)
    neighbour = api.as_(season.orders[1].consumer_id)
    before = rows(api.store)

    assert neighbour.get(f"/api/v1/orders/{season.orders[1].id}").status_code == 200
    assert [said.partition(":")[0] for said in shown_too_much(neighbour, theirs)] == TOGETHER
    assert rows(api.store) == before


def test_a_neighbour_sees_their_own_of_everything_that_others_do_not(api: Api) -> None:
    season = Season.closed(api.store).planned()
    mine, theirs = season.asked()[1], season.asked()[0]
    farmer = api.as_(api.person(Role.FARMER, neighbours_house(season, Role.FARMER)))

    assert farmer.get(f"/api/v1/lots/{mine.lot_id}").status_code == 200
    assert [one["id"] for one in farmer.get("/api/v1/confirmations").json()["items"]] == [str(mine.id)]
    assert [one["id"] for one in farmer.get("/api/v1/lots").json()["items"]] == [str(mine.lot_id)]
    assert farmer.get(f"/api/v1/confirmations/{theirs.id}").status_code == 404


def test_a_hubs_planner_opens_hubs_only_in_a_region_that_is_planned_already(api: Api) -> None:
    country = Country.founded(api.store)
    elsewhere = Country.anywhere(api.store)
    house = country.hub().organisation_id
    planner = api.as_(api.person(Role.PLANNER, house))
    hub = {
        "organisation_id": str(house),
        "name": "Second",
        "address": {"town": "Holland", "district": "MI"},
        "coordinates": {"latitude_e6": 42_790_000, "longitude_e6": -86_110_000},
        "throughput_g": 1,
    }

    answers = [
        planner.post("/api/v1/hubs", json=hub | {"region_id": str(region.id)}, headers=once())
        for region in (country.region, elsewhere.region)
    ]

    assert [answer.status_code for answer in answers] == [201, 404]


def test_who_belongs_to_a_house_is_seen_there_and_who_belongs_to_the_platform_by_its_admins(api: Api) -> None:
    house = Country.founded(api.store).hub().organisation_id
    platform = api.store.run(people.found_platform)
    boss, planner, admin = (
        api.as_(api.person(Role.ADMIN, house)),
        api.as_role(Role.PLANNER),
        api.as_role(Role.ADMIN),
    )

    seen = [
        client.get(f"/api/v1/people/organisations/{asked}/persons").status_code
        for client in (boss, planner, admin)
        for asked in (house, platform)
    ]

    assert seen == [200, 404, 404, 404, 200, 200]
