from datetime import date
from pathlib import Path

import pytest

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import ProductDraft
from farmlink.kernel.page import Paging
from farmlink.kernel.rows import NEEDED, NOT_DAY, NOT_WHOLE
from farmlink.network import commands as network
from farmlink.store.sheets import Request
from farmlink.store.store import Store
from farmlink.supply import queries
from farmlink.supply.values import LotCard
from farmlink.supply.work import FARM_UNKNOWN, PRODUCT_UNKNOWN, REPEATED, import_lots
from tests.farmlink.network.builders import Country

HEAD = "id,farm,product,grade,quantity,ask_minor_per_1000,harvest_on,pack,collect_until\n"
APPLES = "a-36,mi-1,apples,4,250000,190,2031-09-03,2300,\n"


@pytest.fixture
def country(store: Store) -> Country:
    country = Country.founded(store)
    country.farm("Apple Farm", "mi-1")
    names = {"en": "Apples", "zh-CN": "苹果"}
    draft = ProductDraft(code="apples", name=names, volume_ml_per_1000=1600, shelf_days=30)
    store.run(catalogue.create_product, draft)
    return country


def file(tmp_path: Path, lines: str) -> Path:
    path = tmp_path / "lots.csv"
    path.write_text(HEAD + lines)
    return path


def lots(country: Country) -> list[LotCard]:
    return country.store.read(queries.lots, Paging()).items


def test_lots_come_in_by_the_codes_of_farm_and_product(country: Country, tmp_path: Path) -> None:
    imported = import_lots(country.store, Request(file(tmp_path, APPLES)), country.region.id)
    assert (imported.written, imported.wrong, imported.stands) == (1, 0, True)
    [lot] = lots(country)
    assert (lot.code, lot.quantity, lot.pack, lot.collect_until) == ("a-36", 250_000, 2300, date(2031, 10, 3))


def test_a_file_imported_twice_offers_nothing_twice(country: Country, tmp_path: Path) -> None:
    path = file(tmp_path, APPLES)
    import_lots(country.store, Request(path), country.region.id)
    again = import_lots(country.store, Request(path), country.region.id)
    assert (again.written, again.known, again.stands, len(lots(country))) == (0, 1, True, 1)


def test_a_lot_that_is_there_with_another_quantity_is_told_and_stays(country: Country, tmp_path: Path) -> None:
    import_lots(country.store, Request(file(tmp_path, APPLES)), country.region.id)
    path = file(tmp_path, APPLES.replace("250000", "240000") + APPLES.replace("a-36", "b"))
    again = import_lots(country.store, Request(path), country.region.id)
    assert (again.written, again.known, again.different, again.wrong, again.stands) == (1, 0, 1, 0, True)
    [differs] = again.differing
    assert (differs.line, differs.facts) == (2, {"code": "a-36", "columns": ["quantity"]})
    assert [lot.quantity for lot in lots(country)] == [250_000, 250_000]


def test_every_bad_lot_is_named_with_its_column(country: Country, tmp_path: Path) -> None:
    country.store.run(network.add_farm, country.farm_draft("New Farm", "mi-2"))
    bad = (
        "b,mi-9,plums,4,1000,190,2031-09-03,,\n"
        ",mi-1,apples,6,many,190,03.09.2026,,\n"
        "c,mi-2,apples,4,1000,190,2031-09-03,,\n"
        "d,mi-1,apples,4,1000,190,2031-09-03,2300,\n"
        "e,mi-1,apples,4,1000,190,2031-09-03,,2031-09-01\n"
        "a-36,mi-1,apples,4,1000,190,2031-09-03,,\n"
    )
    imported = import_lots(country.store, Request(file(tmp_path, APPLES + bad)), country.region.id)
    assert (imported.wrong, imported.stands, lots(country)) == (6, False, [])
    found = [(error.line, error.column, error.message) for error in imported.errors]
    assert found[:2] == [(3, "farm", FARM_UNKNOWN), (3, "product", PRODUCT_UNKNOWN)]
    assert {entry[1:] for entry in found if entry[0] == 4} == {
        ("id", NEEDED), ("grade", NOT_WHOLE), ("quantity", NOT_WHOLE), ("harvest_on", NOT_DAY),
    }  # fmt: skip
    assert "approved" in next(message for line, _, message in found if line == 5)
    assert [(line, column) for line, column, _ in found if line in {6, 7}] == [(6, "pack"), (7, "collect_until")]
    assert found[-1] == (8, "id", REPEATED)


def test_a_lot_of_years_ago_is_refused_unless_it_was_offered_then(country: Country, tmp_path: Path) -> None:
    old = file(tmp_path, APPLES.replace("2031", "2020"))
    refused = import_lots(country.store, Request(old), country.region.id)
    assert [(error.line, error.column) for error in refused.errors] == [(2, "collect_until")]
    assert (refused.written, refused.stands, lots(country)) == (0, False, [])
    import_lots(country.store, Request(file(tmp_path, APPLES)), country.region.id)
    years_ago = "UPDATE lot SET harvest_on = '2020-09-03', collect_from = '2020-09-03', collect_until = '2020-10-03'"
    country.store.run(lambda tx: tx.execute(years_ago))
    again = import_lots(country.store, Request(file(tmp_path, APPLES.replace("2031", "2020"))), country.region.id)
    assert (again.written, again.known, again.wrong, again.stands) == (0, 1, 0, True)


def test_good_lots_stand_when_bad_ones_may_be_skipped(country: Country, tmp_path: Path) -> None:
    path = file(tmp_path, APPLES + "b,mi-9,apples,4,1000,190,2031-09-03,,\n")
    imported = import_lots(country.store, Request(path, skip_bad=True), country.region.id)
    assert (imported.written, imported.wrong, imported.stands, len(lots(country))) == (1, 1, True, 1)
