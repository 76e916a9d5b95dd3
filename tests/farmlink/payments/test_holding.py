"""A hold ends once, charged or released; what is not held is due at pick-up."""

from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.kernel.bounds import OutOfBoundsError
from farmlink.kernel.errors import MissingError
from farmlink.ledger.rules import ForeignCurrencyError, OverdrawnError
from farmlink.payments import commands
from farmlink.payments.rules.refusals import (
    AlreadyPaidError,
    ForeignPayerError,
    NotDueError,
    PaymentSettledError,
    RefundAboveCaptureError,
    RefundDiffersError,
    SettledOtherwiseError,
)
from farmlink.payments.values import Charge, Method, Opened, Seen, Standing, State, StepKind
from farmlink.store.idempotency import KeyReusedError
from farmlink.store.store import Store
from tests.farmlink.payments.builders import Purse


def test_credit_is_held_at_checkout_and_cannot_be_spent_twice(purse: Purse) -> None:
    purse.top_up(1_000)

    assert purse.start(Method.CREDIT, 800).state is State.HELD

    assert (purse.credit(), purse.held()) == (200, 800)
    assert purse.start(Method.CREDIT, 300, about=uuid4()).held_minor == 200
    with pytest.raises(OverdrawnError):
        purse.start(Method.CREDIT, 300, about=uuid4())


def test_a_hold_is_charged_with_what_the_order_comes_to_and_the_rest_goes_back(purse: Purse) -> None:
    purse.top_up(1_000)
    purse.start(Method.CREDIT, 800)

    settled = purse.settle(700)

    assert (settled.state, settled.captured_minor, settled.due_minor) == (State.CAPTURED, 700, 0)
    assert (purse.credit(), purse.held(), purse.owed()) == (300, 0, -700)


def test_what_an_order_costs_above_its_hold_is_due_at_pick_up(purse: Purse) -> None:
    purse.top_up(1_000)
    purse.start(Method.CREDIT, 800)

    assert purse.settle(900).due_minor == 100
    collected = purse.store.run(commands.collect, purse.about, purse.point_id, 100)

    assert collected.state is State.COLLECTED
    assert (purse.owed(), purse.in_till()) == (-900, 100)


def test_settling_twice_charges_once_and_otherwise_is_refused(purse: Purse) -> None:
    purse.top_up(1_000)
    purse.start(Method.CREDIT, 800)
    purse.settle(700)

    assert purse.settle(700).captured_minor == 700
    with pytest.raises(SettledOtherwiseError):
        purse.settle(600)

    assert purse.owed() == -700


def test_one_refused_charge_leaves_the_others_uncharged(purse: Purse) -> None:
    other = Purse(purse.store)
    for one in (purse, other):
        one.top_up(1_000)
        one.start(Method.CREDIT, 800)

    with pytest.raises(ForeignCurrencyError):
        purse.store.run(commands.settle_many, [other.charge(800), purse.charge(800, "EUR")])

    assert (purse.held(), other.held()) == (800, 800)


def test_nobody_is_charged_for_what_somebody_else_pays(purse: Purse) -> None:
    purse.start(Method.PICK_UP, 800)

    with pytest.raises(ForeignPayerError):
        purse.store.run(commands.settle_many, [Charge(purse.about, uuid4(), 800, "CNY")])


def test_a_charge_of_nothing_releases_the_hold(purse: Purse) -> None:
    purse.top_up(1_000)
    purse.start(Method.CREDIT, 800)

    assert purse.settle(0).state is State.RELEASED
    assert purse.settle(0).state is State.RELEASED

    assert (purse.credit(), purse.held(), purse.owed()) == (1_000, 0, 0)


def test_a_dropped_order_releases_its_hold_once(purse: Purse) -> None:
    purse.top_up(1_000)
    purse.start(Method.CREDIT, 800)

    for _ in range(2):
        purse.store.run(commands.release_many, [purse.about, uuid4()])

    assert (purse.payment().state, purse.credit(), purse.entries()) == (State.RELEASED, 1_000, ["hold", "release"])
    with pytest.raises(SettledOtherwiseError):
        purse.settle(800)


