"""Who is erased before the cut-off has ordered nothing; a home is forgotten when no order needs it any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from farmlink.cycles import commands as cycles
from farmlink.demand import commands as demand
from farmlink.network import queries as network
from farmlink.network.values import HomeId
from farmlink.orders import commands
from farmlink.orders import queries as orders
from farmlink.orders.values import CancelReason, OrderState
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import PersonId
from farmlink.scheduler import REACTIONS, forget
from farmlink.store.check import check
from farmlink.store.outbox import relay_due
from farmlink.store.transaction import Transaction
from tests.farmlink.cycles.builders import ELM_STREET, HOMES, NEAR_HUB, Market
from tests.farmlink.planning.builders import force_sql


def erase(market: Market, person_id: PersonId) -> None:
    """Erase somebody, and let everybody hear of it."""
    market.store.run(people.erase_person, person_id)
    relay_due(market.store, REACTIONS)


@pytest.mark.parametrize("paused", [False, True])
def test_who_is_erased_before_the_cut_off_gives_back_what_their_orders_held(market: Market, *, paused: bool) -> None:
    cycle_id, bags, _ = market.open(homes=HOMES)
    second, second_bags, _ = market.open()
    ada = market.person()
    home, fetched = (
        market.place_home(cycle_id, {bags: 5}, ada),
        market.place(second, {second_bags: 4}, consumer_id=ada),
    )
    kept = market.place(cycle_id, {bags: 3})
    if paused:
        market.store.run(cycles.pause, cycle_id)

    erase(market, ada)

    ended = [market.store.read(orders.order, order.id) for order in (home, fetched)]
    assert {(one.state, one.reason) for one in ended} == {(OrderState.CANCELLED, CancelReason.CONSUMER)}
    assert market.store.read(orders.order, kept.id).state is OrderState.PLACED
    assert (market.listing(cycle_id, bags).ordered, market.listing(second, second_bags).ordered) == (3_000, 0)
    assert check(market.store) == []
    relay_due(market.store, REACTIONS)  # an erased person is told nothing, and nothing stumbles over that


def test_what_is_in_a_batch_stands_when_its_consumer_is_erased(market: Market) -> None:
    cycle_id, bags, _ = market.open(homes=HOMES)
    late, late_bags, _ = market.open()
    ada = market.person()
    order = market.place_home(cycle_id, {bags: 5}, ada)
    fetched = market.place(late, {late_bags: 4}, consumer_id=ada)
    market.store.run(demand.close, cycle_id)
    market.close_in(late, -1)

    erase(market, ada)

    states = [market.store.read(orders.order, one.id).state for one in (order, fetched)]
    assert states == [OrderState.PLACED, OrderState.PLACED], "the cut-off has passed, closed or not yet"
    assert check(market.store) == []


def test_the_door_of_who_was_erased_is_nobodys_and_kept_until_what_goes_there_is_handed_out(market: Market) -> None:
    cycle_id, bags, _ = market.open(homes=HOMES)
    ada = market.person()
    order = market.place_home(cycle_id, {bags: 5}, ada)
    home = HomeId(order.place_id)
    moved_to = market.home(ada, address=replace(ELM_STREET, street="1 Oak Street")).id
    market.store.run(demand.close, cycle_id)

    erase(market, ada)
    forget(market.store)

    assert market.store.read(_whose, [home, moved_to]) == [None, None]
    assert market.store.read(persons.addresses, [home, moved_to]) == {home: ELM_STREET}, "nothing goes to Oak Street"
    force_sql(market.store, "UPDATE order_cycle SET stage = 'done', closed_at = now() WHERE id = :id", id=cycle_id)
    forget(market.store)
    assert market.store.read(persons.addresses, [home]) == {}
    assert market.store.read(network.homes_by_id, [home])[home].coordinates != NEAR_HUB


def test_the_door_of_who_was_erased_before_the_cut_off_is_forgotten_at_once(market: Market) -> None:
    cycle_id, bags, _ = market.open(homes=HOMES)
    order = market.place_home(cycle_id, {bags: 5}, market.person())
    erase(market, order.consumer_id)
    assert market.store.read(persons.addresses, [HomeId(order.place_id)]) == {}
    assert market.store.read(_whose, [HomeId(order.place_id)]) == [None]


def test_a_home_left_long_ago_is_kept_as_long_as_an_order_is_on_its_way_there(market: Market) -> None:
    cycle_id, bags, _ = market.open(homes=HOMES)
    order = market.place_home(cycle_id, {bags: 5}, market.person())
    home = HomeId(order.place_id)
    market.home(order.consumer_id, address=replace(ELM_STREET, street="1 Oak Street"))
    market.store.run(_left_days_ago, home, 61)

    forget(market.store)
    assert market.store.read(persons.addresses, [home]) == {home: ELM_STREET}
    assert market.store.read(network.homes_by_id, [home])[home].coordinates == NEAR_HUB

    market.store.run(commands.cancel_cycle, cycle_id)
    forget(market.store)
    assert market.store.read(persons.addresses, [home]) == {}
    assert market.store.read(network.homes_by_id, [home])[home].coordinates != NEAR_HUB


def test_a_home_is_forgotten_after_the_cycle_that_brought_something_there_is_done(market: Market) -> None:
    cycle_id, bags, _ = market.open(homes=HOMES)
    order = market.place_home(cycle_id, {bags: 5}, market.person())
    market.store.run(people.leave_home, order.consumer_id)
    market.store.run(_left_days_ago, HomeId(order.place_id), 61)
    for stage, kept in (("confirmed", True), ("moving", True), ("done", False)):
        force_sql(
            market.store,
            "UPDATE order_cycle SET stage = :stage, closed_at = now() WHERE id = :id",
            stage=stage,
            id=cycle_id,
        )
        forget(market.store)
        assert bool(market.store.read(persons.addresses, [HomeId(order.place_id)])) is kept, stage


def test_an_order_that_was_cancelled_needs_no_address(market: Market) -> None:
    cycle_id, bags, _ = market.open(homes=HOMES)
    order = market.place_home(cycle_id, {bags: 5}, market.person())
    market.store.run(commands.cancel, order.id)
    market.store.run(people.leave_home, order.consumer_id)
    market.store.run(_left_days_ago, HomeId(order.place_id), 61)
    forget(market.store)
    assert market.store.read(persons.addresses, [HomeId(order.place_id)]) == {}


def _whose(tx: Transaction, home_ids: list[HomeId]) -> list[PersonId | None]:
    return list(tx.execute("SELECT person_id FROM home_address WHERE id = ANY(:ids)", {"ids": home_ids}).scalars())


def _left_days_ago(tx: Transaction, home_id: HomeId, days: int) -> None:
    named = {"id": home_id, "left": tx.now - timedelta(days=days)}
    tx.execute("UPDATE home_address SET replaced_at = :left WHERE id = :id", named)
