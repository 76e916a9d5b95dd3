"""A consumer in a real browser orders, changes and follows an order: on every screen, by keyboard, without scripts."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Page, expect

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, ListingId, PriceStep
from farmlink.people import commands as people
from farmlink.people import work
from tests.farmlink.cycles.builders import Market
from tests.journeys.conftest import Reader, Readers

pytestmark = pytest.mark.browser
ADDRESS, PASSWORD = "ana@example.org", "a long pass phrase"


class Shop:
    """A market with an open cycle, and Ana, who has an account."""

    def __init__(self, readers: Readers) -> None:
        self.store = readers.api.store
        self.market = Market.founded(self.store)
        cycle = self.market.draft(threshold_minor=2_000)
        self.bags, self.crates = self.market.list_apples(
            cycle.id, price_minor_per_1000=300, price_steps=(PriceStep(40_000, 250),), threshold=10_000
        )
        self.store.run(cycles.open_cycle, cycle.id)
        self.cycle_id: CycleId = cycle.id
        password_hash = work.hash_password(PASSWORD)
        self.store.run(people.add_person, "Ana Ruiz", email=ADDRESS, password_hash=password_hash)

    def packs(self, page: Page, listing_id: ListingId) -> str:
        """How many packs stand in the form."""
        return page.locator(f"[id='packs-{listing_id}']").input_value()


@pytest.fixture
def shop(readers: Readers) -> Shop:
    return Shop(readers)


def fits(reader: Reader, name: str) -> None:
    """Keep a picture, and hold the page to what every page is held to."""
    reader.show(f"shop-{name}")
    assert not reader.wider_than_the_screen(), name
    found = Axe().run(reader.page)
    assert found.violations_count == 0, found.generate_report()


def sign_in(page: Page) -> None:
    page.locator("[name=email]").fill(ADDRESS)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("language", "colours", "width"), [("en", "light", 360), ("zh-CN", "dark", 768), ("en", "dark", 1440)]
)
def test_a_consumer_orders_changes_the_order_and_follows_it(
    readers: Readers, shop: Shop, language: str, colours: str, width: int
) -> None:
    reader = readers.at(language, colours, width)
    at = f"{language}-{colours}-{width}"
    page = reader.open("/")
    fits(reader, f"start-{at}")
    page.locator(f"button[value='{shop.market.point.id}']").click()
    page.locator(f"a.button[href='/cycles/{shop.cycle_id}']").click()
    card = page.locator(".card", has=page.locator(f"[id='packs-{shop.bags}']"))
    card.locator("button[data-step='1']").first.click(click_count=2)
    expect(page.locator(".till .total")).to_contain_text("6.00")
    fits(reader, f"cycle-{at}")
    page.locator("button[name=do]").click()
    page.locator("a.button[href^='/sign-in']").click()
    sign_in(page)
    page.locator("select[name=place]").wait_for()
    fits(reader, f"review-{at}")
    page.locator("form[action$='/order'] button").click()
    page.wait_for_url("**/orders/*")
    fits(reader, f"order-{at}")

    page.locator(f"a.button[href='/cycles/{shop.cycle_id}']").click()
    assert shop.packs(page, shop.bags) == "2"
    page.locator(f"[id='packs-{shop.bags}']").fill("12")
    page.locator("button[name=do]").click()
    page.locator("form[action$='/order'] button").click()
    page.wait_for_url("**/orders/*")

    expect(page.locator(".figure").last).to_contain_text("36.00")
    expect(page.locator("svg.code")).to_be_visible()
    assert reader.complaints == []
    assert reader.strangers == []


def test_what_others_order_meanwhile_is_seen_without_loading_again(readers: Readers, shop: Shop) -> None:
    reader = readers.at("en", "light", 1440)
    reader.page.clock.install()
    page = reader.open(f"/cycles/{shop.cycle_id}")
    shop.market.place(shop.cycle_id, {shop.bags: 40})

    page.clock.fast_forward(20_000)

    card = page.locator(".card", has=page.locator(f"[id='packs-{shop.bags}']"))
    expect(card.locator(".now")).to_have_text("$2.50")
    expect(card.locator(".pace")).to_contain_text("Enough are in: it comes")
    expect(page.locator(".clock")).to_contain_text("1 person has joined")
    assert reader.complaints == []


def test_the_shop_is_filtered_while_somebody_types(readers: Readers, shop: Shop) -> None:
    reader = readers.at("en", "light", 360)
    page = reader.open(f"/cycles/{shop.cycle_id}")

    page.locator("#q").fill("plums")

    expect(page.locator("#none")).to_be_visible()
    expect(page.locator(".card").first).to_be_hidden()
    page.locator("#q").fill("app")
    expect(page.locator(".card").first).to_be_visible()


def test_a_consumer_orders_with_nothing_but_a_keyboard(readers: Readers, shop: Shop) -> None:
    reader = readers.at("en", "light", 1440)
    page = reader.open("/sign-in")
    sign_in(page)
    page.get_by_text("You are signed in").or_(page.locator("main.wide")).wait_for()
    reader.open(f"/?q=&to={shop.cycle_id}")
    page.locator(f"button[value='{shop.market.point.id}']").press("Enter")
    page.wait_for_url(f"**/cycles/{shop.cycle_id}")

    reader.tab_to(f"packs-{shop.bags}")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review?**")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim().startsWith('Order for at most')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/*")

    expect(page.locator("h1")).to_contain_text("Your order for")
    assert reader.complaints == []


def test_without_scripts_the_order_is_placed_too(readers: Readers, shop: Shop) -> None:
    context = readers.opened.enter_context(readers.chromium.new_context(java_script_enabled=False, locale="zh-CN"))
    page = Reader(context, readers.api.address).open(f"/cycles/{shop.cycle_id}")

    page.locator(f"[id='packs-{shop.bags}']").fill("3")
    page.locator("#q").fill("没有这个")
    page.locator("#q").press("Enter")
    page.wait_for_url(re.compile(r"\?q="))
    assert shop.packs(page, shop.bags) == "3"
    page.locator("button[name=do]").click()
    page.locator("a.button[href^='/sign-in']").click()
    sign_in(page)
    page.locator("select[name=place]").select_option(str(shop.market.point.id))
    page.locator("form[action$='/order'] button").click()
    page.wait_for_url("**/orders/*")

    expect(page.locator("[aria-current=step]")).to_contain_text("取货时付款")
