"""Checking out: decided before the cut-off or not at all, by the database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest

from farmlink.cycles.rules.refusals import CycleClosedError
from farmlink.cycles.values import ListingId
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.money import Money
from farmlink.ledger.rules import OverdrawnError
from farmlink.orders import commands
from farmlink.orders import queries as orders
from farmlink.orders.rules import OrderCancelledError
from farmlink.orders.rules.confirmation import write_confirmation
from farmlink.orders.values import Amendment, Handover, Item, Order, Told, WantedLine
from farmlink.payments import commands as payments
from farmlink.payments import queries, rules
from farmlink.payments.values import Method, NewPayment, Opened, Payment, Seen, Standing, State, StepKind
from farmlink.policy import commands as policy
from farmlink.policy.values import FIRST, Charges, PolicyDocument
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction
from tests.farmlink.cycles.builders import Market

ROUNDS = 8
ITEM = Item("apples", 3, Decimal(3), Money(900, "CNY"))


def checked_out(market: Market, order: Order, method: Method = Method.CREDIT) -> Payment:
    return market.store.run(commands.checkout, order.id, method, uuid4())


def with_credit(market: Market, order: Order, amount_minor: int = 10_000) -> Order:
    market.store.run(payments.top_up, uuid4(), order.consumer_id, amount_minor, order.currency)
    return order


def held(store: Store) -> int:
    holds = "SELECT coalesce(-sum(balance_minor), 0) FROM ledger_account WHERE kind = 'hold'"
    return int(store.read(lambda tx: tx.execute(holds).scalar_one()))


def test_an_order_is_held_for_all_that_it_costs_at_most(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = with_credit(market, market.place(cycle_id, {bags: 3}))

    payment = checked_out(market, order)

    assert (payment.about, payment.payer_id) == (order.id, order.consumer_id)
    assert payment.held_minor == held(market.store) == order.total_minor


def test_what_is_welcome_to_fill_a_case_is_held_too(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = with_credit(market, market.place(cycle_id, [WantedLine(bags, 3, most=5)]))

    assert checked_out(market, order).held_minor == 1_500


@pytest.mark.parametrize(("method", "said"), [(Method.CREDIT, "9.00 are held for it"), (Method.PICK_UP, "You pay at")])
def test_the_confirmation_says_what_is_held_already(market: Market, method: Method, said: str) -> None:
    cycle_id, bags, _ = market.open()
    order = with_credit(market, market.place(cycle_id, {bags: 3}))
    checked_out(market, order, method)

    body = market.store.read(orders.confirmation, order.id, "en").body

    assert said in body
    assert ("Nothing is charged before" in body) == (method is Method.PICK_UP)


def test_the_confirmation_says_what_is_paid_already() -> None:
    day = datetime(2031, 9, 5, tzinfo=UTC)
    home = Handover(hand_out_on=day.date(), closes_at=day, time_zone="UTC", point=None, address="", hours="8-10")
    new = NewPayment(
        key=uuid4(), about=uuid4(), payer_id=uuid4(), method=Method.WECHAT, amount_minor=900, currency="CNY"
    )
    paid = rules.seen(rules.begin(new, day).payment, Standing(Seen.PAID, 900)).payment

    said = write_confirmation("en", Told.DUE, home, [ITEM], Money(0, "CNY"), Money(800, "CNY"), paid)

    assert said.body.endswith("It costs CN¥8.00.\nYou paid CN¥9.00 already. What the goods do not come to goes back.")


def amended(market: Market, order: Order, revision: int, bags: ListingId, packs: int) -> Order:
    change = Amendment(order_id=order.id, revision=revision, place_id=order.place_id, lines=(WantedLine(bags, packs),))
    return market.store.run(commands.amend, change)


@pytest.mark.parametrize(
    ("credit_minor", "kept"), [(10_000, [600, 1_200, 300, 1_500]), (1_000, [600, 1_000, 300, 1_000])]
)
def test_the_credit_that_is_held_follows_the_order_down_and_up(
    market: Market, credit_minor: int, kept: list[int]
) -> None:
    cycle_id, bags, _ = market.open()
    order = with_credit(market, market.place(cycle_id, {bags: 3}), credit_minor)
    checked_out(market, order)

    for revision, (packs, held_minor) in enumerate(zip([2, 4, 1, 5], kept, strict=True), start=1):
        amended(market, order, revision, bags, packs)
        assert held(market.store) == market.store.read(queries.payment, order.id).held_minor == held_minor


def test_what_a_provider_holds_follows_the_order_down_alone(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 3})
    asked = checked_out(market, order, Method.STRIPE)
    market.store.run(_authorised, asked)

    for revision, (packs, held_minor) in enumerate([(2, 600), (4, 600), (1, 300)], start=1):
        amended(market, order, revision, bags, packs)
        assert held(market.store) == held_minor


def _authorised(tx: Transaction, asked: Payment) -> None:
    for kind in (StepKind.OPEN, StepKind.LOOK):
        (step,) = (one for one in payments.take_steps(tx, [Method.STRIPE]) if one.kind is kind)
        if kind is StepKind.OPEN:
            payments.opened(tx, step, Opened("there", "secret"))
        else:
            payments.see(tx, step, Standing(Seen.PAID, asked.asked_minor))


def test_of_too_little_credit_all_is_held_and_of_none_nothing(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 3})
    with pytest.raises(OverdrawnError):
        checked_out(market, order)

    payment = checked_out(market, with_credit(market, order, 500))

    assert (payment.held_minor, payment.most_minor, held(market.store)) == (500, 900, 500)
    assert "4.00, is to pay when it is handed out." in market.store.read(orders.confirmation, order.id, "en").body


def test_the_confirmation_says_what_is_to_pay_beside_what_is_held(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = with_credit(market, market.place(cycle_id, {bags: 1}), 300)
    checked_out(market, order)
    assert "The rest" not in market.store.read(orders.confirmation, order.id, "en").body

    amended(market, order, 1, bags, 3)

    body = market.store.read(orders.confirmation, order.id, "en").body
    assert body.splitlines()[-1].startswith("The rest, ")
    assert "6.00, is to pay when it is handed out." in body


def test_the_confirmation_says_which_deposit_the_crates_of_the_cycle_bear(market: Market) -> None:
    document = PolicyDocument(charges=replace(Charges(), crate_deposit_minor=300))
    market.store.run(policy.publish_version, document, "Crates got lost.", FIRST.version)
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 3})

    assert "3.00 for each crate comes on top" in market.store.read(orders.confirmation, order.id, "en").body


def test_a_cancelled_order_holds_nothing_and_is_not_checked_out(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = with_credit(market, market.place(cycle_id, {bags: 3}))
    checked_out(market, order)

    market.store.run(commands.cancel, order.id)

    assert (held(market.store), market.store.read(queries.holds_open)) == (0, 0)
    with pytest.raises(OrderCancelledError):
        checked_out(market, order)


def test_nobody_checks_out_at_or_after_the_cut_off(market: Market) -> None:
    cycle_id, bags, _ = market.open()
    order = with_credit(market, market.place(cycle_id, {bags: 3}))
    market.close_in(cycle_id, 0)

    with pytest.raises(CycleClosedError):
        checked_out(market, order)

    assert held(market.store) == 0


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_buyer_at_checkout_while_the_cycle_is_called_off_is_in_time_and_released_or_refused(
    market: Market, round_: int
) -> None:
    cycle_id, bags, _ = market.open()
    order = with_credit(market, market.place(cycle_id, {bags: 3}))
    together = Barrier(2)

    def check_out() -> bool:
        together.wait()
        try:
            checked_out(market, order)
        except RefusedError:
            return False
        return True

    def call_off() -> bool:
        together.wait()
        return market.store.run(commands.cancel_cycle, cycle_id)

    with ThreadPoolExecutor(2) as people:
        both = [people.submit(deed) for deed in ((check_out, call_off), (call_off, check_out))[round_ % 2]]
        in_time, _ = [one.result() for one in both][:: 1 if round_ % 2 == 0 else -1]

    assert (held(market.store), market.store.read(queries.holds_open)) == (0, 0)
    known = market.store.read(queries.payments, [order.id])
    assert [payment.state for payment in known.values()] == ([State.RELEASED] if in_time else [])
