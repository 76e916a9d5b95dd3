"""The fairness ledger of finished cycles: written once, seen by each, and weighing in the next sharing and plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy

from farmlink.cycles import queries as cycles
from farmlink.dispatch import commands as dispatch
from farmlink.dispatch.values import CycleFinished, Handed, ShortReason
from farmlink.fairness import commands, queries
from farmlink.fairness.values import Party, ShareView, Spread
from farmlink.kernel.page import Paging
from farmlink.network.values import FarmId
from farmlink.orders.values import Order, OrderLineId, WantedLine
from farmlink.people.values import PersonId
from farmlink.planning.queries.season import season_before
from farmlink.policy import commands as policy
from farmlink.policy.values import PolicyDocument, PolicyVersion, ShortageRule
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.supply import queries as supply
from tests.farmlink.cycles.builders import COLLECT_ON
from tests.farmlink.dispatch.builders import Goods
from tests.farmlink.planning.builders import run_sql

LATER = COLLECT_ON + timedelta(days=7)


def finished(goods: Goods) -> Goods:
    """End the cycle, and let what follows from that follow."""
    goods.finish()
    goods.relay()
    return goods


def shared(store: Store, *, of: int, bags: tuple[int, ...], came: int, lots: tuple[int, ...] = (60_000,)) -> Goods:
    """A cycle for bags of which this much of so many kilograms came in."""
    goods = Goods.closed(store, lots=lots, bags=bags).confirmed()
    goods.receive(lambda view: view.allocated * came // of)
    goods.share()
    return goods


def entries(store: Store, order: Order) -> list[ShareView]:
    return store.read(queries.consumer_shares, order.consumer_id, Paging()).items


def spread(store: Store, goods: Goods, party: Party) -> Spread:
    return store.read(queries.spread, party, goods.market.country.region.id, LATER)


def test_a_finished_cycle_says_of_everybody_what_they_wanted_and_got(store: Store) -> None:
    goods = shared(store, of=3, bags=(20, 10), came=2)
    goods.hand_out_point()
    finished(goods)
    (two,), (one,) = (entries(store, order) for order in goods.orders)
    assert (two.wanted_minor, two.equal_minor, two.got_minor, two.owed_minor) == (6_000, 4_000, 3_900, 100)
    assert (one.wanted_minor, one.equal_minor, one.got_minor, one.owed_minor) == (3_000, 2_000, 2_100, -100)
    assert check(store) == []


def test_a_cycle_is_booked_once_and_stays(store: Store) -> None:
    goods = finished(shared(store, of=3, bags=(20, 10), came=2))
    assert store.run(dispatch.book_shares, CycleFinished(goods.cycle_id)) == 0
    with pytest.raises((psycopg.errors.CheckViolation, sqlalchemy.exc.IntegrityError)):
        run_sql(store, "UPDATE fair_share SET got_minor = 0")


def test_where_nobody_wanted_anything_there_is_nothing_to_book(store: Store) -> None:
    goods = Goods.opened(store)
    assert store.run(commands.record, goods.cycle_id, [], []) == 0


def test_what_was_not_collected_was_there_and_what_was_spoiled_was_not(store: Store) -> None:
    goods = shared(store, of=3, bags=(20, 10), came=3)
    spoiled = goods.orders[1]
    line = OrderLineId(spoiled.lines[0].id)
    goods.hand_out(spoiled, [Handed(line, 0, ShortReason.SPOILED)])
    finished(goods)
    (left,), (bad,) = (entries(store, order) for order in goods.orders)
    assert (left.got_minor, bad.got_minor) == (6_000, 0)


def test_what_was_cut_when_cases_were_filled_was_wanted_and_what_filled_them_was_not(store: Store) -> None:
    goods = shared(store, of=3, bags=(20, 10), came=3)
    cut, filled = (order.lines[0].id for order in goods.orders)
    run_sql(store, "UPDATE order_line SET wanted_packs = 30, reason = 'case-not-full' WHERE id = :id", id=cut)
    run_sql(store, "UPDATE order_line SET wanted_packs = 4, most_packs = 10 WHERE id = :id", id=filled)
    finished(goods)
    (more,), (less,) = (entries(store, order) for order in goods.orders)
    assert (more.wanted_minor, less.wanted_minor) == (9_000, 1_200)


def test_a_farm_that_sold_less_of_its_offer_is_owed_something(store: Store) -> None:
    goods = shared(store, of=1, bags=(40, 20), came=1, lots=(60_000, 60_000))
    goods.hand_out_point()
    finished(goods)
    found = spread(store, goods, Party.FARMS)
    assert (found.parties, found.wanted_minor, found.got_minor) == (2, 24_000, 12_000)
    assert found.most_owed_ppm >= 0 >= found.most_favoured_ppm
    for lot_id in goods.lots:
        farm_id = store.read(supply.lot, lot_id).farm_id
        (entry,) = store.read(queries.farm_shares, FarmId(farm_id), Paging()).items
        assert entry.got_minor == goods.taken().get(lot_id, 0) * 200 // 1000
        assert entry.owed_minor == entry.equal_minor - entry.got_minor


def test_what_a_farm_did_not_send_is_no_offer_of_it(store: Store) -> None:
    goods = finished(shared(store, of=2, bags=(30,), came=1))
    found = spread(store, goods, Party.FARMS)
    assert (found.wanted_minor, found.got_minor) == (12_000 - 3_000, 3_000)


def test_the_next_plan_counts_a_finished_cycle_as_the_ledger_has_it(store: Store) -> None:
    goods = shared(store, of=2, bags=(30,), came=1)
    assert season(store, goods) == [(12_000, 6_000)]
    finished(goods)
    assert season(store, goods) == [(9_000, 3_000)]


def season(store: Store, goods: Goods) -> list[tuple[int, int]]:
    cycle_id, *_ = goods.market.open(collect_on=LATER, hand_out_on=LATER)
    shares = store.read(season_before, store.read(cycles.cycle, cycle_id)).values()
    return [(share.offered_minor, share.sold_minor) for share in shares]


def test_who_was_cut_comes_first_next_time_where_rotation_is_the_rule(store: Store) -> None:
    store.run(policy.publish_version, PolicyDocument(shortage_rule=ShortageRule.ROTATION), "voted", PolicyVersion(1))
    goods = shared(store, of=2, bags=(15, 15), came=1)
    goods.hand_out_point()
    finished(goods)
    (cut,) = (order.consumer_id for order in goods.orders if goods.line(order).due == 7_000)
    later = again(goods, [order.consumer_id for order in goods.orders])
    later.receive(lambda view: view.allocated // 2)
    later.share()
    (first,) = (order.consumer_id for order in later.orders if later.line(order).due == 8_000)
    assert first == cut


def again(goods: Goods, consumers: list[PersonId], **terms: Any) -> Goods:
    """The same people order the same a week later."""
    cycle_id, bags, _ = goods.market.open(collect_on=LATER, hand_out_on=LATER + timedelta(days=1), **terms)
    later = Goods(goods.market, cycle_id)
    for consumer in consumers:
        later.orders.append(goods.market.place(cycle_id, [WantedLine(bags, 15)], consumer_id=consumer))
    later.close()
    later.confirmed()
    return later


def test_what_is_older_than_half_a_year_is_owed_to_nobody(store: Store) -> None:
    goods = finished(shared(store, of=3, bags=(20, 10), came=2))
    region_id, consumers = goods.market.country.region.id, [order.consumer_id for order in goods.orders]
    within, beyond = COLLECT_ON + timedelta(days=26 * 7), COLLECT_ON + timedelta(days=26 * 7 + 1)
    assert len(store.read(queries.owed_ppm, region_id, within, consumers)) == 2
    assert store.read(queries.owed_ppm, region_id, beyond, consumers) == {}
    assert store.read(queries.owed_ppm, region_id, COLLECT_ON, consumers) == {}
