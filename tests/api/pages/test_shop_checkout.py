"""The last look and the order: what it costs at most, where it goes, how it is paid, and what is refused."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from farmlink.kernel.page import Paging
from farmlink.orders import queries as orders
from farmlink.people import queries as people
from tests.api.conftest import Api
from tests.api.pages.browsers import HIDDEN, browser, send
from tests.api.pages.shopping import Shopper, choose
from tests.farmlink.cycles.builders import HOMES


def test_the_worst_case_and_the_rule_are_said_before_anybody_orders(api: Api) -> None:
    shopper = Shopper.at(api, delivery_fee_minor=150)

    looked = shopper.looked_over(**{f"most-{shopper.bags}": "5"})

    assert "You never pay more than this" in looked.text
    assert "$10.50" in looked.text, "three bags at three dollars, and the fee"
    assert "and up to $6.00 more" in looked.text
    assert "Order for at most $16.50" in looked.text


def test_an_order_is_placed_once_however_often_it_is_sent(api: Api) -> None:
    shopper = Shopper.at(api)
    looked = shopper.looked_over()

    first, again = (shopper.ordered(looked, key=str(uuid4())) for _ in range(2))

    placed = api.store.read(orders.orders, Paging(), consumer_id=shopper.person_id).items
    assert [one.lines[0].packs for one in placed] == [3]
    assert first.url.path == f"/orders/{placed[0].id}"
    assert again.url.path == first.url.path, "the second is a change of the first, which says the same"


def test_what_falls_out_of_an_order_is_named_and_kept_by_one_step(api: Api) -> None:
    shopper = Shopper.at(api)
    shopper.order_id()

    looked = shopper.looked_over(**{f"packs-{shopper.bags}": "0", f"packs-{shopper.crates}": "1"})
    assert "No longer in your order: <strong>Apples</strong> (3 packs)" in looked.text
    kept = shopper.browser.get(looked.text.split('second" href="', 1)[1].split('"', 1)[0].replace("&amp;", "&"))

    assert "No longer in your order" not in kept.text
    assert "3 packs" in kept.text
    assert "1 pack<" in kept.text


def test_a_basket_from_before_signing_in_never_takes_the_place_of_an_order(api: Api) -> None:
    shopper = Shopper.at(api)
    shopper.order_id()
    shopper.looked_over(**{f"packs-{shopper.bags}": "1"})

    assert f'name="packs-{shopper.bags}" type="number" inputmode="numeric" min="0" max="100" step="1" value="3"' in (
        shopper.browser.get(shopper.shop).text
    )


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_more_packs_than_are_left_are_refused_at_their_field(api: Api, language: str) -> None:
    shopper = Shopper.at(api, language)

    refused = shopper.looked_over(**{f"packs-{shopper.bags}": "101"})

    assert refused.status_code == 422
    assert ("Only 100 packs are left." if language == "en" else "只剩 100 份。") in refused.text
    assert f'aria-describedby="packs-{shopper.bags}-fault" autofocus' in refused.text


def test_credit_that_does_not_reach_cannot_be_chosen(api: Api) -> None:
    looked = Shopper.at(api).looked_over()

    assert '<input type="radio" name="method" value="credit" disabled>' in looked.text


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_what_sold_out_meanwhile_is_said_at_its_line(api: Api, language: str) -> None:
    shopper = Shopper.at(api, language)
    looked = shopper.looked_over()
    shopper.market.place(shopper.cycle_id, {shopper.crates: 9})
    shopper.market.place(shopper.cycle_id, {shopper.bags: 8})

    refused = shopper.ordered(looked)

    assert refused.status_code == 409
    assert ("Only 2 packs of this are left." if language == "en" else "2") in refused.text
    assert 'class="fault" role="alert"' in refused.text


def test_who_is_not_signed_in_does_so_and_the_basket_comes_along(api: Api) -> None:
    shopper = Shopper.at(api)
    stranger = browser(api)

    looked = shopper.looked_over_by(stranger)

    assert "Sign in and order" in looked.text
    assert f"/sign-in?to={shopper.shop}/review%3Fb%3D" in looked.text
    assert f'action="{shopper.shop}/order"' not in looked.text


def test_whose_session_was_lost_meanwhile_signs_in_with_the_basket(api: Api) -> None:
    shopper = Shopper.at(api)
    looked = shopper.looked_over()
    shopper.browser.cookies.clear()

    led = shopper.browser.post(f"{shopper.shop}/order", data={"b": looked.url.params["b"]})

    assert led.url.path == f"{shopper.shop}/review"
    assert "Sign in and order" in led.text
    assert "$9.00" in led.text


def test_a_point_that_the_cycle_does_not_serve_is_not_chosen_from_the_start(api: Api) -> None:
    shopper = Shopper.at(api)
    other = shopper.market.point_with()
    choose(shopper.browser, other.id)

    shop, looked = shopper.browser.get(shopper.shop), shopper.looked_over()

    assert f"This cycle hands nothing out at {other.name}." in shop.text
    assert "Choose one</option>" in looked.text


def test_a_second_look_changes_the_order_there_is(api: Api) -> None:
    shopper = Shopper.at(api)
    order_id = shopper.order_id()

    shop = shopper.browser.get(shopper.shop)
    changed = shopper.ordered(shopper.looked_over(**{f"packs-{shopper.bags}": "5"}))

    assert "Change your order" in shop.text
    assert changed.url.path == f"/orders/{order_id}"
    assert "$15.00" in changed.text


def test_a_change_of_what_somebody_else_changed_is_refused_and_can_be_repeated(api: Api) -> None:
    shopper = Shopper.at(api)
    shopper.order_id()
    looked = shopper.looked_over(**{f"packs-{shopper.bags}": "5"})

    late = shopper.ordered(looked, revision="7")

    assert late.status_code == 412
    assert "This was changed by somebody else." in late.text
    assert shopper.ordered(looked).url.path.startswith("/orders/")


@pytest.mark.parametrize(
    ("language", "said", "nothing"),
    [("en", "not taken in", "nothing was ordered"), ("zh-CN", "未被接受", "没有下单")],
    ids=["english", "chinese"],
)
def test_what_comes_after_the_cut_off_is_said_not_to_have_come_in(
    api: Api, language: str, said: str, nothing: str
) -> None:
    shopper = Shopper.at(api, language)
    guest = Shopper(api, shopper.market, shopper.cycle_id, shopper.bags, shopper.crates, language)
    shopper.order_id()
    fresh, change = guest.looked_over(), shopper.looked_over(**{f"packs-{shopper.bags}": "5"})
    same = str(shopper.looked_over().url)
    shopper.market.close_in(shopper.cycle_id, 0)

    place = str(shopper.market.point.id)
    late = shopper.browser.post(f"{shopper.shop}/order", data=dict(HIDDEN.findall(change.text)) | {"place": place})
    missed = guest.browser.get(str(fresh.url))

    assert said in late.text
    assert re.search(r"3 (packs|份)", late.text)
    assert nothing in missed.text
    assert said not in shopper.browser.get(same).text


def test_an_order_without_a_place_is_refused_at_its_field(api: Api) -> None:
    shopper = Shopper.at(api)

    refused = shopper.ordered(place="")

    assert refused.status_code == 422
    assert 'id="place-fault"' in refused.text


def test_an_order_can_be_brought_home_for_its_fee(api: Api) -> None:
    shopper = Shopper.at(api, homes=HOMES)
    offered = shopper.looked_over(**{f"packs-{shopper.bags}": "5"})
    home = shopper.market.home(shopper.person_id)

    looked = shopper.looked_over(**{f"packs-{shopper.bags}": "5"})
    placed = shopper.ordered(looked, place=str(home.id))

    assert "Say where you live" in offered.text
    assert "Order for at most $20.00" in looked.text, "the dearer of the two ways is said"
    assert "12 Elm Street" in placed.text
    assert "$20.00" in placed.text


def test_a_method_that_is_not_offered_is_refused_and_another_can_be_chosen(api: Api) -> None:
    shopper = Shopper.at(api)

    placed = shopper.ordered(method="stripe")

    assert placed.status_code == 409
    assert "Paying by stripe is not offered here." in placed.text
    assert shopper.ordered(method="pick-up").url.path.startswith("/orders/")


def test_a_gift_is_ordered_beside_ones_own_order(api: Api) -> None:
    shopper = Shopper.at(api)
    shopper.order_id()
    named = send(shopper.browser, "/recipients", "/recipients", name="Grandma Rose")
    recipient = api.store.read(people.recipients, shopper.person_id, Paging()).items[0].id

    shop = shopper.browser.get(f"{shopper.shop}?gift={recipient}")
    looked = send(
        shopper.browser, f"{shopper.shop}?gift={recipient}", f"{shopper.shop}/basket",
        **{f"packs-{shopper.bags}": "1", "do": "review"},
    )  # fmt: skip
    placed = shopper.ordered(looked)

    assert "Grandma Rose" in named.text
    assert "A gift for Grandma Rose" in shop.text
    assert "Grandma Rose collects it." in placed.text
    assert len(api.store.read(orders.ids_of, shopper.person_id)) == 2
    assert shopper.neighbour().get(f"{shopper.shop}?gift={recipient}").status_code == 404
