"""What the cut-off cuts stays cut, and nobody gets or pays what too few wanted or what is not there."""

from __future__ import annotations

import pytest

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, Stage, Unmet
from farmlink.demand import commands
from farmlink.dispatch.queries import consumer_tallies
from farmlink.fairness.values import Tally
from farmlink.kernel.page import Paging
from farmlink.orders import queries
from farmlink.orders.values import CancelReason, Order, OrderState, Shortage, WantedLine
from farmlink.policy import commands as policy
from farmlink.policy.values import FIRST, PolicyDocument, ShortageRule
from farmlink.store.check import check
from farmlink.supply import commands as supply
from tests.farmlink.cycles.builders import BAG_G, Market
from tests.farmlink.demand.judging import MET, RELEASED, at_its_cut_off, steps
from tests.farmlink.orders.reckoning import reckoned


def stands(market: Market, order: Order) -> Order:
    return market.store.read(queries.order, order.id)


def cancelled_for(market: Market, cycle_id: CycleId) -> str:
    found = "SELECT facts ->> 'reason' FROM audit_entry WHERE action = 'cycle.cancel' AND subject = :cycle"
    return str(market.store.read(lambda tx: tx.execute(found, {"cycle": cycle_id}).scalar_one()))


def test_goods_that_too_few_wanted_come_to_nobody_in_the_place_of_others(market: Market) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft()
    cased, _ = market.list_apples(cycle.id, case_packs=6)
    few, _ = market.list_apples(cycle.id, grade=3, threshold=20_000, price_minor_per_1000=200)
    loose, _ = market.list_apples(cycle.id, grade=2, price_minor_per_1000=200)
    market.lot(50_000, grade=2)
    market.store.run(cycles.open_cycle, cycle.id)
    swapping = market.place(cycle.id, [WantedLine(cased, 4, None, Shortage.SWAP, (few, loose))])
    market.place(cycle.id, {few: 3})

    assert at_its_cut_off(market, cycle.id) is Stage.CLOSED

    standing = {one.listing_id for one in stands(market, swapping).lines if one.state is OrderState.PLACED}
    assert standing == {loose}
    assert (market.listing(cycle.id, few).threshold_state, market.listing(cycle.id, few).ordered) == (RELEASED, 0)
    assert check(market.store) == []


def test_what_is_shared_of_too_little_is_not_filled_up_to_cases_again(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, threshold=60_000, unmet=Unmet.PARTIAL, case_packs=6)
    market.lot(20_000)
    market.store.run(cycles.open_cycle, cycle.id)
    orders = [market.place(cycle.id, [WantedLine(bags, packs, packs + 6)]) for packs in (30, 12)]
    market.store.run(supply.withdraw_lot, market.lots[0])

    market.store.run(commands.close, cycle.id)

    lines = [line for order in orders for line in stands(market, order).lines]
    assert sum(line.packs for line in lines) == 18
    assert {line.reason for line in lines} == {CancelReason.NOT_ENOUGH}
    assert market.listing(cycle.id, bags).ordered == 18 * BAG_G
    assert check(market.store) == []


def test_no_case_is_filled_with_what_was_withdrawn_a_moment_ago(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=6)
    market.store.run(cycles.open_cycle, cycle.id)
    order = market.place(cycle.id, [WantedLine(bags, 8, 12)])
    market.store.run(supply.withdraw_lot, market.lots[0])

    market.store.run(commands.close, cycle.id)

    assert stands(market, order).lines[0].packs == 6
    assert check(market.store) == []


def test_a_cycle_that_is_left_with_nothing_says_what_left_it_so(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, threshold=60_000, unmet=Unmet.PARTIAL)
    market.store.run(cycles.open_cycle, cycle.id)
    order = market.place(cycle.id, [WantedLine(bags, 30, shortage=Shortage.CANCEL)])
    market.store.run(supply.withdraw_lot, market.lots[0])
    market.lot(20_000)

    assert market.store.run(commands.close, cycle.id).stage is Stage.CANCELLED

    assert stands(market, order).reason is CancelReason.NOT_ENOUGH
    assert cancelled_for(market, cycle.id) == "not-enough"


def test_goods_of_which_whole_cases_are_fewer_than_must_be_wanted_are_let_go(market: Market) -> None:
    market.lot(50_000, grade=3)
    cycle = market.draft()
    loose, _ = market.list_apples(cycle.id)
    cased, _ = market.list_apples(cycle.id, grade=3, threshold=12_000, case_packs=6)
    market.store.run(cycles.open_cycle, cycle.id)
    whole = market.place(cycle.id, [WantedLine(cased, 9, shortage=Shortage.CANCEL)])
    other = market.place(cycle.id, {loose: 1, cased: 7})

    assert at_its_cut_off(market, cycle.id) is Stage.CLOSED

    assert steps(market, of_cycle=False) == [MET, RELEASED]
    assert stands(market, whole).state is OrderState.CANCELLED
    lines = {line.listing_id: (line.state, line.reason) for line in stands(market, other).lines}
    assert lines == {loose: (OrderState.PLACED, None), cased: (OrderState.CANCELLED, CancelReason.CASE_NOT_FULL)}
    assert market.listing(cycle.id, cased).ordered == 0
    assert check(market.store) == []


