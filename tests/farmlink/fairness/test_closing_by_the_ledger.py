"""At the cut-off, what the fairness ledger owes weighs where whole cases cut somebody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import Stage
from farmlink.fairness import commands
from farmlink.fairness.values import Tally
from farmlink.orders import commands as placing
from farmlink.orders import queries as orders
from farmlink.orders.values import Outcome
from farmlink.people.values import PersonId
from farmlink.policy import commands as policy
from farmlink.policy.values import PolicyDocument, PolicyVersion, ShortageRule
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.cycles.builders import COLLECT_ON, Market
from tests.farmlink.orders.rush import waiting

EARLIER = COLLECT_ON - timedelta(days=7)


@pytest.mark.parametrize("owed", [0, 1])
def test_whom_the_ledger_owes_keeps_the_pack_that_no_case_has_room_for(store: Store, owed: int) -> None:
    store.run(policy.publish_version, PolicyDocument(shortage_rule=ShortageRule.ROTATION), "voted", PolicyVersion(1))
    market = Market.founded(store)
    people = [market.person("Ada"), market.person("Bo")]
    booked(market, cut=people[owed], favoured=people[1 - owed])
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=5)
    store.run(cycles.open_cycle, cycle.id)
    placed = [market.place(cycle.id, {bags: 3}, consumer_id=person) for person in people]

    assert store.run(commands.close, cycle.id).stage is Stage.CLOSED

    packs = [store.read(orders.order, order.id).lines[0].packs for order in placed]
    assert packs == [3 if number == owed else 2 for number in (0, 1)]


def test_who_ordered_at_the_last_moment_is_owed_as_much_as_before(store: Store) -> None:
    store.run(policy.publish_version, PolicyDocument(shortage_rule=ShortageRule.ROTATION), "voted", PolicyVersion(1))
    market = Market.founded(store)
    late, early, favoured = (market.person(name) for name in ("Ada", "Bo", "Cy"))
    before = market.draft(collect_on=EARLIER, hand_out_on=EARLIER)
    got = {late: 0, early: 40, favoured: 100}
    store.run(commands.record, before.id, [Tally(who, "figs", 100, had) for who, had in got.items()], [])
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, case_packs=5)
    store.run(cycles.open_cycle, cycle.id)
    first = market.place(cycle.id, {bags: 3}, consumer_id=early)
    wanted, entered, go_on = market.placing(cycle.id, {bags: 3}, consumer_id=late), Event(), Event()

    def place_slowly(tx: Transaction) -> Outcome:
        outcome = placing.place(tx, wanted)
        entered.set()
        assert go_on.wait(30)
        return outcome

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(store.run, place_slowly)
        assert entered.wait(30)
        closing = pool.submit(store.run, commands.close, cycle.id)
        while not store.read(waiting):
            assert not closing.done(), "the cut-off did not wait for an order"
        go_on.set()
        last = slow.result().order
        closing.result()

    assert last is not None
    assert [store.read(orders.order, order.id).lines[0].packs for order in (first, last)] == [2, 3]


def booked(market: Market, *, cut: PersonId, favoured: PersonId) -> None:
    """An earlier cycle that gave one nothing and another all."""
    before = market.draft(collect_on=EARLIER, hand_out_on=EARLIER)
    tallies = [Tally(cut, "figs", 100, 0), Tally(favoured, "figs", 100, 100)]
    market.store.run(commands.record, before.id, tallies, [])


def test_a_cycle_is_closed_when_its_time_has_come_and_not_before(store: Store) -> None:
    market = Market.founded(store)
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 1})
    assert store.run(commands.close_due, cycle_id).stage is Stage.OPEN
    market.close_in(cycle_id, 0)
    assert store.run(commands.close_due, cycle_id).stage is Stage.CLOSED
