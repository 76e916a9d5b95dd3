from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.rules import later, moment_at
from farmlink.cycles.rules.refusals import CycleStageError
from farmlink.cycles.values import PriceStep, Stage
from farmlink.demand import commands, queries
from farmlink.kernel.page import Paging
from farmlink.network.values import PointId
from farmlink.orders import commands as orders
from farmlink.orders import queries as order_queries
from farmlink.orders.values import CancelReason, OrderState
from farmlink.store.check import check
from farmlink.store.transaction import Transaction
from tests.farmlink.cycles.builders import Market


def announced(market: Market) -> list[str]:
    return market.store.read(lambda tx: list(tx.execute("SELECT name FROM outbox_event ORDER BY id").scalars()))


def test_at_the_cut_off_orders_become_one_batch_a_place(market: Market) -> None:
    elsewhere = market.country.point("Elsewhere")
    cycle_id, bags, crates = market.open()
    near = [market.place(cycle_id, {bags: 3}), market.place(cycle_id, {bags: 1, crates: 2})]
    far = market.place(cycle_id, {crates: 1}, place_id=elsewhere.id)

    closed = market.store.run(commands.close, cycle_id)

    assert (closed.stage, closed.orders, closed.lines, closed.batches) == (Stage.CLOSED, 3, 4, 2)
    batches = {PointId(batch.place_id): batch for batch in market.store.read(queries.batches, cycle_id)}
    assert (batches[market.point.id].quantity, batches[market.point.id].worth_minor) == (24_000, 6_200)
    assert batches[elsewhere.id].quantity == 10_000
    for order in near:
        lines = market.store.read(order_queries.order, order.id).lines
        assert {line.batch_id for line in lines} == {batches[market.point.id].id}
    assert market.store.read(order_queries.order, far.id).lines[0].batch_id == batches[elsewhere.id].id
    assert "demand.closed.v1" in announced(market)
    assert check(market.store) == []


def test_closing_twice_makes_no_batch_twice(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 3})

    first = market.store.run(commands.close, cycle_id)

    assert market.store.run(commands.close, cycle_id) == first
    assert market.store.run(commands.close_due, cycle_id) == first


def test_a_cycle_that_was_extended_meanwhile_is_not_closed_by_the_clock(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 3})

    assert market.store.run(commands.close_due, cycle_id).stage is Stage.OPEN
    market.close_in(cycle_id, -1)
    assert market.store.run(commands.close_due, cycle_id).stage is Stage.CLOSED


def test_a_draft_cannot_be_closed(market: Market) -> None:
    with pytest.raises(CycleStageError):
        market.store.run(commands.close, market.draft().id)


def test_closing_early_is_on_record_beside_the_cut_off_that_was_planned(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 3})
    planned = market.cycle(cycle_id)
    assert planned.closed_at is None

    market.store.run(commands.close, cycle_id)

    closed = market.cycle(cycle_id)
    assert closed.closed_at is not None
    assert order.placed_at < closed.closed_at < closed.closes_at == planned.closes_at


