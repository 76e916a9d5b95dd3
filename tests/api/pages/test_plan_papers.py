"""A plan on paper: what drivers, pickers and points hold in their hands says all of the plan and nothing else."""

from __future__ import annotations

import re

import httpx
import pytest

from api.pages.paper import NBSP
from farmlink.network import queries as network
from farmlink.network.commands import add_vehicle
from farmlink.network.values import PlaceId
from farmlink.people import commands as people
from farmlink.people.values import Role
from farmlink.planning.values import PlanId
from tests.api.conftest import Api
from tests.api.pages.browsers import browser_of
from tests.api.pages.printed import pages_of
from tests.farmlink.cycles.builders import HOMES, Market
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import YES, run_sql

TARIFF = """
UPDATE region SET parcels = parcels
    || '{"zone_limit_m": [900000], "weight_limit_g": [100000000], "price_minor": [[1]]}'
"""
KINDS = ("trips", "loads", "notes")


def planner_of(api: Api, season: Goods, language: str = "en") -> httpx.Client:
    return browser_of(api, Role.PLANNER, season.market.hub.organisation_id, language)[0]


def printed(planner: httpx.Client, plan_id: PlanId, kind: str) -> list[str]:
    """The pages of one of a plan's papers, without line ends."""
    answer = planner.get(f"/plan/plans/{plan_id}/{kind}.pdf")
    assert answer.status_code == 200, answer.text
    return [re.sub(r"\s+", " ", page) for page in pages_of(answer.content)]


def test_a_driver_holds_a_sheet_a_trip_with_address_telephone_hours_and_what_changes_hands(api: Api) -> None:
    season = Goods.closed(api.store)
    plan_id = season.plan()
    for farm in api.store.read(network.farms_of, season.market.country.region.id):
        house = farm.organisation_id
        api.store.run(people.add_person, "Mac", role=Role.FARMER, organisation_id=house, phone="+1 231 555 0199")
    fetching, bringing = printed(planner_of(api, season), plan_id, "trips")

    for said in ("Collection", "Reefer 1", "Farm", "Mac +1 231 555 0199", "50 kg", "7 crates"):
        assert said in fetching
    for said in ("Delivery", "Reefer 1", season.market.point.name, season.market.point.address.town, "50 kg"):
        assert said in bringing


@pytest.mark.parametrize(("language", "says"), [("en", "To pick: "), ("zh-CN", "拣货")])
def test_a_hub_picks_all_that_its_trips_bring_and_loads_the_last_stop_first(api: Api, language: str, says: str) -> None:
    market = Market.founded(api.store)
    api.store.run(add_vehicle, market.country.vehicle_draft(market.hub))
    far = market.point_with(name="Far Corner")
    season = Goods(market, market.open()[0])
    bags = season.order(30).lines[0].listing_id
    market.place(season.cycle_id, {bags: 20}, place_id=PlaceId(far.id))
    season.close()
    picked, *loaded = printed(planner_of(api, season, language), season.plan(), "loads")

    assert says in picked
    assert picked.count("50 kg") == 2  # in all, and by the one trip
    assert ["Far Corner" in page for page in loaded] == [True]
    assert all(amount in loaded[0] for amount in ("30 kg", "20 kg"))


def test_a_point_signs_for_what_it_is_brought(api: Api) -> None:
    season = Goods.closed(api.store)
    (note,) = printed(planner_of(api, season), season.plan(), "notes")

    for said in (season.market.point.name, "Apples", "50 kg", "Stop 1 of trip 2", "Handed over by", "Taken in by"):
        assert said in note


def test_what_goes_by_parcel_is_picked_too_and_named_with_its_place(api: Api) -> None:
    season = Goods.opened(api.store)
    run_sql(api.store, TARIFF)
    run_sql(api.store, "UPDATE point SET by_truck = false")
    season.order(60)
    season.close()
    plan_id = season.plan()
    (picked,) = printed(planner_of(api, season), plan_id, "loads")

    assert "By parcel: 60" in picked.replace(NBSP, " ")
    assert picked.count(season.market.point.name) == 1


def test_papers_are_the_same_to_the_byte_and_named_after_day_and_version(api: Api) -> None:
    season = Goods.closed(api.store)
    plan_id, planner = season.plan(), planner_of(api, season)

    for kind in KINDS:
        one, two = (planner.get(f"/plan/plans/{plan_id}/{kind}.pdf") for _ in range(2))
        assert one.content == two.content
        assert one.headers["content-type"] == "application/pdf"
        assert re.search(rf'filename="{kind}-20\d\d-\d\d-\d\d-v1.pdf"', one.headers["content-disposition"])


def test_another_hubs_planner_finds_no_paper(api: Api) -> None:
    season = Goods.closed(api.store)
    plan_id = season.plan()
    stranger = browser_of(api, Role.PLANNER, season.market.point.organisation_id)[0]

    assert {stranger.get(f"/plan/plans/{plan_id}/{kind}.pdf").status_code for kind in KINDS} == {404}


def test_a_home_is_named_only_while_orders_are_on_their_way(api: Api) -> None:
    season = Goods.opened(api.store, homes=HOMES)
    season.order_home(20)
    season.close()
    plan_id = season.plan()
    planner = planner_of(api, season)
    before = printed(planner, plan_id, "notes")
    season.publish(plan_id)
    for asked in season.asked():
        season.answer(asked.id, YES)

    after = printed(planner, plan_id, "notes")

    assert "A home" in before[0]
    assert "Ada" not in before[0]
    assert "Ada" in after[0]
