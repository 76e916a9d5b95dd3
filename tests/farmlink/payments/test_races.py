"""Whoever comes at the same moment: one charge, one end of a hold, and nobody waits in a ring."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest

from farmlink.kernel.errors import RefusedError
from farmlink.payments import commands
from farmlink.payments.values import Method, State
from farmlink.store.store import Store
from tests.farmlink.payments.builders import Purse

ROUNDS = range(6)
Deed = Callable[[], object]


def at_once(*deeds: Deed) -> list[bool]:
    """Do all at the same moment; which of them were not refused."""
    together = Barrier(len(deeds))

    def one(deed: Deed) -> bool:
        together.wait()
        try:
            deed()
        except RefusedError:
            return False
        return True

    with ThreadPoolExecutor(len(deeds)) as people:
        return list(people.map(one, deeds))


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_hold_is_charged_or_released_and_never_both(store: Store, round_: int) -> None:
    purses = [Purse(store) for _ in range(8)]
    for purse in purses:
        purse.top_up(800)
        purse.start(Method.CREDIT, 800)
    charges, abouts = [purse.charge(700) for purse in purses], [purse.about for purse in purses]

    ended = at_once(
        lambda: store.run(commands.settle_many, charges[:: (1, -1)[round_ % 2]]),
        lambda: store.run(commands.release_many, reversed(abouts)),
    )

    assert sorted(ended) == [False, True]
    assert {(purse.payment().state, purse.credit(), purse.held()) for purse in purses} == {
        (State.CAPTURED, 100, 0) if ended[0] else (State.RELEASED, 800, 0)
    }


@pytest.mark.parametrize("round_", ROUNDS)
def test_the_last_credit_is_held_once_however_little_is_left(store: Store, round_: int) -> None:
    purse = Purse(store)
    purse.top_up(800 + round_)

    held = at_once(*[partial(purse.start, Method.CREDIT, 800, about=uuid4()) for _ in range(4)])

    assert held.count(True) == (2 if round_ else 1)
    assert purse.credit() == 0


@pytest.mark.parametrize("round_", ROUNDS)
def test_two_refunds_at_once_give_back_no_more_than_was_charged(store: Store, round_: int) -> None:
    purse = Purse(store)
    purse.top_up(800)
    purse.start(Method.CREDIT, 800)
    purse.settle(800)
    amount_minor = 500 + round_

    given = at_once(*[lambda: store.run(commands.refund, uuid4(), purse.about, amount_minor) for _ in range(3)])

    assert given.count(True) == 1
    assert purse.credit() == amount_minor


@pytest.mark.parametrize("round_", ROUNDS)
def test_one_order_is_checked_out_once_whoever_asks(store: Store, round_: int) -> None:
    purse = Purse(store)
    purse.top_up(10_000)

    at_once(*[lambda: purse.start(Method.CREDIT, 800 + round_) for _ in range(4)])

    assert (purse.held(), purse.credit()) == (800 + round_, 9_200 - round_)
