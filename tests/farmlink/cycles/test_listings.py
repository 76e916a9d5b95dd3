from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import VariantDraft, VariantId
from farmlink.cycles import commands, queries
from farmlink.cycles.rules.refusals import (
    CycleOpenedError,
    CycleStageError,
    PriceMissingError,
    PriceRisesError,
)
from farmlink.cycles.values import ListingTerms, PriceStep, Stage
from farmlink.kernel.bounds import MOST_PRICE_MINOR
from farmlink.kernel.errors import InvalidError, MissingError
from farmlink.kernel.page import Paging
from farmlink.store.transaction import Transaction
from tests.farmlink.cycles.builders import Market


def test_without_a_price_the_asks_behind_a_listing_and_the_markup_make_one(market: Market) -> None:
    market.lot(100_000, ask=300)
    cycle = market.draft(markup_ppm=200_000)
    bags, _ = market.list_apples(cycle.id, price_minor_per_1000=None, tax_ppm=60_000)

    assert market.listing(cycle.id, bags).price_minor_per_1000 == 318


def test_without_a_price_and_without_lots_nobody_knows_what_a_pack_costs(market: Market) -> None:
    cycle = market.draft()

    with pytest.raises(PriceMissingError):
        market.list_apples(cycle.id, grade=5, price_minor_per_1000=None)


def test_a_posted_price_only_falls(market: Market) -> None:
    cycle_id, bags, _ = market.open()

    with pytest.raises(PriceRisesError):
        market.store.run(commands.lower_price, cycle_id, bags, 301)
    market.store.run(commands.lower_price, cycle_id, bags, 280)

    assert market.listing(cycle_id, bags).price_minor_per_1000 == 280
    with pytest.raises(MissingError):
        market.store.run(commands.lower_price, market.draft().id, bags, 270)


def test_nobody_lowers_a_price_after_the_cut_off(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    market.store.run(commands.move, cycle_id, Stage.CANCELLED)

    with pytest.raises(CycleStageError):
        market.store.run(commands.lower_price, cycle_id, bags, 280)


def test_a_lower_price_drops_the_steps_it_has_passed(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(
        cycle.id, price_minor_per_1000=400, price_steps=(PriceStep(10_000, 350), PriceStep(20_000, 300))
    )

    market.store.run(commands.lower_price, cycle.id, bags, 340)

    assert market.listing(cycle.id, bags).price_steps == (PriceStep(20_000, 300),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"price_steps": (PriceStep(10, 300), PriceStep(5, 200))},
        {"price_steps": (PriceStep(10, 400),)},
        {"grade": 6},
        {"tax_ppm": 1_000_001},
        {"threshold": -1},
        {"cap": -1},
        {"price_minor_per_1000": -1},
        {"price_minor_per_1000": MOST_PRICE_MINOR + 1},
    ],
)
def test_a_listing_that_can_never_be_right_is_refused(market: Market, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidError):
        market.list_apples(market.draft().id, **wrong)


def test_a_listing_needs_a_pack_of_its_product(market: Market) -> None:
    with pytest.raises(InvalidError, match="pack"):
        market.list_apples(market.draft().id, variant_id=VariantId(market.hub.id))


def test_a_closed_cycle_lists_nothing_more(market: Market) -> None:
    cycle_id, _, _ = market.open()
    market.store.run(commands.move, cycle_id, Stage.CLOSED)

    with pytest.raises(CycleStageError):
        market.list_apples(cycle_id, grade=3)


def test_an_open_cycle_may_list_more(market: Market) -> None:
    cycle_id, _, _ = market.open()
    market.lot(9_000, grade=3)

    bags, _ = market.list_apples(cycle_id, grade=3)

    assert market.listing(cycle_id, bags).left == 9_000


def test_a_pack_added_while_orders_come_in_takes_the_terms_of_its_goods(market: Market) -> None:
    cycle = market.draft()
    bags, crates = market.list_apples(cycle.id, threshold=20_000, cap=90_000)
    market.store.run(commands.open_cycle, cycle.id)
    sack = VariantDraft(name={"en": "sack", "zh-CN": "包"}, quantity=1500, weight_g=1500)
    variant = market.store.run(catalogue.add_variant, market.apples.id, sack)
    terms = ListingTerms(
        cycle_id=cycle.id, product_id=market.apples.id, grade=4, variant_id=variant.id, price_minor_per_1000=290
    )

    for moved in (replace(terms, threshold=20_001), replace(terms, cap=80_000), replace(terms, cap=95_000)):
        with pytest.raises(CycleOpenedError):
            market.store.run(commands.add_listings, [moved])
    (sacks,) = market.store.run(commands.add_listings, [replace(terms, threshold=5_000, cap=90_000)])

    assert {market.listing(cycle.id, one).threshold for one in (bags, crates, sacks)} == {20_000}
    assert market.listing(cycle.id, sacks).left == 90_000


def test_goods_that_are_new_in_an_open_cycle_come_with_terms_of_their_own(market: Market) -> None:
    cycle_id, _, _ = market.open()
    market.lot(9_000, grade=3)

    bags, _ = market.list_apples(cycle_id, grade=3, threshold=4_000, cap=8_000)

    listing = market.listing(cycle_id, bags)
    assert (listing.threshold, listing.left) == (4_000, 8_000)


def test_listings_come_page_by_page(market: Market) -> None:
    cycle_id, bags, crates = market.open()

    first = market.store.read(queries.listings_page, cycle_id, Paging(limit=1))
    second = market.store.read(queries.listings_page, cycle_id, Paging(limit=1, after=first.next))

    assert {first.items[0].id, second.items[0].id} == {bags, crates}
    assert second.next is None
    assert set(market.store.read(queries.listings_by_id, [bags, crates])) == {bags, crates}


def test_the_database_itself_never_lets_more_be_reserved_than_there_is(market: Market) -> None:
    market.open()

    def oversell(tx: Transaction) -> None:
        tx.execute("UPDATE stock SET reserved = available + 1")

    with pytest.raises(IntegrityError, match="stock_reserved_within_available"):
        market.store.run(oversell)


def test_the_database_itself_lets_no_stage_be_skipped(market: Market) -> None:
    market.open()

    def skip(tx: Transaction) -> None:
        tx.execute("UPDATE order_cycle SET stage = 'done'")

    with pytest.raises(IntegrityError, match="cannot move from open to done"):
        market.store.run(skip)


def test_the_database_itself_lets_a_posted_price_only_fall(market: Market) -> None:
    def post(price: int) -> None:
        raised = "UPDATE listing SET price_minor_per_1000 = :price WHERE id = :id"
        market.store.run(Transaction.execute, raised, {"price": price, "id": bags})

    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, price_minor_per_1000=300)
    post(310)
    market.store.run(commands.open_cycle, cycle.id)
    post(300)
    with pytest.raises(IntegrityError, match="only falls"):
        post(301)
