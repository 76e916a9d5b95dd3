"""A job of the scheduler fails again and again: the text, and who gets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from farmlink.kernel.locale import marked
from farmlink.notify import rules
from farmlink.notify.commands.books import admins
from farmlink.notify.commands.reactions import tell_many
from farmlink.notify.values import Kind
from farmlink.store import jobs
from farmlink.store.outbox import Announced
from farmlink.store.transaction import Transaction

FAILING: Final[rules.Text] = (
    marked("farmlink's scheduler cannot do its work: {job}"),
    marked("The job {job} has failed {failures} times in a row since {since}. It said last: {error}"),
    marked(
        "It is tried again by itself, and nothing is lost meanwhile. The page of jobs below Operations shows whether it"
        " succeeds again; you are told of this trouble once."
    ),
)


def say_jobs_failing(tx: Transaction, announced: Sequence[Announced]) -> None:
    """Tell the platform's admins, once in each trouble."""
    told = [(one.event_id, admin, one.event.job_id) for one in announced for admin in admins(tx)]
    tell_many(tx, Kind.JOBS_FAILING, told)


def write_job_failing(tx: Transaction, job_id: UUID, language: str) -> tuple[str, str] | None:
    """Write what fails since when; nothing where it succeeds again."""
    job = jobs.job(tx, job_id)
    if job is None or not job.failures:
        return None
    facts = {"job": job.name, "failures": job.failures, "since": job.failing_since_at, "error": job.error}
    return rules.write(FAILING, language, facts)
