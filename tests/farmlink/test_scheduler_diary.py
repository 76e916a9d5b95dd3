"""The scheduler keeps its diary, and does now what somebody wishes done now."""

from __future__ import annotations

import threading

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from farmlink import scheduler
from farmlink.store import jobs
from farmlink.store.jobs import Ran, Watched
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction


def test_what_is_wished_is_done_now_and_written_down(store: Store) -> None:
    done = threading.Event()
    watched = {"forget": Watched("forget", 3600, scheduler.once(lambda _store: done.set()))}
    watched["forget"](store, stop=threading.Event())
    done.clear()
    ticker = BackgroundScheduler(timezone="UTC")
    ticker.add_job(watched["forget"], "interval", [store], {"stop": threading.Event()}, id="forget", seconds=3600)
    ticker.start()
    try:
        scheduler.bring_forward(store, ticker, watched)
        store.run(jobs.wish, "forget")
        assert not done.is_set()
        scheduler.bring_forward(store, ticker, watched)
        assert done.wait(20)
    finally:
        ticker.shutdown()
    assert store.read(jobs.wished) == []


def test_every_job_that_a_scheduler_runs_is_seen_by_people(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, noted, note = threading.Event(), threading.Event(), jobs.note

    def note_and_say(tx: Transaction, ran: Ran) -> None:
        note(tx, ran)
        noted.set()

    monkeypatch.setattr(jobs, "note", note_and_say)
    monkeypatch.setattr(scheduler, "JOBS", (scheduler.Job("look", 1, scheduler.once(lambda _store: None)),))
    thread = threading.Thread(target=scheduler.run, args=(store, stop))
    thread.start()
    assert noted.wait(20)
    stop.set()
    thread.join(20)
    assert [job.name for job in store.read(jobs.standing).jobs] == ["look"]
