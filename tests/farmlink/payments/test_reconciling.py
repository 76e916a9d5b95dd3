"""Our books beside the providers' own, read over their own interfaces: what differs is named, told once, and left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from farmlink.payments import commands, queries
from farmlink.payments.rules.books import BOOKS_ZONE, booked, first_day, last_written
from farmlink.payments.rules.refusals import BooksUnreadableError
from farmlink.payments.values import Booked, BooksDiffer, Method, Moved, Payment, Reconciled, Span, State, Why
from farmlink.payments.work import pay_due, reconcile, reconcile_nightly
from farmlink.store.store import Store
from tests.farmlink.payments.builders import Purse
from tests.farmlink.payments.street import ONLINE, Street, street

TOLD = "SELECT payload FROM outbox_event WHERE name = :name ORDER BY id"


@pytest.fixture
def calm(store: Store, tmp_path: Path) -> Iterator[Street]:
    with street(store, tmp_path) as running:
        yield running


def settled(calm: Street, purse: Purse, method: Method) -> Payment:
    """Something that was held, charged less than was held, and given back in part."""
    calm.held(purse, method, 800)
    purse.settle(700)
    purse.store.run(commands.refund, uuid4(), purse.about, 200)
    calm.work_until_done()
    return purse.payment()


@pytest.mark.parametrize("method", ONLINE)
def test_books_that_agree_say_how_much_and_name_nobody(calm: Street, purse: Purse, method: Method) -> None:
    settled(calm, purse, method)
    (found,) = calm.reconcile()

    assert (found.method, found.currency, found.judged) == (method, "CNY", 1)
    assert (found.theirs_minor, found.ours_minor, found.differences) == (500, 500, ())


def test_what_is_held_is_compared_too(calm: Street, purse: Purse) -> None:
    held = calm.held(purse, Method.STRIPE, 800)
    (agreed,) = calm.reconcile()
    calm.lapse(held)
    (found,) = calm.reconcile()

    assert agreed.differences == ()
    (difference,) = found.differences
    assert (difference.payments, difference.amount_minor) == ((held.id,), 800)
    assert (difference.ours, difference.theirs) == (Booked(800, 0), Booked(0, 0))


@pytest.mark.parametrize("method", ONLINE)
def test_a_refund_that_came_back_is_a_difference_until_it_is_asked_after(
    calm: Street, purse: Purse, method: Method
) -> None:
    payment = settled(calm, purse, method)
    given_back = payment.refunded_minor if method is Method.STRIPE else payment.refunded_minor + 100
    calm.bounce(payment)
    if method is Method.WECHAT:
        calm.unstick(payment, "recall")
    (found,) = calm.reconcile()
    calm.ask_after_refunds()
    (after,) = calm.reconcile()

    assert [(one.payments, one.amount_minor) for one in found.differences] == [((payment.id,), given_back)]
    assert after.differences == ()


@pytest.mark.parametrize("method", ONLINE)
def test_what_our_ledger_lost_is_named(calm: Street, purse: Purse, method: Method) -> None:
    payment = settled(calm, purse, method)
    unposted(purse.store, payment)
    (found,) = calm.reconcile()

    assert [(one.method, one.payments, one.amount_minor) for one in found.differences] == [(method, (payment.id,), 200)]


def unposted(store: Store, payment: Payment) -> None:
    """The ledger says that less went back than did: another refund was asked for and is not known there."""
    store.run(commands.refund, uuid4(), payment.about, 200)
    store.run(lambda tx: tx.execute("UPDATE payment_step SET state = 'done', ended_at = now() WHERE state = 'waiting'"))


def test_what_still_moves_is_judged_another_time_and_named_with_the_reason(calm: Street, purse: Purse) -> None:
    payment = settled(calm, purse, Method.STRIPE)
    purse.store.run(commands.refund, uuid4(), purse.about, 200)
    waiting = calm.reconciled()
    calm.work_until_done()
    now = datetime.now(UTC)
    today = now.astimezone(BOOKS_ZONE).date()
    just_now = compared(purse.store, Method.STRIPE, Span(today, today, now - timedelta(hours=1)))

    assert [one.judged for one in waiting] == [0, 0, 0]
    assert named(waiting) == {payment.id: Why.WAITS}
    assert (just_now.judged, named([just_now])) == (0, {payment.id: Why.MOVED})
    assert [one.judged for one in calm.reconcile()] == [1]
    assert named(calm.reconciled()) == {}


def compared(store: Store, method: Method, days: Span) -> Reconciled:
    return store.read(queries.compared, method, [], {}, days)


def named(found: list[Reconciled]) -> dict[UUID, Why]:
    return {skipped.payment_id: skipped.why for one in found for skipped in one.skipped}


def test_every_payment_that_is_open_is_judged_or_named_with_the_reason(calm: Street, store: Store) -> None:
    unpaid, stuck = calm.opened(Purse(store), Method.WECHAT, 500), settled(calm, Purse(store), Method.WECHAT)
    calm.bounce(stuck)
    calm.ask_after_refunds()
    held = calm.held(Purse(store), Method.WECHAT, 800)
    now = datetime.now(UTC)
    today, day = now.astimezone(BOOKS_ZONE).date(), timedelta(days=1)

    assert named(calm.reconciled()) == {unpaid.id: Why.UNPAID, stuck.id: Why.STUCK}
    for days, why in (
        (Span(today + day, today + day, now + day), Why.OLDER),
        (Span(today - day, today - day, now), Why.LATER),
    ):
        assert named([compared(store, Method.WECHAT, days)]) == dict.fromkeys((unpaid.id, stuck.id, held.id), why)


def test_what_is_open_is_judged_however_old_it_is(calm: Street, purse: Purse) -> None:
    held = calm.held(purse, Method.STRIPE, 800)
    calm.lapse(held)
    later = datetime.now(UTC) + timedelta(days=40)
    stripe = {Method.STRIPE: calm.providers[Method.STRIPE]}
    (found,) = reconcile(purse.store, stripe, later.astimezone(BOOKS_ZONE).date(), later)

    assert [one.payments for one in found.differences] == [(held.id,)]


def test_books_are_read_back_to_what_is_open_and_no_farther_than_a_provider_shows_them() -> None:
    noon, last = datetime(2031, 9, 4, 12, tzinfo=BOOKS_ZONE), date(2031, 9, 3)

    assert first_day(last, noon, None, 89) == date(2031, 7, 31)
    assert first_day(last, noon, date(2031, 9, 1), 89) == date(2031, 7, 31)
    assert first_day(last, noon, date(2031, 7, 1), 89) == date(2031, 7, 1)
    assert first_day(last, noon, date(2030, 7, 1), 89) == date(2031, 6, 7)
    assert first_day(last, noon, date(2030, 7, 1), 89, 2) == date(2031, 9, 2)


def test_books_that_nobody_shows_are_said_to_be_unreadable(store: Store, tmp_path: Path) -> None:
    with street(store, tmp_path, "--faults", "busy=1") as running, pytest.raises(BooksUnreadableError, match="stripe"):
        running.reconcile()


def test_lost_and_busy_replies_are_asked_for_again(store: Store, tmp_path: Path, purse: Purse) -> None:
    with street(store, tmp_path, "--faults", "lose=0.2,busy=0.1", "--seed", "3") as running:
        settled(running, purse, Method.WECHAT)
        (found,) = running.reconcile()

        assert (found.theirs_minor, found.differences) == (500, ())


def look(calm: Street, store: Store, last: date) -> None:
    """Compare Stripe's books, those of today included, as the night of another day does."""
    claim = store.run(commands.claim_books, Method.STRIPE, last)
    assert claim is not None
    found = next(one for one in calm.reconciled() if one.method is Method.STRIPE)
    store.run(commands.keep_reconciled, replace(found, span=replace(found.span, last=last)), claim)