def test_what_was_charged_is_refunded_and_never_released(purse: Purse) -> None:
    purse.start(Method.PICK_UP, 800)
    purse.settle(800)

    with pytest.raises(PaymentSettledError):
        purse.store.run(commands.release_many, [purse.about])


def test_when_the_price_falls_what_is_held_above_it_goes_back_at_once(purse: Purse) -> None:
    purse.top_up(1_000)
    purse.start(Method.CREDIT, 800)

    for total in (700, 900, 700, 650):
        purse.store.run(commands.lower_many, {purse.about: total, uuid4(): 5})

    assert (purse.held(), purse.credit(), purse.payment().most_minor) == (650, 350, 650)
    purse.store.run(commands.lower_many, {purse.about: 0})
    assert (purse.held(), purse.credit(), purse.payment().state) == (0, 1_000, State.FAILED)


def test_a_price_that_falls_after_the_charge_changes_nothing(purse: Purse) -> None:
    purse.start(Method.PICK_UP, 800)
    purse.settle(800)

    purse.store.run(commands.lower_many, {purse.about: 500})

    assert purse.payment().due_minor == 800


def test_who_never_checked_out_pays_at_pick_up(purse: Purse) -> None:
    settled = purse.settle(500)

    assert (settled.method, settled.state, settled.due_minor) == (Method.PICK_UP, State.DUE, 500)


def test_nothing_is_written_for_who_never_checked_out_and_owes_nothing(purse: Purse) -> None:
    assert purse.store.run(commands.settle_many, [purse.charge(0)]) == []
    with pytest.raises(MissingError):
        purse.payment()
    with pytest.raises(MissingError):
        purse.store.run(commands.collect, purse.about, purse.point_id, 5)


def test_checking_out_again_with_the_same_key_changes_nothing(purse: Purse) -> None:
    purse.top_up(1_000)
    new = purse.new(Method.CREDIT, 800)

    first, second = (purse.store.run(commands.start, new) for _ in range(2))

    assert first == second
    assert purse.held() == 800
    with pytest.raises(KeyReusedError):
        purse.start(Method.CREDIT, 700, key=new.key)


def test_a_promise_can_be_replaced_and_what_a_provider_holds_cannot(purse: Purse) -> None:
    purse.top_up(1_000)
    purse.start(Method.PICK_UP, 800)

    assert purse.start(Method.CREDIT, 800).method is Method.CREDIT
    with pytest.raises(AlreadyPaidError):
        purse.start(Method.CREDIT, 800)

    purse.start(Method.STRIPE, 800)
    purse.store.run(commands.opened, purse.step(StepKind.OPEN), Opened("there", "secret"))
    purse.store.run(commands.see, purse.step(StepKind.LOOK), Standing(Seen.PAID, 800))
    with pytest.raises(AlreadyPaidError):
        purse.start(Method.PICK_UP, 800)


@pytest.mark.parametrize("amount_minor", [-1, 0, 10**12 + 1])
def test_amounts_that_are_none_are_refused(purse: Purse, amount_minor: int) -> None:
    purse.start(Method.PICK_UP, 800)
    for refused in (
        lambda: purse.start(Method.PICK_UP, amount_minor, about=uuid4()),
        lambda: purse.top_up(amount_minor),
        lambda: purse.store.run(commands.collect, purse.about, purse.point_id, amount_minor),
        lambda: purse.store.run(commands.refund, uuid4(), purse.about, amount_minor),
        lambda: purse.settle(amount_minor or -1),
    ):
        with pytest.raises(OutOfBoundsError):
            refused()


