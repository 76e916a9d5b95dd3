"""What the cut-off gives back: at once, in its own transaction, and never more than was held."""

from __future__ import annotations

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, ListingId, PriceStep, Stage
from farmlink.demand import commands
from farmlink.orders import commands as orders
from farmlink.orders import queries as order_queries
from farmlink.orders.values import CancelReason
from farmlink.payments.values import State
from farmlink.store.check import check
from tests.farmlink.cycles.builders import Market
from tests.farmlink.demand.purses import credit, held, pay, payment_of

STEPS = (PriceStep(5_000, 250), PriceStep(9_000, 200))


def stepped(market: Market, **changed: object) -> tuple[CycleId, ListingId]:
    """Sell bags at 3.00 that cost 2.50 from 5 kg on, and 2.00 from 9 kg on."""
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, price_minor_per_1000=300, price_steps=STEPS, **changed)
    market.store.run(cycles.open_cycle, cycle.id)
    return cycle.id, bags


def test_what_is_held_above_the_price_that_was_reached_goes_back_at_the_cut_off(market: Market) -> None:
    cycle_id, bags = stepped(market)
    early, late = market.place(cycle_id, {bags: 2}), market.place(cycle_id, {bags: 4})
    pay(market.store, early)
    assert held(market.store, early) == 600

    market.store.run(commands.close, cycle_id)

    assert (held(market.store, early), credit(market.store, early.consumer_id)) == (500, 100)
    assert payment_of(market.store, early).state is State.HELD
    assert market.store.read(order_queries.order, late.id).total_minor == 1_000
    assert check(market.store) == []


def test_who_is_let_go_gets_all_back(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=5_000, delivery_fee_minor=150)
    order = market.place(cycle_id, {bags: 3})
    pay(market.store, order)

    assert market.store.run(commands.close, cycle_id).stage is Stage.CANCELLED

    assert payment_of(market.store, order).state is State.RELEASED
    assert (held(market.store, order), credit(market.store, order.consumer_id)) == (0, 1_050)


def test_who_loses_a_line_gets_its_price_back_and_who_loses_all_gets_all_back(market: Market) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft(delivery_fee_minor=150)
    bags, _ = market.list_apples(cycle.id)
    few, _ = market.list_apples(cycle.id, grade=3, threshold=20_000)
    market.store.run(cycles.open_cycle, cycle.id)
    both, only = market.place(cycle.id, {bags: 1, few: 2}), market.place(cycle.id, {few: 3})
    for order in (both, only):
        pay(market.store, order)

    market.store.run(commands.close, cycle.id)

    assert (held(market.store, both), credit(market.store, both.consumer_id)) == (450, 600)
    assert (held(market.store, only), credit(market.store, only.consumer_id)) == (0, 1_050)
    assert payment_of(market.store, only).state is State.RELEASED
    assert check(market.store) == []


def test_a_planner_who_cancels_after_the_cut_off_gives_all_back(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 3})
    pay(market.store, order)
    market.store.run(commands.close, cycle_id)

    market.store.run(orders.cancel_cycle, cycle_id, CancelReason.PLANNER)

    assert (held(market.store, order), credit(market.store, order.consumer_id)) == (0, 900)


def test_a_price_that_was_reached_is_kept_when_cases_are_made_whole(market: Market) -> None:
    cycle_id, bags = stepped(market, case_packs=7)
    order = market.place(cycle_id, {bags: 9})
    pay(market.store, order)

    market.store.run(commands.close, cycle_id)

    cut = market.store.read(order_queries.order, order.id)
    assert (cut.lines[0].packs, cut.lines[0].price_minor_per_1000, cut.total_minor) == (7, 200, 1_400)
    assert (held(market.store, order), credit(market.store, order.consumer_id)) == (1_400, 1_300)


def test_a_cycle_of_which_no_case_was_filled_is_let_go(market: Market) -> None:
    cycle_id, bags = stepped(market, case_packs=20)
    order = market.place(cycle_id, {bags: 9})
    pay(market.store, order)

    assert market.store.run(commands.close, cycle_id).stage is Stage.CANCELLED

    assert market.store.read(order_queries.order, order.id).reason is CancelReason.CASE_NOT_FULL
    assert (held(market.store, order), credit(market.store, order.consumer_id)) == (0, 2_700)
    assert check(market.store) == []
