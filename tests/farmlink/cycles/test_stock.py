"""What a cycle has for sale follows the lots behind it."""

from dataclasses import replace

import pytest

from farmlink.cycles import commands, queries
from farmlink.cycles.queries.due import selling
from farmlink.cycles.rules.refusals import (
    SoldOutError,
)
from farmlink.cycles.values import CycleId, StockOutdated
from farmlink.scheduler import REACTIONS
from farmlink.store.outbox import relay_due
from farmlink.store.transaction import Transaction
from farmlink.supply import commands as supply
from farmlink.supply import queries as supply_queries
from farmlink.supply.values import LotChange, SupplyChanged
from tests.farmlink.cycles.builders import Market
from tests.farmlink.network.builders import Country
from tests.farmlink.planning.builders import run_sql


def test_all_packs_share_what_the_lots_hold(market: Market) -> None:
    market.lot(20_000)
    cycle_id, bags, crates = market.open()

    assert market.listing(cycle_id, bags).left == market.listing(cycle_id, crates).left == 120_000


def test_a_better_lot_stands_behind_the_best_grade_that_is_sold_and_counts_once(market: Market) -> None:
    market.lot(7_000, grade=5)
    market.lot(3_000, grade=2)
    cycle = market.draft()
    market.list_apples(cycle.id)
    market.list_apples(cycle.id, grade=2)
    market.store.run(commands.open_cycle, cycle.id)

    left = {listing.grade: listing.left for listing in market.store.read(queries.listings, cycle.id)}

    assert left == {4: 107_000, 2: 3_000}


def test_what_farms_offer_later_is_for_sale_once_the_stock_follows(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    market.lot(5_000)

    assert market.store.read(selling) == (cycle_id,)
    market.store.run(commands.refresh_available, cycle_id)

    assert market.listing(cycle_id, bags).left == 105_000


@pytest.mark.parametrize(("change", "left"), [({"quantity": 60_000}, 59_000), ({"daily_capacity": 20_000}, 19_000)])
def test_a_farm_that_has_less_than_it_thought_sells_less_at_once(
    market: Market, change: dict[str, int], left: int
) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 1})
    relay_due(market.store, REACTIONS)
    lot = market.store.read(supply_queries.lot, market.lots[0])
    asked = LotChange(**{name: getattr(lot, name) for name in LotChange.__dataclass_fields__})

    market.store.run(supply.change_lot, lot.id, replace(asked, **change), lot.revision)
    relay_due(market.store, REACTIONS)

    assert market.listing(cycle_id, bags).left == left


def test_a_withdrawn_lot_is_no_longer_for_sale_and_a_new_one_is(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    relay_due(market.store, REACTIONS)

    market.store.run(supply.withdraw_lot, market.lots[0])
    relay_due(market.store, REACTIONS)
    assert isinstance(market.try_to_place(cycle_id, {bags: 90}).refusal, SoldOutError)

    market.lot(7_000)
    relay_due(market.store, REACTIONS)
    assert market.listing(cycle_id, bags).left == 7_000


def test_what_one_cycle_is_promised_another_does_not_sell(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    relay_due(market.store, REACTIONS)

    market.store.run(supply.set_allocated, {market.lots[0]: 70_000})
    relay_due(market.store, REACTIONS)

    assert market.listing(cycle_id, bags).left == 30_000


def test_lots_of_another_region_change_nothing_here(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    elsewhere = Country.anywhere(market.store).region.id
    relay_due(market.store, REACTIONS)
    run_sql(market.store, "UPDATE stock SET available = 1")

    market.store.run(lambda tx: tx.announce(SupplyChanged(elsewhere)))
    relay_due(market.store, REACTIONS)
    assert market.listing(cycle_id, bags).left == 1


def test_stock_follows_once_and_one_cycle_at_a_time_however_many_lots_changed(market: Market) -> None:
    cycle_ids = {market.open()[0], market.open()[0]}
    relay_due(market.store, REACTIONS)
    region_id = market.country.region.id
    refreshed: list[tuple[int, CycleId]] = []

    def note(tx: Transaction, event: StockOutdated) -> None:
        refreshed.append((tx.execute("SELECT txid_current()").scalar_one(), event.cycle_id))

    for _ in range(5):
        market.store.run(lambda tx: tx.announce(SupplyChanged(region_id)))
    relay_due(market.store, {SupplyChanged: REACTIONS[SupplyChanged], StockOutdated: (note,)})

    assert len(refreshed) == len({transaction for transaction, _ in refreshed}) == 2
    assert {cycle_id for _, cycle_id in refreshed} == cycle_ids


def test_a_cap_holds_whatever_the_lots_hold(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, cap=30_000)

    assert market.listing(cycle.id, bags).left == 30_000


def test_a_failed_harvest_is_no_longer_for_sale_and_what_is_ordered_stays_ordered(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 4})

    market.store.run(supply.report_failed_harvest, market.lots[0])
    relay_due(market.store, REACTIONS)

    listing = market.listing(cycle_id, bags)
    assert (listing.ordered, listing.left) == (4_000, 0)
