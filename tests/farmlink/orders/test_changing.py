from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from farmlink.cycles import commands as cycles
from farmlink.cycles.rules.refusals import CycleClosedError, CyclePausedError, SoldOutError
from farmlink.kernel.errors import MissingError, StaleError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.locale import ENGLISH, render_refusal
from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.network.values import OpenHours, PlaceId
from farmlink.orders import commands, queries
from farmlink.orders.rules import BelowMinimumError, OrderCancelledError
from farmlink.orders.values import Amendment, CancelReason, Order, OrderId, OrderState, WantedLine
from tests.farmlink.cycles.builders import Market


def amendment(order: Order, place_id: UUID | None = None, **packs: int) -> Amendment:
    """Want other packs of the order's listings, named by their order: `first=2`."""
    lines = dict(zip(("first", "second"), order.lines, strict=False))
    wanted = tuple(WantedLine(lines[name].listing_id, count) for name, count in packs.items())
    return Amendment(
        order_id=order.id, revision=order.revision, place_id=PlaceId(place_id or order.place_id), lines=wanted
    )


def test_what_an_amendment_gives_back_is_there_for_everybody_at_once(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 100})

    amended = market.store.run(commands.amend, amendment(order, first=30))

    assert (amended.total_minor, amended.revision) == (9_000, 2)
    assert amended.amended_at is not None
    assert amended.lines[0].id == order.lines[0].id
    assert market.store.read(queries.order, order.id) == amended
    market.place(cycle_id, {bags: 70})
    assert market.listing(cycle_id, bags).left == 0


def test_an_order_can_take_what_it_holds_itself_in_other_packs(market: Market) -> None:
    cycle_id, bags, crates = market.open()
    order = market.place(cycle_id, {bags: 100})
    wanted = Amendment(order_id=order.id, revision=1, place_id=order.place_id, lines=(WantedLine(crates, 10),))

    amended = market.store.run(commands.amend, wanted)

    assert [(line.listing_id, line.total_minor) for line in amended.lines] == [(crates, 25_000)]
    assert market.listing(cycle_id, bags).ordered == 100_000


def test_an_amendment_beyond_the_stock_leaves_the_order_as_it_was(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 60})
    order = market.place(cycle_id, {bags: 10})

    with pytest.raises(SoldOutError) as refused:
        market.store.run(commands.amend, amendment(order, first=41))

    assert refused.value.facts["packs_left"] == 40
    assert market.store.read(queries.order, order.id) == order


def test_an_order_moves_to_another_point_with_all_its_lines(market: Market) -> None:
    elsewhere = market.country.point("Elsewhere")
    cycle_id, bags, crates = market.open()
    order = market.place(cycle_id, {bags: 1, crates: 1})

    moved = market.store.run(commands.amend, amendment(order, elsewhere.id, first=1, second=1))

    assert moved.place_id == elsewhere.id
    with pytest.raises(MissingError, match="point"):
        market.store.run(commands.amend, amendment(moved, PlaceId(uuid7()), first=1))


def test_a_line_keeps_the_price_it_was_ordered_at_unless_the_posted_one_fell(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 1})
    market.store.run(cycles.lower_price, cycle_id, bags, 280)

    amended = market.store.run(commands.amend, amendment(order, first=2))

    assert amended.total_minor == 560


def test_two_devices_do_not_overwrite_each_other(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 1})
    market.store.run(commands.amend, amendment(order, first=2))

    with pytest.raises(StaleError):
        market.store.run(commands.amend, amendment(order, first=3))


def test_an_order_may_not_shrink_below_the_minimum(market: Market) -> None:
    cycle_id, bags, _ = market.open(minimum_order_minor=900)
    refusal = market.try_to_place(cycle_id, {bags: 2}).refusal
    assert isinstance(refusal, BelowMinimumError)
    assert render_refusal(refusal, ENGLISH) == "Orders to this place come to at least $9.00; this one comes to $6.00."
    order = market.place(cycle_id, {bags: 3})

    with pytest.raises(BelowMinimumError):
        market.store.run(commands.amend, amendment(order, first=2))


def test_the_fee_is_part_of_what_an_order_costs_at_most_and_no_part_of_the_minimum(market: Market) -> None:
    cycle_id, bags, _ = market.open(minimum_order_minor=900, delivery_fee_minor=250)

    assert isinstance(market.try_to_place(cycle_id, {bags: 2}).refusal, BelowMinimumError)
    assert market.place(cycle_id, {bags: 3}).total_minor == 1150


