from pathlib import Path
from uuid import uuid4

import pytest

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import VariantDraft
from farmlink.cycles import queries
from farmlink.cycles.values import CycleId, Unmet
from farmlink.cycles.work import LISTED_TWICE, NO_PACK, NO_PRODUCT, TWO_PACKS, import_listings
from farmlink.kernel.errors import MissingError
from farmlink.store.sheets import Request
from tests.farmlink.cycles.builders import BAG_G, Market

HEAD = "product,grade,pack,price_minor_per_1000,variant\n"


def file(tmp_path: Path, lines: str) -> Path:
    path = tmp_path / "listings.csv"
    path.write_text(HEAD + lines)
    return path


def test_a_cycle_sells_what_the_file_lists_at_its_price_or_at_the_farms(market: Market, tmp_path: Path) -> None:
    cycle = market.draft()
    path = file(tmp_path, "apples,4,1000,300,\napples,4,10000,,crate\n")
    imported = import_listings(market.store, Request(path), cycle.id)
    assert (imported.written, imported.wrong, imported.stands) == (2, 0, True)
    bags, crates = sorted(market.store.read(queries.listings, cycle.id), key=lambda listing: listing.pack)
    assert (bags.pack, bags.price_minor_per_1000, bags.left, crates.pack) == (1000, 300, 100_000, 10_000)
    again = import_listings(market.store, Request(path), cycle.id)
    assert (again.written, again.known, len(market.store.read(queries.listings, cycle.id))) == (0, 2, 2)


def test_a_file_may_say_how_many_packs_make_a_case_and_what_becomes_of_too_few(market: Market, tmp_path: Path) -> None:
    cycle = market.draft()
    path = tmp_path / "listings.csv"
    path.write_text(
        "product,grade,pack,price_minor_per_1000,case_packs,threshold,unmet\napples,4,1000,300,6,9000,partial\n"
    )
    assert import_listings(market.store, Request(path), cycle.id).stands

    (bags,) = market.store.read(queries.listings, cycle.id)

    assert (bags.case_packs, bags.threshold, bags.unmet) == (6, 9_000, Unmet.PARTIAL)


def test_every_bad_listing_is_named_and_the_good_ones_stand_when_asked(market: Market, tmp_path: Path) -> None:
    twin = VariantDraft(name={"en": "net", "zh-CN": "网袋"}, quantity=BAG_G, weight_g=BAG_G)
    market.store.run(catalogue.add_variant, market.apples.id, twin)
    cycle = market.draft()
    bad = "plums,4,1000,300,\napples,4,77,300,\napples,4,1000,300,\napples,4,1000,300,bag\napples,5,1000,,bag\n"
    path = file(tmp_path, "apples,4,1000,300,bag\n" + bad)
    imported = import_listings(market.store, Request(path, skip_bad=True), cycle.id)
    assert (imported.written, imported.wrong, imported.stands) == (1, 5, True)
    assert [(error.line, error.column, error.message) for error in imported.errors][:4] == [
        (3, "product", NO_PRODUCT),
        (4, "pack", NO_PACK),
        (5, "pack", TWO_PACKS),
        (6, "pack", LISTED_TWICE),
    ]
    assert imported.errors[4].line == 7  # nobody asks a price for grade 5
    assert len(market.store.read(queries.listings, cycle.id)) == 1


def test_a_preview_lists_nothing(market: Market, tmp_path: Path) -> None:
    cycle = market.draft()
    imported = import_listings(market.store, Request(file(tmp_path, "apples,4,1000,300,\n"), preview=True), cycle.id)
    assert (imported.written, imported.stands) == (1, False)
    assert market.store.read(queries.listings, cycle.id) == ()


def test_a_cycle_that_is_not_there_sells_nothing(market: Market, tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        import_listings(market.store, Request(file(tmp_path, "")), CycleId(uuid4()))
