"""The scheduler's diary: what ran when, what fails since when, who is told, and what is wished done now."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import DataError, OperationalError

from farmlink.kernel.errors import MissingError
from farmlink.store import jobs
from farmlink.store.jobs import JobSeen, Ran, Watched
from farmlink.store.store import Store
from tests.farmlink.planning.builders import run_sql

LATER = "UPDATE job_seen SET started_at = started_at - interval '3 minutes', ended_at = ended_at - interval '3 minutes'"


class Farmhand:
    """Works, and fails when told so."""

    def __init__(self) -> None:
        self.fails: Exception | None = None

    def __call__(self, _store: Store, /, *, stop: threading.Event) -> None:
        if self.fails and not stop.is_set():
            raise self.fails


def seen(store: Store) -> JobSeen:
    (job,) = store.read(jobs.standing).jobs
    return job


def ran(work: Watched, store: Store, times: int = 1) -> None:
    """Let a job run, whatever comes of it."""
    for _ in range(times):
        try:
            work(store, stop=threading.Event())
        except (ZeroDivisionError, ExceptionGroup):
            continue


def announced(store: Store) -> int:
    return int(store.read(lambda tx: tx.execute("SELECT count(*) FROM outbox_event").scalar_one()))


def test_a_job_that_goes_on_as_before_is_written_down_once_a_minute(store: Store) -> None:
    work = Watched("close", 2, Farmhand())
    ran(work, store)
    first = seen(store)
    ran(work, store, 20)
    soon = seen(store)
    work._noted_s -= jobs.NOTED_EVERY_S
    ran(work, store)

    assert (first.failures, first.error, soon) == (0, None, first)
    assert seen(store).ended_at > first.ended_at
    assert (first.due_at - first.started_at).total_seconds() == 2


def test_a_failure_and_its_end_are_written_down_at_once(store: Store) -> None:
    hand = Farmhand()
    work = Watched("close", 2, hand)
    ran(work, store)
    hand.fails = ZeroDivisionError("nothing to share")
    ran(work, store)
    failing = seen(store)
    hand.fails = None
    ran(work, store)

    assert (failing.failures, failing.error) == (1, "ZeroDivisionError: nothing to share")
    assert failing.failing_since_at == failing.ended_at
    assert (seen(store).failures, seen(store).error, seen(store).failing_since_at) == (0, None, None)


def test_failures_in_a_row_are_all_counted_though_not_each_is_written_down(store: Store) -> None:
    hand = Farmhand()
    hand.fails = ZeroDivisionError()
    work = Watched("close", 2, hand)
    ran(work, store, 8)
    assert seen(store).failures == 1
    work._noted_s -= jobs.NOTED_EVERY_S
    ran(work, store)

    assert seen(store).failures == 9


def test_lasting_trouble_is_announced_once_and_the_next_trouble_again(store: Store) -> None:
    trouble, good = Ran("close", 2, 5, failures=jobs.TOLD_AFTER, error="ZeroDivisionError"), Ran("close", 2, 5)
    store.run(jobs.note, Ran("close", 2, 5, failures=jobs.TOLD_AFTER - 1, error="ZeroDivisionError"))
    first = announced(store)
    for _ in range(3):
        store.run(jobs.note, trouble)
    once = announced(store)
    store.run(jobs.note, good)
    store.run(jobs.note, trouble)

    assert (first, once, announced(store)) == (0, 1, 2)


def test_a_wish_is_written_down_as_done_only_after_a_run_that_began_later(store: Store) -> None:
    work = Watched("forget", 3600, Farmhand())
    ran(work, store)
    store.run(jobs.wish, "forget")
    store.run(jobs.wish, "forget")
    store.run(jobs.note, Ran("forget", 3600, took_ms=60_000))
    still = store.read(jobs.wished)
    work.wished = True
    ran(work, store)

    assert (still, store.read(jobs.wished)) == (["forget"], [])


def test_a_job_that_nobody_knows_cannot_be_wished(store: Store) -> None:
    with pytest.raises(MissingError):
        store.run(jobs.wish, "harvest")


def test_jobs_of_which_nothing_was_heard_are_run_by_nobody(store: Store) -> None:
    never = store.read(jobs.standing)
    ran(Watched("close", 2, Farmhand()), store)
    lately = store.read(jobs.standing)
    run_sql(store, LATER)
    long_ago = store.read(jobs.standing)

    assert [never.silent, lately.silent, long_ago.silent] == [True, False, True]
    assert [never.failing, never.heard_at] == [0, None]


def test_what_a_statement_carried_is_not_written_down(store: Store) -> None:
    hand = Farmhand()
    refused = OperationalError("SELECT", {"email": "ana@example.org"}, RuntimeError("the disk is full"))
    hand.fails = ExceptionGroup("close failed", [refused, refused])
    ran(Watched("close", 2, hand), store)

    assert seen(store).error == "close failed: RuntimeError: the disk is full"


def test_a_row_that_the_database_quotes_is_not_written_down(store: Store) -> None:
    hand = Farmhand()
    try:
        run_sql(store, "SELECT CAST(CAST('ana@example.org' AS text) AS integer)")
    except DataError as refused:
        hand.fails = ExceptionGroup("close failed", [refused])
    ran(Watched("close", 2, hand), store)

    assert seen(store).error == "close failed: InvalidTextRepresentation 22P02"


def test_work_goes_on_when_the_diary_cannot_be_written(store: Store) -> None:
    class Away(Store):
        def run(self, *_command: object, **_named: object) -> object:  # type: ignore[override]  # whatever is asked
            raise OperationalError("INSERT", {}, RuntimeError("gone"))

    work = Watched("close", 2, Farmhand())
    work(Away(store.engine), stop=threading.Event())
    assert store.read(jobs.standing).jobs == ()
    ran(work, store)
    assert seen(store).name == "close"
