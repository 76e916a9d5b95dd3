"""Our books beside a provider's own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from farmlink.payments.values import Booked, Compared, Difference, Method, Moved, Payment, Span

BOOKS_ZONE: Final = ZoneInfo("Asia/Shanghai")
"""In whose days bills are written; who writes none is asked for the same days."""
READY_AT: Final = time(11)
"""Bills of the day before are there from ten o'clock on."""
QUIET: Final = timedelta(hours=1)
"""What moved so shortly before a day's end may stand in another day there."""
DAYS: Final = 35
"""Longer than an order takes, and than a refund takes to come back; so far back is read even when nothing is open."""
NO_CURRENCY: Final = "XXX"
"""ISO 4217 for none: what nobody here paid for was paid in whatever its provider knows."""


def span(last: date, now: datetime, first: date) -> Span:
    """These days; when the last is not over yet, whatever has moved so far is judged."""
    over = datetime.combine(last + timedelta(days=1), time(), BOOKS_ZONE)
    return Span(first, last, over - QUIET if over <= now else over)


def first_day(last: date, now: datetime, oldest: date | None, books_days: int, days: int | None = None) -> date:
    """So many days back as are asked for, else to the oldest payment that is open; never beyond a provider's books."""
    shown_from = now.astimezone(BOOKS_ZONE).date() - timedelta(days=books_days)
    usual = last - timedelta(days=(days or DAYS) - 1)
    return max(shown_from, usual if days or oldest is None else min(usual, oldest))


def last_written(now: datetime) -> date:
    """The last day whose bills are written everywhere."""
    here = now.astimezone(BOOKS_ZONE)
    return here.date() - timedelta(days=1 if here.time() >= READY_AT else 2)


def booked(
    moved: Iterable[Moved], holding: Mapping[str, int], payments: Collection[Payment]
) -> tuple[dict[UUID, Booked], set[UUID]]:
    """A provider's books by our payments, and which of them are none of ours; others than us may have an account there.

    An intent is known by its name there, else by what it was told of ours.
    """
    by_name = {payment.reference: payment.id for payment in payments if payment.reference is not None}
    taken, held = Counter[UUID](), Counter[UUID]()
    for one in moved:
        payment_id = by_name.get(one.reference, one.payment_id)
        if payment_id is not None:
            taken[payment_id] += one.amount_minor
    for name, amount_minor in holding.items():
        if name in by_name:
            held[by_name[name]] += amount_minor
    books = {payment_id: Booked(held[payment_id], taken[payment_id]) for payment_id in taken.keys() | held.keys()}
    return books, books.keys() - {payment.id for payment in payments}


def compare(
    method: Method, payments: Iterable[Payment], ledger_minor: Mapping[UUID, int], books: Mapping[UUID, Booked]
) -> list[Compared]:
    """What a provider keeps for us about each thing that is paid for beside what we booked, by currency.

    `ledger_minor` is what is posted on the provider's account about each; of that a payment that holds says what is
    only held, and the books say it by payment.
    """
    held, about = Counter[UUID](), dict[UUID, UUID]()
    currencies, named = dict[UUID, str](), defaultdict[UUID, list[UUID]](list)
    for payment in payments:
        about[payment.id], currencies[payment.about] = payment.about, payment.currency
        named[payment.about].append(payment.id)
        held[payment.about] += payment.held_minor if payment.can.hold else 0
    theirs_held, theirs_taken = Counter[UUID](), Counter[UUID]()
    for payment_id, kept in books.items():
        thing = about.get(payment_id, payment_id)
        theirs_held[thing] += kept.held_minor
        theirs_taken[thing] += kept.taken_minor
    found = defaultdict[str, list[Difference]](list)
    for thing in sorted(named.keys() | ledger_minor.keys() | theirs_taken.keys()):
        ours = Booked(held[thing], ledger_minor.get(thing, 0) - held[thing])
        theirs = Booked(theirs_held[thing], theirs_taken[thing])
        currency = currencies.get(thing, NO_CURRENCY)
        ids = tuple(named.get(thing, [thing]))
        found[currency].append(Difference(method, thing, ids, currency, ours, theirs))
    return [_summed(method, currency, judged) for currency, judged in sorted(found.items())]


def _summed(method: Method, currency: str, judged: list[Difference]) -> Compared:
    return Compared(
        method,
        currency,
        len(judged),
        sum(one.ours.taken_minor for one in judged),
        sum(one.theirs.taken_minor for one in judged),
        tuple(one for one in judged if one.amount_minor),
    )
