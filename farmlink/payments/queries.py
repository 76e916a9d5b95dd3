"""What is read of payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Row

from farmlink.kernel.errors import MissingError
from farmlink.ledger import queries as ledger
from farmlink.ledger.values import AccountKind
from farmlink.payments.rules.books import BOOKS_ZONE, booked, compare
from farmlink.payments.rules.postings import OURS, collect_key, provider_owner
from farmlink.payments.values import Compared, Method, Moved, Payment, PaymentId, Span, State, Step, StepId, StepKind
from farmlink.store.pipeline import texts, uuids
from farmlink.store.transaction import Transaction

NAMES: Final = tuple(field.name for field in fields(Payment))
COLUMNS: Final = ", ".join(f"p.{name}" for name in NAMES)
ABOUT: Final = f"""
SELECT {COLUMNS} FROM payment p WHERE about = ANY(CAST(:abouts AS uuid[])) AND state <> 'failed' ORDER BY about
"""  # noqa: S608  # our own column names
LAST: Final = f"""
SELECT {COLUMNS} FROM payment p WHERE about = :about ORDER BY state = 'failed', started_at DESC LIMIT 1
"""  # noqa: S608  # our own column names
STEP: Final = f"""
SELECT s.id AS step_id, s.kind, s.amount_minor, s.attempts, s.asked_at, {COLUMNS}
FROM payment_step s JOIN payment p ON p.id = s.payment_id
"""  # noqa: S608  # our own column names

KNOWN_THERE: Final = f"""
SELECT {COLUMNS} FROM payment p
WHERE method = :method AND (reference = ANY(CAST(:names AS text[])) OR id = ANY(CAST(:ids AS uuid[])))
"""  # noqa: S608  # our own column names
RESTING: Final = f"""
SELECT {COLUMNS} FROM payment p
WHERE method = :method AND started_at >= :since AND started_at < :until AND NOT EXISTS (
  SELECT FROM payment e WHERE e.about = p.about AND e.method = p.method AND (
    e.started_at < :since OR e.started_at >= :until OR e.state = 'authorising' OR EXISTS (
      SELECT FROM payment_step s
      WHERE s.payment_id = e.id AND s.kind <> 'look' AND (s.state = 'waiting' OR s.ended_at >= :quiet_at)
    )
  )
) ORDER BY about, id
"""  # noqa: S608  # our own column names


def payment(tx: Transaction, about: UUID) -> Payment:
    """The payment of something, as it stands; the last that failed when there is no other."""
    row = tx.execute(LAST, {"about": about}).first()
    if row is None:
        raise MissingError(noun="payment", id=about)
    return payment_of(row)


def payments(tx: Transaction, abouts: Iterable[UUID]) -> dict[UUID, Payment]:
    """The payments of many things; what nobody checked out has none."""
    return {row.about: payment_of(row) for row in tx.execute(ABOUT, {"abouts": uuids(abouts)})}


def payment_by_id(tx: Transaction, payment_id: UUID) -> Payment | None:
    """A payment by its own id, failed ones included."""
    row = tx.execute(f"SELECT {COLUMNS} FROM payment p WHERE id = :id", {"id": payment_id}).first()  # noqa: S608  # our own column names
    return None if row is None else payment_of(row)


def lock_about(tx: Transaction, abouts: Iterable[UUID]) -> dict[UUID, Payment]:
    """Lock the payments of many things, sorted, and read them as they stand now."""
    rows = tx.execute(f"{ABOUT} FOR NO KEY UPDATE", {"abouts": uuids(sorted(set(abouts)))})
    return {row.about: payment_of(row) for row in rows}


def lock_one(tx: Transaction, about: UUID) -> Payment:
    """Lock the payment of something that must have one."""
    found = lock_about(tx, [about]).get(about)
    if found is None:
        raise MissingError(noun="payment", id=about)
    return found


def lock_payment(tx: Transaction, payment_id: PaymentId) -> Payment:
    """Lock a payment by its own id."""
    chosen = f"SELECT {COLUMNS} FROM payment p WHERE id = :id FOR NO KEY UPDATE"  # noqa: S608  # our own column names
    return payment_of(tx.execute(chosen, {"id": payment_id}).one())


def holds_open(tx: Transaction) -> int:
    """How many holds have not ended."""
    held = "SELECT count(*) FROM payment WHERE state = 'held'"
    return int(tx.execute(held).scalar_one())


def steps_waiting(tx: Transaction) -> int:
    """How many steps providers have not answered; looks not counted, for they only watch."""
    waiting = "SELECT count(*) FROM payment_step WHERE state = 'waiting' AND kind <> 'look'"
    return int(tx.execute(waiting).scalar_one())


def compared(
    tx: Transaction, method: Method, moved: Sequence[Moved], holding: Mapping[str, int], span: Span
) -> list[Compared]:
    """A provider's own books of some days beside our ledger, about whatever began in those days and rests since."""
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
    restless = ledger.touched_since(tx, AccountKind.PROVIDER, owner, span.quiet_at)
    resting = [one for row in tx.execute(RESTING, named) if (one := payment_of(row)).about not in restless]
    kept = ledger.sums_by_about(tx, AccountKind.PROVIDER, owner, {one.about for one in resting})
    books, foreign = booked(moved, holding, known)
    judged = foreign | {one.id for one in resting}
    return compare(method, resting, kept, {one: book for one, book in books.items() if one in judged})


def day_of_books(method: Method, last: date) -> UUID:
    """As what the audit knows the comparing of a provider's books up to a day."""
    return uuid5(OURS, f"books of {method.value} {last}")


def reconciled(tx: Transaction, method: Method, last: date) -> bool:
    """Tell whether a provider's books up to a day were compared already."""
    kept = "SELECT EXISTS (SELECT FROM audit_entry WHERE subject = :day AND action = 'payment.reconcile')"
    return bool(tx.execute(kept, {"day": day_of_books(method, last)}).scalar_one())


def last_collected_minor(tx: Transaction, payment: Payment) -> int | None:
    """What was collected last at the point, by the ledger; a hold that lapsed afterwards is collected for itself."""
    key = collect_key(payment.id, payment.collected_minor)
    postings = [posting for entry in ledger.by_key(tx, [key]).values() for posting in entry.postings]
    return next((one.amount_minor for one in postings if one.account.kind is AccountKind.CASH), None)


def refund_of(tx: Transaction, step_id: StepId) -> Step:
    """A step, ended or not, that gives back."""
    return step_of(tx.execute(f"{STEP} WHERE s.id = :id", {"id": step_id}).one())


def payment_of(row: Row[Any]) -> Payment:
    """A payment's row as a value."""
    facts = {name: getattr(row, name) for name in NAMES}
    return Payment(**facts | {"method": Method(row.method), "state": State(row.state)})


def step_of(row: Row[Any]) -> Step:
    """A step's row with its payment as a value."""
    return Step(StepId(row.step_id), StepKind(row.kind), row.amount_minor, row.attempts, row.asked_at, payment_of(row))
