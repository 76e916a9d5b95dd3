"""At the cut-off, what the fairness ledger owes weighs where whole cases cut somebody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import Stage
from farmlink.fairness import commands
from farmlink.fairness.values import Tally
from farmlink.orders import queries as orders
from farmlink.people.values import PersonId
from farmlink.policy import commands as policy
from farmlink.policy.values import PolicyDocument, PolicyVersion, ShortageRule
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import COLLECT_ON, Market

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
