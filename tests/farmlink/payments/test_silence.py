"""Providers that never call: whatever happened there is found out by asking, and then the books agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from farmlink.payments import commands, queries
from farmlink.payments.rules.waiting import HOLD_WATCHED_EVERY, PATIENCE
from farmlink.payments.values import Method, Payment, PaymentFellThrough, RefundCredited, RefundStuck, State, StepKind
from farmlink.store.store import Store
from tests.farmlink.payments.builders import Purse
from tests.farmlink.payments.street import ONLINE, Street, street

NEXT_LOOK = "SELECT due_at - now() FROM payment_step WHERE kind = 'look' AND state = 'waiting'"
ANNOUNCED = "SELECT count(*) FROM outbox_event WHERE name = :name"


@pytest.fixture
def silent(store: Store, tmp_path: Path) -> Iterator[Street]:
    """The stand-in, which calls an address where nobody listens."""
    with street(store, tmp_path) as running:
        yield running


def announced(store: Store, event: type[PaymentFellThrough | RefundCredited | RefundStuck]) -> int:
    return store.read(lambda tx: int(tx.execute(ANNOUNCED, {"name": event.name}).scalar_one()))


@pytest.mark.parametrize("method", ONLINE)
def test_authorised_captured_and_given_back_without_a_call(silent: Street, purse: Purse, method: Method) -> None:
    silent.held(purse, method, 800)
    purse.settle(700)
    purse.store.run(commands.refund, uuid4(), purse.about, 200)
    silent.work_until_done()

    assert (purse.payment().state, purse.at_provider(method)) == (State.CAPTURED, 500)
    assert silent.difference_minor() == 0


@pytest.mark.parametrize("method", ONLINE)
def test_called_off_without_a_call(silent: Street, purse: Purse, method: Method) -> None:
    silent.held(purse, method, 800)
    purse.store.run(commands.release_many, [purse.about])
    silent.work_until_done()

    assert (purse.payment().state, purse.held(), silent.difference_minor()) == (State.RELEASED, 0, 0)


@pytest.mark.parametrize("method", ONLINE)
def test_who_never_pays_is_asked_about_until_their_time_is_over(silent: Street, purse: Purse, method: Method) -> None:
    silent.opened(purse, method, 800)
    longest = silent.store.read(lambda tx: tx.execute(NEXT_LOOK).scalar_one())
    silent.store.run(lambda tx: tx.execute("UPDATE payment_step SET asked_at = asked_at - :ago", {"ago": PATIENCE}))
    silent.work_until_done()

    assert longest <= timedelta(seconds=30)
    assert (purse.payment().state, announced(silent.store, PaymentFellThrough)) == (State.FAILED, 1)
    assert {one["state"] for one in silent.told()} <= {"gone"}


def test_what_is_held_is_asked_about_every_few_hours_until_it_ends(silent: Street, purse: Purse) -> None:
    silent.held(purse, Method.STRIPE, 800)
    silent.work()
    later = silent.store.read(lambda tx: tx.execute(NEXT_LOOK).scalar_one())
    purse.settle(800)
    silent.work_until_done()
    silent.work()

    assert HOLD_WATCHED_EVERY - timedelta(minutes=1) < later <= HOLD_WATCHED_EVERY
    assert silent.store.read(lambda tx: tx.execute(NEXT_LOOK).all()) == []


def test_a_hold_is_watched_on_though_one_look_at_it_was_refused(silent: Street, purse: Purse) -> None:
    held = silent.held(purse, Method.STRIPE, 800)
    silent.store.run(lambda tx: tx.execute("UPDATE payment_step SET due_at = now() WHERE state = 'waiting'"))
    purse.store.run(commands.refuse, purse.step(StepKind.LOOK), "401 invalid_api_key")
    later = silent.store.read(lambda tx: tx.execute(NEXT_LOOK).scalar_one())
    silent.lapse(held)
    silent.work()

    assert HOLD_WATCHED_EVERY - timedelta(minutes=1) < later <= HOLD_WATCHED_EVERY
    assert (purse.payment().state, purse.held()) == (State.FAILED, 0)


@pytest.mark.parametrize("called", [True, False])
def test_a_hold_that_lapses_at_its_provider_ends_here_too_and_its_payer_is_told(
    silent: Street, purse: Purse, *, called: bool
) -> None:
    held = silent.held(purse, Method.STRIPE, 800)
    silent.lapse(held)
    if called:
        purse.store.run(commands.hear, Method.STRIPE, held.id)
    silent.work()
    silent.work()

    assert (purse.payment().state, purse.held(), purse.at_provider(Method.STRIPE)) == (State.FAILED, 0, 0)
    assert (silent.difference_minor(), announced(silent.store, PaymentFellThrough)) == (0, 1)


def test_after_a_lapse_one_pays_otherwise_or_at_pick_up(silent: Street, purse: Purse) -> None:
    held = silent.held(purse, Method.STRIPE, 800)
    silent.lapse(held)
    silent.work()
    other = Purse(purse.store)
    second = silent.held(other, Method.STRIPE, 800)
    silent.lapse(second)
    silent.work()
    other.top_up(800)
    other.start(Method.CREDIT, 800)

    assert (purse.settle(800).state, purse.payment().due_minor) == (State.DUE, 800)
    assert (other.settle(800).state, other.credit()) == (State.CAPTURED, 0)
    assert silent.difference_minor() == 0


def test_a_hold_that_lapses_while_it_is_charged_is_due_at_pick_up(silent: Street, purse: Purse) -> None:
    held = silent.held(purse, Method.STRIPE, 800)
    silent.lapse(held)
    purse.settle(700)
    silent.work_until_done()

    assert (purse.payment().state, purse.payment().due_minor) == (State.DUE, 700)
    assert (silent.difference_minor(), announced(silent.store, PaymentFellThrough)) == (0, 1)


@pytest.mark.parametrize(
    ("method", "called"),
    [(Method.STRIPE, True), (Method.STRIPE, False), (Method.ALIPAY, False)],
)
def test_a_refund_that_comes_back_days_later_is_credited_once_and_told(
    silent: Street, purse: Purse, method: Method, *, called: bool
) -> None:
    held = silent.held(purse, method, 800)
    purse.settle(800)
    purse.store.run(commands.refund, uuid4(), purse.about, 300)
    silent.work_until_done()
    assert silent.ask_after_refunds() == 0
    silent.bounce(held)
    assert silent.difference_minor() == 300

    if called:
        purse.store.run(commands.hear, method, held.id)
    assert silent.ask_after_refunds() == 1
    assert silent.ask_after_refunds() == 0

    assert (purse.credit(), purse.at_provider(method), silent.difference_minor()) == (300, 800, 0)
    assert (purse.payment().refunded_minor, announced(silent.store, RefundCredited)) == (300, 1)


def test_a_refund_that_two_workers_saw_come_back_is_credited_once(silent: Street, purse: Purse) -> None:
    silent.held(purse, Method.WECHAT, 800)
    purse.settle(700)
    silent.work_until_done()
    purse.store.run(lambda tx: tx.execute("UPDATE payment_step SET due_at = now() WHERE state = 'done'"))
    (step,) = purse.store.run(commands.take_given_back, [Method.WECHAT])
    assert purse.store.run(commands.take_given_back, [Method.WECHAT]) == []
    for _ in range(2):
        purse.store.run(commands.come_back, step, "came back")

    assert (purse.credit(), announced(silent.store, RefundCredited)) == (100, 1)


@pytest.fixture
def sticking(silent: Street, purse: Purse) -> Payment:
    """What was paid by WeChat Pay and given back, and sticks there: the payer's card cannot take it."""
    held = silent.held(purse, Method.WECHAT, 800)
    purse.settle(800)
    purse.store.run(commands.refund, uuid4(), purse.about, 300)
    silent.work_until_done()
    silent.bounce(held)
    return held


