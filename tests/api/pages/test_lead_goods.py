"""The sort sheet and the arrival: who gets what, what is short and why, and when the truck comes."""

from __future__ import annotations

from farmlink.cycles import queries as cycles
from farmlink.dispatch.values import ReceiptView
from farmlink.orders.rules.codes import pick_up_code
from farmlink.people import commands as people
from tests.api.conftest import Api
from tests.api.pages.browsers import send
from tests.api.pages.pointing import leader_of, point_of
from tests.api.pages.printed import pages_of
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import force_sql


def half(view: ReceiptView) -> int:
    return view.allocated // 2


def test_before_sharing_the_sheet_says_what_was_ordered(api: Api) -> None:
    season = Goods.opened(api.store)
    order = season.order(3)
    shown = leader_of(api, season).get(f"{point_of(season)}/sort").text
    for said in ("This is what was ordered", "Ada", pick_up_code(order.id), "<strong>3 \u00d7</strong> Apples bag"):
        assert said in shown


def test_after_sharing_it_says_what_is_there_and_why_less(api: Api) -> None:
    season = Goods.closed(api.store).confirmed()
    season.receive(half)
    season.share()
    shown = leader_of(api, season).get(f"{point_of(season)}/sort").text
    assert "This is what was ordered" not in shown
    assert "instead of 30 kg" in shown
    assert "25 kg short" in shown


def test_the_sort_sheet_on_paper_says_the_same(api: Api) -> None:
    season = Goods.closed(api.store).confirmed()
    season.receive(half)
    season.share()
    leader = leader_of(api, season)
    paper = leader.get(f"{point_of(season)}/sort.pdf")
    page = " ".join(pages_of(paper.content)[0].split())
    for said in (pick_up_code(season.orders[0].id), "instead of 30 kg", "Page 1 of 1", season.market.point.name):
        assert said in page
    empty = season.market.point_with(organisation_id=season.market.point.organisation_id)
    assert leader.get(f"/lead/points/{empty.id}/sort.pdf").status_code == 404


def test_a_point_without_orders_has_an_empty_sheet(api: Api) -> None:
    season = Goods.opened(api.store)
    leader = leader_of(api, season)
    assert "Nobody has ordered here" in leader.get(f"{point_of(season)}/sort").text
    assert "Nothing is ordered to this point" in leader.get(f"{point_of(season)}/arrival").text


def test_the_arrival_says_when_the_truck_comes_and_what_to_count(api: Api) -> None:
    season = Goods.closed(api.store)
    leader, address = leader_of(api, season), f"{point_of(season)}/arrival"
    assert "planned after the orders have closed" in leader.get(address).text
    season.confirmed()
    shown = leader.get(address).text
    assert "Reefer 1" in shown
    assert "Something is missing" not in shown
    season.receive()
    season.share()
    assert "Something is missing or damaged" in leader.get(address).text


def test_who_collects_a_gift_is_told_once_it_is_there(api: Api) -> None:
    season = Goods.opened(api.store)
    giver = season.market.person("Ada")
    rose = api.store.run(people.name_recipient, giver, "Grandma Rose", phone="+1 231 555 0101")
    bags = api.store.read(cycles.listings, season.cycle_id)[0]
    gift = season.market.place(season.cycle_id, {bags.id: 2}, consumer_id=giver, recipient_id=rose)
    leader, counter = leader_of(api, season), f"{point_of(season)}/hand-out/{gift.id}"
    assert "Grandma Rose" not in leader.get(f"{point_of(season)}/sort").text
    season.close()
    season.confirmed().receive()
    season.share()
    shown = leader.get(f"{point_of(season)}/sort").text
    assert ("Grandma Rose" in shown, "A gift from Ada" in shown) == (True, True)
    assert "+1 231 555 0101" in leader.get(counter).text
    done = send(leader, f"{point_of(season)}/hand-out", f"{counter}/all")
    assert (done.status_code, "Served: 1" in done.text) == (200, True)
    assert "+1 231 555 0101" not in leader.get(counter).text


def test_goods_that_go_as_parcels_have_no_truck(api: Api) -> None:
    season = Goods.closed(api.store).planned()
    force_sql(api.store, "DELETE FROM plan_stop")
    assert "as parcels" in leader_of(api, season).get(f"{point_of(season)}/arrival").text
