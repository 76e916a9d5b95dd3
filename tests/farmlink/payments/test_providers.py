"""Every provider through its own library, against the stand-in in a process of its own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from farmlink.payments import commands, queries
from farmlink.payments.providers import RefusedForGoodError
from farmlink.payments.values import Method, Payment, State, StepKind
from farmlink.store.store import Store
from tests.farmlink.payments.builders import Purse
from tests.farmlink.payments.street import ONLINE, Street, street


@pytest.fixture
def calm(store: Store, tmp_path: Path) -> Iterator[Street]:
    with street(store, tmp_path) as running:
        yield running


@pytest.mark.parametrize("method", ONLINE)
def test_what_a_payer_authorises_is_held_charged_and_partly_given_back(
    calm: Street, purse: Purse, method: Method
) -> None:
    held = calm.held(purse, method, 800)
    assert (held.state, purse.held(), purse.at_provider(method)) == (State.HELD, 800, 800)

    purse.settle(700)
    calm.work_until_done()
    assert (purse.payment().captured_minor, purse.held(), purse.at_provider(method)) == (700, 0, 700)
    purse.store.run(commands.refund, uuid4(), purse.about, 250)
    calm.work_until_done()

    assert (purse.at_provider(method), purse.owed()) == (450, -450)
    assert (calm.difference_minor(), calm.captures()) == (0, [1])


@pytest.mark.parametrize("method", ONLINE)
def test_a_price_that_falls_gives_back_what_the_provider_took_above_it(
    calm: Street, purse: Purse, method: Method
) -> None:
    calm.held(purse, method, 800)

    purse.store.run(commands.lower_many, {purse.about: 600})
    calm.work_until_done()

    assert purse.held() == 600
    assert calm.difference_minor() == 0
    purse.settle(600)
    calm.work_until_done()
    assert (calm.books(method)[purse.payment().id].taken_minor, calm.difference_minor()) == (600, 0)


@pytest.mark.parametrize("method", ONLINE)
def test_a_dropped_order_leaves_nothing_at_the_provider(calm: Street, purse: Purse, method: Method) -> None:
    calm.held(purse, method, 800)

    purse.store.run(commands.release_many, [purse.about])
    calm.work_until_done()

    assert (purse.held(), purse.at_provider(method), calm.difference_minor()) == (0, 0, 0)


@pytest.mark.parametrize("method", ONLINE)
def test_who_pays_after_the_charge_gets_it_back_and_owes_it_at_the_point(
    calm: Street, purse: Purse, method: Method
) -> None:
    opened = calm.opened(purse, method, 800)
    purse.settle(800)

    calm.pay(opened)
    calm.work_until_done()

    assert (purse.payment().due_minor, purse.at_provider(method), calm.difference_minor()) == (800, 0, 0)


@pytest.mark.parametrize("method", ONLINE)
def test_a_payer_who_leaves_can_choose_again(calm: Street, purse: Purse, method: Method) -> None:
    opened = calm.opened(purse, method, 800)

    calm.lapse(opened)
    calm.work()

    assert purse.payment().state is State.FAILED
    purse.top_up(800)
    assert purse.start(Method.CREDIT, 800).state is State.HELD
    assert purse.payment().method is Method.CREDIT
    assert calm.difference_minor() == 0


@pytest.mark.parametrize("method", ONLINE)
def test_a_payer_who_is_waited_for_in_vain_is_called_off(calm: Street, purse: Purse, method: Method) -> None:
    opened = calm.opened(purse, method, 800)
    purse.store.run(lambda tx: tx.execute("UPDATE payment_step SET asked_at = now() - interval '1 hour'"))

    calm.work()
    calm.work_until_done()

    assert state_of(purse, opened) is State.FAILED
    with pytest.raises(httpx.HTTPStatusError, match="409"):
        calm.pay(opened)
    assert calm.difference_minor() == 0


@pytest.mark.parametrize("method", ONLINE)
def test_who_chooses_otherwise_before_they_paid_cannot_pay_twice(calm: Street, purse: Purse, method: Method) -> None:
    opened = calm.opened(purse, method, 800)
    purse.top_up(800)

    assert purse.start(Method.CREDIT, 800).state is State.HELD
    calm.pay(opened)
    calm.work_until_done()

    assert state_of(purse, opened) is State.FAILED
    assert (purse.held(), purse.at_provider(method), calm.difference_minor()) == (800, 0, 0)


@pytest.mark.parametrize("method", ONLINE)
def test_what_is_dropped_before_it_was_opened_is_called_off(calm: Street, purse: Purse, method: Method) -> None:
    purse.start(method, 800)
    purse.store.run(commands.release_many, [purse.about])

    calm.work_until_done()

    assert [one["state"] for one in calm.told()] == ["gone"]


@pytest.mark.parametrize("method", ONLINE)
def test_an_intent_that_nobody_opened_has_nothing_to_call_off(calm: Street, purse: Purse, method: Method) -> None:
    purse.start(method, 800)
    step = replace(purse.step(StepKind.OPEN), kind=StepKind.CANCEL)

    calm.providers[method].call_off(step)

    assert calm.told() == []


@pytest.mark.parametrize("method", [Method.WECHAT, Method.ALIPAY])
def test_who_cannot_hold_is_never_asked_to_capture(calm: Street, purse: Purse, method: Method) -> None:
    calm.held(purse, method, 800)
    purse.store.run(commands.lower_many, {purse.about: 700})
    step = purse.step(StepKind.REFUND)

    with pytest.raises(RefusedForGoodError):
        calm.providers[method].capture(step)


@pytest.mark.parametrize("method", ONLINE)
def test_more_than_was_taken_is_refused_for_good_and_becomes_credit(calm: Street, purse: Purse, method: Method) -> None:
    calm.held(purse, method, 800)
    purse.settle(800)
    calm.work_until_done()
    purse.store.run(commands.refund, uuid4(), purse.about, 300)
    step = purse.step(StepKind.REFUND)

    with pytest.raises(RefusedForGoodError) as refusal:
        calm.providers[method].give_back(replace(step, amount_minor=900))
    for _ in range(2):
        purse.store.run(commands.refuse, step, str(refusal.value))

    assert (purse.credit(), purse.at_provider(method)) == (300, 800)
    assert (calm.books(method)[step.payment.id].taken_minor, calm.difference_minor()) == (800, 0)


def state_of(purse: Purse, payment: Payment) -> State:
    """How a payment stands, failed or not."""
    found = purse.store.read(queries.payment_by_id, payment.id)
    assert found is not None
    return found.state


@pytest.mark.parametrize("method", ONLINE)
def test_when_the_price_falls_before_the_payer_pays_only_the_lower_one_is_held(
    calm: Street, purse: Purse, method: Method
) -> None:
    opened = calm.opened(purse, method, 800)
    purse.store.run(commands.lower_many, {purse.about: 500})

    calm.pay(opened)
    calm.work()
    calm.work_until_done()

    assert (purse.held(), calm.difference_minor()) == (500, 0)


def test_a_hold_that_its_provider_let_go_is_due_at_pick_up(calm: Street, purse: Purse) -> None:
    held = calm.held(purse, Method.STRIPE, 800)
    calm.lapse(held)

    purse.settle(700)
    purse.store.run(commands.refund, uuid4(), purse.about, 100)
    calm.work_until_done()

    found = purse.payment()
    assert (found.state, found.captured_minor, found.due_minor) == (State.DUE, 0, 600)
    assert (purse.owed(), purse.at_provider(Method.STRIPE), calm.difference_minor()) == (0, 0, 0)


@pytest.mark.parametrize("method", ONLINE)
def test_lost_late_and_busy_replies_converge_to_one_charge(
    store: Store, tmp_path: Path, purse: Purse, method: Method
) -> None:
    faults = ("--faults", "lose=0.4,late=0.1,busy=0.2,late_s=0.6", "--patience", "0.3", "--seed", "11")
    with street(store, tmp_path, *faults) as rough:
        rough.held(purse, method, 800)
        purse.store.run(commands.lower_many, {purse.about: 750})
        rough.work_until_done()
        purse.settle(700)
        rough.work_until_done()
        for amount_minor in (100, 50):
            purse.store.run(commands.refund, uuid4(), purse.about, amount_minor)
        rough.work_until_done()

        assert (rough.difference_minor(), rough.captures()) == (0, [1])
        assert rough.books(method)[purse.payment().id].taken_minor == 550
        assert purse.at_provider(method) == 550


@pytest.mark.parametrize("method", ONLINE)
def test_a_step_that_is_done_twice_at_once_has_one_effect(calm: Street, purse: Purse, method: Method) -> None:
    calm.held(purse, method, 800)
    purse.settle(700)
    purse.store.run(commands.refund, uuid4(), purse.about, 100)
    (step,) = purse.steps()
    provider = calm.providers[method]
    deed = provider.capture if step.kind is StepKind.CAPTURE else provider.give_back

    for _ in range(2):
        deed(step)
        purse.store.run(commands.done, step)
    calm.work_until_done()

    assert (calm.difference_minor(), calm.captures()) == (0, [1])
