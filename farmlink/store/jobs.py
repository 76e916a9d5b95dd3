"""Due work: a unique row per slot, a lease for whoever does it, and a token that outdates whoever lost the lease.

The effect and `finish` belong into one transaction: a worker that slept through its lease is refused there, and its
effect goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.ids import uuid7
from farmlink.store.transaction import Transaction


class LeaseLostError(RefusedError):
    """Somebody else took this work over, or finished it."""

    code = "lease-lost"
    message = "Another worker has taken over {job} for {slot}."


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do one slot of a job, until the lease ends; the token tells later claims from earlier ones."""

    run_id: UUID
    job: str
    subject: UUID
    slot: str
    token: int


def claim(tx: Transaction, job: str, subject: UUID, slot: str, lease_s: int) -> Claim | None:
    """Take a due slot; nothing when it is done, or when another holds a lease on it that has not ended."""
    row = tx.execute(
        "INSERT INTO job_run (id, job, subject, slot, holder, token, claimed_at, leased_until_at)"
        " VALUES (:id, :job, :subject, :slot, :holder, 1, clock_timestamp(), clock_timestamp() + :lease)"
        " ON CONFLICT ON CONSTRAINT job_run_once DO UPDATE SET holder = excluded.holder, token = job_run.token + 1,"
        " claimed_at = excluded.claimed_at, leased_until_at = excluded.leased_until_at"
        " WHERE job_run.finished_at IS NULL AND job_run.leased_until_at <= clock_timestamp() RETURNING id, token",
        {
            "id": uuid7(),
            "job": job,
            "subject": subject,
            "slot": slot,
            "holder": tx.actor,
            "lease": timedelta(seconds=lease_s),
        },
    ).first()
    return None if row is None else Claim(row.id, job, subject, slot, row.token)


def renew(tx: Transaction, held: Claim, lease_s: int) -> None:
    """Hold on to a slot for longer; refused when the lease went to somebody else meanwhile."""
    _change(tx, held, "leased_until_at = clock_timestamp() + :lease", lease=timedelta(seconds=lease_s))


def finish(tx: Transaction, held: Claim) -> None:
    """Say that a slot is done, in the transaction of its effect; refused to whoever lost the lease."""
    _change(tx, held, "finished_at = clock_timestamp()")


def give_up(tx: Transaction, held: Claim) -> None:
    """Let go of a slot that could not be done, so that the next look takes it up again."""
    _change(tx, held, "leased_until_at = clock_timestamp()")


def _change(tx: Transaction, held: Claim, change: str, **values: object) -> None:
    changed = tx.execute(
        f"UPDATE job_run SET {change} WHERE id = :id AND token = :token AND finished_at IS NULL",  # noqa: S608  # our own three texts
        {"id": held.run_id, "token": held.token, **values},
    )
    if not changed.rowcount:
        raise LeaseLostError(job=held.job, slot=held.slot)
