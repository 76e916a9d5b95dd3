"""Account credit that is held follows what its order comes to; a promise needs no following."""

from uuid import uuid4

import pytest

from farmlink.payments import commands, queries
from farmlink.payments.values import Method, State
from tests.farmlink.payments.builders import Purse


def test_credit_that_came_later_is_held_when_the_order_changes(purse: Purse) -> None:
    purse.top_up(500)
    purse.start(Method.CREDIT, 800)
    purse.top_up(100)

    for total, held in ((700, 600), (600, 600), (1_000, 600), (300, 300)):
        purse.store.run(commands.follow, purse.about, total)
        assert (purse.held(), purse.credit(), purse.payment().most_minor) == (held, 600 - held, total)

    assert purse.settle(300).due_minor == 0


def test_a_hold_never_rises_but_ends_for_a_larger_one(purse: Purse) -> None:
    purse.top_up(1_000)
    first = purse.start(Method.CREDIT, 800)

    purse.store.run(commands.follow, purse.about, 900)
    purse.store.run(commands.follow, uuid4(), 900)

    ended = purse.store.read(queries.payment_by_id, first.id)
    assert ended is not None
    assert (ended.state, purse.payment().held_minor) == (State.FAILED, 900)
    assert purse.entries() == ["hold", "release", "hold"]


def test_a_promise_is_due_at_pick_up_however_the_order_grows(purse: Purse) -> None:
    purse.top_up(1_000)
    promised = purse.start(Method.PICK_UP, 800)

    purse.store.run(commands.follow, purse.about, 900)

    assert purse.payment() == promised
    assert purse.settle(900).due_minor == 900


@pytest.mark.parametrize("method", [Method.CREDIT, Method.PICK_UP, Method.STRIPE])
def test_an_order_that_cost_nothing_for_a_while_is_checked_out_anew(purse: Purse, method: Method) -> None:
    purse.top_up(1_000)
    first = purse.start(method, 800)

    purse.store.run(commands.follow, purse.about, 0)
    assert (purse.payment().state, purse.held(), purse.credit()) == (State.FAILED, 0, 1_000)
    purse.store.run(commands.follow, purse.about, 900)
    again = purse.start(Method.CREDIT, 900)

    assert again.id != first.id
    assert purse.settle(900).captured_minor == 900


@pytest.mark.parametrize("method", [Method.CREDIT, Method.PICK_UP, Method.WECHAT])
def test_what_is_charged_after_a_price_of_nothing_is_due_and_keeps_nobody_from_being_settled(
    purse: Purse, method: Method
) -> None:
    other = Purse(purse.store)
    for one in (purse, other):
        one.top_up(1_000)
    purse.start(method, 800)
    other.start(Method.CREDIT, 500)
    purse.store.run(commands.lower_many, {purse.about: 0, other.about: 500})

    purse.store.run(commands.settle_many, [purse.charge(300), other.charge(500)])

    due = purse.payment()
    assert (due.method, due.state, due.due_minor) == (Method.PICK_UP, State.DUE, 300)
    assert (purse.credit(), other.payment().captured_minor) == (1_000, 500)


@pytest.mark.parametrize("method", [Method.PICK_UP, Method.STRIPE])
def test_too_little_credit_that_is_held_gives_way_to_another_method(purse: Purse, method: Method) -> None:
    purse.top_up(1)
    purse.start(Method.CREDIT, 10_000)

    chosen = purse.start(method, 10_000)

    assert (purse.payment().id, purse.payment().method) == (chosen.id, method)
    assert (purse.held(), purse.credit(), purse.entries()) == (0, 1, ["hold", "release"])
