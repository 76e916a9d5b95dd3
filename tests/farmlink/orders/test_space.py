"""A pick-up point hands out on one day what it has hands and room for, and no more."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import Random
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries
from farmlink.cycles.rules.refusals import PointClosedError, PointFullError, PointLadenError
from farmlink.demand import commands as demand
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import CHINESE, ENGLISH, render_refusal
from farmlink.network import commands as network
from farmlink.network.values import PlaceId, PointCard
from farmlink.orders import commands
from farmlink.orders.values import Amendment, Order, WantedLine
from farmlink.people.commands import seed_consumers
from farmlink.scheduler import REACTIONS
from farmlink.store.check import check
from farmlink.store.outbox import relay_due
from farmlink.store.transaction import Transaction
from tests.farmlink.cycles.builders import Market
from tests.farmlink.orders.rush import at_once


def changed(order: Order, place_id: UUID, packs: int) -> Amendment:
    lines = (WantedLine(order.lines[0].listing_id, packs),)
    return Amendment(order_id=order.id, revision=order.revision, place_id=PlaceId(place_id), lines=lines)


def says(market: Market, point: PointCard, **said: object) -> PointCard:
    """Let a point's leader say something else, and everybody hear it."""
    now = {name: getattr(point, name) for name in ("region_id", "organisation_id", "name", "address", "coordinates")}
    draft = replace(market.country.point_draft(point.name), **now | said)
    card = market.store.run(network.change_point, point.id, draft, point.revision)
    relay_due(market.store, REACTIONS)
    return card


def test_a_point_takes_as_many_orders_as_it_has_hands_for(market: Market) -> None:
    barn = market.point_with(capacity_orders=2)
    cycle_id, bags, _ = market.open()
    wanted = [market.placing(cycle_id, {bags: 1}, place_id=barn.id) for _ in range(3)]

    first, second, third = market.store.run(commands.place_many, wanted)

    assert first.order is not None
    assert second.order is not None
    assert isinstance(third.refusal, PointFullError)
    market.store.run(commands.cancel, first.order.id)
    market.place(cycle_id, {bags: 1}, place_id=barn.id)


def test_a_point_takes_as_much_weight_as_it_has_room_for(market: Market) -> None:
    barn = market.point_with(capacity_g=5_000)
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 3}, place_id=barn.id)

    refusal = market.try_to_place(cycle_id, {bags: 3}, place_id=barn.id).refusal

    assert isinstance(refusal, PointLadenError)
    assert "2,000 g" in render_refusal(refusal, ENGLISH)
    assert "2,000 克" in render_refusal(refusal, CHINESE)
    with pytest.raises(PointLadenError):
        market.store.run(commands.amend, changed(order, barn.id, 6))
    assert market.store.run(commands.amend, changed(order, barn.id, 5)).lines[0].weight_g == 5_000


def test_an_order_that_moves_needs_space_where_it_goes_and_leaves_it_where_it_was(market: Market) -> None:
    barn, shed = market.point_with(capacity_orders=1), market.point_with(capacity_orders=1)
    cycle_id, bags, _ = market.open()
    first = market.place(cycle_id, {bags: 1}, place_id=barn.id)
    second = market.place(cycle_id, {bags: 1}, place_id=shed.id)

    with pytest.raises(PointFullError):
        market.store.run(commands.amend, changed(first, shed.id, 1))
    market.store.run(commands.amend, changed(second, market.point.id, 1))
    market.store.run(commands.amend, changed(first, shed.id, 1))

    market.place(cycle_id, {bags: 1}, place_id=barn.id)
    assert check(market.store) == []


def test_a_point_that_is_closed_on_the_day_cannot_be_chosen(market: Market) -> None:
    barn = market.point_with(closed_days=("2031-09-05",))
    cycle_id, bags, _ = market.open()

    refusal = market.try_to_place(cycle_id, {bags: 1}, place_id=barn.id).refusal

    assert isinstance(refusal, PointClosedError)
    assert "Sep 5, 2031" in render_refusal(refusal, ENGLISH)
    assert "2031年9月5日" in render_refusal(refusal, CHINESE)
    order = market.place(cycle_id, {bags: 1})
    with pytest.raises(PointClosedError):
        market.store.run(commands.amend, changed(order, barn.id, 1))


