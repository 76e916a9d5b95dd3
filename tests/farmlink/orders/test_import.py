from pathlib import Path

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import VariantDraft
from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, ListingTerms
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.orders import queries
from farmlink.orders.values import Order
from farmlink.orders.work import NO_CONSUMER, NO_LINE, NO_POINT, NOT_SOLD, TWO_PACKS, import_orders
from farmlink.store.check import check
from farmlink.store.sheets import Request
from tests.farmlink.cycles.builders import BAG_G, Market

HEAD = "id,consumer,point,lines\n"


def file(tmp_path: Path, lines: str) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + lines)
    return path


def orders(market: Market, cycle_id: CycleId) -> list[Order]:
    return market.store.read(queries.orders, Paging(), cycle_id=cycle_id).items


def test_another_channel_s_orders_come_in_once(market: Market, tmp_path: Path) -> None:
    cycle_id, bags, crates = market.open()
    ada, ben = market.person("Ada"), market.person("Ben")
    point = market.point.id
    path = file(tmp_path, f"w-1,{ada},{point},apples/4/1000 x 2; apples/4/10000x1\nw-2,{ben},{point},apples/4/1000*3\n")
    imported = import_orders(market.store, Request(path), cycle_id)
    assert (imported.written, imported.known, imported.wrong, imported.stands) == (2, 0, 0, True)
    placed = {
        order.consumer_id: {line.listing_id: line.packs for line in order.lines} for order in orders(market, cycle_id)
    }
    assert placed == {ada: {bags: 2, crates: 1}, ben: {bags: 3}}
    again = import_orders(market.store, Request(path), cycle_id)
    assert (again.written, again.known, again.stands, len(orders(market, cycle_id))) == (0, 2, True, 2)


def test_every_bad_order_is_named_and_none_is_placed(market: Market, tmp_path: Path) -> None:
    cycle_id, _, _ = market.open()
    ada, point = market.person(), market.point.id
    bad = (
        f"w-2,{uuid7()},{point},apples/4/1000 x 1\n"
        f"w-3,Ada,{point},apples/4/1000 x 1\n"
        f"w-4,{ada},nowhere,apples/4/1000 x 1\n"
        f"w-5,{ada},{point},two apples\n"
        f"w-6,{ada},{point},plums/4/1000 x 1\n"
        f"w-7,{market.person()},{point},apples/4/10000 x 11\n"
    )
    path = file(tmp_path, f"w-1,{ada},{point},apples/4/1000 x 1\n" + bad)
    imported = import_orders(market.store, Request(path), cycle_id)
    assert (imported.written, imported.wrong, imported.stands) == (1, 6, False)
    found = {error.line: (error.column, error.message) for error in imported.errors}
    assert found[3] == ("consumer", NO_CONSUMER)
    assert found[4][0] == "consumer"
    assert [found[line] for line in (5, 6, 7)] == [("point", NO_POINT), ("lines", NO_LINE), ("lines", NOT_SOLD)]
    assert 8 in found  # more than there is
    assert orders(market, cycle_id) == []


def test_two_packs_of_one_size_are_both_named_and_neither_is_guessed(market: Market, tmp_path: Path) -> None:
    netted = VariantDraft(name={"en": "net", "zh-CN": "网袋"}, quantity=BAG_G, weight_g=BAG_G)
    net = market.store.run(catalogue.add_variant, market.apples.id, netted)
    cycle_id, _, _ = market.open()
    terms = ListingTerms(
        cycle_id=cycle_id, product_id=market.apples.id, grade=4, variant_id=net.id, price_minor_per_1000=310
    )
    market.store.run(cycles.add_listings, [terms])
    path = file(tmp_path, f"w-1,{market.person()},{market.point.id},apples/4/1000 x 1\n")
    imported = import_orders(market.store, Request(path), cycle_id)
    assert [(error.message, error.facts["names"]) for error in imported.errors] == [(TWO_PACKS, ["bag", "net"])]
    assert orders(market, cycle_id) == []


def test_the_good_orders_stand_when_bad_ones_may_be_skipped(market: Market, tmp_path: Path) -> None:
    cycle_id, _, _ = market.open()
    ada, point = market.person(), market.point.id
    path = file(tmp_path, f"w-1,{ada},{point},apples/4/1000 x 1\nw-2,{ada},nowhere,apples/4/1000 x 1\n")
    imported = import_orders(market.store, Request(path, skip_bad=True), cycle_id)
    assert (imported.written, imported.wrong, imported.stands, len(orders(market, cycle_id))) == (1, 1, True, 1)


def test_an_order_that_was_refused_is_judged_anew_when_the_file_comes_again(market: Market, tmp_path: Path) -> None:
    cycle_id, bags, _ = market.open()
    point = market.point.id
    rows = f"w-1,{market.person()},{point},apples/4/1000 x 90\nw-2,{market.person()},{point},apples/4/1000 x 20\n"
    path = file(tmp_path, rows)
    first = import_orders(market.store, Request(path, skip_bad=True), cycle_id)
    assert (first.written, first.wrong, first.stands) == (1, 1, True)
    market.lot(100_000)
    market.store.run(cycles.refresh_available, cycle_id)

    second, third = (import_orders(market.store, Request(path, skip_bad=True), cycle_id) for _ in range(2))

    assert (second.written, second.known, second.wrong) == (1, 1, 0)
    assert (third.written, third.known, third.wrong) == (0, 2, 0)
    assert market.listing(cycle_id, bags).ordered == 110_000
    assert check(market.store) == []
