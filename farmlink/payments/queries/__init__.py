"""What is read of payments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from farmlink.kernel.errors import MissingError
from farmlink.ledger import queries as ledger
from farmlink.ledger.values import AccountKind
from farmlink.payments.queries.books import compared, day_of_books, oldest_open, reconciled
from farmlink.payments.queries.rows import COLUMNS, STEP, payment_of, step_of
from farmlink.payments.rules.postings import collect_key
from farmlink.payments.values import Payment, PaymentId, Step, StepId
from farmlink.store.pipeline import uuids
from farmlink.store.transaction import Transaction

__all__ = [
    "COLUMNS",
    "STEP",
    "compared",
    "day_of_books",
    "holds_open",
    "last_collected_minor",
    "lock_about",
    "lock_one",
    "lock_payment",
    "oldest_open",
    "payment",
    "payment_by_id",
    "payment_of",
    "payments",
    "reconciled",
    "refund_of",
    "step_of",
    "steps_waiting",
    "sticks",
]

ABOUT: Final = f"""
SELECT {COLUMNS} FROM payment p WHERE about = ANY(CAST(:abouts AS uuid[])) AND state <> 'failed' ORDER BY about
"""  # noqa: S608  # our own column names
LAST: Final = f"""
SELECT {COLUMNS} FROM payment p WHERE about = :about ORDER BY state = 'failed', started_at DESC LIMIT 1
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


def sticks(tx: Transaction, payment_id: UUID) -> bool:
    """Tell whether something that was given back of a payment sticks at its provider."""
    stuck = "SELECT EXISTS (SELECT FROM payment_step WHERE payment_id = :id AND state = 'stuck')"
    return bool(tx.execute(stuck, {"id": payment_id}).scalar_one())


def last_collected_minor(tx: Transaction, payment: Payment) -> int | None:
    """What was collected last at the point, by the ledger; a hold that lapsed afterwards is collected for itself."""
    key = collect_key(payment.id, payment.collected_minor)
    postings = [posting for entry in ledger.by_key(tx, [key]).values() for posting in entry.postings]
    return next((one.amount_minor for one in postings if one.account.kind is AccountKind.CASH), None)


def refund_of(tx: Transaction, step_id: StepId) -> Step:
    """A step, ended or not, that gives back."""
    return step_of(tx.execute(f"{STEP} WHERE s.id = :id", {"id": step_id}).one())
