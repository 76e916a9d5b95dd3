from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random
from threading import Event

from farmlink.cycles import commands as cycles
from farmlink.cycles.rules.refusals import CycleClosedError, SoldOutError
from farmlink.cycles.values import ListingId, Stage
from farmlink.demand import commands as demand
from farmlink.demand import queries as demand_queries
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.page import Paging
from farmlink.orders import commands, queries
from farmlink.orders.rules import OrderExistsError
from farmlink.orders.values import Amendment, Order, Outcome, WantedLine
from farmlink.people.commands import seed_consumers
from farmlink.store.check import check
from farmlink.store.transaction import Transaction
from farmlink.supply import commands as supply
from tests.farmlink.cycles.builders import Market
from tests.farmlink.orders.rush import at_once, waiting


def test_five_hundred_buyers_on_the_last_hundred_kilograms_get_exactly_those(market: Market) -> None:
    cycle_id, bags, crates = market.open()
    chance = Random(7)
    consumers = [seeded.person_id for seeded in market.store.run(seed_consumers, 500)]
    wanted = [
        market.placing(
            cycle_id, {bags: chance.randint(1, 4)} if chance.random() < 0.8 else {crates: 1}, consumer_id=who
        )
        for who in consumers
    ]

    outcomes = at_once([partial(market.store.run, commands.place, placing) for placing in wanted])

    sold = sum(line.quantity for outcome in outcomes if outcome.order for line in outcome.order.lines)
    assert sold == market.listing(cycle_id, bags).ordered == 100_000
    assert {type(outcome.refusal) for outcome in outcomes} == {type(None), SoldOutError}
    assert check(market.store) == []


def test_an_order_during_the_cut_off_is_accepted_if_and_only_if_it_is_in_a_batch(market: Market) -> None:
    market.lot(10_000_000)
    cycle_id, bags, _ = market.open()
    consumers = [seeded.person_id for seeded in market.store.run(seed_consumers, 200)]
    wanted = [market.placing(cycle_id, {bags: 1}, consumer_id=who) for who in consumers]
    market.place(cycle_id, {bags: 1})

    def close() -> None:
        market.store.run(demand.close, cycle_id)

    deeds: list[Callable[[], Outcome | None]] = [
        partial(market.store.run, commands.place, placing) for placing in wanted
    ]
    deeds.insert(60, close)
    outcomes = [outcome for outcome in at_once(deeds) if outcome is not None]

    accepted = [outcome.order.id for outcome in outcomes if outcome.order]
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal]
    orders = market.store.read(queries.orders, Paging(limit=400), cycle_id=cycle_id).items
    batched = [order.id for order in orders if all(line.batch_id for line in order.lines)]
    assert len(accepted) + 1 == len(batched)
    assert set(accepted) < set(batched)
    assert {type(refusal) for refusal in refused} == {CycleClosedError}
    assert sum(batch.quantity for batch in market.store.read(demand_queries.batches, cycle_id)) == 1000 * len(batched)
    assert check(market.store) == []


