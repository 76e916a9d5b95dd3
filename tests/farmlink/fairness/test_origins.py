"""Where goods would come from: the farms behind them, and when these harvest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farmlink.cycles import queries as cycles
from farmlink.fairness import queries
from farmlink.fairness.values import Origin
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from tests.farmlink.cycles.builders import COLLECT_ON, Market


@pytest.fixture
def market(store: Store) -> Market:
    return Market.founded(store, apples_g=0)


def origin(market: Market) -> Origin | None:
    cycle_id, bags, _ = market.open()
    cycle = market.cycle(cycle_id)
    found = market.store.read(queries.origins, cycle, market.store.read(cycles.listings, cycle_id))
    listing = market.listing(cycle_id, bags)
    return found.get((listing.product_id, listing.grade))


def test_all_farms_that_can_send_goods_are_behind_them_with_what_they_have(market: Market) -> None:
    for quantity in (30_000, 10_000):
        market.lot(quantity)

    found = origin(market)

    assert found is not None
    assert sorted(found.farms.values()) == [10_000, 30_000]
    assert found.harvest_from == found.harvest_until == COLLECT_ON - timedelta(days=1)


def test_better_goods_stand_behind_what_is_sold_and_worse_do_not(market: Market) -> None:
    market.lot(10_000, grade=5)
    market.lot(20_000, grade=3)

    found = origin(market)

    assert found is not None
    assert list(found.farms.values()) == [10_000]


def test_what_nobody_offers_comes_from_nowhere(market: Market) -> None:
    market.store.run(supply.withdraw_lot, market.lot(10_000))

    assert origin(market) is None