def test_a_refund_that_sticks_at_wechat_is_nobodys_credit_and_is_told_of_once(
    silent: Street, purse: Purse, sticking: Payment
) -> None:
    for _ in range(2):
        purse.store.run(commands.hear, Method.WECHAT, sticking.id)
        assert silent.ask_after_refunds() == 0

    assert (purse.credit(), purse.at_provider(Method.WECHAT), purse.payment().refunded_minor) == (0, 500, 300)
    assert (announced(silent.store, RefundStuck), announced(silent.store, RefundCredited)) == (1, 0)


@pytest.mark.parametrize(("way", "credit_minor"), [("reach", 0), ("recall", 300)])
def test_a_refund_that_stuck_reaches_its_payer_once_by_the_way_that_we_chose_there(
    silent: Street, purse: Purse, sticking: Payment, way: str, credit_minor: int
) -> None:
    silent.ask_after_refunds()
    purse.store.run(lambda tx: tx.execute("UPDATE payment_step SET ended_at = ended_at - interval '90 days'"))
    silent.unstick(sticking, way)
    found = [silent.ask_after_refunds() for _ in range(2)]

    assert (purse.credit(), silent.difference_minor()) == (credit_minor, 0)
    assert found == [credit_minor // 300, 0]
    assert silent.store.read(queries.sticks, sticking.id) is False


def test_a_refund_that_sticks_when_it_is_made_is_told_of_and_asked_after(
    store: Store, tmp_path: Path, purse: Purse
) -> None:
    with street(store, tmp_path, "--faults", "stick=1") as running:
        held = running.held(purse, Method.WECHAT, 800)
        purse.settle(700)
        running.work_until_done()
        running.work()
        stuck = (purse.credit(), announced(store, RefundStuck))
        running.unstick(held, "recall")
        running.ask_after_refunds()

        assert (stuck, purse.credit(), running.difference_minor()) == ((0, 1), 100, 0)


def test_a_refund_is_asked_after_for_weeks_and_no_longer(silent: Street, purse: Purse) -> None:
    held = silent.held(purse, Method.STRIPE, 800)
    purse.settle(800)
    purse.store.run(commands.refund, uuid4(), purse.about, 300)
    silent.work_until_done()
    silent.bounce(held)
    purse.store.run(lambda tx: tx.execute("UPDATE payment_step SET ended_at = ended_at - interval '36 days'"))

    assert (silent.ask_after_refunds(), silent.store.read(queries.steps_waiting)) == (0, 0)


def test_a_provider_that_does_not_answer_is_asked_after_its_refund_another_day(
    silent: Street, purse: Purse, caplog: pytest.LogCaptureFixture
) -> None:
    held = silent.held(purse, Method.WECHAT, 800)
    purse.settle(700)
    silent.work_until_done()
    silent.bounce(held)
    purse.store.run(lambda tx: tx.execute("UPDATE payment_step SET id = gen_random_uuid() WHERE kind = 'refund'"))

    assert silent.ask_after_refunds() == 0
    assert "RefusedForGoodError" in caplog.text
    assert purse.credit() == 0
