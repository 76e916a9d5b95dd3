"""Who orders while a planner changes a listing gets all of the old terms or all of the new ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from farmlink.cycles import commands as cycles
from farmlink.cycles.rules.refusals import ListingOrderedError
from farmlink.cycles.values import ListingTerms
from farmlink.kernel.page import Paging
from farmlink.orders import queries
from farmlink.people.commands import seed_consumers
from farmlink.store.check import check
from tests.farmlink.cycles.builders import Market
from tests.farmlink.orders.rush import at_once


def test_nobody_orders_half_of_the_old_terms_and_half_of_the_new(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    consumers = [seeded.person_id for seeded in market.store.run(seed_consumers, 24)]
    terms = ListingTerms(
        cycle_id=cycle_id,
        product_id=market.apples.id,
        grade=4,
        variant_id=market.bag.id,
        price_minor_per_1000=300,
        tax_ppm=60_000,
        case_packs=1,
    )

    def change() -> str:
        try:
            market.store.run(cycles.change_listing, bags, terms)
        except ListingOrderedError as refusal:
            return refusal.code
        return "changed"

    deeds: list[Callable[[], object]] = [
        partial(market.try_to_place, cycle_id, {bags: 1}, consumer_id=who) for who in consumers
    ]
    deeds.insert(0, change)
    answers = at_once(deeds)

    orders = market.store.read(queries.orders, Paging(limit=50), cycle_id=cycle_id).items
    taxes = {line.tax_ppm for order in orders for line in order.lines}
    assert len(orders) == len(consumers)
    assert taxes == ({60_000} if answers[0] == "changed" else {0})
    assert check(market.store) == []