def told(store: Store) -> list[dict[str, str]]:
    rows = store.read(lambda tx: tx.execute(TOLD, {"name": BooksDiffer.name}).scalars().all())
    return [dict(row) for row in rows]


def wait_for_the_next_look(store: Store) -> None:
    store.run(lambda tx: tx.execute("UPDATE books_compared SET free_at = now()"))


def test_each_night_looks_twice_and_tells_a_difference_that_stands_under_one_name(calm: Street, purse: Purse) -> None:
    payment = settled(calm, purse, Method.STRIPE)
    unposted(purse.store, payment)
    for night in (date(2031, 1, 1), date(2031, 1, 2)):
        before = told(purse.store)
        look(calm, purse.store, night)
        assert told(purse.store) == before
        wait_for_the_next_look(purse.store)
        look(calm, purse.store, night)

    first, second = told(purse.store)
    assert first == second
    assert first["payment_id"] == str(payment.id)


def test_a_payment_that_was_on_its_way_at_the_first_look_is_no_news(calm: Street, purse: Purse) -> None:
    held = calm.held(purse, Method.STRIPE, 800)
    calm.lapse(held)  # and nobody calls
    look(calm, purse.store, date(2031, 1, 1))
    pay_due(purse.store, calm.providers)  # it was asked about at once
    wait_for_the_next_look(purse.store)
    look(calm, purse.store, date(2031, 1, 1))

    assert (told(purse.store), purse.payment().state) == ([], State.FAILED)
    assert purse.store.read(queries.reconciled, Method.STRIPE, date(2031, 1, 1))