def test_the_copy_of_a_cycle_closed_early_closes_when_the_first_was_to_close(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    planned = market.cycle(cycle_id)
    market.place(cycle_id, {bags: 3})
    market.store.run(commands.close, cycle_id)

    copy = market.store.run(cycles.copy, cycle_id)

    zone = planned.time_zone
    week_later = [moment_at(later(moment, 7, zone), zone) for moment in (planned.opens_at, planned.closes_at)]
    assert [copy.opens_at, copy.closes_at] == week_later
    assert (copy.opened_at, copy.closed_at) == (None, None)


def test_an_unmet_threshold_lets_everybody_go(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=1_000, delivery_fee_minor=500)
    order = market.place(cycle_id, {bags: 3})

    closed = market.store.run(commands.close, cycle_id)

    assert (closed.stage, closed.batches) == (Stage.CANCELLED, 0)
    gone = market.store.read(order_queries.order, order.id)
    assert (gone.state, gone.reason) == (OrderState.CANCELLED, CancelReason.THRESHOLD)
    assert {line.reason for line in gone.lines} == {CancelReason.THRESHOLD}
    assert market.listing(cycle_id, bags).left == 100_000
    assert announced(market).count("order.cancelled.v1") == 1
    assert check(market.store) == []


def test_a_threshold_reached_exactly_is_met(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=900)
    market.place(cycle_id, {bags: 3})

    assert market.store.run(commands.close, cycle_id).stage is Stage.CLOSED


def test_a_cycle_that_nobody_wanted_is_cancelled(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    market.store.run(orders.cancel, market.place(cycle_id, {bags: 3}).id)

    assert market.store.run(commands.close, cycle_id).stage is Stage.CANCELLED


def test_goods_that_too_few_wanted_are_dropped_with_their_reason(market: Market) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id)
    few, _ = market.list_apples(cycle.id, grade=3, threshold=20_000)
    market.store.run(cycles.open_cycle, cycle.id)
    both = market.place(cycle.id, {bags: 1, few: 1})
    only = market.place(cycle.id, {few: 2})

    closed = market.store.run(commands.close, cycle.id)

    assert (closed.orders, closed.lines) == (1, 1)
    left = market.store.read(order_queries.order, both.id)
    assert left.total_minor == 300
    assert {(line.listing_id, line.reason) for line in left.lines} == {(bags, None), (few, CancelReason.THRESHOLD)}
    assert market.store.read(order_queries.order, only.id).reason is CancelReason.THRESHOLD
    assert {"order.line-dropped.v1", "order.cancelled.v1"} <= set(announced(market))
    assert check(market.store) == []


def test_everybody_pays_the_price_that_all_together_reached(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(
        cycle.id, price_minor_per_1000=300, price_steps=(PriceStep(5_000, 250), PriceStep(9_000, 200))
    )
    market.store.run(cycles.open_cycle, cycle.id)
    early, late = market.place(cycle.id, {bags: 3}), market.place(cycle.id, {bags: 4})

    market.store.run(commands.close, cycle.id)

    assert market.store.read(order_queries.order, early.id).total_minor == 750
    assert market.store.read(order_queries.order, late.id).total_minor == 1000
    assert check(market.store) == []


def test_a_planner_cancels_a_closed_cycle_and_all_are_let_go(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 3})
    market.store.run(commands.close, cycle_id)

    assert market.store.run(orders.cancel_cycle, cycle_id, CancelReason.PLANNER) is True
    assert market.store.run(orders.cancel_cycle, cycle_id, CancelReason.PLANNER) is False

    assert market.store.read(order_queries.order, order.id).reason is CancelReason.PLANNER
    assert market.store.read(cycle_queries.cycle, cycle_id).stage is Stage.CANCELLED
    assert check(market.store) == []


def test_pooled_demand_grows_until_the_cut_off(market: Market) -> None:
    elsewhere = market.country.point("Elsewhere")
    cycle_id, bags, crates = market.open()
    market.place(cycle_id, {bags: 3})
    market.place(cycle_id, {crates: 1}, place_id=elsewhere.id)

    (apples,) = market.store.read(queries.pooled, cycle_id)

    assert (apples.product_id, apples.grade) == (market.apples.id, 4)
    assert (apples.places, apples.lines, apples.quantity, apples.worth_minor) == (2, 2, 13_000, 3_400)


def test_batches_come_page_by_page(market: Market) -> None:
    elsewhere = market.country.point("Elsewhere")
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 3})
    market.place(cycle_id, {bags: 1}, place_id=elsewhere.id)
    market.store.run(commands.close, cycle_id)

    first = market.store.read(queries.batches_page, cycle_id, Paging(limit=1))
    second = market.store.read(queries.batches_page, cycle_id, Paging(limit=1, after=first.next))

    assert first.items + second.items == market.store.read(queries.batches, cycle_id)
    assert second.next is None


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("UPDATE order_line SET quantity = 2 * quantity, total_minor = 2 * total_minor", "stay"),
        ("DELETE FROM order_line", "stay"),
        ("UPDATE batch SET quantity = quantity + 1", "not the sum of its lines"),
    ],
)
def test_the_database_itself_keeps_a_batch_the_sum_of_its_lines(market: Market, deed: str, said: str) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 3})
    market.store.run(commands.close, cycle_id)

    def tamper(tx: Transaction) -> None:
        tx.execute(deed)

    with pytest.raises(IntegrityError, match=said):
        market.store.run(tamper)


def test_a_threshold_that_was_met_stays_met_when_the_price_falls(market: Market) -> None:
    cycle = market.draft(threshold_minor=1_400)
    bags, _ = market.list_apples(cycle.id, price_minor_per_1000=300, price_steps=(PriceStep(5_000, 250),))
    market.store.run(cycles.open_cycle, cycle.id)
    order = market.place(cycle.id, {bags: 5})
    assert market.store.read(order_queries.ordered, cycle.id).total_minor == 1_500

    closed = market.store.run(commands.close, cycle.id)

    assert (closed.stage, closed.worth_minor) == (Stage.CLOSED, 1_250)
    assert market.store.read(order_queries.order, order.id).total_minor == 1_250
    assert check(market.store) == []


@pytest.mark.parametrize(("few_bags", "counted", "stage"), [(9, 900, Stage.CANCELLED), (10, 3_900, Stage.CLOSED)])
def test_progress_counts_goods_once_enough_of_them_are_wanted_and_the_cut_off_judges_by_it(
    market: Market, few_bags: int, counted: int, stage: Stage
) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft(threshold_minor=1_000, delivery_fee_minor=200)
    bags, _ = market.list_apples(cycle.id)
    few, _ = market.list_apples(cycle.id, grade=3, threshold=10_000)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 3, few: few_bags})
    shown = market.store.read(order_queries.ordered, cycle.id)

    closed = market.store.run(commands.close, cycle.id)

    assert (shown.orders, shown.total_minor, closed.stage) == (1, counted, stage)
    assert check(market.store) == []
