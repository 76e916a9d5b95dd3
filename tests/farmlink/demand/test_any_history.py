"""Whatever people, planners and clocks do in whatever order: thresholds end once, and holds follow the orders."""

from __future__ import annotations

from typing import Any, ClassVar

import hypothesis.strategies as st
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
from farmlink.cycles import queries as cycle_queries
from farmlink.cycles.rules.thresholds import ENDS
from farmlink.cycles.values import CycleId, ListingId, PriceStep, Stage, ThresholdState, Unmet
from farmlink.demand import commands
from farmlink.kernel.errors import RefusedError
from farmlink.network.values import PlaceId
from farmlink.orders import commands as orders
from farmlink.orders import queries as order_queries
from farmlink.orders.values import Amendment, CancelReason, Order, OrderState, WantedLine
from farmlink.payments import commands as payments
from farmlink.payments.values import Charge
from farmlink.people.values import PersonId
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.cycles.builders import Market
from tests.farmlink.demand.purses import credit, held, pay

PACKS = st.tuples(st.integers(0, 12), st.integers(0, 8)).filter(any)
WHO = st.integers(0, 2)
BEFORE = frozenset({ThresholdState.OPEN, ThresholdState.EXTENDED})
GONE_ON = frozenset({ThresholdState.MET, ThresholdState.PARTIAL, *ENDS})
MOVED = """
SELECT coalesce(payload ->> 'stock_id', 'cycle') AS whose, payload ->> 'new' AS new, count(*) AS times
FROM outbox_event WHERE name = 'cycle.threshold-moved.v1' AND payload ->> 'cycle_id' = :cycle GROUP BY 1, 2
"""
STANDING = """
SELECT id, consumer_id, total_minor, currency FROM consumer_order WHERE cycle_id = :cycle AND state = 'placed'
"""
SOLD = """
SELECT l.id, l.price_minor_per_1000, l.state, l.reason, l.batch_id, s.threshold_state, s.unmet, s.reserved, s.threshold
FROM order_line l JOIN stock s ON (s.cycle_id, s.product_id, s.grade) = (l.cycle_id, l.product_id, l.grade)
WHERE l.cycle_id = :cycle
"""


