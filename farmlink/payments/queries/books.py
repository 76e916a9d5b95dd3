"""Our side of the books: what can be judged beside a provider's own, and what cannot now, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Row

from farmlink.ledger import queries as ledger
from farmlink.ledger.values import AccountKind
from farmlink.payments.queries.rows import COLUMNS, payment_of
from farmlink.payments.rules.books import BOOKS_ZONE, booked, compare
from farmlink.payments.rules.postings import OURS, provider_owner
from farmlink.payments.values import Method, Moved, Reconciled, Skipped, Span, Why
from farmlink.store.pipeline import texts, uuids
from farmlink.store.transaction import Transaction

KNOWN_THERE: Final = f"""
SELECT {COLUMNS} FROM payment p
WHERE method = :method AND (reference = ANY(CAST(:names AS text[])) OR id = ANY(CAST(:ids AS uuid[])))
"""  # noqa: S608  # our own column names
OPEN: Final = """
(o.state IN ('authorising', 'held') OR o.captured_minor > o.refunded_minor OR EXISTS (
  SELECT FROM payment_step w WHERE w.payment_id = o.id AND w.kind <> 'look' AND w.state IN ('waiting', 'stuck')
))
"""
"""What may still move, or be given back."""
OLDEST_OPEN: Final = f"SELECT min(started_at) FROM payment o WHERE method = :method AND {OPEN}"  # noqa: S608  # our own words
CONCERNED: Final = f"""
SELECT {COLUMNS}, p.started_at < :since AS older, p.started_at >= :until AS later, p.state = 'authorising' AS unpaid,
  EXISTS (SELECT FROM payment_step s WHERE s.payment_id = p.id AND s.state = 'stuck') AS stuck,
  EXISTS (
    SELECT FROM payment_step s WHERE s.payment_id = p.id AND s.kind <> 'look' AND s.state = 'waiting'
  ) AS waits,
  EXISTS (
    SELECT FROM payment_step s WHERE s.payment_id = p.id AND s.kind <> 'look' AND s.ended_at >= :quiet_at
  ) AS moved
FROM payment p WHERE method = :method AND about IN (
  SELECT about FROM payment o
  WHERE method = :method AND (started_at >= :since AND started_at < :until OR {OPEN})
) ORDER BY about, id
"""  # noqa: S608  # our own column names


def compared(
    tx: Transaction, method: Method, moved: Sequence[Moved], holding: Mapping[str, int], span: Span
) -> Reconciled:
    """A provider's own books of some days beside our ledger: about whatever began in those days and rests since.

    What began then, is open or can be given back, and is not judged, is named with the reason.
    """
    named = {
        "method": method.value,
        "since": datetime.combine(span.first, time(), BOOKS_ZONE),
        "until": datetime.combine(span.last + timedelta(days=1), time(), BOOKS_ZONE),
        "quiet_at": span.quiet_at,
        "names": texts({*holding, *(one.reference for one in moved)}),
        "ids": uuids({one.payment_id for one in moved if one.payment_id is not None}),
    }
    known = [payment_of(row) for row in tx.execute(KNOWN_THERE, named)]
    owner = provider_owner(method)
    rows = tx.execute(CONCERNED, named).all()
    whys = _whys(rows, ledger.touched_since(tx, AccountKind.PROVIDER, owner, span.quiet_at))
    resting = [payment_of(row) for row in rows if row.about not in whys]
    kept = ledger.sums_by_about(tx, AccountKind.PROVIDER, owner, {one.about for one in resting})
    books, foreign = booked(moved, holding, known)
    judged = foreign | {one.id for one in resting}
    found = compare(method, resting, kept, {one: book for one, book in books.items() if one in judged})
    skipped = tuple(Skipped(row.id, row.about, whys[row.about]) for row in rows if row.about in whys)
    return Reconciled(method, span, tuple(found), skipped)


def _whys(rows: Sequence[Row[Any]], restless: Collection[UUID]) -> dict[UUID, Why]:
    """Why a thing is not judged, by its payments: they are judged together or not at all."""
    found: dict[UUID, Why] = {}
    for row in rows:
        holds = {one for one in Why if getattr(row, one.value)}
        if row.about in restless:
            holds.add(Why.MOVED)
        if row.about in found:
            holds.add(found[row.about])
        if holds:
            found[row.about] = min(holds, key=list(Why).index)
    return found


def oldest_open(tx: Transaction, method: Method) -> date | None:
    """On which day in the books' zone the oldest payment began that may still move or be given back."""
    oldest = tx.execute(OLDEST_OPEN, {"method": method.value}).scalar_one()
    return None if oldest is None else oldest.astimezone(BOOKS_ZONE).date()


def day_of_books(method: Method, last: date) -> UUID:
    """As what the audit knows the comparing of a provider's books up to a day."""
    return uuid5(OURS, f"books of {method.value} {last}")


def reconciled(tx: Transaction, method: Method, last: date) -> bool:
    """Tell whether a provider's books up to a day were compared already."""
    kept = (
        "SELECT EXISTS (SELECT FROM books_compared WHERE (method, last_on) = (:method, :last) AND ended_at IS NOT NULL)"
    )
    return bool(tx.execute(kept, {"method": method.value, "last": last}).scalar_one())
