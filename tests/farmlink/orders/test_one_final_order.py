"""Whatever somebody does to an order until the cut-off, it is worth what one order placed so at once is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import uuid4

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
from farmlink.cycles.values import CycleId, ListingId
from farmlink.kernel.page import Paging
from farmlink.ledger import queries as ledger
from farmlink.ledger.values import Account, AccountKind
from farmlink.network.values import PlaceId
from farmlink.orders import commands, queries
from farmlink.orders.rules import most_of
from farmlink.orders.values import Amendment, Order, OrderLine, OrderState, Shortage, WantedLine
from farmlink.payments import commands as payments
from farmlink.payments.values import Charge, Method, Payment
from farmlink.people.values import PersonId
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.cycles.builders import Market

CREDIT_MINOR = (100_000, 2_000, 300)
"""What each of three people has: enough, enough for a small order only, and less than almost any costs."""
PEOPLE = len(CREDIT_MINOR)
CASE_PACKS = 6
WHO = st.integers(0, PEOPLE - 1)
SAID = ("grade", "packs", "most_packs", "wanted_packs", "quantity", "weight_g", "total_minor", "shortage")
PREFERENCES = st.sampled_from(list(Shortage))


@dataclass(frozen=True)
class Wish:
    """What somebody wants: bags, up to some more, and crates, or of what costs nothing; at one point or the other."""

    bags: int
    more: int
    crates: int
    shortage: Shortage
    far: bool
    free: bool


FREE = st.sampled_from((False, False, True))
WISHES = st.builds(Wish, st.integers(1, 8), st.integers(0, 3), st.integers(0, 2), PREFERENCES, st.booleans(), free=FREE)


@dataclass
class Stall:
    """A cycle that sells bags by the case and loose crates and gives windfalls away, and what people ordered there."""

    market: Market
    cycle_id: CycleId
    bags: ListingId
    crates: ListingId
    windfalls: ListingId
    points: tuple[PlaceId, PlaceId]
    people: list[PersonId]

    @classmethod
    def opened(cls, market: Market, far: PlaceId, fee_minor: int) -> Stall:
        cycle = market.draft(delivery_fee_minor=fee_minor)
        bags, _ = market.list_apples(cycle.id, case_packs=CASE_PACKS)
        _, crates = market.list_apples(cycle.id, grade=3)
        windfalls, _ = market.list_apples(cycle.id, grade=2, price_minor_per_1000=0)
        market.store.run(cycles.open_cycle, cycle.id)
        people_ = [market.person() for _ in range(PEOPLE)]
        for person, credit_minor in zip(people_, CREDIT_MINOR, strict=True):
            market.store.run(payments.top_up, uuid4(), person, credit_minor, cycle.currency)
        return cls(market, cycle.id, bags, crates, windfalls, (PlaceId(market.point.id), far), people_)

    def lines(self, wish: Wish) -> tuple[WantedLine, ...]:
        if wish.free:
            return (WantedLine(self.windfalls, wish.bags),)
        most = wish.bags + wish.more if wish.more else None
        swaps = (self.crates,) if wish.shortage is Shortage.SWAP else ()
        bags = WantedLine(self.bags, wish.bags, most, wish.shortage, swaps)
        return (bags, WantedLine(self.crates, wish.crates)) if wish.crates else (bags,)

    def place(self, who: int, wish: Wish) -> Order:
        point = self.points[wish.far]
        return self.market.place(self.cycle_id, self.lines(wish), consumer_id=self.people[who], place_id=point)

    def amend(self, order: Order, wish: Wish) -> Order:
        change = Amendment(
            order_id=order.id, revision=order.revision, place_id=self.points[wish.far], lines=self.lines(wish)
        )
        return self.market.store.run(commands.amend, change)

    def held(self, who: int) -> int:
        """What is held of somebody's credit."""
        account = Account(AccountKind.CREDIT, self.people[who], "USD")
        return CREDIT_MINOR[who] + self.market.store.read(ledger.balance, account)

    def check_out(self, who: int) -> Payment:
        (order,) = self.orders(who)
        return self.market.store.run(commands.checkout, order.id, Method.CREDIT, uuid4())

    def orders(self, who: int) -> list[Order]:
        found = self.market.store.read(queries.orders, Paging(), consumer_id=self.people[who]).items
        return [order for order in found if order.state is OrderState.PLACED]

    def stands(self) -> tuple[Any, ...]:
        """What stock and places hold, and everybody ordered and has held; nothing of it says when, or which id."""
        return self.market.store.read(self._held_of_it), [
            [
                (one.place_id, one.delivery_fee_minor, one.total_minor, self.held(who), self._plain(one.lines))
                for one in self.orders(who)
            ]
            for who in range(PEOPLE)
        ]

    def _held_of_it(self, tx: Transaction) -> list[list[tuple[Any, ...]]]:
        asked = (
            "SELECT grade, reserved FROM stock WHERE cycle_id = :cycle ORDER BY grade",
            "SELECT place_id, orders, weight_g FROM cycle_place WHERE cycle_id = :cycle ORDER BY place_id",
        )
        return [[tuple(row) for row in tx.execute(one, {"cycle": self.cycle_id})] for one in asked]

    def _plain(self, lines: Sequence[OrderLine]) -> list[tuple[Any, ...]]:
        name = {self.bags: "bags", self.crates: "crates", self.windfalls: "windfalls"}
        plain = [
            (
                name[line.listing_id],
                *(getattr(line, said) for said in SAID),
                [name[listing_id] for listing_id in line.substitutes],
            )
            for line in lines
        ]
        return sorted(plain)


