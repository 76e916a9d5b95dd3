"""One's orders: followed on their way, cancelled, paid and ordered again; others' do not exist."""

from __future__ import annotations

import re

import httpx
import pytest

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import PriceStep
from farmlink.fairness import commands as fairness
from farmlink.kernel.ids import uuid7
from farmlink.network.values import HubId
from farmlink.orders.rules.codes import pick_up_code
from farmlink.payments import commands as payments
from farmlink.people import commands as people
from farmlink.people.values import Carrier
from tests.api.conftest import Api
from tests.api.pages.browsers import browser, send
from tests.api.pages.shopping import Shopper
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import NO, YES


def of(api: Api, goods: Goods, place: int = 0) -> tuple[httpx.Client, str]:
    """The browser of whose order it is, and the order's address."""
    order = goods.orders[place]
    token = api.store.run(people.sign_in_as, order.consumer_id, Carrier.COOKIE).token
    return browser(api, token=token), f"/orders/{order.id}"


def now(answer: httpx.Response) -> str:
    """The step that an order has reached."""
    found = re.search(r'<li class="now"[^>]*>.*?</span><span>(.*?)<', answer.text, re.DOTALL)
    assert found
    return found[1].strip()


def test_an_order_is_listed_followed_and_nobody_elses_business(api: Api) -> None:
    shopper = Shopper.at(api)
    order_id = shopper.order_id()

    listed, followed = shopper.browser.get("/orders"), shopper.browser.get(f"/orders/{order_id}")

    assert f'href="/orders/{order_id}"' in listed.text
    assert now(followed) == "Ordered, to pay at pick-up"
    assert pick_up_code(order_id) in followed.text
    assert f"{shopper.shop}</a>" in followed.text, "the link to share"
    for part in ("", "/live", "/shares"):
        assert shopper.neighbour().get(f"/orders/{order_id}{part}").status_code == 404
    assert browser(api).get("/orders").url.path == "/sign-in"


def test_who_has_not_ordered_is_told_where_to_begin(api: Api) -> None:
    shopper = Shopper.at(api, "zh-CN")

    assert "您还没有下过单。" in shopper.browser.get("/orders").text


def test_an_order_is_cancelled_until_the_cut_off_and_not_after(api: Api) -> None:
    shopper = Shopper.at(api)
    early = f"/orders/{shopper.order_id()}"

    cancelled = send(shopper.browser, early, f"{early}/cancellation")
    listed = shopper.browser.get("/orders").text
    late = f"/orders/{shopper.order_id()}"
    page = shopper.browser.get(late).text
    shopper.market.close_in(shopper.cycle_id, 0)
    csrf = re.search(r'name="csrf" value="(\w+)"', page)
    assert csrf
    refused = shopper.browser.post(f"{late}/cancellation", data={"csrf": csrf[1]})

    assert "This order is cancelled. Nothing is charged." in cancelled.text
    assert cancelled.text.count("You cancelled it.") == 1
    assert 'id="pick-up"' not in cancelled.text
    assert 'id="money"' not in cancelled.text
    assert "Nothing to pay" in listed
    assert "at most" not in listed
    assert refused.status_code == 409
    assert "Ordering for this cycle stopped at the cut-off." in refused.text


def test_an_order_is_paid_from_credit_where_there_is_enough(api: Api) -> None:
    shopper = Shopper.at(api)
    missed = shopper.ordered(method="credit")
    address = missed.url.path

    short = send(shopper.browser, address, f"{address}/payment", method="credit")
    hub: HubId = shopper.market.hub.id
    api.store.run(payments.top_up, uuid7(), shopper.person_id, 5_000, "USD", hub)
    held = send(shopper.browser, address, f"{address}/payment", method="credit")

    assert "it could not be paid that way" in missed.text
    assert short.status_code == 409
    assert "Held, not charged" in held.text
    assert now(held) == "Held, nothing is charged"


def test_the_same_is_ordered_again_in_one_tap(api: Api) -> None:
    shopper = Shopper.at(api)
    order = f"/orders/{shopper.order_id()}"
    send(shopper.browser, order, f"{order}/cancellation")

    again = send(shopper.browser, order, f"{order}/again")
    shopper.ordered(again)
    beside = send(shopper.browser, order, f"{order}/again")
    shopper.market.close_in(shopper.cycle_id, 0)
    nothing = send(shopper.browser, order, f"{order}/again")

    assert again.url.path == beside.url.path == f"{shopper.shop}/review"
    assert "$9.00" in again.text
    assert "You have an order already. This is what it becomes." in beside.text
    assert "No longer in your order" not in beside.text
    assert "Nothing of it can be ordered where you pick up just now." in nothing.text