def test_one_consumer_on_many_devices_has_one_order(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    ada = market.person()
    wanted = [market.placing(cycle_id, {bags: 1}, consumer_id=ada) for _ in range(24)]

    outcomes = at_once([partial(market.store.run, commands.place, placing) for placing in wanted])

    assert len([outcome for outcome in outcomes if outcome.order]) == 1
    assert {type(outcome.refusal) for outcome in outcomes} == {type(None), OrderExistsError}
    assert market.listing(cycle_id, bags).ordered == 1000


def test_a_second_order_waits_until_the_first_is_there_to_be_seen(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    ada = market.person()
    first, second = (market.placing(cycle_id, {bags: 1}, consumer_id=ada) for _ in range(2))
    placed, go_on = Event(), Event()

    def place_slowly(tx: Transaction) -> Outcome:
        outcome = commands.place(tx, first)
        placed.set()
        assert go_on.wait(30)
        return outcome

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(market.store.run, place_slowly)
        assert placed.wait(30)
        quick = pool.submit(market.store.run, commands.place, second)
        while not market.store.read(waiting):
            assert not quick.done(), "the second order did not wait for the first"
        go_on.set()

    assert slow.result().order is not None
    assert isinstance(quick.result().refusal, OrderExistsError)


def test_two_devices_that_cancel_one_order_at_once_are_both_told_that_it_is_cancelled(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 5})
    seen, go_on = Event(), Event()

    def cancel_slowly(tx: Transaction) -> Order:
        cancelled = commands.cancel(tx, order.id)
        seen.set()
        assert go_on.wait(30)
        return cancelled

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(market.store.run, cancel_slowly)
        assert seen.wait(30)
        quick = pool.submit(market.store.run, commands.cancel, order.id)
        while not market.store.read(waiting):
            assert not quick.done(), "the second did not wait for the first"
        go_on.set()

    assert slow.result() == quick.result() == market.store.read(queries.order, order.id)
    assert market.listing(cycle_id, bags).left == 100_000
    assert check(market.store) == []


def test_one_key_sent_many_times_at_once_has_one_effect(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    placing = market.placing(cycle_id, {bags: 1})

    outcomes = at_once([partial(market.store.run, commands.place, placing)] * 24)

    assert len({outcome.order for outcome in outcomes}) == 1
    assert len([outcome for outcome in outcomes if not outcome.repeated]) == 1
    assert market.listing(cycle_id, bags).ordered == 1000


def test_placing_changing_cancelling_and_closing_at_once_end_without_a_deadlock(market: Market) -> None:
    market.lot(400_000, grade=3)
    cycle = market.draft()
    listings = [*market.list_apples(cycle.id), *market.list_apples(cycle.id, grade=3)]
    market.store.run(cycles.open_cycle, cycle.id)
    chance = Random(11)
    consumers = [seeded.person_id for seeded in market.store.run(seed_consumers, 64)]

    def some() -> dict[ListingId, int]:
        return {listing_id: chance.randint(1, 3) for listing_id in chance.sample(listings, chance.randint(1, 4))}

    baskets = [(who, some(), some()) for who in consumers]

    def shop(number: int) -> None:
        who, first, second = baskets[number]
        try:
            order = market.store.run(commands.place, market.placing(cycle.id, first, consumer_id=who)).order
            if order is None:
                return
            lines = tuple(WantedLine(listing_id, packs) for listing_id, packs in second.items())
            changed = Amendment(order_id=order.id, revision=1, place_id=order.place_id, lines=lines)
            market.store.run(commands.amend, changed)
            if number % 3 == 0:
                market.store.run(commands.cancel, order.id)
            if number == 20:
                market.store.run(cycles.refresh_available, cycle.id)
            if number == 50:
                market.store.run(demand.close, cycle.id)
        except RefusedError:
            return

    at_once([partial(shop, number) for number in range(64)])

    assert market.store.run(demand.close, cycle.id).stage is Stage.CLOSED
    assert check(market.store) == []


def test_a_harvest_that_fails_during_the_rush_is_never_sold_twice(market: Market) -> None:
    market.lot(50_000)
    cycle_id, bags, _ = market.open()
    consumers = [seeded.person_id for seeded in market.store.run(seed_consumers, 160)]

    def fail() -> None:
        market.store.run(supply.report_failed_harvest, market.lots[0])
        market.store.run(cycles.refresh_available, cycle_id)

    deeds: list[Callable[[], object]] = [
        partial(market.try_to_place, cycle_id, {bags: 1}, consumer_id=who) for who in consumers
    ]
    deeds.insert(30, fail)
    at_once(deeds)

    listing = market.listing(cycle_id, bags)
    assert listing.left == 0
    assert 50_000 <= listing.ordered < 150_000
    assert check(market.store) == []
