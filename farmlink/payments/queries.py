"""What is read of payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from farmlink.kernel.errors import MissingError
from farmlink.ledger import queries as ledger
from farmlink.ledger.values import AccountKind
from farmlink.payments.rules.books import difference_minor
from farmlink.payments.rules.postings import collect_key, provider_owner
from farmlink.payments.values import Booked, Method, Payment, PaymentId, State, Step, StepId, StepKind
from farmlink.store.pipeline import uuids
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


def provider_difference_minor(tx: Transaction, method: Method, books: Mapping[UUID, Booked]) -> int:
    """By how much a provider's own books, by payment, differ from our ledger once no step waits; zero is agreement."""
    rows = tx.execute(f"SELECT {COLUMNS} FROM payment p WHERE method = :method", {"method": method.value})  # noqa: S608  # our own column names
    kept = ledger.sums_by_about(tx, AccountKind.PROVIDER, provider_owner(method))
    return difference_minor([payment_of(row) for row in rows], kept, books)


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
