"""A listing changes until somebody has ordered it; after that only its price falls, and its threshold."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.catalogue import commands as catalogue
from farmlink.catalogue.values import VariantDraft
from farmlink.cycles import commands, queries
from farmlink.cycles.rules.refusals import (
    CycleStageError,
    ListingOrderedError,
    OtherGoodsError,
    PriceRisesError,
)
from farmlink.cycles.values import CycleId, ListingId, ListingTerms, PriceStep, Stage, Unmet
from farmlink.kernel.errors import InvalidError, MissingError, StaleError
from farmlink.orders import commands as orders
from farmlink.store.audit import deeds
from farmlink.store.transaction import Transaction
from tests.farmlink.cycles.builders import APPLES, Market
from tests.farmlink.orders.rush import waiting
from tests.farmlink.planning.builders import run_sql

STEPS = (PriceStep(10_000, 280), PriceStep(20_000, 250))


def terms(market: Market, cycle_id: CycleId, **changed: Any) -> ListingTerms:
    """What the bags say when they are listed."""
    listed = ListingTerms(
        cycle_id=cycle_id,
        product_id=market.apples.id,
        grade=4,
        variant_id=market.bag.id,
        price_minor_per_1000=300,
        price_steps=STEPS,
        tax_ppm=60_000,
        case_packs=2,
        threshold=5_000,
        unmet=Unmet.PARTIAL,
        cap=90_000,
    )
    return replace(listed, **changed)


def listed(market: Market) -> tuple[CycleId, ListingId]:
    cycle = market.draft()
    (bags,) = market.store.run(commands.add_listings, [terms(market, cycle.id)])
    market.store.run(commands.open_cycle, cycle.id)
    return cycle.id, bags


def test_a_listing_that_nobody_has_ordered_becomes_what_is_said_of_it(market: Market) -> None:
    cycle_id, bags = listed(market)
    changed = terms(
        market,
        cycle_id,
        variant_id=market.crate.id,
        price_minor_per_1000=290,
        price_steps=(),
        tax_ppm=0,
        case_packs=3,
        threshold=7_000,
        unmet=Unmet.ZERO,
        cap=60_000,
    )

    market.store.run(commands.change_listing, bags, changed)

    now = market.listing(cycle_id, bags)
    assert (now.variant_id, now.pack, now.price_minor_per_1000, now.price_steps) == (market.crate.id, 10_000, 290, ())
    assert (now.tax_ppm, now.case_packs, now.threshold, now.unmet, now.left) == (0, 3, 7_000, Unmet.ZERO, 60_000)


def test_the_audit_says_from_what_to_what_a_listing_was_changed(market: Market) -> None:
    cycle_id, bags = listed(market)
    market.store.run(commands.change_listing, bags, terms(market, cycle_id))
    market.store.run(commands.change_listing, bags, terms(market, cycle_id, price_minor_per_1000=290, cap=None))
    (latest,) = market.store.read(deeds, 1, action="listing.change")
    assert latest.facts == {"price_minor_per_1000": "300 → 290", "cap": "90000 → None"}


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("variant_id", {"variant_id": "crate"}),
        ("tax_ppm", {"tax_ppm": 0}),
        ("case_packs", {"case_packs": 3}),
        ("price_steps", {"price_steps": STEPS[:1]}),
        ("threshold", {"threshold": 5_001}),
        ("unmet", {"unmet": Unmet.ZERO}),
        ("cap", {"cap": 80_000}),
        ("cap", {"cap": None}),
    ],
)
def test_a_listing_that_somebody_has_ordered_stays_as_it_was(
    market: Market, field: str, changed: dict[str, Any]
) -> None:
    cycle_id, bags = listed(market)
    order = market.place(cycle_id, {bags: 1})
    if "variant_id" in changed:
        changed = {"variant_id": market.crate.id}

    with pytest.raises(ListingOrderedError) as refused:
        market.store.run(commands.change_listing, bags, terms(market, cycle_id, **changed))

    assert refused.value.facts["field"] == field
    market.store.run(orders.cancel, order.id)
    market.store.run(commands.change_listing, bags, terms(market, cycle_id, **changed))


def test_the_price_and_the_threshold_of_an_ordered_listing_may_fall(market: Market) -> None:
    cycle_id, bags = listed(market)
    market.place(cycle_id, {bags: 1})
    fallen = terms(market, cycle_id, price_minor_per_1000=270, price_steps=STEPS[1:], threshold=4_000, unmet=None)

    market.store.run(commands.change_listing, bags, fallen)

    now = market.listing(cycle_id, bags)
    assert (now.price_minor_per_1000, now.price_steps, now.threshold) == (270, STEPS[1:], 4_000)


def test_a_posted_price_never_rises_and_a_draft_has_none_posted(market: Market) -> None:
    cycle = market.draft()
    (bags,) = market.store.run(commands.add_listings, [terms(market, cycle.id)])
    market.store.run(commands.change_listing, bags, terms(market, cycle.id, price_minor_per_1000=310))
    market.store.run(commands.open_cycle, cycle.id)

    with pytest.raises(PriceRisesError):
        market.store.run(commands.change_listing, bags, terms(market, cycle.id, price_minor_per_1000=311))

    market.store.run(commands.change_listing, bags, terms(market, cycle.id, price_minor_per_1000=None))
    assert market.listing(cycle.id, bags).price_minor_per_1000 == 310


@pytest.mark.parametrize("changed", [{"grade": 3}, {"product_id": "other"}])
def test_other_goods_are_another_listing(market: Market, changed: dict[str, Any]) -> None:
    cycle_id, bags = listed(market)
    if "product_id" in changed:
        other = market.store.run(catalogue.create_product, replace(APPLES, code="pears"))
        pack = VariantDraft(name={"en": "bag", "zh-CN": "袋"}, quantity=500, weight_g=500)
        changed = {"product_id": other.id, "variant_id": market.store.run(catalogue.add_variant, other.id, pack).id}

    with pytest.raises(OtherGoodsError):
        market.store.run(commands.change_listing, bags, terms(market, cycle_id, **changed))


def test_a_listing_is_changed_by_who_saw_it_as_it_is_in_a_cycle_that_sells_it(market: Market) -> None:
    cycle_id, bags = listed(market)
    elsewhere = market.draft().id

    with pytest.raises(StaleError):
        market.store.run(commands.change_listing, bags, terms(market, cycle_id), seen=310)
    with pytest.raises(MissingError):
        market.store.run(commands.change_listing, bags, terms(market, elsewhere))
    with pytest.raises(InvalidError):
        market.store.run(commands.change_listing, bags, terms(market, cycle_id, price_steps=(PriceStep(5, 400),)))
    market.store.run(commands.move, cycle_id, Stage.CLOSED)
    with pytest.raises(CycleStageError):
        market.store.run(commands.change_listing, bags, terms(market, cycle_id))


@pytest.mark.parametrize(
    "changed",
    [
        {"variant_id": "crate"},
        {"price_minor_per_1000": 299},
        {"price_steps": ()},
        {"tax_ppm": 0},
        {"case_packs": 3},
        {"threshold": 4_999},
        {"unmet": Unmet.ZERO},
        {"cap": None},
    ],
)
def test_who_saw_a_listing_before_any_of_its_terms_changed_changes_nothing(
    market: Market, changed: dict[str, Any]
) -> None:
    cycle_id, bags = listed(market)
    _, seen = market.store.read(queries.listing_seen, bags)
    if "variant_id" in changed:
        changed = {"variant_id": market.crate.id}
    market.store.run(commands.change_listing, bags, terms(market, cycle_id, **changed), seen=seen)
    now = market.listing(cycle_id, bags)

    with pytest.raises(StaleError):
        market.store.run(commands.change_listing, bags, terms(market, cycle_id, case_packs=9), seen=seen)
    with pytest.raises(StaleError):
        market.store.run(commands.lower_price, cycle_id, bags, 290, seen=seen)

    assert market.listing(cycle_id, bags) == now


def test_what_is_ordered_meanwhile_leaves_a_listing_as_it_was_seen(market: Market) -> None:
    cycle_id, bags = listed(market)
    _, seen = market.store.read(queries.listing_seen, bags)

    market.place(cycle_id, {bags: 1})

    market.store.run(commands.lower_price, cycle_id, bags, 290, seen=seen)
    assert market.listing(cycle_id, bags).price_minor_per_1000 == 290


def test_who_changes_a_listing_waits_for_stock_in_the_order_in_which_orders_do(market: Market) -> None:
    market.lot(50_000, grade=3)
    cycle_id, _ = listed(market)
    (later,) = market.store.run(commands.add_listings, [terms(market, cycle_id, grade=3)])
    changed = terms(market, cycle_id, grade=3, case_packs=3)
    held, go_on = Event(), Event()

    def hold_first(tx: Transaction) -> None:
        tx.execute("SELECT FROM stock ORDER BY id LIMIT 1 FOR UPDATE")
        held.set()
        assert go_on.wait(30)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(market.store.run, hold_first)
        assert held.wait(30)
        changing = pool.submit(market.store.run, commands.change_listing, later, changed)
        while not market.store.read(waiting):
            assert not changing.done(), "the change did not wait for the first stock"
        free = market.store.run(lambda tx: tx.execute("SELECT grade FROM stock FOR UPDATE SKIP LOCKED").scalars().all())
        go_on.set()

    assert (first.result(), changing.result()) == (None, None)
    assert free == [3]


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE listing SET pack = 2 * pack",
        "UPDATE listing SET tax_ppm = 0",
        "UPDATE listing SET case_packs = 3",
        "UPDATE listing SET price_steps = '[]'",
        "UPDATE stock SET threshold = threshold + 1",
        "UPDATE stock SET cap = NULL",
        "UPDATE stock SET unmet = 'zero'",
    ],
)
def test_the_database_itself_keeps_a_listing_as_it_was_ordered(market: Market, deed: str) -> None:
    cycle_id, bags = listed(market)
    market.place(cycle_id, {bags: 1})

    with pytest.raises(IntegrityError, match="as it was ordered"):
        run_sql(market.store, deed)
