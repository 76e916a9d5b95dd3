"""Our books beside the providers' own, read over their own interfaces: what differs is named, told once, and left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from farmlink.payments import commands, queries
from farmlink.payments.providers import bills
from farmlink.payments.rules.books import BOOKS_ZONE, booked, last_written, span
from farmlink.payments.rules.refusals import BooksUnreadableError
from farmlink.payments.values import Booked, BooksDiffer, Method, Moved, Payment, Span
from farmlink.payments.work import reconcile, reconcile_nightly
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


def test_what_still_moves_is_judged_another_time(calm: Street, purse: Purse) -> None:
    settled(calm, purse, Method.STRIPE)
    purse.store.run(commands.refund, uuid4(), purse.about, 200)
    waiting = calm.reconcile()
    calm.work_until_done()
    now = datetime.now(UTC)
    today = now.astimezone(BOOKS_ZONE).date()
    just_now = reconcile(purse.store, calm.providers, Span(today, today, now - timedelta(hours=1)))

    assert (waiting, just_now, [one.judged for one in calm.reconcile()]) == ([], [], [1])


def test_books_that_nobody_shows_are_said_to_be_unreadable(store: Store, tmp_path: Path) -> None:
    with street(store, tmp_path, "--faults", "busy=1") as running, pytest.raises(BooksUnreadableError, match="stripe"):
        running.reconcile()


def test_lost_and_busy_replies_are_asked_for_again(store: Store, tmp_path: Path, purse: Purse) -> None:
    with street(store, tmp_path, "--faults", "lose=0.2,busy=0.1", "--seed", "3") as running:
        settled(running, purse, Method.WECHAT)
        (found,) = running.reconcile()

        assert (found.theirs_minor, found.differences) == (500, ())


def test_a_night_compares_once_and_tells_each_difference_under_one_name(
    calm: Street, purse: Purse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARMLINK_PAYMENTS", str(calm.accounts))
    payment = settled(calm, purse, Method.STRIPE)
    calm.bounce(payment)
    found = calm.reconcile()
    for last in (date(2031, 1, 1), date(2031, 1, 1), date(2031, 1, 2)):
        purse.store.run(commands.keep_reconciled, Method.STRIPE, last, found)
    told = purse.store.read(lambda tx: tx.execute(TOLD, {"name": BooksDiffer.name}).scalars().all())
    for _ in range(2):
        reconcile_nightly(purse.store, stop=threading.Event())

    assert len(told) == 2
    assert told[0] == told[1]
    assert told[0]["payment_id"] == str(payment.id)
    assert all(purse.store.read(queries.reconciled, one, last_written(datetime.now(UTC))) for one in ONLINE)


def test_a_night_without_a_provider_or_with_a_silent_one_keeps_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    reconcile_nightly(store, stop=stop)
    with street(store, tmp_path, "--faults", "busy=1") as running:
        monkeypatch.setenv("FARMLINK_PAYMENTS", str(running.accounts))
        reconcile_nightly(store, stop=stop)
    assert not any(store.read(queries.reconciled, one, last_written(datetime.now(UTC))) for one in ONLINE)


@pytest.mark.parametrize(("hour", "day"), [(2, 2), (3, 3)])
def test_bills_of_the_day_before_are_read_from_eleven_in_china_on(hour: int, day: int) -> None:
    assert last_written(datetime(2031, 9, 4, hour, tzinfo=UTC)) == date(2031, 9, day)


def test_a_day_that_is_over_is_judged_but_for_its_last_hour_and_one_that_is_not_as_far_as_it_went() -> None:
    noon = datetime(2031, 9, 4, 12, tzinfo=BOOKS_ZONE)

    assert span(date(2031, 9, 3), noon, 2) == Span(
        date(2031, 9, 2), date(2031, 9, 3), datetime(2031, 9, 3, 23, tzinfo=BOOKS_ZONE)
    )
    assert span(date(2031, 9, 4), noon, 1).quiet_at == datetime(2031, 9, 5, tzinfo=BOOKS_ZONE)
    assert span(date(2031, 9, 3), noon, 2).all == [date(2031, 9, 2), date(2031, 9, 3)]


def test_intents_of_others_with_an_account_there_are_not_ours(calm: Street, purse: Purse) -> None:
    ours, foreign = calm.held(purse, Method.STRIPE, 800), uuid4()
    moved = [Moved("shoes", None, 5), Moved("lost", foreign, 7), Moved(str(ours.reference), None, 800)]
    books, unknown = booked(moved, {"shoes": 3, str(ours.reference): 1}, [ours])

    assert books == {foreign: Booked(0, 7), ours.id: Booked(1, 800)}
    assert unknown == {foreign}


def test_amounts_of_bills_are_read_in_fen() -> None:
    assert [bills.minor(text) for text in ("1.00", "-0.05 ", "12", "0.5")] == [100, -5, 1200, 50]
