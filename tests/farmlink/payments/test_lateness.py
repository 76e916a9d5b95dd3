"""Money that comes after nobody asks for it any more, keys that were forgotten, and refusals that are no money."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from farmlink.payments import commands, queries
from farmlink.payments.rules.waiting import PATIENCE
from farmlink.payments.values import Method, State, StepKind
from farmlink.store.store import Store
from tests.farmlink.payments.builders import Purse
from tests.farmlink.payments.street import ONLINE, street

PREPAID = [Method.WECHAT, Method.ALIPAY]


@pytest.mark.parametrize("method", PREPAID)
def test_who_never_paid_gets_no_credit_when_a_provider_refuses_to_close(
    store: Store, tmp_path: Path, purse: Purse, method: Method
) -> None:
    with street(store, tmp_path, "--faults", "stuck=1") as running:
        running.opened(purse, method, 800)
        purse.start(Method.PICK_UP, 800)

        running.work()

        assert (purse.credit(), purse.at_provider(method)) == (0, 0)
        assert store.read(queries.steps_waiting) == 1  # it is asked again, for the code can still be paid


@pytest.mark.parametrize("method", PREPAID)
def test_who_paid_what_could_not_be_closed_gets_it_back_once(
    store: Store, tmp_path: Path, purse: Purse, method: Method
) -> None:
    with street(store, tmp_path, "--faults", "stuck=1") as running:
        opened = running.opened(purse, method, 800)
        purse.start(Method.PICK_UP, 800)
        running.work()

        running.pay(opened)
        running.work_until_done()
        for _ in range(2):
            store.run(commands.hear, method, opened.id)
            running.work_until_done()

        assert (running.books(method)[opened.id].taken_minor, purse.credit(), running.difference_minor()) == (0, 0, 0)


@pytest.mark.parametrize("method", PREPAID)
def test_a_payment_that_its_provider_does_not_know_is_called_off_and_nothing_was_paid(
    store: Store, tmp_path: Path, purse: Purse, method: Method
) -> None:
    with street(store, tmp_path) as running:
        purse.start(method, 800)
        store.run(lambda tx: tx.execute("UPDATE payment SET reference = 'lost'"))
        store.run(lambda tx: tx.execute("UPDATE payment_step SET kind = 'cancel'"))

        running.work_until_done()

        assert (running.told(), purse.credit(), purse.at_provider(method)) == ([], 0, 0)


@pytest.mark.parametrize("end", ["settle", "release", "replace", "give up"])
def test_a_code_that_is_scanned_after_its_payment_ended_brings_the_money_back(
    store: Store, tmp_path: Path, purse: Purse, end: str
) -> None:
    with street(store, tmp_path, "--faults", "unscanned=1") as running:
        opened = running.opened(purse, Method.ALIPAY, 800)
        if end == "settle":
            purse.settle(700)
        elif end == "release":
            store.run(commands.release_many, [purse.about])
        elif end == "replace":
            purse.start(Method.PICK_UP, 800)
        else:
            store.run(lambda tx: tx.execute("UPDATE payment_step SET asked_at = now() - interval '1 hour'"))
            running.work()
        running.work_until_done()
        assert store.read(queries.payment_by_id, opened.id).pay_with is None  # type: ignore[union-attr]  # it was opened

        running.pay(opened)
        assert running.difference_minor() == 800
        for _ in range(3):  # as often as the provider calls
            store.run(commands.hear, Method.ALIPAY, opened.id)
            running.work_until_done()

        assert running.books(Method.ALIPAY)[opened.id].taken_minor == 0
        assert (running.difference_minor(), purse.credit(), purse.at_provider(Method.ALIPAY)) == (0, 0, 0)


@pytest.mark.parametrize("method", ONLINE)
def test_what_was_held_and_let_go_is_not_given_back_again_by_a_call(
    store: Store, tmp_path: Path, purse: Purse, method: Method
) -> None:
    with street(store, tmp_path) as running:
        held = running.held(purse, method, 800)
        store.run(commands.lower_many, {purse.about: 700})
        store.run(commands.release_many, [purse.about])
        store.run(commands.hear, method, held.id)
        running.work_until_done()

        store.run(commands.hear, method, held.id)
        running.work_until_done()

        assert (running.difference_minor(), purse.credit(), purse.at_provider(method)) == (0, 0, 0)


@pytest.mark.parametrize("method", PREPAID)
def test_a_code_can_be_paid_for_as_long_as_its_payer_is_waited_for(
    store: Store, tmp_path: Path, purse: Purse, method: Method
) -> None:
    with street(store, tmp_path) as running:
        opened = running.opened(purse, method, 800)

        (told,) = running.told()
        until = (opened.started_at + PATIENCE).isoformat(timespec="seconds")
        assert told["until"] == (until if method is Method.WECHAT else "30m")


def test_stripe_charges_and_refunds_once_though_it_forgot_its_keys(store: Store, tmp_path: Path, purse: Purse) -> None:
    with street(store, tmp_path, "--faults", "forget=1") as running:
        held = running.held(purse, Method.STRIPE, 800)
        purse.settle(700)
        stripe, capture = running.providers[Method.STRIPE], purse.step(StepKind.CAPTURE)
        stripe.capture(capture)  # and the reply is lost for a day

        running.work_until_done()
        assert (purse.payment().state, purse.payment().captured_minor) == (State.CAPTURED, 700)
        for amount_minor in (100, 100):
            store.run(commands.refund, uuid4(), purse.about, amount_minor)
            refund = purse.step(StepKind.REFUND)
            for _ in range(2):
                stripe.give_back(refund)
            running.work_until_done()

        assert (running.books(Method.STRIPE)[held.id].taken_minor, running.captures()) == (500, [1])
        assert (purse.at_provider(Method.STRIPE), purse.credit(), running.difference_minor()) == (500, 0, 0)


def test_stripe_calls_off_once_though_it_forgot_its_keys(store: Store, tmp_path: Path, purse: Purse) -> None:
    with street(store, tmp_path, "--faults", "forget=1") as running:
        running.held(purse, Method.STRIPE, 800)
        store.run(commands.release_many, [purse.about])
        step = purse.step(StepKind.CANCEL)

        for _ in range(2):
            store.run(commands.called_off, step, running.providers[Method.STRIPE].call_off(step))

        assert (running.difference_minor(), store.read(queries.steps_waiting)) == (0, 0)


def test_a_refund_that_the_payers_bank_does_not_take_becomes_credit(store: Store, tmp_path: Path, purse: Purse) -> None:
    with street(store, tmp_path, "--faults", "bounce=1,lose=0.3") as running:
        held = running.held(purse, Method.STRIPE, 800)
        purse.settle(800)
        running.work_until_done()
        store.run(commands.refund, uuid4(), purse.about, 300)
        running.work_until_done()

        assert (running.books(Method.STRIPE)[held.id].taken_minor, running.difference_minor()) == (800, 0)
        assert (purse.credit(), purse.at_provider(Method.STRIPE)) == (300, 800)
