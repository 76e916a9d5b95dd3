"""Where too little is there, who ordered claims once: orders for others get nobody more than one order of all of it."""

from __future__ import annotations

import pytest

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import CycleId, ListingId, Unmet
from farmlink.demand import commands as demand
from farmlink.orders import queries
from farmlink.orders.values import Order, OrderState
from farmlink.people import commands as people
from farmlink.policy import commands as policy
from farmlink.policy.values import FIRST, PolicyDocument, ShortageRule
from farmlink.store.check import check
from farmlink.supply import commands as supply
from tests.farmlink.cycles.builders import Market

BY_ONE_EACH = pytest.mark.parametrize(
    "rule", [ShortageRule.PRO_RATA, ShortageRule.ROTATION, ShortageRule.TOLERANCE_FIRST]
)


def declare(market: Market, rule: ShortageRule) -> None:
    if rule is not ShortageRule.PRO_RATA:
        market.store.run(policy.publish_version, PolicyDocument(shortage_rule=rule), "voted", FIRST.version)


def in_gifts(market: Market, cycle_id: CycleId, bags: ListingId, gifts: int) -> list[Order]:
    """One bag for oneself, and one each for so many others."""
    ada = market.person("Ada")
    named = [market.store.run(people.name_recipient, ada, f"Friend {number}") for number in range(gifts)]
    return [market.place(cycle_id, {bags: 1}, consumer_id=ada, recipient_id=one) for one in (None, *named)]


def got(market: Market, *placed: Order) -> int:
    """How many bags these orders have in all, once they are cut off."""
    orders = [market.store.read(queries.order, one.id) for one in placed]
    return sum(line.packs for one in orders for line in one.lines if line.state is OrderState.PLACED)


@BY_ONE_EACH
def test_ten_orders_of_one_get_no_more_of_a_broken_case_than_one_of_ten(market: Market, rule: ShortageRule) -> None:
    declare(market, rule)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=13)
    market.store.run(cycles.open_cycle, cycle.id)
    gifts, whole = in_gifts(market, cycle.id, bags, 9), market.place(cycle.id, {bags: 10})

    market.store.run(demand.close, cycle.id)

    assert sorted([got(market, *gifts), got(market, whole)]) == [6, 7]
    assert check(market.store) == []


@BY_ONE_EACH
def test_ten_orders_of_one_get_no_more_of_what_comes_in_part_than_one_of_ten(
    market: Market, rule: ShortageRule
) -> None:
    declare(market, rule)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, threshold=60_000, unmet=Unmet.PARTIAL)
    market.lot(13_000)
    market.store.run(cycles.open_cycle, cycle.id)
    gifts, whole = in_gifts(market, cycle.id, bags, 9), market.place(cycle.id, {bags: 10})
    market.store.run(supply.withdraw_lot, market.lots[0])

    market.store.run(demand.close, cycle.id)

    assert sorted([got(market, *gifts), got(market, whole)]) == [6, 7]
    assert check(market.store) == []


def test_ten_orders_draw_one_lot(market: Market) -> None:
    declare(market, ShortageRule.LOTTERY)
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=13)
    market.store.run(cycles.open_cycle, cycle.id)
    gifts, whole = in_gifts(market, cycle.id, bags, 9), market.place(cycle.id, {bags: 10})

    market.store.run(demand.close, cycle.id)

    assert sorted([got(market, *gifts), got(market, whole)]) == [3, 10], "all of it goes to who is drawn first"