class Season(RuleBasedStateMachine):
    """Three consumers with account credit, one cycle, two goods with thresholds and falling prices."""

    market: ClassVar[Market]

    cycle_id: CycleId
    few: ListingId
    many: ListingId
    people: list[PersonId]

    @initialize(
        hours=st.sampled_from([0, 5]),
        unmet=st.sampled_from(Unmet),
        of_goods=st.sampled_from(Unmet),
        threshold_minor=st.sampled_from([0, 2_000, 6_000]),
        threshold=st.sampled_from([8_000, 10_000]),
        case_packs=st.sampled_from([1, 4]),
        baskets=st.lists(PACKS, min_size=2, max_size=3),
    )
    def open_cycle(
        self,
        hours: int,
        unmet: Unmet,
        of_goods: Unmet,
        threshold_minor: int,
        threshold: int,
        case_packs: int,
        baskets: list[tuple[int, int]],
    ) -> None:
        cycle = self.market.draft(threshold_minor=threshold_minor, extension_hours=hours, unmet=unmet)
        steps = (PriceStep(6_000, 250), PriceStep(14_000, 200))
        self.many, _ = self.market.list_apples(cycle.id, price_minor_per_1000=300, price_steps=steps)
        self.few, _ = self.market.list_apples(
            cycle.id, grade=3, threshold=threshold, unmet=of_goods, case_packs=case_packs
        )
        self.market.store.run(cycles.open_cycle, cycle.id)
        self.cycle_id, self.hours = cycle.id, hours
        self.people = [self.market.person() for _ in range(3)]
        self.orders: dict[int, Order] = {}
        self.prices: dict[Any, int] = {}
        self.paid: set[int] = set()
        for who, packs in enumerate(baskets):
            self.place(who, packs)
            self.check_out(who)

    @property
    def stage(self) -> Stage:
        return self.market.cycle(self.cycle_id).stage

    def lines(self, packs: tuple[int, int]) -> dict[ListingId, int]:
        return {listing: count for listing, count in zip((self.many, self.few), packs, strict=True) if count}

    @rule(who=WHO, packs=PACKS)
    def place(self, who: int, packs: tuple[int, int]) -> None:
        outcome = self.market.try_to_place(self.cycle_id, self.lines(packs), consumer_id=self.people[who])
        if outcome.order:
            self.orders[who] = outcome.order
            self.paid.discard(who)

    @precondition(lambda self: self.orders)
    @rule(who=WHO, packs=PACKS)
    def amend(self, who: int, packs: tuple[int, int]) -> None:
        if who in self.orders:
            order = self.market.store.read(order_queries.order, self.orders[who].id)
            lines = tuple(WantedLine(listing, count) for listing, count in self.lines(packs).items())
            place_id = PlaceId(self.market.point.id)
            change = Amendment(order_id=order.id, revision=order.revision, place_id=place_id, lines=lines)
            self.may_be_refused(orders.amend, change)

    @precondition(lambda self: self.orders)
    @rule(who=WHO)
    def cancel(self, who: int) -> None:
        if who in self.orders:
            self.may_be_refused(orders.cancel, self.orders[who].id)

    @precondition(lambda self: self.orders)
    @rule(who=WHO)
    def check_out(self, who: int) -> None:
        order = self.orders.get(who)
        if order and who not in self.paid and self.stage is Stage.OPEN:
            standing = self.market.store.read(order_queries.order, order.id)
            if standing.state is OrderState.PLACED and self.market.cycle(self.cycle_id).closes_at > self.now():
                pay(self.market.store, standing)
                self.paid.add(who)

    @rule(price=st.integers(1, 320))
    def lower_price(self, price: int) -> None:
        self.may_be_refused(cycles.lower_price, self.cycle_id, self.many, price)

    @rule(past=st.booleans())
    def let_the_clock_run(self, *, past: bool) -> None:
        if self.stage is Stage.OPEN:
            self.market.close_in(self.cycle_id, -1 if past else 3_600_000)
        self.market.store.run(commands.close_due, self.cycle_id)

    @rule()
    def close_by_hand_and_once_more(self) -> None:
        self.market.store.run(commands.close, self.cycle_id)
        before = self.everything()
        self.market.store.run(commands.close, self.cycle_id)
        assert self.everything() == before

    @precondition(lambda self: self.stage is Stage.CLOSED)
    @rule()
    def let_go(self) -> None:
        if self.market.cycle(self.cycle_id).threshold_state not in ENDS:
            self.market.store.run(orders.cancel_cycle, self.cycle_id, CancelReason.PLANNER)

    @precondition(lambda self: self.stage is Stage.CLOSED)
    @rule()
    def settle(self) -> None:
        self.market.store.run(_settle, self.cycle_id)

    def may_be_refused(self, command: Any, *args: Any) -> None:
        try:
            self.market.store.run(command, *args)
        except RefusedError:
            return

    def now(self) -> Any:
        return self.market.store.read(lambda tx: tx.execute("SELECT clock_timestamp()").scalar_one())

    def sold(self) -> Any:
        return self.market.store.read(lambda tx: tx.execute(SOLD, {"cycle": self.cycle_id}).all())

    def everything(self) -> Any:
        cycle = self.market.cycle(self.cycle_id)
        return (cycle.stage, cycle.threshold_state, cycle.closes_at, cycle.revision, sorted(self.sold()))

    @invariant()
    def a_cycle_stands_where_its_threshold_does(self) -> None:
        cycle = self.market.cycle(self.cycle_id)
        allowed = {Stage.OPEN: BEFORE, Stage.CLOSED: GONE_ON, Stage.CANCELLED: {ThresholdState.RELEASED}}[cycle.stage]
        states = {one.threshold_state for one in self.market.store.read(cycle_queries.listings, self.cycle_id)}
        assert cycle.threshold_state in allowed
        assert states <= (BEFORE if cycle.stage is Stage.OPEN else GONE_ON)

    @invariant()
    def no_step_is_taken_twice_and_nothing_is_put_off_that_was_not_to_be(self) -> None:
        moved = self.market.store.read(lambda tx: tx.execute(MOVED, {"cycle": str(self.cycle_id)}).all())
        assert all(row.times == 1 for row in moved)
        extended = {row.whose for row in moved if row.new == ThresholdState.EXTENDED}
        assert not extended or (self.hours and "cycle" in extended)
        for whose in {row.whose for row in moved}:
            ends = {row.new for row in moved if row.whose == whose} & {end.value for end in ENDS}
            assert len(ends) <= 1

    @invariant()
    def an_unmet_line_is_in_no_batch_and_a_price_only_falls(self) -> None:
        for row in self.sold():
            if row.batch_id is not None and row.state == OrderState.PLACED:
                assert row.reserved >= row.threshold or row.unmet == Unmet.PARTIAL
            assert row.price_minor_per_1000 <= self.prices.get(row.id, row.price_minor_per_1000)
            self.prices[row.id] = row.price_minor_per_1000

    @invariant()
    def no_order_holds_more_than_it_costs_and_one_that_is_gone_holds_nothing(self) -> None:
        for order in self.orders.values():
            standing = self.market.store.read(order_queries.order, order.id)
            gone = standing.state is OrderState.CANCELLED
            assert held(self.market.store, order) <= (0 if gone else standing.total_minor)

    def teardown(self) -> None:
        for _ in range(2):
            self.let_the_clock_run(past=True)
        if self.stage is Stage.CLOSED:
            self.settle()
        listings = self.market.store.read(cycle_queries.listings, self.cycle_id)
        assert {one.threshold_state for one in listings} <= ENDS
        assert self.market.cycle(self.cycle_id).threshold_state in ENDS
        assert all(held(self.market.store, order) == 0 for order in self.orders.values())
        assert all(credit(self.market.store, person) >= 0 for person in self.people)
        assert check(self.market.store) == []


def _settle(tx: Transaction, cycle_id: CycleId) -> None:
    """Charge what was ordered, as settlement does with what was handed out."""
    rows = tx.execute(STANDING, {"cycle": cycle_id}).all()
    payments.settle_many(tx, [Charge(row.id, row.consumer_id, row.total_minor, row.currency) for row in rows])
    goods = "SELECT DISTINCT product_id, grade FROM batch WHERE cycle_id = :cycle"
    cycles.end_thresholds(tx, cycle_id, {tuple(row) for row in tx.execute(goods, {"cycle": cycle_id})})


def test_any_history_ends_every_threshold_once_and_holds_no_more_than_is_owed(store: Store) -> None:
    Season.market = Market.founded(store, apples_g=200_000)
    Season.market.lot(200_000, grade=3)
    run_state_machine_as_test(
        Season,
        settings=settings(
            max_examples=40,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
