"""Ordering by a list: neighbours without a sign-in are known again, and the same line orders nothing twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from farmlink.cycles.rules.refusals import SoldOutError
from farmlink.cycles.values import CycleId, ListingId
from farmlink.orders.commands.roll import order_for
from farmlink.orders.queries.neighbours import neighbours, orders_at
from farmlink.orders.rules.codes import LENGTH, SIGNS, pick_up_code
from farmlink.orders.rules.roll import called
from farmlink.orders.values.roll import RollCall, Rolled, Step
from farmlink.people import commands as people
from farmlink.people import queries
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import Market


def call(market: Market, cycle_id: CycleId, name: str, packs: dict[ListingId, int]) -> Rolled:
    wanted = RollCall(cycle_id=cycle_id, point_id=market.point.id, name=name, packs=tuple(packs.items()))
    return market.store.run(order_for, wanted)


def test_a_line_makes_a_neighbour_known_and_said_again_it_orders_nothing_twice(store: Store) -> None:
    market = Market.founded(store)
    cycle_id, bags, _ = market.open()
    first, again = (call(market, cycle_id, name, {bags: 2}) for name in ("王姐", " 王姐 "))
    assert (first.step, again.step) == (Step.NEW, Step.SAME)
    assert again.order == first.order
    assert len(store.read(orders_at, cycle_id, market.point.id)) == 1
    assert store.read(queries.names, [first.order.consumer_id]) == {first.order.consumer_id: "王姐"}
    assert not store.read(queries.signs_in, first.order.consumer_id)


def test_another_line_of_the_same_neighbour_changes_their_order(store: Store) -> None:
    market = Market.founded(store)
    cycle_id, bags, crates = market.open()
    first = call(market, cycle_id, "Ana", {bags: 2})
    changed = call(market, cycle_id, "ANA", {bags: 1, crates: 1})
    assert (changed.step, changed.order.id) == (Step.CHANGED, first.order.id)
    assert {line.listing_id: line.packs for line in changed.order.lines} == {bags: 1, crates: 1}


def test_who_came_before_is_known_in_the_next_cycle_and_people_who_sign_in_are_never_meant(store: Store) -> None:
    market = Market.founded(store)
    before, bags, _ = market.open()
    ana = call(market, before, "Ana", {bags: 1}).order.consumer_id
    signed = store.run(people.add_person, "Bob", email="bob@example.org", password_hash="x")
    market.place(before, {bags: 1}, consumer_id=signed)
    by_code = store.run(people.add_person, "Cem", email="cem@example.org")
    store.run(people.sign_out, store.run(people.sign_in_as, by_code).token)
    market.place(before, {bags: 1}, consumer_id=by_code)
    cycle_id, bags, _ = market.open()
    assert call(market, cycle_id, "Ana", {bags: 1}).order.consumer_id == ana
    assert call(market, cycle_id, "Bob", {bags: 1}).order.consumer_id != signed
    assert call(market, cycle_id, "Cem", {bags: 1}).order.consumer_id != by_code


def test_of_two_who_are_called_alike_the_one_with_an_order_is_meant(store: Store) -> None:
    market = Market.founded(store)
    before, bags, _ = market.open()
    for _ in range(2):
        market.place(before, {bags: 1}, consumer_id=market.person("Ana"))
    cycle_id, bags, _ = market.open()
    first, second = sorted(one.consumer_id for one in store.read(orders_at, before, market.point.id))
    assert store.read(neighbours, cycle_id, market.point.id)[called("ana")].person_id == first
    market.place(cycle_id, {bags: 1}, consumer_id=second)
    assert store.read(neighbours, cycle_id, market.point.id)[called("ana")].person_id == second


def test_what_is_refused_leaves_nobody_behind(store: Store) -> None:
    market = Market.founded(store, apples_g=1_000)
    cycle_id, bags, _ = market.open()
    with pytest.raises(SoldOutError):
        call(market, cycle_id, "Ana", {bags: 2})
    assert store.read(neighbours, cycle_id, market.point.id) == {}


def test_two_phones_with_the_same_list_make_one_neighbour_and_one_order(store: Store) -> None:
    market = Market.founded(store)
    cycle_id, bags, _ = market.open()
    with ThreadPoolExecutor(4) as phones:
        steps = list(phones.map(lambda _: call(market, cycle_id, "Ana", {bags: 1}).step, range(4)))
    assert sorted(steps) == [Step.NEW, Step.SAME, Step.SAME, Step.SAME]
    assert len(store.read(orders_at, cycle_id, market.point.id)) == 1


def test_a_pick_up_code_is_short_and_always_the_same(store: Store) -> None:
    market = Market.founded(store)
    cycle_id, bags, _ = market.open()
    order = call(market, cycle_id, "Ana", {bags: 1}).order
    code = pick_up_code(order.id)
    assert (len(code), set(code) - set(SIGNS), code == pick_up_code(order.id)) == (LENGTH, set(), True)
