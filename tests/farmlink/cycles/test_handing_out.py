"""Which cycles hand out at a point: from a day on, the soonest first, nothing that nobody can count on."""

from __future__ import annotations

from datetime import timedelta

from farmlink.cycles import queries
from farmlink.orders import commands as orders
from farmlink.orders.values import CancelReason
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import COLLECT_ON, Market


def test_a_point_knows_its_cycles_but_neither_drafts_nor_cancelled_ones(store: Store) -> None:
    market = Market.founded(store)
    later = market.open(collect_on=COLLECT_ON + timedelta(days=7), hand_out_on=COLLECT_ON + timedelta(days=8))[0]
    soon, gone = market.open()[0], market.open()[0]
    market.list_apples(market.draft().id)
    store.run(orders.cancel_cycle, gone, CancelReason.PLANNER)
    found = store.read(queries.handing_out_at, market.point.id, COLLECT_ON)
    assert [one.id for one in found] == [soon, later]
    assert [one.id for one in store.read(queries.handing_out_at, market.point.id, COLLECT_ON + timedelta(days=5))] == [
        later
    ]
    assert store.read(queries.handing_out_at, market.point_with().id, COLLECT_ON) == []
