"""What was found when the books were compared: looked at twice, kept once for each day, and told once a difference."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

import msgspec

from farmlink.payments.commands.steps import hear
from farmlink.payments.queries import day_of_books
from farmlink.payments.rules.postings import OURS
from farmlink.payments.values import BooksDiffer, Difference, Method, Reconciled
from farmlink.store.transaction import Transaction

LEASE: Final = timedelta(minutes=30)
"""Longer than a year of books is read in."""
AGAIN_AFTER: Final = timedelta(minutes=10)
"""By then whatever was on its way at a first look has been heard of, for the providers are asked at once."""
CLAIM = """
INSERT INTO books_compared (method, last_on, free_at) VALUES (:method, :last, clock_timestamp() + :lease)
ON CONFLICT (method, last_on) DO UPDATE SET free_at = EXCLUDED.free_at
WHERE books_compared.ended_at IS NULL AND books_compared.free_at <= clock_timestamp() RETURNING free_at
"""
LEAVE = """
UPDATE books_compared SET free_at = clock_timestamp()
WHERE (method, last_on, free_at) = (:method, :last, :claim) AND ended_at IS NULL
"""
LOCK = "SELECT suspected, ended_at, free_at FROM books_compared WHERE (method, last_on) = (:method, :last) FOR UPDATE"
SUSPECT = """
UPDATE books_compared SET suspected = CAST(:suspected AS jsonb), free_at = clock_timestamp() + :again_after
WHERE (method, last_on) = (:method, :last)
"""
END = "UPDATE books_compared SET ended_at = transaction_timestamp() WHERE (method, last_on) = (:method, :last)"


def claim_books(tx: Transaction, method: Method, last: date) -> datetime | None:
    """Have the comparing of a provider's books up to a day for half an hour, unless somebody has it or it has ended.

    The answer is until when: whoever has it says so, for another may have it by then.
    """
    until: datetime | None = tx.execute(CLAIM, _named(method, last) | {"lease": LEASE}).scalar_one_or_none()
    return until


def leave_books(tx: Transaction, method: Method, last: date, claim: datetime) -> None:
    """Let somebody else go on, at once."""
    tx.execute(LEAVE, _named(method, last) | {"claim": claim})


def keep_reconciled(tx: Transaction, found: Reconciled, claim: datetime) -> None:
    """End the comparing of a day that was claimed; what differs is announced only when a second look finds it again.

    After a first look its providers are asked how the payments stand, for one that was on its way differs for a moment.
    Who stalled until another had claimed the day keeps nothing.
    """
    named = _named(found.method, found.span.last)
    before = tx.execute(LOCK, named).one()
    if before.ended_at is not None or before.free_at != claim:
        return
    differences = {_name(one): one for one in found.differences}
    if differences and before.suspected is None:
        suspected = msgspec.json.encode(list(differences)).decode()
        tx.execute(SUSPECT, named | {"suspected": suspected, "again_after": AGAIN_AFTER})
        for payment_id in (payment_id for one in found.differences for payment_id in one.payments):
            hear(tx, found.method, payment_id)
        return
    tx.execute(END, named)
    standing = [name for name in differences if str(name) in (before.suspected or ())]
    tx.record(
        "payment.reconcile", day_of_books(found.method, found.span.last), judged=found.judged, differences=len(standing)
    )
    for name in standing:
        tx.announce(BooksDiffer(name, differences[name].payments[0]))


def _name(found: Difference) -> UUID:
    """The same amounts about the same thing are the same difference, whenever they are found."""
    return uuid5(OURS, f"{found.about}: {found.ours} {found.theirs}")


def _named(method: Method, last: date) -> dict[str, object]:
    return {"method": method.value, "last": last}
