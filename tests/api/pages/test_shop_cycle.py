"""The shop of a cycle: one form, which keeps what was typed, and parts that change while somebody looks on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from farmlink.cycles import commands
from farmlink.cycles.values import PriceStep
from tests.api.conftest import Api
from tests.api.pages.browsers import browser, send
from tests.api.pages.shopping import Shopper
from tests.farmlink.cycles.builders import Market


def test_a_pack_says_what_it_costs_alone_and_together_and_what_the_next_price_asks_for(api: Api) -> None:
    market = Market.founded(api.store)
    cycle = market.draft()
    steps = (PriceStep(5_000, 280), PriceStep(40_000, 250))
    bags, _ = market.list_apples(cycle.id, price_minor_per_1000=300, price_steps=steps, threshold=20_000)
    api.store.run(commands.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 8})

    page = browser(api).get(f"/cycles/{cycle.id}").text

    assert re.search(r'class="now fell">\$2\.80<.*alone <s>\$3\.00', page, re.DOTALL)
    assert "12 kg more, or it does not come" in page
    assert "32 kg more and everybody pays $2.50" in page
    assert "8 kg in one order" in page
    assert "Number 1 of 2" in page


def test_a_chinese_reader_has_prices_by_the_jin(api: Api) -> None:
    shopper = Shopper.at(api)

    page = browser(api, "zh-CN").get(shopper.shop).text

    assert "US$3.00 / kg" in page
    assert "US$1.50 / 斤" in page
    assert re.search(r"周. \d", page)
    assert not re.search(r"周., ", page)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_nonsense_stands_at_its_field_and_what_was_typed_is_kept(api: Api, language: str) -> None:
    shopper = Shopper.at(api, language)

    answer = shopper.looked_over(**{f"packs-{shopper.bags}": "many", f"packs-{shopper.crates}": "2"})

    assert answer.status_code == 422
    assert f'id="packs-{shopper.bags}-fault"' in answer.text
    assert 'value="many"' in answer.text
    assert re.search(rf'name="packs-{shopper.crates}"[^>]*value="2"', answer.text)


def test_most_below_what_is_ordered_is_refused_at_its_field(api: Api) -> None:
    shopper = Shopper.at(api)

    answer = shopper.looked_over(**{f"most-{shopper.bags}": "2"})

    assert answer.status_code == 422
    assert f'id="most-{shopper.bags}-fault"' in answer.text


def test_a_swap_names_what_may_come_instead(api: Api) -> None:
    shopper = Shopper.at(api)
    wish = f"shortage-{shopper.bags}"

    unnamed = shopper.looked_over(**{wish: "swap"})
    named = shopper.looked_over(**{wish: "swap", f"instead-{shopper.bags}": str(shopper.crates)})

    assert (unnamed.status_code, f'id="{wish}-fault"' in unnamed.text) == (422, True)
    assert named.url.path.endswith("/review")
    assert "Something else instead" in named.text


def test_an_empty_basket_is_not_looked_over(api: Api) -> None:
    shopper = Shopper.at(api)

    answer = shopper.looked_over(**{f"packs-{shopper.bags}": "0"})

    assert answer.status_code == 422
    assert "Choose at least one pack of something." in answer.text


def test_looking_for_something_without_scripts_keeps_the_basket(api: Api) -> None:
    shopper = Shopper.at(api)

    sought = send(
        shopper.browser, shopper.shop, f"{shopper.shop}/basket", **{f"packs-{shopper.bags}": "3", "q": "plum"}
    )

    assert sought.url.path == shopper.shop
    assert "Nothing here is called that." in sought.text
    assert re.search(rf'name="packs-{shopper.bags}"[^>]*value="3"', sought.text)
    assert f'name="packs-{shopper.crates}"' not in sought.text


def test_a_basket_waits_for_whoever_comes_back(api: Api) -> None:
    shopper = Shopper.at(api)
    reader = browser(api)
    shopper.looked_over_by(reader)

    assert "Your basket waits." in reader.get("/").text
    assert re.search(rf'name="packs-{shopper.bags}"[^>]*value="3"', reader.get(shopper.shop).text)


def test_the_part_that_changes_is_sent_only_when_it_changed(api: Api) -> None:
    shopper = Shopper.at(api)
    reader = browser(api)
    first = reader.get(f"{shopper.shop}/live")
    again = reader.get(f"{shopper.shop}/live", headers={"if-none-match": first.headers["etag"]})
    shopper.market.place(shopper.cycle_id, {shopper.bags: 2})
    changed = reader.get(f"{shopper.shop}/live", headers={"if-none-match": first.headers["etag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert "Be the first to join" in first.text
    assert "1 person has joined" in changed.text
    assert f'data-for="pace-{shopper.bags}"' in changed.text


def test_what_is_sold_out_says_so_and_has_no_field(api: Api) -> None:
    market = Market.founded(api.store)
    cycle = market.draft()
    bags, crates = market.list_apples(cycle.id, cap=3_000)
    api.store.run(commands.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 3})

    page = browser(api).get(f"/cycles/{cycle.id}").text

    assert page.count("Sold out. Look for something like it") == 2
    assert f'name="packs-{crates}"' not in page


def test_who_holds_the_last_packs_is_not_told_that_they_are_sold_out(api: Api) -> None:
    shopper = Shopper.at(api)
    cycle = shopper.market.draft()
    bags, _ = shopper.market.list_apples(cycle.id, cap=3_000)
    api.store.run(commands.open_cycle, cycle.id)
    shopper.market.place(cycle.id, {bags: 3}, consumer_id=shopper.person_id)

    mine, others = (one.get(f"/cycles/{cycle.id}").text for one in (shopper.browser, browser(api)))
    live = shopper.browser.get(f"/cycles/{cycle.id}/live").text

    assert mine.count("The last ones are yours") == live.count("The last ones are yours") == 1
    assert "The last ones are yours" not in others
    assert f'name="packs-{bags}"' in mine


def test_what_lies_in_the_basket_and_was_not_looked_for_stands_under_a_heading(api: Api) -> None:
    shopper = Shopper.at(api)
    shopper.looked_over()

    whole, sought = shopper.browser.get(shopper.shop).text, shopper.browser.get(f"{shopper.shop}?q=plums").text

    assert '<li class="in-basket" hidden>' in whole
    heading = sought.index('<li class="in-basket"><h2>In your basket')
    assert sought.index("Nothing here is called that.") < heading < sought.index(f'name="packs-{shopper.bags}"')


def test_a_grade_is_named_where_it_tells_something(api: Api) -> None:
    shopper = Shopper.at(api)
    both = shopper.market.draft()
    for grade in (3, 4):
        shopper.market.list_apples(both.id, grade=grade)
    api.store.run(commands.open_cycle, both.id)

    assert "Class I" not in shopper.browser.get(shopper.shop).text
    assert shopper.browser.get(f"/cycles/{both.id}").text.count("Class II") == 2


def test_a_cycle_that_closed_says_what_to_do_next(api: Api) -> None:
    shopper = Shopper.at(api)
    order_id = shopper.order_id()
    until = datetime.now(UTC) + timedelta(days=3)
    next_one, _, _ = shopper.market.open(closes=until)
    shopper.market.close_in(shopper.cycle_id, 0)

    page = shopper.browser.get(shopper.shop)
    live = shopper.browser.get(f"{shopper.shop}/live")

    assert page.status_code == 200
    assert f"/orders/{order_id}" in page.text
    assert f"/cycles/{next_one}" in page.text
    assert live.headers["x-live"] == "over"
    assert "is over" in live.text
    assert shopper.browser.get(f"{shopper.shop}/review").url.path == shopper.shop


def test_a_cycle_that_rests_can_be_looked_at(api: Api) -> None:
    shopper = Shopper.at(api)
    api.store.run(commands.pause, shopper.cycle_id)

    looked = shopper.looked_over().text

    assert "Ordering is paused for a while." in shopper.browser.get(shopper.shop).text
    assert "Ordering is paused for a while." in looked
    assert "You can change or cancel until" not in looked
