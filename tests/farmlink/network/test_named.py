"""Whoever keeps records finds farms, points, hubs, vehicles and regions by part of what they are called."""

from __future__ import annotations

from typing import Any

from farmlink.kernel.page import Page, Paging
from farmlink.network import commands
from farmlink.network.queries import named
from farmlink.network.values import Reach
from farmlink.store.store import Store
from tests.farmlink.network.builders import Country

PAGE = Paging(limit=2)


def names(found: Page[Any]) -> list[str]:
    return [one.name for one in found.items]


def test_places_are_found_by_name_code_or_town_whatever_the_letters_case(store: Store) -> None:
    country = Country.founded(store)
    country.farm("Oak Hill", "oak-1")
    country.farm("100% Apples", "apple-1")
    country.point("Market Hall", "hall-1")

    assert names(store.read(named.farms_named, "oak h", PAGE, None)) == ["Oak Hill"]
    assert names(store.read(named.farms_named, "APPLE-1", PAGE, None)) == ["100% Apples"]
    assert names(store.read(named.farms_named, "south haven", PAGE, None)) == ["Oak Hill", "100% Apples"]
    assert names(store.read(named.farms_named, "%", PAGE, None)) == ["100% Apples"], "no sign stands for others"
    assert names(store.read(named.points_named, "holl", PAGE, None)) == ["Market Hall"]


def test_only_what_somebody_acts_for_is_found_approved_or_not(store: Store) -> None:
    country = Country.founded(store)
    waits = store.run(commands.add_farm, country.farm_draft("Oak Hill"))
    country.farm("Two Creeks")
    own, region = Reach(frozenset({waits.organisation_id})), Reach(frozenset(), frozenset({country.region.id}))

    assert names(store.read(named.farms_named, "", PAGE, own)) == ["Oak Hill"]
    assert names(store.read(named.farms_named, "", PAGE, region)) == ["Oak Hill", "Two Creeks"]
    assert names(store.read(named.points_named, "", PAGE, own)) == []


def test_hubs_vehicles_and_regions_are_found_among_those_that_are_asked_for(store: Store) -> None:
    country = Country.founded(store)
    hub, other = country.hub(), country.hub("Flint")
    store.run(commands.add_vehicle, country.vehicle_draft(hub, "Reefer 1"))
    store.run(commands.add_vehicle, country.vehicle_draft(other, "Reefer 2"))

    assert names(store.read(named.hubs_named, "", PAGE, None)) == ["Grand Rapids", "Flint"]
    assert names(store.read(named.hubs_named, "fli", PAGE, [hub.id])) == []
    assert names(store.read(named.vehicles_named, "reefer", PAGE, [other.id])) == ["Reefer 2"]
    assert names(store.read(named.regions_named, "mich", PAGE, None)) == ["Michigan"]
    assert names(store.read(named.regions_named, "", PAGE, [])) == []


def test_a_list_goes_on_where_its_page_ended(store: Store) -> None:
    country = Country.founded(store)
    for number in range(3):
        country.farm(f"Farm {number}")

    first = store.read(named.farms_named, "farm", PAGE, None)
    then = store.read(named.farms_named, "farm", Paging(2, first.next), None)

    assert (names(first), names(then), then.next) == (["Farm 0", "Farm 1"], ["Farm 2"], None)