class Changing(RuleBasedStateMachine):
    """Three people order, change, pay and cancel; the model is what each of them wants in the end, and who has paid.

    Who paid and then wants what costs nothing has not paid any more.
    """

    market: ClassVar[Market]
    far: ClassVar[PlaceId]

    stall: Stall

    @initialize(fee_minor=st.sampled_from((0, 50)))
    def open_stall(self, fee_minor: int) -> None:
        self.fee_minor = fee_minor
        self.stall = Stall.opened(self.market, self.far, fee_minor)
        self.wishes: dict[int, Wish] = {}
        self.standing: dict[int, Order] = {}
        self.paid: set[int] = set()

    @rule(who=WHO, wish=WISHES)
    def order_or_change(self, who: int, wish: Wish) -> None:
        if who in self.standing:
            self.standing[who] = self.stall.amend(self.standing[who], wish)
        else:
            self.standing[who] = self.stall.place(who, wish)
        self.wishes[who] = wish
        if not most_of(self.standing[who]):
            self.paid.discard(who)

    def unpaid(self) -> list[int]:
        return [who for who, order in sorted(self.standing.items()) if who not in self.paid and most_of(order)]

    @precondition(lambda self: self.unpaid())
    @rule(data=st.data())
    def check_out(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(self.unpaid()))
        self.stall.check_out(who)
        self.paid.add(who)

    @precondition(lambda self: self.paid)
    @rule(data=st.data(), wish=WISHES)
    def take_what_is_free_and_then_think_better_of_it(self, data: st.DataObject, wish: Wish) -> None:
        who = data.draw(st.sampled_from(sorted(self.paid)))
        for free in (True, False):
            self.order_or_change(who, replace(wish, free=free))

    @precondition(lambda self: self.standing)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(sorted(self.standing)))
        self.market.store.run(commands.cancel, self.standing.pop(who).id)
        del self.wishes[who]
        self.paid.discard(who)

    @invariant()
    def of_everybodys_credit_is_held_what_their_order_can_come_to_or_what_is_there(self) -> None:
        for who in range(PEOPLE):
            most = most_of(self.standing[who]) if who in self.paid else 0
            assert self.stall.held(who) == min(most, CREDIT_MINOR[who])

    def teardown(self) -> None:
        """Compare with a stall where everybody ordered and paid at once what they wanted in the end; charge both."""
        once = Stall.opened(self.market, self.far, self.fee_minor)
        for who, wish in self.wishes.items():
            once.place(who, wish)
            if who in self.paid:
                once.check_out(who)
        assert self.stall.stands() == once.stands()
        assert charged(self.stall) == charged(once)
        assert check(self.market.store) == []


def charged(stall: Stall) -> list[tuple[int, int]]:
    """What everybody pays in the end, out of what is held and at pick-up; nothing stays held."""
    orders = [order for who in range(PEOPLE) for order in stall.orders(who)]
    charges = [Charge(order.id, order.consumer_id, order.total_minor, order.currency) for order in orders]
    settled = {one.about: one for one in stall.market.store.run(payments.settle_many, charges)}
    assert all(one.held_minor == 0 for one in settled.values())
    dear = [settled[order.id] for order in orders if order.total_minor]
    return [(one.captured_minor, one.due_minor) for one in dear]


def test_any_sequence_of_changes_equals_one_final_order_in_stock_and_money(store: Store) -> None:
    Changing.market = Market.founded(store, apples_g=10_000_000)
    for grade in (3, 2):
        Changing.market.lot(10_000_000, grade=grade)
    Changing.far = PlaceId(Changing.market.country.point("Far").id)
    run_state_machine_as_test(
        Changing,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