def test_at_the_point_exactly_what_is_due_is_collected_and_once(purse: Purse) -> None:
    purse.start(Method.PICK_UP, 800)
    purse.settle(800)

    with pytest.raises(NotDueError):
        purse.store.run(commands.collect, purse.about, purse.point_id, 700)
    for _ in range(2):
        purse.store.run(commands.collect, purse.about, purse.point_id, 800)
    with pytest.raises(NotDueError):
        purse.store.run(commands.collect, purse.about, uuid4(), 800)

    assert purse.in_till() == 800


def test_what_a_lapsed_hold_left_to_collect_is_collected_once(purse: Purse) -> None:
    purse.start(Method.STRIPE, 800)
    purse.store.run(commands.opened, purse.step(StepKind.OPEN), Opened("there", "secret"))
    purse.store.run(commands.see, purse.step(StepKind.LOOK), Standing(Seen.PAID, 800))
    purse.settle(1_000)
    purse.store.run(commands.collect, purse.about, purse.point_id, 200)
    purse.store.run(commands.refuse, purse.step(StepKind.CAPTURE), "lapsed")

    for _ in range(2):
        purse.store.run(commands.collect, purse.about, purse.point_id, 800)
    with pytest.raises(NotDueError):
        purse.store.run(commands.collect, purse.about, purse.point_id, 1_000)

    assert (purse.payment().state, purse.in_till(), purse.owed()) == (State.COLLECTED, 1_000, -1_000)


def test_a_refund_goes_back_the_way_it_came_once_for_each_key(purse: Purse) -> None:
    purse.top_up(1_000)
    purse.start(Method.CREDIT, 800)
    purse.settle(800)
    key = uuid4()

    for _ in range(2):
        purse.store.run(commands.refund, key, purse.about, 300)

    assert (purse.credit(), purse.payment().refunded_minor) == (500, 300)
    with pytest.raises(RefundDiffersError):
        purse.store.run(commands.refund, key, purse.about, 200)
    with pytest.raises(RefundAboveCaptureError):
        purse.store.run(commands.refund, uuid4(), purse.about, 501)
    assert purse.credit() == 500


def test_what_is_still_due_is_asked_less_before_anything_is_paid_back(purse: Purse) -> None:
    purse.top_up(500)
    purse.start(Method.CREDIT, 500)
    purse.settle(800)

    spared = purse.store.run(commands.refund, uuid4(), purse.about, 100)
    assert (spared.state, spared.due_minor, purse.credit()) == (State.DUE, 200, 0)
    rest = purse.store.run(commands.refund, uuid4(), purse.about, 250)

    assert (rest.state, rest.due_minor, rest.refunded_minor, purse.credit()) == (State.CAPTURED, 0, 50, 50)


def test_a_refund_of_all_that_is_due_leaves_nothing_to_collect(purse: Purse) -> None:
    purse.settle(800)

    assert purse.store.run(commands.refund, uuid4(), purse.about, 800).state is State.RELEASED
    with pytest.raises(RefundAboveCaptureError):
        purse.store.run(commands.refund, uuid4(), purse.about, 1)


def test_cash_comes_back_as_credit(purse: Purse) -> None:
    purse.settle(800)
    purse.store.run(commands.collect, purse.about, purse.point_id, 800)

    back = purse.store.run(commands.refund, uuid4(), purse.about, 300)

    assert (back.credited_minor, purse.credit(), purse.owed()) == (300, 300, -500)


@pytest.mark.parametrize(
    "defect",
    [
        "state = 'held', held_minor = 5",
        "captured_minor = 900",
        "refunded_minor = 801",
        "collected_minor = 1",
        "due_minor = 0",
        "charged_minor = 900",
        "payer_id = gen_random_uuid()",
        "most_minor = asked_minor + 1",
    ],
)
def test_the_database_itself_refuses_to_charge_again(purse: Purse, defect: str) -> None:
    purse.top_up(500)
    purse.start(Method.CREDIT, 500)
    purse.settle(800)

    with pytest.raises(DBAPIError, match="payment"):
        _defect(purse.store, defect)


def _defect(store: Store, change: str) -> None:
    store.run(lambda tx: tx.execute(f"UPDATE payment SET {change}"))  # the test's own words
