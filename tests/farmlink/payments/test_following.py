"""Account credit that is held follows what its order comes to; a promise needs no following."""

from uuid import uuid4

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