def test_the_way_of_an_order_is_told_step_by_step(api: Api) -> None:
    goods = Goods.closed(api.store)
    reader, address = of(api, goods)
    closed = now(reader.get(address))
    goods.confirmed()
    shared_among_farms = now(reader.get(address))
    goods.receive()
    collected = now(reader.get(address))
    goods.share()
    road = now(reader.get(address))
    goods.hand_out(goods.orders[0])
    over = reader.get(f"{address}/live")

    assert (closed, shared_among_farms) == ("Confirmed at the cut-off", "Shared among the farms")
    assert (collected, road) == ("Collected from the farms", "On the road")
    assert over.headers["x-live"] == "over"
    assert over.text.count('class="done"') == 7
    assert "/lots/" in reader.get(address).text


@pytest.mark.parametrize(
    ("language", "why"), [("en", "Less came in than the farms had promised."), ("zh-CN", "到货少于农场承诺的数量。")]
)
def test_a_cut_is_said_with_its_reason_and_how_it_was_shared(api: Api, language: str, why: str) -> None:
    goods = Goods.closed(api.store).confirmed()
    goods.receive(lambda view: view.allocated // 2)
    goods.share()
    reader, address = of(api, goods)
    reader.headers["accept-language"] = language

    page, shares = reader.get(address), reader.get(f"{address}/shares")

    assert "15 kg" in page.text
    assert why in page.text
    assert why in shares.text
    assert f'href="{address}/shares"' in page.text


def test_of_whose_order_nothing_comes_is_told_not_to_go_there(api: Api) -> None:
    goods = Goods.closed(api.store).confirmed()
    goods.receive(lambda _: 100)
    goods.share()
    reader, address = of(api, goods)

    page, listed, shares = reader.get(address).text, reader.get("/orders").text, reader.get(f"{address}/shares").text

    assert "Nothing of it comes. You need not go there. You pay nothing." in page
    assert "Nothing of it comes. You need not go there. You pay nothing." in reader.get(f"{address}/live").text
    assert pick_up_code(goods.orders[0].id) not in page
    assert 'id="pick-up"' not in page
    assert "You need not go there. You pay nothing." in listed
    assert "at most" not in listed
    assert "200 g stayed over: less than the smallest pack, which is 1 kg." in shares


def test_what_is_foretold_to_come_to_nothing_is_said_before_anything_is_shared(api: Api) -> None:
    goods = Goods.closed(api.store, lots=(25_000, 25_000), bags=(48, 1, 1))
    goods.planned()
    for lot_id, given in zip(goods.lots, (YES, NO), strict=True):
        goods.answer(goods.question(lot_id).id, given)
    goods.confirmed()
    goods.relay()

    told = []
    for place in range(3):
        reader, address = of(api, goods, place)
        told.append(
            ("Nothing of it comes" in reader.get(address).text, "Nothing of it comes" in reader.get("/orders").text)
        )

    assert sorted(told) == [(False, False), (False, False), (True, True)]


def test_while_ordering_rests_an_order_is_cancelled_but_not_changed(api: Api) -> None:
    shopper = Shopper.at(api)
    address = f"/orders/{shopper.order_id()}"
    api.store.run(cycles.pause, shopper.cycle_id)

    page = shopper.browser.get(address).text

    assert "Ordering is paused for a while. Until it goes on, nothing can be changed" in page
    assert "You can cancel until" in page
    assert "Change my order" not in page


def test_what_became_cheaper_because_so_many_joined_is_said_at_its_line(api: Api) -> None:
    shopper = Shopper.at(api)
    cheaper = shopper.market.draft()
    bags, _ = shopper.market.list_apples(
        cheaper.id, price_minor_per_1000=300, price_steps=(PriceStep(from_quantity=20_000, price_minor_per_1000=250),)
    )
    api.store.run(cycles.open_cycle, cheaper.id)
    order = shopper.market.place(cheaper.id, {bags: 4}, consumer_id=shopper.person_id)
    shopper.market.place(cheaper.id, {bags: 30})
    api.store.run(fairness.close, cheaper.id)

    page = shopper.browser.get(f"/orders/{order.id}")

    assert "So many joined that it costs $2.00 less." in page.text
    assert "$10.00" in page.text


def test_a_finished_order_says_what_was_charged(api: Api) -> None:
    goods = Goods.closed(api.store).confirmed()
    goods.receive()
    goods.share()
    goods.hand_out_point()
    goods.finish()
    reader, address = of(api, goods)

    page = reader.get(address)

    assert "To pay for what is there" in page.text
    assert "$90.00" in page.text
