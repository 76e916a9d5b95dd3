"""Our books beside the providers' own, which are read over the providers' own interfaces; nothing is changed by it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from threading import Event
from typing import Final, TypeVar

from farmlink.payments import commands, queries
from farmlink.payments.providers import Provider
from farmlink.payments.rules.books import first_day, last_written, span
from farmlink.payments.rules.refusals import BooksUnreadableError
from farmlink.payments.values import Method, Moved, Reconciled, Span
from farmlink.payments.work.accounts import providers_of
from farmlink.settings import read_settings
from farmlink.store.store import Store

LOG = logging.getLogger(__name__)
T = TypeVar("T")
ATTEMPTS: Final = 5
"""A reply gets lost now and then, and reading twice changes nothing."""


def reconcile(
    store: Store,
    providers: Mapping[Method, Provider],
    last: date,
    now: datetime,
    days: int | None = None,
    stop: Event | None = None,
) -> list[Reconciled]:
    """Read every provider's books of so many days up to the last, and compare them with the ledger as it stands then.

    Unless days are given, all that is open or can be given back is judged, as far as each provider shows its books.
    Told to stop, what was compared until then is answered.
    """
    stopping, found = stop or Event(), []
    for method, provider in providers.items():
        first = first_day(last, now, store.read(queries.oldest_open, method), provider.books_days, days)
        one = _compare(store, method, provider, span(last, now, first), stopping)
        if one is None:
            break
        found.append(one)
    return found


def _compare(store: Store, method: Method, provider: Provider, days: Span, stop: Event) -> Reconciled | None:
    """Read one provider's books, a day at a time; nothing when told to stop meanwhile."""
    moved: list[Moved] = []
    for day in days.all:
        if stop.is_set():
            return None
        moved += _read(method, provider.moved, day)
    holding = _read(method, provider.holding, days.first)
    return store.read(queries.compared, method, moved, holding, days)


def reconcile_nightly(store: Store, *, stop: Event) -> None:
    """Compare each provider's books once a day, as soon as the day before is written, and tell of what differs.

    One scheduler does it, however many run. A provider that does not show its books keeps nobody from the others', and
    is asked again at the next look.
    """
    now = datetime.now(UTC)
    last = last_written(now)
    for method, provider in providers_of(read_settings()).items():
        if stop.is_set():
            return
        if claim := store.run(commands.claim_books, method, last):
            found = _readable(store, {method: provider}, last, now, stop)
            for one in found:
                store.run(commands.keep_reconciled, one, claim)
            if not found:
                store.run(commands.leave_books, method, last, claim)


def _readable(
    store: Store, providers: Mapping[Method, Provider], last: date, now: datetime, stop: Event
) -> list[Reconciled]:
    """What a comparison found; nothing where the books cannot be read."""
    try:
        return reconcile(store, providers, last, now, stop=stop)
    except BooksUnreadableError as unreadable:
        LOG.warning("%s", unreadable)
        return []


def _read(method: Method, ask: Callable[[date], T], day: date) -> T:
    """Ask again what was not answered, and at last say whose books cannot be read."""
    for _ in range(ATTEMPTS - 1):
        try:
            return ask(day)
        except Exception as failure:  # noqa: BLE001  # whatever it was, it is asked again
            LOG.info("the books of %s: %s", method.value, type(failure).__name__)
    try:
        return ask(day)
    except Exception as failure:
        raise BooksUnreadableError(method=method.value) from failure
