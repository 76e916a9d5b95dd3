"""What a provider's word makes of a payment, and how long it is waited for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from farmlink.ledger.values import AccountKind
from farmlink.payments import rules
from farmlink.payments.rules.refusals import MethodCurrencyError
from farmlink.payments.values import (
    Booked,
    Charge,
    Method,
    NewPayment,
    Opened,
    Payment,
    Seen,
    Standing,
    State,
    Step,
    StepId,
    StepKind,
    Turn,
)
from tests.farmlink.payments.builders import difference_minor

NOW = datetime(2031, 9, 4, tzinfo=UTC)


def new(method: Method, currency: str = "CNY") -> NewPayment:
    return NewPayment(key=uuid4(), about=uuid4(), payer_id=uuid4(), method=method, amount_minor=800, currency=currency)


def asked(method: Method = Method.WECHAT) -> Payment:
    return rules.begin(new(method), NOW).payment


def step(payment: Payment, kind: StepKind, amount_minor: int = 800) -> Step:
    return Step(StepId(uuid4()), kind, amount_minor, 3, NOW, payment)


@pytest.mark.parametrize("method", [Method.WECHAT, Method.ALIPAY])
def test_a_provider_that_takes_yuan_only_is_asked_for_nothing_else(method: Method) -> None:
    with pytest.raises(MethodCurrencyError, match="Choose another way to pay"):
        rules.begin(new(method, "EUR"), NOW)


def test_an_intent_that_cannot_be_opened_fails_and_the_payer_chooses_again() -> None:
    payment = asked()

    assert rules.refused(payment, step(payment, StepKind.OPEN)).payment.state is State.FAILED


def test_an_intent_that_cannot_be_opened_any_more_changes_nothing() -> None:
    payment = rules.release(asked()).payment

    assert rules.refused(payment, step(payment, StepKind.OPEN)).payment == payment


def test_an_intent_that_its_provider_does_not_know_is_called_off() -> None:
    payment = asked()

    turn = rules.refused(payment, step(payment, StepKind.LOOK))

    assert (turn.payment.state, [one.kind for one in turn.steps]) == (State.FAILED, [StepKind.CANCEL])


def test_what_a_provider_keeps_the_payer_gets_as_credit() -> None:
    payment = asked()

    (entry,) = rules.refused(payment, step(payment, StepKind.REFUND, 300)).entries

    moved = {posting.account.kind: posting.amount_minor for posting in entry.postings}
    assert moved == {AccountKind.PROVIDER: 300, AccountKind.CREDIT: -300}


@pytest.mark.parametrize("method", [Method.STRIPE, Method.WECHAT, Method.ALIPAY])
def test_what_cannot_be_called_off_was_never_money(method: Method) -> None:
    payment = asked(method)

    assert rules.refused(payment, step(payment, StepKind.CANCEL)) == Turn(payment)


def test_what_was_paid_before_the_calling_off_goes_back_once() -> None:
    payment = rules.replace_open(asked(), Method.PICK_UP).payment
    calling_off = step(payment, StepKind.CANCEL)

    def given_back(turn: Turn) -> list[tuple[StepKind, int]]:
        return [(one.kind, one.amount_minor) for one in turn.steps]

    assert given_back(rules.called_off(payment, calling_off, Standing(Seen.PAID, 800))) == [(StepKind.REFUND, 800)]
    assert given_back(rules.called_off(payment, calling_off, Standing(Seen.GONE))) == []
    assert given_back(rules.seen(payment, Standing(Seen.PAID, 800), called_off=True)) == [(StepKind.REFUND, 800)]
    assert given_back(rules.seen(payment, Standing(Seen.WAITING), called_off=True)) == []
    assert given_back(rules.seen(payment, Standing(Seen.PAID, 800))) == []


@pytest.mark.parametrize("end", [rules.release, rules.give_up, rules.make_room])
def test_what_nobody_asks_for_any_more_cannot_be_paid_from_here(end: Callable[[Payment], Turn]) -> None:
    payment = rules.opened(asked(), Opened("there", "code")).payment
    charge = Charge(payment.about, payment.payer_id, 800, "CNY")

    assert payment.pay_with == "code"
    assert end(payment).payment.pay_with is None
    assert rules.settle(payment, charge).payment.pay_with is None
    assert rules.opened(end(payment).payment, Opened("there", "code")).payment.pay_with is None


@pytest.mark.parametrize("seen", list(Seen))
def test_what_is_no_longer_asked_for_is_not_held(seen: Seen) -> None:
    released = rules.release(asked()).payment

    assert rules.seen(released, Standing(seen, 800)).payment == released
    assert rules.give_up(released).payment == released


def test_a_charge_that_a_lapsed_hold_cannot_pay_is_due_beside_what_was_collected() -> None:
    payment = replace(
        asked(Method.STRIPE),
        state=State.COLLECTED,
        charged_minor=900,
        captured_minor=800,
        collected_minor=100,
        point_id=uuid4(),
    )

    turn = rules.refused(payment, step(payment, StepKind.CAPTURE))

    assert (turn.payment.state, turn.payment.due_minor, turn.drops) == (State.DUE, 800, True)
    refunded = replace(payment, refunded_minor=800)
    assert rules.refused(refunded, step(refunded, StepKind.CAPTURE)).payment.state is State.COLLECTED


def test_what_became_due_after_a_collection_is_refunded_back_to_collected() -> None:
    payment = replace(asked(), state=State.DUE, charged_minor=900, due_minor=100, collected_minor=800, point_id=uuid4())

    assert rules.refund(payment, uuid4(), 100).payment.state is State.COLLECTED


def test_a_provider_is_asked_again_later_and_later_and_never_given_up() -> None:
    waits = [rules.wait_after(attempts, StepKind.CAPTURE) for attempts in range(1, 40)]

    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(seconds=2), timedelta(minutes=15))
    assert rules.wait_after(39, StepKind.LOOK) == timedelta(seconds=30)


def test_a_payer_is_waited_for_half_an_hour() -> None:
    assert not rules.gives_up(NOW, NOW + timedelta(minutes=29))
    assert rules.gives_up(NOW, NOW + timedelta(minutes=30))


def test_books_differ_by_all_that_one_side_has_and_the_other_has_not() -> None:
    held = replace(asked(Method.STRIPE), state=State.HELD, held_minor=500)
    taken = replace(asked(), state=State.CAPTURED, captured_minor=700, refunded_minor=100)
    both, kept = [held, taken], {held.about: 500, taken.about: 600}
    agreed: dict[UUID, Booked] = {held.id: Booked(800, 0), taken.id: Booked(0, 600)}

    assert difference_minor(both, kept, agreed) == 0
    assert difference_minor(both, kept, agreed | {held.id: Booked(400, 0)}) == 100
    assert difference_minor(both, kept, agreed | {taken.id: Booked(50, 599)}) == 51
    assert difference_minor(both, kept, agreed | {uuid4(): Booked(0, 5)}) == 5
    assert difference_minor(both, kept, {}) == 1_100


def test_books_are_judged_by_the_ledger_and_not_by_what_a_payment_says_of_itself() -> None:
    taken = replace(asked(), state=State.CAPTURED, captured_minor=700)
    books: dict[UUID, Booked] = {taken.id: Booked(0, 700)}

    assert difference_minor([taken], {taken.about: 700}, books) == 0
    assert difference_minor([taken], {taken.about: 400}, books) == 300
    assert difference_minor([taken], {}, books) == 700
    assert difference_minor([taken], {taken.about: 700, uuid4(): 20}, books) == 20
