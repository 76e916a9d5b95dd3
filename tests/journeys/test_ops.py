"""An operator's morning: what waits, a new product, last week's cycle copied, a table looked at and imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import expect

from farmlink.catalogue import queries as catalogue
from farmlink.cycles import queries as cycles
from farmlink.kernel.page import Paging
from farmlink.network import queries as network
from farmlink.people.values import Role
from tests.api.pages.browsers import browser_of
from tests.api.pages.test_records_imports import HALL, HEAD, OAK
from tests.farmlink.cycles.builders import Market
from tests.journeys.conftest import Reader, Readers

pytestmark = pytest.mark.browser
NARROW = 360
SCREENS = [("en", "light", NARROW), ("zh-CN", "light", 768), ("en", "dark", 1440)]
NEW = ("cycles", "products", "hubs", "vehicles")
WIDE = ("region", "listing", "listings")
"""All forms are drawn by one template: of these the widest are looked at on wide screens too."""
PAGES = (
    "/ops",
    "/ops/approvals",
    "/ops/people",
    "/ops/queue",
    "/ops/audit",
    "/ops/policy",
    "/policy",
    "/ops/settings",
    "/ops/records",
    "/ops/imports",
    "/ops/imports/places",
)


def operator_at(readers: Readers, language: str, colours: str, width: int) -> Reader:
    """An operator at a screen."""
    client, _ = browser_of(readers.api, Role.ADMIN)
    reader = readers.at(language, colours, width)
    session = client.cookies["farmlink_session"]
    reader.page.context.add_cookies([{"name": "farmlink_session", "value": session, "url": readers.api.address}])
    return reader


def require_sound(reader: Reader) -> None:
    """One heading, nothing wider than the screen, nobody shut out."""
    assert reader.page.locator("h1:visible").count() == 1, reader.page.url
    assert not reader.wider_than_the_screen(), reader.page.url
    found = Axe().run(reader.page)
    assert found.violations_count == 0, f"{reader.page.url}\n{found.generate_report()}"


@pytest.mark.parametrize(("language", "colours", "width"), SCREENS)
def test_every_page_of_an_operator_fits_its_screen_and_shuts_nobody_out(
    readers: Readers, language: str, colours: str, width: int
) -> None:
    market = Market.founded(readers.api.store)
    cycle_id, listing_id, _ = market.open()
    farm_id = readers.api.store.read(network.farms_of, market.country.region.id)[0].id
    reader = operator_at(readers, language, colours, width)
    several = {
        "cycle": f"/ops/records/cycles/{cycle_id}",
        "listings": f"/ops/records/listings?cycle_id={cycle_id}",
        "listing": f"/ops/records/listings/{listing_id}",
        "product": f"/ops/records/products/{market.apples.id}",
        "region": f"/ops/records/regions/{market.country.region.id}",
        "point": f"/ops/records/points/{market.point.id}",
        "farm": f"/ops/records/farms/{farm_id}",
    }
    if width == NARROW:
        several |= {f"new-{kind}": f"/ops/records/{kind}/new" for kind in NEW}
    else:
        several = {name: several[name] for name in WIDE}
    plain = {path.strip("/").replace("/", "-"): path for path in PAGES}
    for name, path in (plain | several).items():
        reader.open(path)
        reader.page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
        reader.show(f"ops-{name}-{language}-{colours}-{width}")
        require_sound(reader)

    assert reader.complaints == []
    assert reader.strangers == []


@pytest.mark.parametrize(("language", "colours", "width"), SCREENS)
def test_an_operator_mends_a_product_copies_last_weeks_cycle_and_imports_a_table(
    readers: Readers, language: str, colours: str, width: int, tmp_path: Path
) -> None:
    store = readers.api.store
    market = Market.founded(store)
    market.open()
    reader = operator_at(readers, language, colours, width)

    page = reader.open(f"/ops/records/products/{market.apples.id}")
    page.locator("[name=shelf_days]").fill("soon")
    page.locator("form.record .buttons button").click()
    page.locator("#shelf_days-fault").wait_for()
    require_sound(reader)
    reader.show(f"ops-refused-{language}-{width}")
    expect(page.locator("[name=shelf_days]")).to_have_value("soon")
    page.locator("[name=shelf_days]").fill("45")
    page.locator("form.record .buttons button").click()
    expect(page.locator("[name=shelf_days]")).to_have_value("45")
    expect(page.locator(".fault")).to_have_count(0)

    page = reader.open("/ops/records/cycles")
    page.locator("form[action$='/copy'] button").click()
    page.wait_for_url("**/ops/records/cycles/*")
    expect(page.locator("form.record fieldset.all")).to_be_enabled()

    table = tmp_path / "places.csv"
    table.write_text(HEAD + OAK + HALL, encoding="utf-8")
    page = reader.open("/ops/imports/places")
    page.locator("#file").set_input_files(table)
    expect(page.locator("#csv")).to_have_value(HEAD + OAK + HALL)
    page.locator("button[value=preview]").click()
    page.locator("button[value=import]").wait_for()
    require_sound(reader)
    reader.show(f"ops-preview-{language}-{width}")
    page.locator("button[value=import]").click()
    page.locator("button[value=import]").wait_for(state="detached")

    assert "Oak Hill Farm" in {one.name for one in store.read(network.farms_of, market.country.region.id)}
    assert store.read(catalogue.product_card, market.apples.id).shelf_days == 45
    assert len(store.read(cycles.cycles, Paging()).items) == 2
    assert [said for said in reader.complaints if "422" not in said] == []
