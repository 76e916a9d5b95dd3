"""The first page: a pick-up point is chosen and remembered, and what is open there is offered."""

from __future__ import annotations

import re
from uuid import uuid4

from farmlink.cycles import commands
from farmlink.network.values import Address
from tests.api.conftest import Api
from tests.api.pages.browsers import browser, send
from tests.api.pages.shopping import Shopper, choose
from tests.farmlink.counted import counted
from tests.farmlink.cycles.builders import Market


def test_a_point_is_found_by_its_town_chosen_and_remembered(api: Api) -> None:
    shopper = Shopper.at(api)
    point = shopper.market.point
    reader = browser(api)

    found = reader.get("/", params={"q": point.address.town[:4].lower()})
    nothing = reader.get("/", params={"q": "Nowhere at all"})
    chosen = send(reader, "/", "/", point=str(point.id))

    assert f'<button name="point" value="{point.id}">' in found.text
    assert "No pick-up point is called that." in nothing.text
    assert (chosen.url.path, str(chosen.url.query)) == ("/", "b''")
    assert "You pick up here" in chosen.text
    assert shopper.shop in chosen.text


def test_many_cycles_on_the_first_page_take_as_many_statements_as_one(api: Api) -> None:
    shopper = Shopper.at(api)
    shopper.order_id()
    with counted(api.store) as few:
        shopper.browser.get("/")
    for _ in range(3):
        cycle_id, bags, _ = shopper.market.open()
        shopper.market.place(cycle_id, {bags: 1}, consumer_id=shopper.person_id)
    with counted(api.store) as many:
        shown = shopper.browser.get("/").text

    assert (shown.count("2 goods"), shown.count("You have ordered")) == (4, 4)
    assert len(many) == len(few) < 20


def test_a_point_that_was_asked_for_by_a_cycle_leads_back_to_it(api: Api) -> None:
    shopper = Shopper.at(api)

    reader = browser(api)
    led = send(reader, f"/?q=&to={shopper.cycle_id}", "/", point=str(shopper.market.point.id))

    assert led.url.path == shopper.shop
    assert shopper.market.point.name in led.text


def test_a_link_or_another_site_does_not_change_which_point_was_chosen(api: Api) -> None:
    shopper = Shopper.at(api)
    own, other = shopper.market.point, shopper.market.point_with()
    reader = browser(api)
    choose(reader, own.id)

    reader.get(f"/?point={other.id}")
    elsewhere = reader.post("/", data={"point": str(other.id)}, headers={"sec-fetch-site": "cross-site"})
    named = reader.post("/", data={"point": "mine"})

    assert (elsewhere.status_code, named.status_code) == (403, 422)
    assert own.name in reader.get("/").text


def test_points_of_one_name_are_told_apart_by_street_and_distance(api: Api) -> None:
    shopper = Shopper.at(api)
    near = shopper.market.point
    shopper.market.point_with(address=Address(town="Saline", street="Elm Street 5"))

    stranger = shopper.browser.get("/?q=saline").text
    choose(shopper.browser, near.id)
    known = shopper.browser.get("/?q=saline").text

    assert '<span class="hint">Elm Street 5</span>' in stranger
    assert re.search(r'<span class="hint">Elm Street 5 · [\d.]+ km</span>', known)


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
