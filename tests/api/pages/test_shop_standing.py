"""Standing orders on their pages: made from an order, changed, left to rest, resumed and ended."""

from __future__ import annotations

import re

import httpx
import pytest

from farmlink.orders.commands import place_standing
from tests.api.conftest import Api
from tests.api.pages.browsers import keys_on, send
from tests.api.pages.shopping import Shopper


def made(shopper: Shopper, **more: str) -> httpx.Response:
    """An order made a standing one."""
    ask = f"/standing-orders/new?order={shopper.order_id()}"
    return send(shopper.browser, ask, "/standing-orders", **{"place": str(shopper.market.point.id)} | more)


def test_an_order_becomes_a_standing_order(api: Api) -> None:
    shopper = Shopper.at(api)

    answer = made(shopper, every="2")
    listed = shopper.browser.get("/standing-orders")

    assert answer.url.path.startswith("/standing-orders/")
    assert "Every 2 cycles" in listed.text
    assert f'href="{answer.url.path}"' in listed.text
    assert shopper.neighbour().get(answer.url.path).status_code == 404


@pytest.mark.parametrize(
    ("language", "said"), [("en", "A standing order needs at least one pack"), ("zh-CN", "长期订单里至少要有一份。")]
)
def test_a_standing_order_of_nothing_is_refused_and_kept_as_typed(api: Api, language: str, said: str) -> None:
    shopper = Shopper.at(api, language)

    answer = made(shopper, packs_0="0", every="3")

    assert answer.status_code == 422
    assert said in answer.text
    assert re.search(r'name="every"[^>]*value="3"', answer.text)


def test_a_rhythm_that_is_none_stands_at_its_field(api: Api) -> None:
    shopper = Shopper.at(api)

    answer = made(shopper, every="often")

    assert answer.status_code == 422
    assert 'id="every-fault"' in answer.text


def test_a_standing_order_is_changed_rests_goes_on_and_ends(api: Api) -> None:
    shopper = Shopper.at(api)
    address = made(shopper).url.path

    changed = send(shopper.browser, address, address, place=str(shopper.market.point.id), packs_0="7")
    wrong = send(shopper.browser, address, f"{address}/rest", until="2020-01-01")
    resting = send(shopper.browser, address, f"{address}/rest", until="2031-09-20")
    resumed = send(shopper.browser, address, f"{address}/resumption")
    ended = send(shopper.browser, address, f"{address}/end")

    assert re.search(r'name="packs_0"[^>]*value="7"', changed.text)
    assert wrong.status_code == 422
    assert re.search(r'id="until-fault">.*</svg>Choose a day that is still to come', wrong.text)
    assert "It rests until Sat 20 Sep." in resting.text
    assert "Let it rest" in resumed.text
    assert "Has ended" in ended.text


def test_a_change_of_what_changed_meanwhile_is_refused(api: Api) -> None:
    shopper = Shopper.at(api)
    address = made(shopper).url.path

    place = str(shopper.market.point.id)
    late = send(shopper.browser, address, address, place=place, packs_0="7", revision="9")

    assert late.status_code == 412


def test_what_came_of_it_is_told(api: Api) -> None:
    shopper = Shopper.at(api)
    address = made(shopper).url.path
    cycle_id, _, _ = shopper.market.open()
    api.store.run(place_standing, cycle_id)

    page = shopper.browser.get(address)

    assert "All of it was ordered." in page.text
    assert re.search(r'<a href="/orders/[0-9a-f-]+">For ', page.text)


def test_a_change_must_say_which_version_it_changes_and_each_deed_is_done_once(api: Api) -> None:
    shopper = Shopper.at(api)
    address = made(shopper).url.path
    shown = shopper.browser.get(address).text

    keys = keys_on(shown)
    nameless = send(shopper.browser, address, address, place=str(shopper.market.point.id), packs_0="7", revision="")

    assert len(keys) == len(set(keys)) == 3
    assert nameless.status_code == 422
    assert re.search(r'name="packs_0"[^>]*value="7"', nameless.text)
