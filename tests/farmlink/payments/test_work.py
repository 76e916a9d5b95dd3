"""The work that speaks to providers: a step has one effect, whoever repeats it, and a stop leaves off between two."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from uuid import uuid4

import pytest

from farmlink.payments import commands, queries
from farmlink.payments.providers import RefusedForGoodError
from farmlink.payments.providers.protocol import named
from farmlink.payments.values import Method, Opened, Seen, Standing, State, StepId, StepKind
from farmlink.payments.work import pay_due, pay_waiting
from farmlink.store.store import Store
from tests.farmlink.counted import counted
from tests.farmlink.payments.builders import Purse
from tests.farmlink.payments.street import Street, street


@pytest.fixture
def calm(store: Store, tmp_path: Path) -> Iterator[Street]:
    with street(store, tmp_path) as running:
        yield running


class SoonOver(Event):
    """A stop that comes after so many looks."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks
        self.one_by_one = Lock()

    def is_set(self) -> bool:
        with self.one_by_one:
            self.looks -= 1
            return self.looks < 0


def test_what_is_due_is_done_at_the_providers_that_the_settings_name(
    calm: Street, purse: Purse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARMLINK_PAYMENTS", str(calm.accounts))
    purse.start(Method.STRIPE, 800)

    assert pay_waiting(purse.store) == 2  # it is opened, and looked at
    assert [one["state"] for one in calm.told()] == ["open"]


def test_without_providers_nothing_is_taken(purse: Purse) -> None:
    purse.start(Method.STRIPE, 800)

    assert pay_due(purse.store, {}) == 0
    assert purse.step(StepKind.OPEN).attempts == 0


def test_who_is_told_to_stop_leaves_off_between_two_steps(calm: Street, purse: Purse) -> None:
    for _ in range(3):
        purse.start(Method.STRIPE, 800, about=uuid4())

    assert pay_due(purse.store, calm.providers, SoonOver(2)) == 1
    assert pay_due(purse.store, calm.providers, SoonOver(0)) == 0

    assert len(calm.told()) == 1


def test_an_intent_that_two_workers_opened_keeps_its_first_name(purse: Purse) -> None:
    purse.start(Method.STRIPE, 800)
    step = purse.step(StepKind.OPEN)

    for name in ("first", "second"):
        purse.store.run(commands.opened, step, Opened(name, "secret"))

    assert purse.payment().reference == "first"


def test_a_hold_that_two_workers_saw_is_one(purse: Purse) -> None:
    purse.start(Method.STRIPE, 800)
    purse.store.run(commands.opened, purse.step(StepKind.OPEN), Opened("there", "secret"))
    step = purse.step(StepKind.LOOK)

    for _ in range(2):
        purse.store.run(commands.see, step, Standing(Seen.PAID, 800))

    assert (purse.payment().state, purse.held(), purse.steps()) == (State.HELD, 800, [])
    assert purse.payment().pay_with is None


def test_a_call_that_comes_while_somebody_looks_is_looked_at_again(purse: Purse) -> None:
    purse.start(Method.STRIPE, 800)
    purse.store.run(commands.opened, purse.step(StepKind.OPEN), Opened("there", "secret"))
    step = purse.step(StepKind.LOOK)

    purse.store.run(commands.hear, Method.STRIPE, purse.payment().id)
    purse.store.run(commands.see, step, Standing(Seen.WAITING))  # what was seen before the call

    assert purse.step(StepKind.LOOK).id == step.id


def test_an_intent_that_was_dropped_before_it_was_opened_is_not_watched(purse: Purse) -> None:
    purse.start(Method.STRIPE, 800)
    step = purse.step(StepKind.OPEN)
    purse.store.run(commands.release_many, [purse.about])

    purse.store.run(commands.opened, step, Opened("there", "secret"))

    assert [one.kind for one in purse.steps()] == [StepKind.CANCEL]


def test_steps_of_one_payment_wait_for_each_other(purse: Purse) -> None:
    purse.start(Method.STRIPE, 800)
    purse.store.run(commands.release_many, [purse.about])

    assert [one.kind for one in purse.steps()] == [StepKind.OPEN]


def test_what_a_dead_worker_left_is_asked_for_again_under_the_same_key(calm: Street, purse: Purse) -> None:
    purse.start(Method.STRIPE, 800)
    left = purse.step(StepKind.OPEN)
    calm.providers[Method.STRIPE].open(left)  # and then it died
    assert purse.steps() == []

    calm.work()

    assert [one["state"] for one in calm.told()] == ["open"]
    assert purse.payment().reference == calm.told()[0]["reference"]


def test_a_payer_does_not_wait_for_a_provider_that_never_answers(calm: Street, purse: Purse) -> None:
    purse.start(Method.STRIPE, 800)
    early = purse.step(StepKind.OPEN)
    late = replace(early, asked_at=early.asked_at - timedelta(hours=1))

    purse.store.run(commands.put_off, early, "ReadTimeout")
    assert purse.payment().state is State.AUTHORISING
    for _ in range(2):
        purse.store.run(commands.put_off, late, "ReadTimeout")
    assert purse.payment().state is State.FAILED
    calm.work_until_done()

    assert [one["state"] for one in calm.told()] == ["gone"]


def test_calls_about_others_are_nobodys_business(purse: Purse) -> None:
    payment = purse.start(Method.STRIPE, 800)

    purse.store.run(commands.hear, Method.STRIPE, uuid4())
    purse.store.run(commands.hear, Method.WECHAT, payment.id)

    assert [one.kind for one in purse.steps()] == [StepKind.OPEN]
    assert named("of somebody else") is None


def test_what_is_captured_cannot_be_called_off_and_what_was_never_opened_cannot_be_captured(
    calm: Street, purse: Purse
) -> None:
    held = calm.held(purse, Method.STRIPE, 800)
    purse.settle(800)
    step = purse.step(StepKind.CAPTURE)
    stripe = calm.providers[Method.STRIPE]
    stripe.capture(step)

    with pytest.raises(RefusedForGoodError):
        stripe.call_off(replace(step, id=StepId(held.id), kind=StepKind.CANCEL))
    with pytest.raises(RefusedForGoodError):
        stripe.capture(replace(step, payment=replace(held, reference=None)))


def test_many_orders_are_settled_in_as_many_statements_as_few(store: Store) -> None:
    purses = [Purse(store) for _ in range(60)]
    for purse in purses:
        purse.top_up(800)
        purse.start(Method.CREDIT, 800)
    charges = [purse.charge(700) for purse in purses]

    with counted(store) as few:
        store.run(commands.settle_many, charges[:10])
    with counted(store) as many:
        store.run(commands.settle_many, charges[10:])

    assert len(many) == len(few) < 15
    assert {purse.credit() for purse in purses} == {100}


def test_waiting_steps_and_holds_are_counted(calm: Street, purse: Purse) -> None:
    assert (purse.store.read(queries.steps_waiting), purse.store.read(queries.holds_open)) == (0, 0)

    calm.held(purse, Method.STRIPE, 800)
    purse.settle(700)

    assert (purse.store.read(queries.steps_waiting), purse.store.read(queries.holds_open)) == (1, 0)
    assert datetime.now(UTC) > purse.payment().started_at
