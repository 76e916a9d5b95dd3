"""Our books beside the providers' own, which are read over the providers' own interfaces; nothing is changed by it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from threading import Event
from typing import Final, TypeVar

from farmlink.payments import commands, queries
from farmlink.payments.providers import Provider
from farmlink.payments.rules.books import last_written, span
from farmlink.payments.rules.refusals import BooksUnreadableError
from farmlink.payments.values import Compared, Method, Span
from farmlink.payments.work.accounts import providers_of
from farmlink.settings import read_settings
from farmlink.store.store import Store

LOG = logging.getLogger(__name__)
T = TypeVar("T")
ATTEMPTS: Final = 5
"""A reply gets lost now and then, and reading twice changes nothing."""


def reconcile(store: Store, providers: Mapping[Method, Provider], days: Span) -> list[Compared]:
    """Read every provider's books of these days, and compare them with the ledger as it stands then."""
    found = []
    for method, provider in providers.items():
        moved = [one for day in days.all for one in _read(method, provider.moved, day)]
        holding = _read(method, provider.holding, days.first)
        found += store.read(queries.compared, method, moved, holding, days)
    return found


def reconcile_nightly(store: Store, *, stop: Event) -> None:
    """Compare each provider's books once a day, as soon as the day before is written, and tell of what differs.

    One that does not show its books keeps nobody from the others', and is asked again at the next look.
    """
    now = datetime.now(UTC)
    last = last_written(now)
    for method, provider in providers_of(read_settings()).items():
        if stop.is_set() or store.read(queries.reconciled, method, last):
            continue
        try:
            found = reconcile(store, {method: provider}, span(last, now))
        except BooksUnreadableError as unreadable:
            LOG.warning("%s", unreadable)
            continue
        store.run(commands.keep_reconciled, method, last, found)


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
