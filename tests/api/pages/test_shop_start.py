"""The first page: a pick-up point is chosen and remembered, and what is open there is offered."""

from __future__ import annotations

from uuid import uuid4

from farmlink.cycles import commands
from tests.api.conftest import Api
from tests.api.pages.browsers import browser
from tests.api.pages.shopping import Shopper
from tests.farmlink.cycles.builders import Market


def test_a_point_is_found_by_its_town_chosen_and_remembered(api: Api) -> None:
    shopper = Shopper.at(api)
    point = shopper.market.point
    reader = browser(api)

    found = reader.get("/", params={"q": point.address.town[:4].lower()})
    nothing = reader.get("/", params={"q": "Nowhere at all"})
    chosen = reader.get(f"/?point={point.id}")

    assert f"/?point={point.id}" in found.text
    assert "No pick-up point is called that." in nothing.text
    assert (chosen.url.path, str(chosen.url.query)) == ("/", "b''")
    assert "You pick up here" in chosen.text
    assert shopper.shop in chosen.text


def test_a_point_that_was_asked_for_by_a_cycle_leads_back_to_it(api: Api) -> None:
    shopper = Shopper.at(api)

    led = browser(api).get(f"/?point={shopper.market.point.id}&to={shopper.cycle_id}")

    assert led.url.path == shopper.shop
    assert shopper.market.point.name in led.text


def test_cycles_stand_in_the_order_of_their_cut_off_with_people_and_minimum(api: Api) -> None:
    shopper = Shopper.at(api, threshold_minor=100_000)
    market = shopper.market
    later, _, _ = market.open(closes=market.terms().closes.replace(year=2031, month=1))
    market.place(shopper.cycle_id, {shopper.bags: 1})

    page = browser(api).get("/").text

    assert page.index(shopper.shop) < page.index(f"/cycles/{later}")
    assert "1 person has joined" in page
    assert "$997.00 still to be ordered together" in page


def test_where_nothing_is_open_a_standing_order_is_offered(api: Api) -> None:
    Market.founded(api.store)

    page = browser(api, "zh-CN").get("/")

    assert "这里眼下没有可订的。" in page.text
    assert 'href="/standing-orders"' in page.text


def test_a_shared_point_shows_its_cycles_and_is_remembered_where_none_was_chosen(api: Api) -> None:
    shopper = Shopper.at(api)
    other = shopper.market.point_with()
    reader = browser(api)

    landed = reader.get(f"/points/{shopper.market.point.id}")
    reader.get(f"/points/{other.id}")

    assert shopper.shop in landed.text
    assert shopper.market.point.name in reader.get("/").text
    assert reader.get(f"/points/{uuid4()}").status_code == 404


def test_a_private_cycle_is_offered_to_its_guests_alone(api: Api) -> None:
    shopper = Shopper.at(api, private=True)

    assert shopper.shop not in shopper.browser.get("/").text
    assert shopper.browser.get(shopper.shop).status_code == 404
    api.store.run(commands.invite, shopper.cycle_id, [shopper.person_id])

    assert shopper.shop in shopper.browser.get("/").text
    assert shopper.browser.get(shopper.shop).status_code == 200