def test_a_point_that_closes_later_keeps_its_orders_and_takes_no_more(market: Market) -> None:
    barn = market.point_with()
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 1}, place_id=barn.id)

    market.store.run(network.suspend_point, barn.id)
    relay_due(market.store, REACTIONS)

    assert isinstance(market.try_to_place(cycle_id, {bags: 1}, place_id=barn.id).refusal, PointClosedError)
    assert market.store.run(commands.amend, changed(order, barn.id, 2)).lines[0].packs == 2
    market.store.run(network.approve_point, barn.id)
    relay_due(market.store, REACTIONS)
    market.place(cycle_id, {bags: 1}, place_id=barn.id)


def test_space_follows_what_the_leader_says_but_never_below_what_was_ordered(market: Market) -> None:
    barn = market.point_with(capacity_orders=2)
    cycle_id, bags, _ = market.open()
    for _ in range(2):
        market.place(cycle_id, {bags: 1}, place_id=barn.id)

    barn = says(market, barn, capacity_orders=1, capacity_g=10)
    assert isinstance(market.try_to_place(cycle_id, {bags: 1}, place_id=barn.id).refusal, PointFullError)
    says(market, barn, capacity_orders=3)

    market.place(cycle_id, {bags: 1}, place_id=barn.id)
    assert check(market.store) == []


def test_a_copied_cycle_starts_with_all_the_space_that_its_points_have_now(market: Market) -> None:
    barn = market.point_with(capacity_orders=1)
    cycle_id, bags, _ = market.open()
    market.place(cycle_id, {bags: 1}, place_id=barn.id)

    copied = market.store.run(cycles.copy, cycle_id)

    market.store.run(cycles.open_cycle, copied.id)
    listing = market.store.read(queries.listings, copied.id)[0]
    market.place(copied.id, {listing.id: 1}, place_id=barn.id)
    assert check(market.store) == []


def test_what_is_dropped_at_the_cut_off_leaves_its_space(market: Market) -> None:
    cycle = market.draft()
    bags, _ = market.list_apples(cycle.id, threshold=5_000)
    market.lot(50_000, grade=3)
    other, _ = market.list_apples(cycle.id, grade=3)
    market.store.run(cycles.open_cycle, cycle.id)
    market.place(cycle.id, {bags: 1})
    market.place(cycle.id, {bags: 1, other: 2})

    market.store.run(demand.close, cycle.id)

    assert check(market.store) == []


def test_a_cancelled_cycle_holds_no_space(market: Market) -> None:
    cycle_id, bags, _ = market.open(threshold_minor=10**6)
    market.place(cycle_id, {bags: 1})

    market.store.run(demand.close, cycle_id)

    assert check(market.store) == []


def test_a_rush_on_a_small_point_fills_it_exactly(market: Market) -> None:
    market.lot(1_000_000)
    barn, shed = market.point_with(capacity_orders=20), market.point_with(capacity_g=30_000)
    cycle_id, bags, _ = market.open()
    chance = Random(3)
    consumers = [seeded.person_id for seeded in market.store.run(seed_consumers, 160)]
    wanted = [
        market.placing(cycle_id, {bags: 1}, consumer_id=who, place_id=chance.choice([barn.id, shed.id]))
        for who in consumers
    ]

    def shop(number: int) -> Order | None:
        order = market.store.run(commands.place, wanted[number]).order
        try:
            if order is not None and number % 5 == 0:
                elsewhere = shed.id if order.place_id == barn.id else barn.id
                return market.store.run(commands.amend, changed(order, elsewhere, 1))
        except RefusedError:
            return order
        return order

    placed = at_once([partial(shop, number) for number in range(len(wanted))])

    held = [order.place_id for order in placed if order is not None]
    assert (held.count(PlaceId(barn.id)), held.count(PlaceId(shed.id))) == (20, 30)
    assert check(market.store) == []


@pytest.mark.parametrize("column", ["orders", "weight_g"])
def test_the_database_itself_refuses_more_than_a_point_has_space_for(market: Market, column: str) -> None:
    market.open()

    def overfill(tx: Transaction) -> None:
        tx.execute(f"UPDATE cycle_place SET {column} = 10000000000")  # one of two literal names

    with pytest.raises(IntegrityError, match="within_capacity"):
        market.store.run(overfill)
