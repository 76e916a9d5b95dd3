"""Imports on a page: looked at before anything is written, an error per row and column, whole or not at all."""

from __future__ import annotations

import httpx
import pytest

from api.pages.records.tables import TABLES
from farmlink.cli import imports as command_line
from farmlink.cycles import queries as cycles
from farmlink.kernel.page import Paging
from farmlink.network import queries as network
from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser, browser_of
from tests.api.pages.filled import filled_in
from tests.farmlink.cycles.builders import Market
from tests.farmlink.network.builders import Country

IMPORTS = "/ops/imports"
HEAD = "id,kind,name,city,state,zip,latitude,longitude,products\n"
OAK = "oak-1,farm,Oak Hill Farm,Holland,MI,49423,42.787500,-86.108900,fruit;eggs\n"
HALL = "hall-1,market,Holland Market Hall,Holland,MI,49423,42.790100,-86.105300,\n"


@pytest.fixture
def operator(api: Api) -> httpx.Client:
    return browser_of(api, Role.ADMIN)[0]


@pytest.fixture
def country(api: Api) -> Country:
    return Country.founded(api.store)


def taken(client: httpx.Client, kind: str, csv: str, deed: str = "preview", **said: str) -> httpx.Response:
    """Paste a table and press a button."""
    return filled_in(client, f"{IMPORTS}/{kind}", f"{IMPORTS}/{kind}", csv=csv, deed=deed, **said)


def farms(api: Api, country: Country) -> list[str]:
    """The names of the farms that are there."""
    return [farm.name for farm in api.store.read(network.farms_of, country.region.id)]


@pytest.mark.parametrize("path", [IMPORTS, *(f"{IMPORTS}/{name}" for name in TABLES)])
def test_imports_are_for_operators_and_planners_alone(api: Api, operator: httpx.Client, path: str) -> None:
    answers = [client.get(path) for client in (operator, browser_of(api, Role.FARMER)[0], browser(api))]

    assert [answer.status_code for answer in answers] == [200, 403, 200]
    assert answers[2].url.path == "/sign-in"


def test_a_preview_says_what_would_come_of_it_and_writes_nothing_then_the_import_does(
    api: Api, operator: httpx.Client, country: Country
) -> None:
    looked = taken(operator, "places", HEAD + OAK + HALL)
    before = farms(api, country)
    done = taken(operator, "places", HEAD + OAK + HALL, "import")
    again = taken(operator, "places", HEAD + OAK + HALL, "import")

    assert "A preview: nothing was written." in looked.text
    assert "would be written" in looked.text
    assert 'value="import"' in looked.text
    assert before == []
    assert "Imported." in done.text
    assert farms(api, country) == ["Oak Hill Farm"]
    assert "there before, unchanged" in again.text
    assert farms(api, country) == ["Oak Hill Farm"]


def test_an_error_stands_with_its_row_and_column_and_nothing_is_written_until_bad_rows_are_left_out(
    api: Api, operator: httpx.Client, country: Country
) -> None:
    bad = HEAD + OAK + "two-2,farm,Two Creeks,Holland,MI,49423,north,-86.1,fruit\n"

    refused = taken(operator, "places", bad, "import")
    kept = farms(api, country)
    skipped = taken(operator, "places", bad, "import", skip_bad="true")

    assert refused.status_code == 422
    assert "<code>latitude</code>" in refused.text
    assert "<td>north</td>" in refused.text
    assert "Two Creeks" in refused.text, "what was pasted is kept"
    assert kept == []
    assert skipped.status_code == 200
    assert farms(api, country) == ["Oak Hill Farm"]


def test_a_cell_like_a_formula_stays_text_and_is_refused(operator: httpx.Client, api: Api, country: Country) -> None:
    formula = '=HYPERLINK("http://x")'
    csv = HEAD + 'f-1,farm,"=HYPERLINK(""http://x"")",Holland,MI,49423,42.7875,-86.1089,fruit\n'

    answer = taken(operator, "places", csv)

    assert answer.status_code == 422
    assert formula not in answer.text
    assert formula.replace('"', "&#34;") in answer.text
    assert "begins like a spreadsheet formula" in answer.text
    assert farms(api, country) == []


def test_a_table_without_text_or_too_large_or_with_a_wrong_first_line_is_refused_at_its_field(
    operator: httpx.Client, country: Country
) -> None:
    empty = taken(operator, "places", " ")
    large = taken(operator, "places", HEAD + "苹" * 350_000)
    headless = taken(operator, "places", "who,what\n1,2\n")

    assert [one.status_code for one in (empty, large, headless)] == [422, 422, 422]
    assert "Paste a table here" in empty.text
    assert "larger than 1 MB" in large.text
    assert 'id="csv-fault"' in large.text
    assert "The first line is wrong" in headless.text
    assert country.region.name in headless.text
    assert ("not asked for" in headless.text, "rows read" in headless.text) == (False, False)


def test_what_is_wrong_is_said_in_the_readers_language(api: Api, country: Country) -> None:
    chinese, _ = browser_of(api, Role.ADMIN, language="zh-CN")

    answer = taken(chinese, "places", HEAD + OAK.replace("farm,", "barn,", 1))

    assert answer.status_code == 422
    assert "有行被拒绝" not in answer.text, "it was a preview"
    assert "预览" in answer.text
    assert "This must be one of" not in answer.text
    assert country.region.name in answer.text


def test_a_planner_imports_what_their_cycle_sells_and_nobody_elses(api: Api) -> None:
    market = Market.founded(api.store)
    cycle_id = market.draft().id
    planner, _ = browser_of(api, Role.PLANNER, market.hub.organisation_id)
    stranger, _ = browser_of(api, Role.PLANNER, market.country.hub("Flint").organisation_id)
    csv = "product,grade,pack,price_minor_per_1000\napples,4,1000,320\n"

    done = taken(planner, "listings", csv, "import", cycle_id=str(cycle_id))
    refused = taken(stranger, "listings", csv, "import", cycle_id=str(cycle_id))

    found = api.store.read(cycles.listings_page, cycle_id, Paging()).items
    assert "Imported." in done.text
    assert [one.price_minor_per_1000 for one in found] == [320]
    assert refused.status_code == 404
    assert planner.get(f"{IMPORTS}/places").status_code == 403
    assert "/ops/imports/places" not in planner.get(IMPORTS).text


def test_the_examples_are_those_of_the_command_line(operator: httpx.Client) -> None:
    ours = [table.example for table in TABLES.values()]

    assert ours == [
        command_line.PLACES,
        command_line.LOTS,
        command_line.LISTINGS,
        command_line.ORDERS,
        command_line.WEIGHTS,
    ]
    begun = operator.get(f"{IMPORTS}/weights", params={"csv": command_line.WEIGHTS}).text
    assert "01990000-0000-7000-8000-000000000002,6480\n</textarea>" in begun