def test_of_two_schedulers_one_compares_and_the_other_goes_on_when_it_died(store: Store) -> None:
    night = date(2031, 1, 1)
    nothing = Reconciled(Method.STRIPE, Span(night, night, datetime.now(UTC)), (), ())
    first = store.run(commands.claim_books, Method.STRIPE, night)
    assert first is not None
    assert store.run(commands.claim_books, Method.STRIPE, night) is None
    assert store.run(commands.claim_books, Method.WECHAT, night) is not None

    wait_for_the_next_look(store)  # half an hour is over
    second = store.run(commands.claim_books, Method.STRIPE, night)
    assert second is not None
    store.run(commands.leave_books, Method.STRIPE, night, first)  # the first was alive after all
    store.run(commands.keep_reconciled, nothing, first)
    assert store.run(commands.claim_books, Method.STRIPE, night) is None
    assert not store.read(queries.reconciled, Method.STRIPE, night)
    for _ in range(2):
        store.run(commands.keep_reconciled, nothing, second)
    assert store.read(queries.reconciled, Method.STRIPE, night)
    assert store.run(commands.claim_books, Method.STRIPE, night) is None


def test_a_first_look_that_stalled_is_no_second_look(calm: Street, purse: Purse) -> None:
    held, night = calm.held(purse, Method.STRIPE, 800), date(2031, 1, 1)
    calm.lapse(held)  # and nobody calls
    stalled = purse.store.run(commands.claim_books, Method.STRIPE, night)
    assert stalled is not None
    found = next(one for one in calm.reconciled() if one.method is Method.STRIPE)
    wait_for_the_next_look(purse.store)  # half an hour is over
    look(calm, purse.store, night)  # another's first look, which finds the same
    purse.store.run(commands.keep_reconciled, replace(found, span=replace(found.span, last=night)), stalled)

    assert told(purse.store) == []
    assert not purse.store.read(queries.reconciled, Method.STRIPE, night)


class After(threading.Event):
    """Told to stop at the third time that somebody asks."""

    asked = 0

    def is_set(self) -> bool:
        self.asked += 1
        return self.asked > 2


def test_a_night_that_is_told_to_stop_leaves_off_between_two_days_and_another_goes_on(
    calm: Street, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARMLINK_PAYMENTS", str(calm.accounts))
    last = last_written(datetime.now(UTC))
    reconcile_nightly(store, stop=After())
    stopped = [store.read(queries.reconciled, one, last) for one in ONLINE]
    reconcile_nightly(store, stop=threading.Event())

    assert stopped == [False, False, False]
    assert [store.read(queries.reconciled, one, last) for one in ONLINE] == [True, True, True]


def test_a_night_without_a_provider_or_with_a_silent_one_keeps_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    reconcile_nightly(store, stop=stop)
    with street(store, tmp_path, "--faults", "busy=1") as running:
        monkeypatch.setenv("FARMLINK_PAYMENTS", str(running.accounts))
        reconcile_nightly(store, stop=stop)
    assert not any(store.read(queries.reconciled, one, last_written(datetime.now(UTC))) for one in ONLINE)


def test_intents_of_others_with_an_account_there_are_not_ours(calm: Street, purse: Purse) -> None:
    ours, foreign = calm.held(purse, Method.STRIPE, 800), uuid4()
    moved = [Moved("shoes", None, 5), Moved("lost", foreign, 7), Moved(str(ours.reference), None, 800)]
    books, unknown = booked(moved, {"shoes": 3, str(ours.reference): 1}, [ours])

    assert books == {foreign: Booked(0, 7), ours.id: Booked(1, 800)}
    assert unknown == {foreign}
