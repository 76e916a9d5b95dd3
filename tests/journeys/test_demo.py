"""The demo as a newcomer runs it, small: the whole cycle through the running program."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from api.app import create_app
from farmlink.demo.scenario import MICHIGAN
from farmlink.settings import Settings
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.engine import open_store
from farmlink.store.scratch import make_database
from tests.api.conftest import listening
from tests.benchmarks.budgets import VISITS, found_ways, weighed
from tests.journeys.looks import faults_of, visitor

ORDERS = 300
EVERY = {"farm": 4, "market": 6}
"""Of Michigan's farms and markets: so few that three hundred orders fill trucks, as five thousand do in all of it."""
LEGS = {"routes", "distance_m", "duration_s"}
COMPONENTS = {
    "purchase", "collection", "hub", "line_haul", "delivery", "parcel", "packaging", "spoilage", "commission",
    "payment_fees", "total",
}  # fmt: skip
BASELINES = {"collection_alone", "self_haul", "alone"}


def farmlink(database: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "farmlink.cli", *map(str, arguments)]
    environment = {**os.environ, "FARMLINK_DATABASE_URL": database, "COLUMNS": "120"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)


def keep_a_part(file: Path) -> None:
    """Write every so manieth farm that says what it sells, and market, of Michigan."""
    with MICHIGAN.open(encoding="utf-8", newline="") as text:
        reader = csv.DictReader(text)
        rows, columns = list(reader), reader.fieldnames or []
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, columns)
        writer.writeheader()
        for kind, every in EVERY.items():
            writer.writerows(
                [row for row in rows if row["kind"] == kind and (kind == "market" or row["products"])][::every]
            )


@pytest.fixture(scope="module")
def database(embedded_server: EmbeddedServer) -> str:
    return make_database(embedded_server, "journey_demo").render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def demo(database: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    folder = tmp_path_factory.mktemp("demo")
    file, places = folder / "summary.json", folder / "places.csv"
    keep_a_part(places)
    chosen = ("--farms", places, "--state", "MI", "--orders", str(ORDERS), "--iterations", "5")
    ran = farmlink(database, "demo", "--once", "--json", file, *chosen)
    assert ran.returncode == 0, ran.stderr
    return json.loads(file.read_text()), ran.stdout


@pytest.mark.journey
def test_a_newcomer_sees_a_whole_cycle(demo: tuple[dict[str, Any], str], database: str) -> None:
    found, screen = demo

    assert set(found) == {
        "orders", "batches", "farms_with_lots", "farms_used", "replans", "routes", "distance_m", "duration_s", "jain",
        "fill_rate", "landed_cost_per_kg_minor", "collection", "line_haul", "delivery", "gap", "gap_allocation",
        "confirmations", "shortfalls", "transport_per_kg_minor", "baselines", "saved", "seconds", "peak_memory_mb",
    }  # fmt: skip
    assert found["orders"] == ORDERS
    assert 0 < found["farms_used"] <= found["farms_with_lots"]
    fill = found["fill_rate"]
    assert 0 < fill["handed_out"] <= fill["confirmed"] <= 1
    assert fill["confirmed"] <= fill["planned"] + 0.05, "what farms declined is not made good by more than a trifle"
    assert fill["planned"] > 0.9
    assert set(found["landed_cost_per_kg_minor"]) == COMPONENTS
    assert all(set(found[leg]) == LEGS for leg in ("collection", "line_haul", "delivery"))
    assert sum(found[leg]["routes"] for leg in ("collection", "line_haul", "delivery")) == found["routes"]
    assert set(found["confirmations"]) == {"accepted", "reduced", "declined", "lapsed"}
    assert found["confirmations"]["accepted"] > found["confirmations"]["declined"]
    assert set(found["baselines"]) == set(found["saved"]) == BASELINES
    assert set(found["baselines"]["alone"]) == LEGS | {"money_minor", "unreachable"}
    assert found["saved"]["collection_alone"]["routes"] > 0.5
    curve = found["transport_per_kg_minor"]
    assert list(curve) == ["30", "60", "120", str(ORDERS)]
    assert 0 < curve[str(ORDERS)] < curve["30"]
    assert 0 <= found["gap_allocation"] <= 1
    assert found["peak_memory_mb"] > 100
    assert "is made from seed 1" in " ".join(screen.split())
    assert "operator@demo.example" in screen
    assert screen.endswith("The password of all is farmlink-demo. scripts/serve serves this database.\n")


@pytest.mark.journey
def test_everything_that_must_hold_holds_after_a_demo(demo: tuple[dict[str, Any], str], database: str) -> None:
    checked = farmlink(database, "check")

    assert checked.returncode == 0, checked.stdout


@pytest.fixture(scope="module")
def served(demo: tuple[dict[str, Any], str], database: str) -> Iterator[str]:
    """The demo's database, served as the demo leaves it."""
    with (
        open_store(Settings(data=Path("/nowhere"), database_url=database)) as store,
        listening(create_app(store)) as at,
    ):
        yield at


@pytest.mark.journey
@pytest.mark.browser
def test_every_page_of_the_demo_is_light_stands_still_and_shuts_nobody_out(served: str, chromium: Browser) -> None:
    table = list(weighed(served))
    pages = list(found_ways(served))

    assert len(table) == len(VISITS), "a page of the table is not there"
    assert [row for row in table if not row.fits] == []
    for width in (360, 1440):
        for who in {one for one, _ in pages}:
            with visitor(chromium, served, who, width) as page:
                faults = [fault for one, path in pages if one == who for fault in faults_of(page, path)]
                assert faults == [], (who, width)


@pytest.mark.journey
@pytest.mark.browser
def test_without_scripts_every_page_of_the_demo_can_be_read_and_led_on_from(served: str, chromium: Browser) -> None:
    pages = list(found_ways(served))
    for who in {one for one, _ in pages}:
        with visitor(chromium, served, who, 360, scripts=False) as page:
            for path in (path for one, path in pages if one == who):
                page.goto(path)
                assert page.locator("h1:visible").count() == 1, path
                assert page.locator("main").inner_text().strip(), path
                assert page.locator("main :is(a, button):visible").count() > 0, path
