from __future__ import annotations

from dataclasses import replace

from farmlink.cycles.rules.refusals import SoldOutError
from farmlink.network.values import PlaceId
from farmlink.orders import commands, queries
from farmlink.orders.rules import OrderExistsError
from farmlink.store.bell import Bell
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import Market


def test_an_order_costs_what_the_shop_said_and_takes_from_all_packs(market: Market) -> None:
    cycle_id, bags, crates = market.open()

    order = market.place(cycle_id, {bags: 3, crates: 2})

    assert {(line.packs, line.quantity, line.total_minor) for line in order.lines} == {
        (3, 3000, 900),
        (2, 20_000, 5000),
    }
    assert order.total_minor == 5900
    assert market.listing(cycle_id, bags).left == market.listing(cycle_id, crates).left == 77_000
    assert market.store.read(queries.order, order.id) == order


def test_the_last_bags_go_to_who_comes_first(market: Market) -> None:
    cycle_id, bags, crates = market.open()
    wanted = [market.placing(cycle_id, lines) for lines in ({crates: 9}, {bags: 20}, {bags: 10})]

    first, second, third = market.store.run(commands.place_many, wanted)

    assert first.order is not None
    assert isinstance(second.refusal, SoldOutError)
    assert second.refusal.facts["packs_left"] == 10
    assert third.order is not None
    assert market.listing(cycle_id, bags).left == 0


def test_a_repeated_key_answers_what_it_answered_first(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    placing = market.placing(cycle_id, {bags: 5})
    once = market.store.run(commands.place, placing)

    again, twice = market.store.run(commands.place_many, [placing, placing])

    assert again.order == twice.order == once.order
    assert again.repeated
    assert market.listing(cycle_id, bags).ordered == 5000


def test_a_refusal_is_remembered_under_its_key(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    placing = market.placing(cycle_id, {bags: 101})
    market.store.run(commands.place, placing)

    again = market.store.run(commands.place, placing)

    assert again.repeated
    assert isinstance(again.refusal, SoldOutError)


def test_a_key_used_for_something_else_is_refused(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    placing = market.placing(cycle_id, {bags: 1})
    other = replace(placing, place_id=PlaceId(market.country.point("Elsewhere").id))
    market.store.run(commands.place, placing)

    refused = market.store.run(commands.place, other).refusal

    assert refused is not None
    assert refused.code == "key-reused"


def test_of_two_requests_that_come_together_under_one_key_the_first_counts(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    first = market.placing(cycle_id, {bags: 1})
    second = replace(first, place_id=PlaceId(market.country.point("Elsewhere").id))

    told = market.store.run(commands.place_many, [first, second, replace(first)])

    assert [outcome.refusal and outcome.refusal.code for outcome in told] == [None, "key-reused", None]
    assert [outcome.repeated for outcome in told] == [False, False, True]
    assert told[0].order == told[2].order


def test_a_consumer_orders_once_a_cycle(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    ada = market.person()
    market.place(cycle_id, {bags: 1}, consumer_id=ada)

    assert isinstance(market.try_to_place(cycle_id, {bags: 1}, consumer_id=ada).refusal, OrderExistsError)


def test_an_order_wakes_the_relay_at_once(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    rung: list[str] = []

    class Ear(Bell):
        def ring(self) -> None:
            rung.append("ring")

    Store(market.store.engine, "ann", Ear(market.store.engine)).run(commands.place, market.placing(cycle_id, {bags: 1}))

    assert rung == ["ring"]
