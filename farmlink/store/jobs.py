"""The scheduler's jobs as people see them: what was done when, what fails, and what is wished to be done now."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.locale import marked
from farmlink.store.broken import what_broke
from farmlink.store.store import OutcomeUnknownError, Store
from farmlink.store.transaction import Transaction
from farmlink.store.values import JobFailing, JobId

NOTED_EVERY_S: Final = 60
"""A job that goes on as before is written down so often, however often it runs."""
SILENT_AFTER: Final = timedelta(seconds=150)
"""So long after the last word of any job nobody runs them."""
TOLD_AFTER: Final = 3
"""So often a job fails in a row before people are told: a first failure is most often over by the next run."""

NOTE: Final = """
INSERT INTO job_seen AS seen (id, name, every_s, started_at, ended_at, took_ms, failures, error, failing_since_at)
VALUES (:id, :name, :every_s, :started, :now, :took_ms, :failures, :error, CASE WHEN :failures > 0 THEN :now END)
ON CONFLICT (name) DO UPDATE SET
    every_s = excluded.every_s, started_at = excluded.started_at, ended_at = excluded.ended_at,
    took_ms = excluded.took_ms, error = excluded.error,
    failures = CASE WHEN excluded.failures > 0 THEN seen.failures + excluded.failures ELSE 0 END,
    failing_since_at = CASE WHEN excluded.failures > 0 THEN coalesce(seen.failing_since_at, excluded.ended_at) END,
    told_at = CASE WHEN excluded.failures > 0 THEN seen.told_at END,
    wished_at = CASE WHEN seen.wished_at > excluded.started_at THEN seen.wished_at END
RETURNING id, failures, told_at
"""
TOLD: Final = "UPDATE job_seen SET told_at = :now WHERE id = :id"
SEEN: Final = """
SELECT id, name, every_s, started_at, ended_at, took_ms, failures, error, failing_since_at, wished_at FROM job_seen
"""
WISH: Final = "UPDATE job_seen SET wished_at = :now WHERE name = :name RETURNING id"
WISHED: Final = "SELECT name FROM job_seen WHERE wished_at IS NOT NULL ORDER BY name"


class Work(Protocol):
    """Looks for what is due and does it; leaves off between two things when it is told to stop."""

    def __call__(self, store: Store, /, *, stop: threading.Event) -> object:
        """Do what is due."""
        ...


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that ended just now; `failures` are those since the last run that was written down, this one among them."""

    name: str
    every_s: int
    took_ms: int
    failures: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class JobSeen:
    """A job as it was last written down; `failures` in a row are since `failing_since_at`."""

    id: JobId
    name: str
    every_s: int
    started_at: datetime
    ended_at: datetime
    took_ms: int
    failures: int
    error: str | None
    failing_since_at: datetime | None
    wished_at: datetime | None

    @property
    def due_at(self) -> datetime:
        """When it is looked for next; what runs more often than it is written down is due all the time."""
        return self.started_at + timedelta(seconds=self.every_s)


@dataclass(frozen=True, slots=True)
class Standing:
    """All jobs by name, when any of them was last heard of, and whether nobody runs them."""

    jobs: tuple[JobSeen, ...]
    heard_at: datetime | None
    silent: bool

    @property
    def failing(self) -> int:
        """How many do not succeed."""
        return sum(job.failures > 0 for job in self.jobs)


class Watched:
    """A job's work with its diary: a change of its outcome is written down at once, all else once a minute.

    What was told to stop meanwhile is not written down: whoever looks next finds it undone.
    """

    def __init__(self, name: str, every_s: int, work: Work) -> None:
        self.wished = False
        self._name, self._every_s, self._work = name, every_s, work
        self._failed: bool | None = None
        self._failures = 0
        self._noted_s = 0.0

    def __call__(self, store: Store, /, *, stop: threading.Event) -> None:
        """Work, and write down what came of it."""
        began_s, said = time.monotonic(), None
        try:
            self._work(store, stop=stop)
        except Exception as error:
            said = what_broke(error)
            raise
        finally:
            if not stop.is_set():
                self._ended(store, began_s, said)

    def _ended(self, store: Store, began_s: float, error: str | None) -> None:
        now_s, failed = time.monotonic(), error is not None
        self._failures = self._failures + 1 if failed else 0
        if failed is self._failed and not self.wished and now_s - self._noted_s < NOTED_EVERY_S:
            return
        took_ms = round((now_s - began_s) * 1000)
        try:
            store.run(note, Ran(self._name, self._every_s, took_ms, self._failures, error))
        except (DBAPIError, OutcomeUnknownError):  # a database that is away is written down when it is back
            return
        self._failed, self._failures, self._noted_s, self.wished = failed, 0, now_s, False


def note(tx: Transaction, ran: Ran) -> None:
    """Write down what became of a run; that a job fails again and again is announced once in each trouble."""
    named = {"id": uuid7(), "name": ran.name, "every_s": ran.every_s, "now": tx.now, "took_ms": ran.took_ms}
    named |= {"failures": ran.failures, "error": ran.error, "started": tx.now - timedelta(milliseconds=ran.took_ms)}
    row = tx.execute(NOTE, named).one()
    if row.failures >= TOLD_AFTER and row.told_at is None:
        tx.execute(TOLD, {"id": row.id, "now": tx.now})
        tx.announce(JobFailing(JobId(row.id)))


def standing(tx: Transaction) -> Standing:
    """Tell how the jobs are doing."""
    jobs = tuple(JobSeen(**row._asdict()) for row in tx.execute(f"{SEEN} ORDER BY name"))
    heard_at = max((job.ended_at for job in jobs), default=None)
    return Standing(jobs, heard_at, silent=heard_at is None or tx.now - heard_at > SILENT_AFTER)


def job(tx: Transaction, job_id: UUID) -> JobSeen | None:
    """Read one job; nothing where it is not known any more."""
    row = tx.execute(f"{SEEN} WHERE id = :id", {"id": job_id}).one_or_none()
    return None if row is None else JobSeen(**row._asdict())


def wish(tx: Transaction, name: str) -> None:
    """Ask the scheduler to run a job now; asked twice it runs once, and it only does what is due."""
    row = tx.execute(WISH, {"name": name, "now": tx.now}).one_or_none()
    if row is None:
        raise MissingError(noun=marked("job"), id=name)
    tx.record("job.wished", row.id)


def wished(tx: Transaction) -> list[str]:
    """Name the jobs that somebody wishes done now."""
    return list(tx.execute(WISHED).scalars())
