"""A cycle's threshold at the cut-off: met, put off once, shared or let go, each told, each ending once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.cycles import commands as cycles
from farmlink.cycles.rules.refusals import ExtendedAlreadyError
from farmlink.cycles.values import Stage, Unmet
from farmlink.demand import commands, queries
from farmlink.demand.values import MoreTime
from farmlink.orders import commands as orders
from farmlink.orders import queries as order_queries
from farmlink.orders.values import CancelReason, OrderState
from farmlink.store.check import check
from tests.farmlink.cycles.builders import Market
from tests.farmlink.demand.judging import (
    EXTENDED,
    MET,
    OPEN,
    PARTIAL,
    RELEASED,
    SHORT,
    ZERO,
    at_its_cut_off,
    state,
    steps,
    two_grades,
)
from tests.farmlink.planning.builders import run_sql


def test_a_threshold_that_is_met_closes_the_cycle(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=900)
    market.place(cycle_id, {bags: 3})
    assert state(market, cycle_id) is OPEN

    assert at_its_cut_off(market, cycle_id) is Stage.CLOSED

    assert (state(market, cycle_id), steps(market)) == (MET, [MET])


def test_too_few_by_the_cut_off_give_everybody_more_time_once(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, extension_hours=5)
    order = market.place(cycle_id, {bags: 3})
    market.close_in(cycle_id, -1)
    cut_off = market.cycle(cycle_id).closes_at

    assert market.store.run(commands.close_due, cycle_id).stage is Stage.OPEN

    assert market.cycle(cycle_id).closes_at == cut_off + timedelta(hours=5)
    assert (state(market, cycle_id), steps(market)) == (EXTENDED, [SHORT, EXTENDED])
    assert market.store.read(order_queries.order, order.id).state is OrderState.PLACED
    market.place(cycle_id, {bags: 1})
    assert at_its_cut_off(market, cycle_id) is Stage.CLOSED
    assert (state(market, cycle_id), steps(market)) == (MET, [SHORT, EXTENDED, MET])
    assert check(market.store) == []


def test_too_few_after_more_time_are_let_go(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, extension_hours=5)
    order = market.place(cycle_id, {bags: 3})
    at_its_cut_off(market, cycle_id)

    assert at_its_cut_off(market, cycle_id) is Stage.CANCELLED

    assert steps(market) == [SHORT, EXTENDED, ZERO, RELEASED]
    assert market.store.read(order_queries.order, order.id).reason is CancelReason.THRESHOLD
    assert market.store.run(commands.close, cycle_id).stage is Stage.CANCELLED
    assert steps(market) == [SHORT, EXTENDED, ZERO, RELEASED]
    assert check(market.store) == []


def test_who_closes_by_hand_keeps_the_promise_of_more_time(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, extension_hours=5)
    market.place(cycle_id, {bags: 3})
    cut_off = market.cycle(cycle_id).closes_at

    for _ in range(3):
        assert market.store.run(commands.close, cycle_id).stage is Stage.OPEN

    assert market.cycle(cycle_id).closes_at == cut_off + timedelta(hours=5)
    assert steps(market) == [SHORT, EXTENDED]
    market.place(cycle_id, {bags: 1})
    assert market.store.run(commands.close, cycle_id).stage is Stage.CLOSED


def test_who_closes_a_cycle_that_stays_open_is_told_until_when_and_what_is_missing(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, extension_hours=5)
    assert market.store.read(queries.closing, cycle_id).extended is None
    market.place(cycle_id, {bags: 3})

    closing = market.store.run(commands.close, cycle_id)

    until = market.cycle(cycle_id).closes_at
    told = MoreTime(
        until=until,
        reason=CancelReason.THRESHOLD,
        total_minor=900,
        threshold_minor=1_000,
        to_go_minor=100,
        currency="USD",
    )
    assert (closing.stage, closing.extended) == (Stage.OPEN, told)
    market.place(cycle_id, {bags: 1})
    assert market.store.run(commands.close, cycle_id).extended is None


def test_a_cycle_that_nobody_joined_waits_for_its_first_order(market: Market) -> None:
    cycle_id, bags, _ = market.open(extension_hours=5)

    waits = market.store.run(commands.close, cycle_id).extended

    assert waits is not None
    assert (waits.reason, waits.total_minor, waits.to_go_minor) == (CancelReason.NO_ORDERS, 0, 0)
    market.place(cycle_id, {bags: 1})
    waits = market.store.read(queries.closing, cycle_id).extended
    assert waits is not None
    assert (waits.reason, waits.total_minor) == (None, 300), "enough have joined since"


def test_more_time_that_is_over_when_the_cut_off_is_noticed_is_none(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, extension_hours=1)
    market.place(cycle_id, {bags: 3})
    market.close_in(cycle_id, -3_600_001)

    assert market.store.run(commands.close_due, cycle_id).stage is Stage.CANCELLED


def test_a_cut_off_that_was_put_off_as_declared_stays(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, extension_hours=5)
    market.place(cycle_id, {bags: 3})
    at_its_cut_off(market, cycle_id)
    cycle = market.cycle(cycle_id)

    with pytest.raises(ExtendedAlreadyError):
        market.store.run(cycles.extend, cycle_id, cycle.revision, cycle.closes_at + timedelta(hours=1))


def test_a_cycle_that_shares_what_is_there_goes_on_with_too_few(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, unmet=Unmet.PARTIAL)
    order = market.place(cycle_id, {bags: 3})

    assert at_its_cut_off(market, cycle_id) is Stage.CLOSED

    assert steps(market) == [SHORT, PARTIAL]
    assert market.store.read(order_queries.order, order.id).lines[0].batch_id is not None
    assert check(market.store) == []


def test_where_nobody_ordered_there_is_nothing_to_share(market: Market) -> None:
    cycle_id, bags, _ = market.open(unmet=Unmet.PARTIAL)
    market.store.run(orders.cancel, market.place(cycle_id, {bags: 3}).id)

    assert at_its_cut_off(market, cycle_id) is Stage.CANCELLED

    assert steps(market) == [SHORT, ZERO, RELEASED]


def test_a_cycle_of_which_only_dropped_goods_were_wanted_is_let_go(market: Market) -> None:
    cycle_id, _, few = two_grades(market)
    order = market.place(cycle_id, {few: 2})

    assert at_its_cut_off(market, cycle_id) is Stage.CANCELLED

    assert market.store.read(order_queries.order, order.id).reason is CancelReason.THRESHOLD
    assert steps(market) == [SHORT, ZERO, RELEASED]
    assert market.listing(cycle_id, few).threshold_state is RELEASED


@pytest.mark.parametrize("closed", [False, True])
def test_who_cancels_a_cycle_releases_every_threshold(market: Market, *, closed: bool) -> None:
    cycle_id, bags, few = two_grades(market)
    market.place(cycle_id, {bags: 1, few: 20})
    if closed:
        at_its_cut_off(market, cycle_id)

    market.store.run(orders.cancel_cycle, cycle_id, CancelReason.PLANNER)

    assert state(market, cycle_id) is RELEASED
    assert {market.listing(cycle_id, one).threshold_state for one in (bags, few)} == {RELEASED}


@pytest.mark.parametrize("table", ["order_cycle", "stock"])
def test_the_database_itself_extends_nothing_twice_and_charges_nothing_unmet(market: Market, table: str) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, extension_hours=5)
    market.place(cycle_id, {bags: 3})
    for told in ("short", "extended"):
        run_sql(market.store, f"UPDATE {table} SET threshold_state = '{told}'")

    for wrong in ("short", "open", "charged"):
        with pytest.raises(IntegrityError, match="cannot move from extended"):
            run_sql(market.store, f"UPDATE {table} SET threshold_state = '{wrong}'")
    run_sql(market.store, f"UPDATE {table} SET threshold_state = 'zero'")
    with pytest.raises(IntegrityError, match="cannot move from zero to charged"):
        run_sql(market.store, f"UPDATE {table} SET threshold_state = 'charged'")


@pytest.mark.parametrize("terms", ["threshold_minor = 0", "unmet = 'partial'", "extension_hours = 9"])
def test_the_database_itself_keeps_what_was_declared_before_anybody_ordered(market: Market, terms: str) -> None:
    market.open(threshold_minor=1_000, extension_hours=5)

    with pytest.raises(IntegrityError, match="stays as it was promised"):
        run_sql(market.store, f"UPDATE order_cycle SET {terms}")


def test_each_step_says_by_when_the_next_one_comes(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, extension_hours=5)
    market.place(cycle_id, {bags: 3})
    assert market.store.read(queries.progress, cycle_id).due_at == market.cycle(cycle_id).closes_at
    at_its_cut_off(market, cycle_id)

    progress = market.store.read(queries.progress, cycle_id)

    assert (progress.due_at, progress.to_go_minor) == (market.cycle(cycle_id).closes_at, 100)
    at_its_cut_off(market, cycle_id)
    assert market.store.read(queries.progress, cycle_id).due_at is None
