"""Orders that are brought home: to one's own door, within the cycle's range, for its fee, until the cut-off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.cycles import commands as cycles
from farmlink.cycles import queries
from farmlink.cycles.rules.refusals import (
    CycleOpenedError,
    CyclePlacelessError,
    HomesNotServedError,
    HomeTooFarError,
)
from farmlink.cycles.values import CycleId, HomeTerms, ListingId
from farmlink.demand import commands as demand
from farmlink.demand import queries as batches
from farmlink.kernel.bounds import OutOfBoundsError
from farmlink.kernel.errors import MissingError
from farmlink.kernel.geo import Coordinates
from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.network.values import HomeId, PlaceId
from farmlink.orders import commands
from farmlink.orders import queries as orders
from farmlink.orders.rules import BelowMinimumError
from farmlink.orders.values import Amendment, Order, WantedLine
from farmlink.people import commands as people
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import ELM_STREET, HOMES, Market
from tests.farmlink.network.builders import Country
from tests.farmlink.planning.builders import run_sql

Selling = tuple[CycleId, ListingId, ListingId]
FAR = Coordinates(43_100_000, -85_660_000)
"""Nineteen kilometres north of the hub."""


@pytest.fixture
def selling(market: Market) -> Selling:
    return market.open(homes=HOMES, delivery_fee_minor=100)


def moved(order: Order, place_id: Any, packs: int = 5) -> Amendment:
    lines = (WantedLine(order.lines[0].listing_id, packs),)
    return Amendment(order_id=order.id, revision=order.revision, place_id=PlaceId(place_id), lines=lines)


def space(store: Store, cycle_id: CycleId, place_id: Any) -> tuple[int, int]:
    """Orders and grams that a cycle counts at a place."""
    found = "SELECT orders, weight_g FROM cycle_place WHERE (cycle_id, place_id) = (:cycle, :place)"
    row = store.read(lambda tx: tx.execute(found, {"cycle": cycle_id, "place": place_id}).one())
    return row.orders, row.weight_g


def test_an_order_goes_home_for_the_fee_of_homes_and_is_a_batch_of_its_own(market: Market, selling: Selling) -> None:
    cycle_id, bags, _ = selling
    ada = market.person()
    order = market.place_home(cycle_id, {bags: 5}, ada)
    fetched = market.place(cycle_id, {bags: 5})

    assert (order.at_home, order.delivery_fee_minor, order.total_minor) == (True, 500, 1_500 + 500)
    assert (fetched.at_home, fetched.delivery_fee_minor, fetched.total_minor) == (False, 100, 1_500 + 100)
    assert market.store.read(orders.order, order.id) == order
    market.store.run(demand.close, cycle_id)
    pooled = {batch.place_id: batch.quantity for batch in market.store.read(batches.batches, cycle_id)}
    assert pooled == {order.place_id: 5_000, PlaceId(market.point.id): 5_000}
    assert check(market.store) == []


def test_a_cycle_says_how_it_serves_homes_and_keeps_to_it(market: Market, selling: Selling) -> None:
    cycle = market.cycle(selling[0])
    assert cycle.homes == HOMES
    with pytest.raises(CycleOpenedError):
        market.store.run(cycles.change, cycle.id, cycle.revision, market.terms(homes=None))
    copied = market.store.run(cycles.copy, cycle.id)
    assert copied.homes == HOMES
    changed = market.store.run(cycles.change, copied.id, copied.revision, market.terms())
    assert changed.homes is None


def test_a_copy_of_a_cycle_hands_out_at_its_points_and_at_nobodys_home(market: Market, selling: Selling) -> None:
    cycle_id, bags, _ = selling
    market.place_home(cycle_id, {bags: 5}, market.person())
    copied = market.store.run(cycles.copy, cycle_id)
    for one in (cycle_id, copied.id):
        assert market.store.read(queries.served_points, one) == (market.point.id,)
    market.store.run(cycles.refresh_points, cycle_id)
    assert check(market.store) == []


def test_a_cycle_may_serve_homes_alone(market: Market) -> None:
    cycle_id, bags, _ = market.open(point_ids=(), homes=HOMES)
    assert market.place_home(cycle_id, {bags: 5}, market.person()).at_home
    nowhere = market.draft(point_ids=())
    market.list_apples(nowhere.id)
    with pytest.raises(CyclePlacelessError):
        market.store.run(cycles.open_cycle, nowhere.id)


@pytest.mark.parametrize(
    "terms",
    [
        HomeTerms(fee_minor=-1, range_m=1),
        HomeTerms(fee_minor=0, minimum_order_minor=-1, range_m=1),
        HomeTerms(fee_minor=0, range_m=0),
        HomeTerms(fee_minor=0, range_m=1_000_001),
    ],
)
def test_terms_for_homes_that_can_never_be_right_are_refused(market: Market, terms: HomeTerms) -> None:
    with pytest.raises(OutOfBoundsError, match=r"homes\."):
        market.draft(homes=terms)


def test_nothing_is_brought_home_by_a_cycle_that_ends_at_its_points(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    ada = market.person()
    home = market.home(ada)
    refusal = market.try_to_place(cycle_id, {bags: 5}, consumer_id=ada, place_id=PlaceId(home.id)).refusal
    assert isinstance(refusal, HomesNotServedError)


def test_a_home_beyond_the_range_or_in_another_region_is_too_far(market: Market, selling: Selling) -> None:
    cycle_id, bags, _ = selling
    ada = market.person()
    abroad = Country.anywhere(market.store)
    for place in ({"coordinates": FAR}, {"region_id": abroad.region.id}):
        home = market.home(ada, **place)
        refusal = market.try_to_place(cycle_id, {bags: 5}, consumer_id=ada, place_id=PlaceId(home.id)).refusal
        assert isinstance(refusal, HomeTooFarError)
    assert market.store.read(orders.ordered, cycle_id).orders == 0


def test_the_nearest_open_hub_counts(market: Market, selling: Selling) -> None:
    cycle_id, bags, _ = selling
    market.store.run(network.open_hub, replace(market.country.hub_draft("North"), coordinates=FAR))
    assert market.place_home(cycle_id, {bags: 5}, market.person(), coordinates=FAR).at_home


def test_somebody_elses_home_does_not_exist_whether_or_not_its_people_have_ordered(
    market: Market, selling: Selling
) -> None:
    cycle_id, bags, _ = selling
    ada = market.person()
    home = market.home(ada)
    for _ in range(2):
        refusal = market.try_to_place(cycle_id, {bags: 5}, place_id=PlaceId(home.id)).refusal
        assert isinstance(refusal, MissingError)
        if market.store.read(orders.ordered, cycle_id).orders == 0:
            market.place(cycle_id, {bags: 5}, consumer_id=ada, place_id=PlaceId(home.id))
    fetched = market.place(cycle_id, {bags: 5})
    with pytest.raises(MissingError):
        market.store.run(commands.amend, moved(fetched, home.id))


def test_a_home_that_was_left_takes_no_new_order_and_keeps_the_one_that_stands(
    market: Market, selling: Selling
) -> None:
    cycle_id, bags, _ = selling
    ada = market.person()
    order = market.place_home(cycle_id, {bags: 5}, ada)
    new = market.home(ada, address=replace(ELM_STREET, street="1 Oak Street"))

    kept = market.store.run(commands.amend, moved(order, order.place_id, 6))
    assert (kept.at_home, kept.place_id, kept.delivery_fee_minor) == (True, order.place_id, 500)
    there = market.store.run(commands.amend, moved(kept, new.id, 6))
    assert (there.place_id, there.total_minor) == (PlaceId(new.id), 1_800 + 500)
    with pytest.raises(MissingError):
        market.store.run(commands.amend, moved(there, order.place_id, 6))
    assert check(market.store) == []


def test_until_the_cut_off_an_order_moves_between_point_and_home_and_its_fee_with_it(
    market: Market, selling: Selling
) -> None:
    cycle_id, bags, _ = selling
    ada = market.person()
    home = market.home(ada)
    fetched = market.place(cycle_id, {bags: 5}, consumer_id=ada)

    brought = market.store.run(commands.amend, moved(fetched, home.id))
    assert (brought.at_home, brought.delivery_fee_minor, brought.total_minor) == (True, 500, 2_000)
    assert space(market.store, cycle_id, home.id) == (1, 5_000)
    again = market.store.run(commands.amend, moved(brought, market.point.id))
    assert (again.at_home, again.delivery_fee_minor, again.total_minor) == (False, 100, 1_600)
    assert space(market.store, cycle_id, home.id) == (0, 0)
    assert market.store.run(commands.amend, moved(again, home.id)).at_home
    assert check(market.store) == []


def test_homes_have_a_minimum_of_their_own(market: Market, selling: Selling) -> None:
    cycle_id, bags, _ = selling
    ada = market.person()
    home = market.home(ada)
    refusal = market.try_to_place(cycle_id, {bags: 3}, consumer_id=ada, place_id=PlaceId(home.id)).refusal
    assert isinstance(refusal, BelowMinimumError)
    assert refusal.facts["minimum_minor"] == 1_000
    fetched = market.place(cycle_id, {bags: 3}, consumer_id=ada)
    with pytest.raises(BelowMinimumError):
        market.store.run(commands.amend, moved(fetched, home.id, 3))
    assert market.store.run(commands.amend, moved(fetched, home.id, 4)).at_home


def test_where_homes_ask_for_less_than_points_a_small_order_is_brought_home(market: Market) -> None:
    less = HomeTerms(fee_minor=500, minimum_order_minor=300, range_m=30_000)
    cycle_id, bags, _ = market.open(homes=less, minimum_order_minor=900)
    ada = market.person()
    home = market.home(ada)
    brought = market.place(cycle_id, {bags: 1}, consumer_id=ada, place_id=PlaceId(home.id))
    assert brought.at_home
    with pytest.raises(BelowMinimumError, match="at least"):
        market.store.run(commands.amend, moved(brought, market.point.id, 1))


def test_a_cancelled_order_leaves_the_door_to_the_next(market: Market, selling: Selling) -> None:
    cycle_id, bags, _ = selling
    ada = market.person()
    order = market.place_home(cycle_id, {bags: 5}, ada)
    market.store.run(commands.cancel, order.id)
    again = market.place_home(cycle_id, {bags: 6}, ada)
    assert again.place_id == order.place_id
    assert space(market.store, cycle_id, order.place_id) == (1, 6_000)
    assert check(market.store) == []


def test_points_and_homes_are_placed_together_and_each_is_judged_by_itself(market: Market, selling: Selling) -> None:
    cycle_id, bags, _ = selling
    near, far = market.person(), market.person()
    wanted = [
        market.placing(cycle_id, {bags: 4}),
        market.placing(cycle_id, {bags: 4}, consumer_id=near, place_id=PlaceId(market.home(near).id)),
        market.placing(cycle_id, {bags: 4}, consumer_id=far, place_id=PlaceId(market.home(far, coordinates=FAR).id)),
        market.placing(cycle_id, {bags: 4}, place_id=PlaceId(cycle_id)),
    ]
    told = market.store.run(commands.place_many, wanted)
    assert [one.order.at_home for one in told if one.order] == [False, True]
    assert [type(one.refusal) for one in told if one.refusal] == [HomeTooFarError, MissingError]
    repeated = market.store.run(commands.place_many, wanted)
    assert [one.repeated for one in repeated] == [True] * 4
    assert repeated[1].order == told[1].order
    assert check(market.store) == []


def test_the_confirmation_says_what_comes_to_which_door_when_and_how_much_at_most(
    market: Market, selling: Selling
) -> None:
    cycle_id, bags, _ = selling
    order = market.place_home(cycle_id, {bags: 5}, market.person())

    english = market.store.read(orders.confirmation, order.id, "en").body
    for part in (
        "5 x Apples bag: $15.00",
        "Delivery: $5.00",
        "We bring it to your door on Sep 5, 2031, 07:00-14:00.",
        "Your address: 12 Elm Street, Grand Rapids, MI, 49503.",
        "You pay at most $20.00, when it is brought. Nothing is charged before.",
    ):
        assert part in english
    chinese = market.store.read(orders.confirmation, order.id, "zh-CN").body
    assert "送货上门" in chinese
    assert "12 Elm Street" in chinese
    assert "自提" not in chinese

    market.store.run(people.erase_person, order.consumer_id)
    assert "address" not in market.store.read(orders.confirmation, order.id, "en").body


def test_who_brings_orders_home_pages_through_them(market: Market, selling: Selling) -> None:
    cycle_id, bags, _ = selling
    brought = [market.place_home(cycle_id, {bags: 4}, market.person()) for _ in range(3)]
    market.place(cycle_id, {bags: 4})
    market.store.run(commands.cancel, brought[0].id)
    homes = market.store.read(orders.ordered_homes, cycle_id)
    assert homes == {order.place_id for order in brought[1:]}
    found = market.store.read(orders.home_orders, cycle_id, homes, (), Paging(1))
    assert [one.order_id for one in found] == [order.id for order in brought[1:]]
    after = market.store.read(orders.home_orders, cycle_id, homes, (), Paging(1, brought[1].id))
    assert [(one.order_id, one.consumer_id, one.home_id) for one in after] == [
        (brought[2].id, brought[2].consumer_id, HomeId(brought[2].place_id))
    ]
    one = {HomeId(brought[1].place_id)}
    assert len(market.store.read(orders.home_orders, cycle_id, one, (), Paging())) == 1
    assert market.store.read(orders.home_orders, cycle_id, one, [brought[1].id], Paging()) == []


def test_the_database_knows_no_place_that_is_neither_point_nor_home_nor_one_that_is_both(
    market: Market, selling: Selling
) -> None:
    home = market.home(market.person())
    for changed in ("home_id = :home", "point_id = NULL", "place_id = :home"):
        with pytest.raises(DBAPIError, match="cycle_place_is"):
            run_sql(market.store, f"UPDATE cycle_place SET {changed} WHERE :home = :home", home=home.id)