def test_a_cancelled_order_gives_everything_back_once(market: Market) -> None:
    cycle_id, bags, crates = market.open()
    ada = market.person()
    order = market.place(cycle_id, {bags: 5, crates: 5}, consumer_id=ada)

    cancelled = market.store.run(commands.cancel, order.id)
    again = market.store.run(commands.cancel, order.id)

    assert (cancelled.state, cancelled.reason) == (OrderState.CANCELLED, CancelReason.CONSUMER)
    assert {line.reason for line in cancelled.lines} == {CancelReason.CONSUMER}
    assert again == cancelled
    assert market.listing(cycle_id, bags).left == 100_000
    with pytest.raises(OrderCancelledError):
        market.store.run(commands.amend, amendment(cancelled, first=1))
    market.place(cycle_id, {bags: 1}, consumer_id=ada)


def test_after_the_cut_off_nothing_is_changed_or_cancelled(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 5})
    market.close_in(cycle_id, 0)

    with pytest.raises(CycleClosedError):
        market.store.run(commands.amend, amendment(order, first=1))
    with pytest.raises(CycleClosedError):
        market.store.run(commands.cancel, order.id)
    assert isinstance(market.try_to_place(cycle_id, {bags: 1}).refusal, CycleClosedError)


def test_while_a_cycle_is_paused_an_order_can_be_cancelled_and_not_changed(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 5})
    market.store.run(cycles.pause, cycle_id)

    with pytest.raises(CyclePausedError):
        market.store.run(commands.amend, amendment(order, first=1))
    assert market.store.run(commands.cancel, order.id).state is OrderState.CANCELLED


def test_somebody_elses_order_does_not_exist(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    ada, bob = market.person(), market.person()
    order = market.place(cycle_id, {bags: 1}, consumer_id=ada)

    assert market.store.read(queries.order, order.id, ada) == order
    for order_id in (order.id, OrderId(uuid7())):
        with pytest.raises(MissingError):
            market.store.read(queries.order, order_id, bob)
    assert market.store.read(queries.orders, Paging(), consumer_id=bob).items == []


def test_orders_are_listed_by_consumer_cycle_and_point(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    first, second = market.place(cycle_id, {bags: 1}), market.place(cycle_id, {bags: 2})

    def found(paging: Paging, **chosen: object) -> list[Order]:
        return market.store.read(queries.orders, paging, **chosen).items  # type: ignore[arg-type]  # the filters under test

    assert found(Paging(), consumer_id=second.consumer_id) == [second]
    assert found(Paging(), cycle_id=cycle_id, place_ids=[market.point.id]) == [first, second]
    assert found(Paging(), place_ids=[]) == []
    assert found(Paging(after=first.id), cycle_id=cycle_id) == [second]


def test_the_confirmation_tells_the_hours_of_the_point_on_that_day(market: Market) -> None:
    friday = OpenHours(weekday=4, opens_minute=15 * 60, closes_minute=19 * 60 + 30)
    saturday = OpenHours(weekday=5, opens_minute=9 * 60, closes_minute=12 * 60)
    draft = replace(market.country.point_draft("Barn"), hours=(friday, saturday))
    barn = market.store.run(network.approve_point, market.store.run(network.add_point, draft).id)
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 1}, place_id=barn.id)

    said = market.store.read(queries.confirmation, order.id, "en").body

    assert "Open 15:00-19:30." in said
    assert "Delivery" not in said


def test_the_confirmation_says_what_where_when_and_how_much_at_most(market: Market) -> None:
    cycle_id, bags, crates = market.open(delivery_fee_minor=150)
    order = market.place(cycle_id, {bags: 3, crates: 1})

    english = market.store.read(queries.confirmation, order.id, "en")
    chinese = market.store.read(queries.confirmation, order.id, "zh-CN")

    assert english.subject == "Your order for Sep 5, 2031"
    for said in (
        "3 x Apples bag: $9.00",
        "1 x Apples crate: $25.00",
        "Holland Market",
        "Delivery: $1.50",
        "at most $35.50",
    ):
        assert said in english.body
    for said in ("苹果 袋 3 份", "Holland Market", "US$35.50", "2031年9月5日"):
        assert said in chinese.body + chinese.subject
