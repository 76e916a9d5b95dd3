"""Whatever people do in whatever order, stock and batches come out right: judged by a model after every step."""

from __future__ import annotations

from typing import ClassVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from farmlink.cycles import commands as cycles
from farmlink.cycles.rules import ARROWS
from farmlink.cycles.values import CycleId, ListingId, Stage
from farmlink.demand import commands as demand
from farmlink.demand import queries as demand_queries
from farmlink.kernel.errors import RefusedError
from farmlink.network.values import PlaceId
from farmlink.orders import commands, queries
from farmlink.orders.values import Amendment, Order, OrderState, WantedLine
from farmlink.people.values import PersonId
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import BAG_G, CRATE_G, Market

STOCK_G = 60_000
SMALL_ORDERS, SMALL_G = 2, 40_000
PACKS = st.tuples(st.integers(0, 30), st.integers(0, 4)).filter(any)
PERSON = st.integers(0, 3)
SMALL = st.booleans()
"""Whether the order goes to the small point, which has space for few orders and little weight."""


class Shop(RuleBasedStateMachine):
    """Four consumers, one cycle, bags and crates from one stock, two points; the model is what each holds where."""

    market: ClassVar[Market]
    small: ClassVar[PlaceId]

    cycle_id: CycleId
    bags: ListingId
    crates: ListingId
    people: list[PersonId]

    @initialize()
    def open_shop(self) -> None:
        self.cycle_id, self.bags, self.crates = self.market.open()
        self.people = [self.market.person() for _ in range(4)]
        self.held: dict[int, tuple[int, int]] = {}
        self.at_small: set[int] = set()
        self.orders: dict[int, Order] = {}
        self.stage = Stage.OPEN

    def wanted(self, packs: tuple[int, int]) -> dict[ListingId, int]:
        return {listing: count for listing, count in zip((self.bags, self.crates), packs, strict=True) if count}

    def point(self, *, small: bool) -> PlaceId:
        return self.small if small else PlaceId(self.market.point.id)

    def fits(self, who: int, packs: tuple[int, int], *, small: bool) -> bool:
        others = {other: grams(held) for other, held in self.held.items() if other != who}
        there = self.at_small - {who}
        spacious = len(there) < SMALL_ORDERS and sum(others[other] for other in there) + grams(packs) <= SMALL_G
        return sum(others.values()) + grams(packs) <= STOCK_G and (spacious or not small)

    def keep(self, who: int, packs: tuple[int, int], order: Order) -> None:
        self.held[who], self.orders[who] = packs, order
        self.at_small = self.at_small - {who} | ({who} if order.place_id == self.small else set())

    @rule(who=PERSON, packs=PACKS, small=SMALL)
    def place(self, who: int, packs: tuple[int, int], *, small: bool) -> None:
        outcome = self.market.try_to_place(
            self.cycle_id, self.wanted(packs), consumer_id=self.people[who], place_id=self.point(small=small)
        )
        allowed = self.stage is Stage.OPEN and who not in self.held and self.fits(who, packs, small=small)
        assert (outcome.order is not None) == allowed
        if outcome.order:
            self.keep(who, packs, outcome.order)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), packs=PACKS, small=SMALL)
    def amend(self, data: st.DataObject, packs: tuple[int, int], *, small: bool) -> None:
        who = data.draw(st.sampled_from(sorted(self.held)))
        order = self.orders[who]
        lines = tuple(WantedLine(listing, count) for listing, count in self.wanted(packs).items())
        place_id = self.point(small=small)
        change = Amendment(order_id=order.id, revision=order.revision, place_id=place_id, lines=lines)
        if self.stage is Stage.OPEN and self.fits(who, packs, small=small):
            self.keep(who, packs, self.market.store.run(commands.amend, change))
        else:
            with pytest.raises(RefusedError):
                self.market.store.run(commands.amend, change)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(self.held)))
        if self.stage is Stage.OPEN:
            self.market.store.run(commands.cancel, self.orders.pop(who).id)
            del self.held[who]
            self.at_small.discard(who)
        else:
            with pytest.raises(RefusedError):
                self.market.store.run(commands.cancel, self.orders[who].id)

    @precondition(lambda self: len(self.held) > 2)
    @rule()
    def close(self) -> None:
        self.stage = self.market.store.run(demand.close, self.cycle_id).stage

    @rule(stage=st.sampled_from(sorted(Stage)))
    def move(self, stage: Stage) -> None:
        if stage in {Stage.CANCELLED, Stage.CLOSED} and self.stage is Stage.OPEN:
            return  # closing and cancelling do more than move a stage; `close` does them here
        if stage is not self.stage and stage not in ARROWS[self.stage]:
            with pytest.raises(RefusedError):
                self.market.store.run(cycles.move, self.cycle_id, stage)
        elif stage is not Stage.CANCELLED:
            assert self.market.store.run(cycles.move, self.cycle_id, stage) == (stage is not self.stage)
            self.stage = stage

    @invariant()
    def stock_is_what_the_standing_orders_hold(self) -> None:
        listing = self.market.listing(self.cycle_id, self.bags)
        assert listing.ordered == sum(map(grams, self.held.values()))
        assert listing.left == STOCK_G - listing.ordered

    @invariant()
    def every_order_equals_one_that_was_placed_so_at_once(self) -> None:
        for who, packs in self.held.items():
            order = self.market.store.read(queries.order, self.orders[who].id)
            assert order.state is OrderState.PLACED
            assert order.total_minor == packs[0] * 300 + packs[1] * 2500

    @invariant()
    def a_batch_holds_what_was_ordered_once_the_cycle_is_closed(self) -> None:
        batches = self.market.store.read(demand_queries.batches, self.cycle_id)
        ordered = sum(map(grams, self.held.values()))
        assert sum(batch.quantity for batch in batches) == (0 if self.stage is Stage.OPEN else ordered)

    def teardown(self) -> None:
        assert check(self.market.store) == []


def grams(packs: tuple[int, int]) -> int:
    return packs[0] * BAG_G + packs[1] * CRATE_G


def test_any_sequence_of_orders_amendments_and_stages_keeps_stock_orders_and_batches_in_step(store: Store) -> None:
    Shop.market = Market.founded(store, apples_g=STOCK_G)
    Shop.small = PlaceId(Shop.market.point_with(capacity_orders=SMALL_ORDERS, capacity_g=SMALL_G).id)
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
