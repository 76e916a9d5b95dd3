"""Whoever's payment fell through reads it before they stand at the pick-up point."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from farmlink.orders import commands as orders
from farmlink.orders.values import Order
from farmlink.payments import commands, queries
from farmlink.payments.values import BooksDiffer, Charge, Method, Opened, Seen, Standing, Step, StepKind
from farmlink.people.queries import platform_id
from farmlink.people.values import Role
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import Market
from tests.farmlink.notify.builders import PostOffice, body


@pytest.fixture
def order(store: Store, post: PostOffice) -> Order:
    market = Market.founded(store)
    cycle_id, bags, _ = market.open()
    order = market.place(cycle_id, {bags: 3}, consumer_id=post.person())
    store.run(orders.checkout, order.id, Method.STRIPE, uuid4())
    store.run(commands.opened, step(store, StepKind.OPEN), Opened("there", "secret"))
    post.send()
    return order


def step(store: Store, kind: StepKind) -> Step:
    store.run(lambda tx: tx.execute("UPDATE payment_step SET due_at = now() WHERE state = 'waiting'"))
    (found,) = (one for one in store.run(commands.take_steps, [Method.STRIPE]) if one.kind is kind)
    return found


def fail(store: Store) -> None:
    store.run(commands.see, step(store, StepKind.LOOK), Standing(Seen.GONE))


def hold_and_let_go(store: Store, order: Order, amount_minor: int = 900) -> UUID:
    """The hold stands, is counted on, and is gone when it is to be charged."""
    store.run(commands.see, step(store, StepKind.LOOK), Standing(Seen.PAID, 900))
    store.run(commands.settle_many, [Charge(order.id, order.consumer_id, amount_minor, order.currency)])
    capture = step(store, StepKind.CAPTURE)
    store.run(commands.refuse, capture, "lapsed")
    return capture.payment.id


@pytest.mark.usefixtures("order")
def test_a_payer_reads_that_nothing_was_taken_and_until_when_they_can_choose_again(
    store: Store, post: PostOffice
) -> None:
    fail(store)
    post.send()

    letter = post.letters()[-1]
    assert letter["subject"].endswith("did not come through")
    assert "you can choose again how you pay" in body(letter)


@pytest.mark.usefixtures("order")
def test_whose_hold_lapsed_reads_that_the_order_stands_and_can_choose_again(store: Store, post: PostOffice) -> None:
    store.run(commands.see, step(store, StepKind.LOOK), Standing(Seen.PAID, 900))
    fail(store)
    post.send()

    assert "Your order stands." in body(post.letters()[-1])
    assert "you can choose again how you pay" in body(post.letters()[-1])


@pytest.mark.usefixtures("order")
def test_after_the_cut_off_there_is_nothing_left_to_choose(store: Store, post: PostOffice) -> None:
    store.run(lambda tx: tx.execute("UPDATE order_cycle SET closes_at = now() - interval '1 hour'"))
    fail(store)
    post.send()

    assert "You pay when you get it." in body(post.letters()[-1])


def test_a_payer_reads_what_is_to_pay_when_a_hold_was_let_go(store: Store, post: PostOffice, order: Order) -> None:
    hold_and_let_go(store, order)
    post.send()

    assert "$9.00 are to pay when you get it" in body(post.letters()[-1])


@pytest.mark.parametrize(("language", "said"), [("en", "are account credit now"), ("zh-CN", "已转为账户余额")])
def test_a_payer_reads_that_a_refund_became_credit(
    store: Store, post: PostOffice, order: Order, language: str, said: str
) -> None:
    store.run(lambda tx: tx.execute("UPDATE person SET language = :language", {"language": language}))
    store.run(commands.see, step(store, StepKind.LOOK), Standing(Seen.PAID, 900))
    store.run(commands.settle_many, [Charge(order.id, order.consumer_id, 900, order.currency)])
    store.run(commands.done, step(store, StepKind.CAPTURE))
    store.run(commands.refund, uuid4(), order.id, 300)
    refund = step(store, StepKind.REFUND)
    for _ in range(2):
        store.run(commands.refuse, refund, "400 charge_expired")
        post.send()

    (letter,) = [one for one in post.letters() if "$3.00" in one["subject"]]
    assert said in letter["subject"]
    assert "$3.00" in body(letter)


def test_who_chose_otherwise_or_owes_nothing_any_more_reads_nothing(
    store: Store, post: PostOffice, order: Order
) -> None:
    fail(store)
    store.run(orders.checkout, order.id, Method.PICK_UP, uuid4())
    post.send()

    assert post.states()[-1] == ("payment", "outdated")


def test_who_was_forgiven_meanwhile_reads_nothing(store: Store, post: PostOffice, order: Order) -> None:
    hold_and_let_go(store, order)
    store.run(commands.refund, uuid4(), order.id, 900)
    post.send()

    assert post.states()[-1] == ("payment", "outdated")


def test_of_a_cancelled_order_another_letter_speaks(store: Store, post: PostOffice, order: Order) -> None:
    fail(store)
    store.run(orders.cancel, order.id)
    post.send()

    assert ("payment", "outdated") in post.states()


def test_admins_read_once_of_each_difference_between_the_books(store: Store, post: PostOffice, order: Order) -> None:
    platform = store.read(platform_id)
    post.person("adam@example.org", role=Role.ADMIN, organisation_id=platform)
    paid, lost = store.read(queries.payment, order.id).id, uuid4()
    before, name = len(post.letters()), uuid4()
    for difference_id, payment_id in ((name, paid), (name, paid), (uuid4(), lost)):
        store.run(lambda tx, *ids: tx.announce(BooksDiffer(*ids)), difference_id, payment_id)
    post.send()

    told = [body(letter) for letter in post.letters()[before:]]
    assert len(told) == 2
    assert any(f"What stripe books for payment {paid}" in one for one in told)
    assert any(f"A provider books payment {lost}, which nobody here knows." in one for one in told)


@pytest.mark.parametrize(("language", "said"), [("en", "Settle it in the merchant's platform"), ("zh-CN", "商户平台")])
def test_admins_read_that_a_refund_sticks_each_time_that_one_does(
    store: Store, post: PostOffice, order: Order, language: str, said: str
) -> None:
    platform = store.read(platform_id)
    post.person("adam@example.org", role=Role.ADMIN, organisation_id=platform)
    store.run(lambda tx: tx.execute("UPDATE person SET language = :language", {"language": language}))
    store.run(commands.see, step(store, StepKind.LOOK), Standing(Seen.PAID, 900))
    store.run(commands.settle_many, [Charge(order.id, order.consumer_id, 900, order.currency)])
    store.run(commands.done, step(store, StepKind.CAPTURE))
    store.run(commands.refund, uuid4(), order.id, 300)
    refund, before = step(store, StepKind.REFUND), len(post.letters())
    for stuck in (True, True, False, True):
        if stuck:
            store.run(commands.stick, refund, "refund ABNORMAL")
        else:
            store.run(commands.go_on, refund)
        post.send()

    told = [body(letter) for letter in post.letters()[before:]]
    assert [said in one and str(refund.payment.id) in one for one in told] == [True, True]
    store.run(commands.stick, refund, "refund ABNORMAL")
    store.run(commands.go_on, refund)
    store.run(commands.stick, refund, "refund ABNORMAL")
    store.run(commands.go_on, refund)
    post.send()
    assert post.states()[-1] == ("refund-stuck", "outdated")