@pytest.mark.parametrize(("unmet", "stage"), [(Unmet.ZERO, Stage.CANCELLED), (Unmet.PARTIAL, Stage.CLOSED)])
def test_a_cycle_that_whole_cases_take_below_its_threshold_is_judged_by_what_is_left(
    market: Market, unmet: Unmet, stage: Stage
) -> None:
    cycle = market.draft(threshold_minor=3_000, unmet=unmet)
    bags, _ = market.list_apples(cycle.id, case_packs=6)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 10})

    assert at_its_cut_off(market, cycle.id) is stage

    assert check(market.store) == []


def test_who_agreed_to_something_else_gets_it_where_goods_come_in_part(market: Market) -> None:
    market.lot(30_000, grade=3)
    cycle = market.draft()
    part, _ = market.list_apples(cycle.id, threshold=60_000, unmet=Unmet.PARTIAL)
    loose, _ = market.list_apples(cycle.id, grade=3, price_minor_per_1000=200)
    market.lot(20_000)
    market.store.run(cycles.open_cycle, cycle.id)
    order = market.place(cycle.id, [WantedLine(part, 30, None, Shortage.SWAP, (loose,))])
    market.store.run(supply.withdraw_lot, market.lots[0])

    market.store.run(commands.close, cycle.id)

    found = stands(market, order)
    assert {(line.listing_id, line.packs, line.reason) for line in found.lines} == {
        (part, 20, CancelReason.NOT_ENOUGH),
        (loose, 15, None),
    }
    assert check(market.store) == []


def test_what_comes_in_the_place_of_something_else_is_not_wanted_twice(market: Market) -> None:
    market.lot(30_000, grade=3)
    cycle = market.draft()
    cased, _ = market.list_apples(cycle.id, case_packs=6)
    loose, _ = market.list_apples(cycle.id, grade=3, price_minor_per_1000=200)
    market.store.run(cycles.open_cycle, cycle.id)
    order = market.place(cycle.id, [WantedLine(cased, 4, None, Shortage.SWAP, (loose,))])

    market.store.run(commands.close, cycle.id)

    assert market.store.read(consumer_tallies, cycle.id) == [Tally(order.consumer_id, (market.apples.id, 4), 1_200, 0)]
    assert check(market.store) == []


def test_lots_are_drawn_by_a_seed_that_nobody_knew_who_ordered_and_everybody_can_see(market: Market) -> None:
    lottery = PolicyDocument(shortage_rule=ShortageRule.LOTTERY)
    market.store.run(policy.publish_version, lottery, "a lot is drawn", FIRST.version)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, threshold=60_000, unmet=Unmet.PARTIAL)
    market.lot(20_000)
    market.store.run(cycles.open_cycle, cycle.id)
    orders = [market.place(cycle.id, {bags: 10}) for _ in range(5)]
    market.store.run(supply.withdraw_lot, market.lots[0])
    assert market.cycle(cycle.id).cut_seed is None

    market.store.run(commands.close, cycle.id)

    seed = market.cycle(cycle.id).cut_seed
    assert seed is not None
    assert len(seed) == 32
    (stock_id,) = market.store.read(lambda tx: tx.execute("SELECT id FROM stock").scalars().all())
    (share,) = market.store.read(queries.cut_shares, cycle.id, Paging()).items
    assert (share.id, share.seed, share.available) == (stock_id, f"{seed}/{stock_id}", 20_000)
    again = {line_id: got for line_id, got in reckoned(share).items() if not got}
    assert again == {
        line.id: 0 for order in orders for line in stands(market, order).lines if line.state is OrderState.CANCELLED
    }
    assert len(again) == 3
    assert market.store.run(cycles.copy, cycle.id).cut_seed is None


def test_nobody_gets_in_the_place_of_something_else_what_is_short_itself(market: Market) -> None:
    market.lot(30_000, grade=3)
    cycle = market.draft()
    part, _ = market.list_apples(cycle.id, grade=3, threshold=60_000, unmet=Unmet.PARTIAL, price_minor_per_1000=200)
    cased, _ = market.list_apples(cycle.id, case_packs=6)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {part: 25})
    market.place(cycle.id, [WantedLine(cased, 4, None, Shortage.SWAP, (part,))])
    market.lot(15_000, grade=3)
    market.store.run(supply.withdraw_lot, market.lots[1])

    market.store.run(commands.close, cycle.id)

    assert market.listing(cycle.id, part).ordered == 15_000
    assert check(market.store) == []
