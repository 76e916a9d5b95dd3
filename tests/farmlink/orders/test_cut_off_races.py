"""A buyer at checkout during the cut-off is decided by the database: in time with all, or refused, and nothing held."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from uuid import uuid4

import pytest

from farmlink.cycles.values import CycleId, ListingId, Stage, ThresholdState
from farmlink.demand.values import Closing
from farmlink.fairness import commands as fairness
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.page import Paging
from farmlink.orders import commands, queries
from farmlink.orders.values import Order, OrderState
from farmlink.payments.values import Method
from farmlink.people.commands import seed_consumers
from farmlink.people.values import PersonId
from farmlink.store.check import check
from farmlink.store.transaction import Transaction
from tests.farmlink.cycles.builders import Market
from tests.farmlink.demand.purses import held, top_up
from tests.farmlink.orders.rush import at_once, waiting

BUYERS = 40
REFUSED = {"cycle-closed", "order-cancelled"}


def shop_and_pay(market: Market, cycle_id: CycleId, bags: ListingId, consumer: PersonId) -> str:
    """Order two bags and pay them; what came of it."""
    outcome = market.try_to_place(cycle_id, {bags: 2}, consumer_id=consumer)
    if outcome.order is None:
        return outcome.refusal.code if outcome.refusal else "lost"
    return pay(market, outcome.order)


def pay(market: Market, order: Order) -> str:
    try:
        market.store.run(commands.checkout, order.id, Method.CREDIT, uuid4())
    except RefusedError as refusal:
        return refusal.code
    return "held"


def rush(market: Market, cycle_id: CycleId, bags: ListingId) -> list[str]:
    """Half of the buyers order and pay, half pay what they ordered before, and three clocks strike, all at once."""
    consumers = [seeded.person_id for seeded in market.store.run(seed_consumers, BUYERS)]
    for consumer in consumers:
        top_up(market.store, consumer, 600)
    early = [market.place(cycle_id, {bags: 2}, consumer_id=who) for who in consumers[: BUYERS // 2]]
    deeds: list[Callable[[], str]] = [partial(pay, market, order) for order in early]
    deeds += [partial(shop_and_pay, market, cycle_id, bags, who) for who in consumers[BUYERS // 2 :]]
    deeds = [deed for pair in zip(deeds[: BUYERS // 2], deeds[BUYERS // 2 :], strict=True) for deed in pair]
    for place in (6, 7, 25):
        deeds.insert(place, lambda: market.store.run(fairness.close, cycle_id).stage.value)
    return at_once(deeds)


def orders_of(market: Market, cycle_id: CycleId) -> list[Order]:
    return market.store.read(queries.orders, Paging(limit=200), cycle_id=cycle_id).items


def require_books_balance(market: Market) -> None:
    balances = "SELECT coalesce(sum(balance_minor), 0) FROM ledger_account"
    assert market.store.read(lambda tx: tx.execute(balances).scalar_one()) == 0
    assert check(market.store) == []


@pytest.mark.parametrize("threshold_minor", [0, 10**9])
def test_whoever_pays_during_the_cut_off_is_served_or_let_go_with_all_others(
    market: Market, threshold_minor: int
) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=threshold_minor)

    came = rush(market, cycle_id, bags)

    served = market.cycle(cycle_id).stage is Stage.CLOSED
    assert served == (threshold_minor == 0)
    assert {one for one in came if one not in set(Stage)} <= {"held", *REFUSED}
    found = orders_of(market, cycle_id)
    assert {order.state for order in found} == {OrderState.PLACED if served else OrderState.CANCELLED}
    assert all((line.batch_id is not None) == served for order in found for line in order.lines)
    assert sum(held(market.store, order) for order in found) == (600 * came.count("held") if served else 0)
    require_books_balance(market)


def test_whoever_pays_while_the_cut_off_is_put_off_is_in_time(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=10**9, extension_hours=5)

    came = rush(market, cycle_id, bags)

    cycle = market.cycle(cycle_id)
    assert (cycle.stage, cycle.threshold_state) == (Stage.OPEN, ThresholdState.EXTENDED)
    assert sorted(came) == sorted(["held"] * BUYERS + ["open"] * 3)
    assert sum(held(market.store, order) for order in orders_of(market, cycle_id)) == 600 * BUYERS
    told = "SELECT count(*) FROM outbox_event WHERE name = 'cycle.extended.v1'"
    assert market.store.read(lambda tx: tx.execute(told).scalar_one()) == 1
    require_books_balance(market)


def test_a_threshold_that_the_last_buyers_reach_or_not_holds_for_all_of_them(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=600 * (BUYERS // 2 + 4))

    came = rush(market, cycle_id, bags)

    stage, found = market.cycle(cycle_id).stage, orders_of(market, cycle_id)
    ordered = sum(order.total_minor for order in found)
    assert stage is (Stage.CLOSED if ordered >= 600 * (BUYERS // 2 + 4) else Stage.CANCELLED)
    assert sum(held(market.store, order) for order in found) == (
        600 * came.count("held") if stage is Stage.CLOSED else 0
    )
    require_books_balance(market)


@pytest.mark.parametrize("terms", [{}, {"threshold_minor": 10**9}, {"threshold_minor": 10**9, "extension_hours": 5}])
def test_a_clock_that_waited_for_another_sees_what_that_one_made_of_the_cycle(
    market: Market, terms: dict[str, int]
) -> None:
    cycle_id, bags, _ = market.open(**terms)
    market.place(cycle_id, {bags: 2})
    market.close_in(cycle_id, -1)
    struck, go_on = Event(), Event()

    def close_slowly(tx: Transaction) -> Closing:
        closed = fairness.close_due(tx, cycle_id)
        struck.set()
        assert go_on.wait(30)
        return closed

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(market.store.run, close_slowly)
        assert struck.wait(30)
        quick = pool.submit(market.store.run, fairness.close_due, cycle_id)
        while not market.store.read(waiting):
            assert not quick.done(), "the second clock did not wait for the first"
        go_on.set()

    assert slow.result() == quick.result()
    require_books_balance(market)
