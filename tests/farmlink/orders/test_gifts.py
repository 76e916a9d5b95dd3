"""Orders for somebody else: who ordered pays and may change them, whom they named collects."""

from __future__ import annotations

from typing import Any

import pytest

from farmlink.kernel.errors import InvalidError, MissingError
from farmlink.kernel.locale import ENGLISH
from farmlink.network.values import PlaceId
from farmlink.orders import commands, queries
from farmlink.orders.rules import OrderExistsError
from farmlink.orders.values import Amendment, OrderState, WantedLine
from farmlink.people import commands as people
from farmlink.people import queries as persons
from farmlink.people.values import PersonId
from farmlink.scheduler import tick
from farmlink.store.check import check
from tests.farmlink.cycles.builders import HOMES, Market


def rose(market: Market, giver: PersonId, name: str = "Grandma Rose") -> PersonId:
    return market.store.run(people.name_recipient, giver, name, phone="+1 231 555 0101")


def test_a_gift_is_an_order_of_its_own_beside_ones_own(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    ada = market.person()
    grandma = rose(market, ada)

    own = market.place(cycle_id, {bags: 2}, consumer_id=ada)
    gift = market.place(cycle_id, {bags: 3}, consumer_id=ada, recipient_id=grandma)
    again = market.try_to_place(cycle_id, {bags: 1}, consumer_id=ada, recipient_id=grandma)

    assert (own.recipient_id, gift.recipient_id, gift.consumer_id) == (None, grandma, ada)
    assert isinstance(again.refusal, OrderExistsError)
    assert market.store.read(queries.order, gift.id, ada) == gift
    with pytest.raises(MissingError):
        market.store.read(queries.order, gift.id, grandma)
    assert market.listing(cycle_id, bags).ordered == 5_000
    assert check(market.store) == []


def test_nobody_gives_to_whom_somebody_else_named(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    grandma = rose(market, market.person())

    for stranger in (grandma, market.person("Eve")):
        outcome = market.try_to_place(cycle_id, {bags: 1}, recipient_id=stranger)
        assert isinstance(outcome.refusal, MissingError)
    assert market.listing(cycle_id, bags).ordered == 0


def test_who_ordered_a_gift_changes_and_cancels_it(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    ada = market.person()
    gift = market.place(cycle_id, {bags: 3}, consumer_id=ada, recipient_id=rose(market, ada))
    more = Amendment(order_id=gift.id, revision=1, place_id=gift.place_id, lines=(WantedLine(bags, 4),))

    amended = market.store.run(commands.amend, more)
    cancelled = market.store.run(commands.cancel, gift.id)

    assert (amended.recipient_id, amended.total_minor) == (gift.recipient_id, 1_200)
    assert cancelled.state is OrderState.CANCELLED
    assert market.place(cycle_id, {bags: 1}, consumer_id=ada, recipient_id=gift.recipient_id).total_minor == 300


def test_a_gift_is_collected_at_a_point_and_not_brought_home(market: Market) -> None:
    cycle_id, bags, _ = market.open(homes=HOMES)
    ada = market.person()
    home = PlaceId(market.home(ada).id)
    grandma = rose(market, ada)

    brought = market.try_to_place(cycle_id, {bags: 10}, consumer_id=ada, recipient_id=grandma, place_id=home)
    assert isinstance(brought.refusal, InvalidError)

    gift = market.place(cycle_id, {bags: 10}, consumer_id=ada, recipient_id=grandma)
    moved = Amendment(order_id=gift.id, revision=1, place_id=home, lines=(WantedLine(bags, 10),))
    with pytest.raises(InvalidError):
        market.store.run(commands.amend, moved)


def test_the_confirmation_says_who_collects_a_gift(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    ada = market.person()
    grandma = rose(market, ada)
    gift = market.place(cycle_id, {bags: 3}, consumer_id=ada, recipient_id=grandma)

    assert "Grandma Rose picks it up on" in market.store.read(queries.confirmation, gift.id, ENGLISH).body
    market.store.run(people.forget_recipient, ada, grandma)
    assert "Pick it up on" in market.store.read(queries.confirmation, gift.id, ENGLISH).body


def test_with_the_giver_everybody_whom_they_named_is_forgotten_and_open_gifts_are_let_go(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    ada = market.person()
    grandma = rose(market, ada)
    own = market.place(cycle_id, {bags: 2}, consumer_id=ada)
    gift = market.place(cycle_id, {bags: 3}, consumer_id=ada, recipient_id=grandma)

    market.store.run(people.erase_person, ada)
    tick(market.store)

    orders = [market.store.read(queries.order, one.id) for one in (own, gift)]
    assert {one.state for one in orders} == {OrderState.CANCELLED}
    assert market.store.read(persons.contact, grandma).name == ""
    assert market.listing(cycle_id, bags).ordered == 0
    assert check(market.store) == []


@pytest.mark.parametrize("recipient", [True, False])
def test_a_key_that_placed_a_gift_places_nothing_else(market: Market, *, recipient: bool) -> None:
    cycle_id, bags, _ = market.open()
    ada = market.person()
    grandma = rose(market, ada)
    said: dict[str, Any] = {"consumer_id": ada, "recipient_id": grandma if recipient else None}
    placing = market.placing(cycle_id, {bags: 3}, **said)
    first = market.store.run(commands.place, placing)

    other = market.placing(
        cycle_id, {bags: 3}, consumer_id=ada, key=placing.key, recipient_id=None if recipient else grandma
    )

    assert market.store.run(commands.place, placing).order == first.order
    refusal = market.store.run(commands.place, other).refusal
    assert refusal is not None
    assert refusal.code == "key-reused"
