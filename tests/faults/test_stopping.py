"""A scheduler that is told to stop while it plans: it is gone within seconds, and the next one begins the run anew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import psutil
import pytest

from farmlink.confirmations import work as confirming
from farmlink.confirmations.work import plan_due
from farmlink.cycles.values import Stage
from farmlink.kernel.page import Paging
from farmlink.planning import commands, queries
from farmlink.planning.rules import RunEndedError
from farmlink.planning.values import Budget, DuePlan, Progress
from farmlink.planning.work import CHILD, RunStoppedError, lease, plan_cycle
from farmlink.planning.work.lease import kept_alive
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.network.builders import MICHIGAN
from tests.farmlink.planning.builders import Season, run_sql
from tests.farmlink.planning.children import planted

GREEDY = (*CHILD, "--greedy")
QUICK = Budget(iterations=1)
MOST_S = 10
LEASE_OVER = "UPDATE plan_run SET leased_until_at = now() - interval '1 second' WHERE state = 'running'"
SCHEDULER = """
import signal
import sys
from functools import partial
from sqlalchemy import make_url
from farmlink import scheduler
from farmlink.confirmations.work import plan_due
from farmlink.store.engine import open_engine
from farmlink.store.store import Store
plan = scheduler.Job("plan", 1, partial(plan_due, command=sys.argv[2:]))
scheduler.JOBS = (plan,)
with open_engine(make_url(sys.argv[1])) as engine:
    with scheduler.told_by_signal(signal.SIGTERM) as stop:
        sys.exit(not scheduler.run(Store(engine, "scheduler"), stop))
"""


def wished(season: Season) -> Season:
    season.store.run(commands.wish_plan, season.cycle_id, "planner", 7)
    return season


def run_states(season: Season) -> list[tuple[str, str]]:
    """States and stages of runs that have begun, the newest first."""
    found = season.store.read(queries.runs, season.cycle_id, Paging(9)).items
    return [(run.state, run.progress.stage) for run in found if run.state != "waiting"]


def wait_for_hanging(*seasons: Season) -> None:
    """Look until the children of all seasons hang."""
    until = monotonic() + 60
    while not all(("running", "hanging") in run_states(season) for season in seasons):
        assert monotonic() < until, [run_states(season) for season in seasons]


def planning(store: Store, command: tuple[str, ...], stop: Event) -> Thread:
    thread = Thread(target=plan_due, args=(store,), kwargs={"command": command, "stop": stop})
    thread.start()
    return thread


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "hang" in " ".join(child.cmdline())]


def test_a_run_whose_scheduler_stops_is_handed_back_and_begun_anew(store: Store, tmp_path: Path) -> None:
    season, stop = wished(Season.closed(store)), Event()
    at_work = planning(store, planted(tmp_path, "hang-deaf-to-signals"), stop)
    wait_for_hanging(season)
    begun = monotonic()
    stop.set()
    at_work.join(MOST_S)
    assert not at_work.is_alive()
    assert monotonic() - begun < MOST_S
    assert children() == []
    assert (run_states(season), season.wishes()) == ([("stopped", "stopped")], ["planner"])
    assert plan_due(store, QUICK, command=GREEDY) == 1
    [plan] = store.read(queries.plans, season.cycle_id)
    assert (plan.seed, season.stage(), season.wishes()) == (7, Stage.CONFIRMING, [])
    assert check(store) == []


def test_the_plan_that_is_begun_anew_is_the_plan_that_it_would_have_been(store: Store, tmp_path: Path) -> None:
    season = wished(Season.closed(store))
    stop = Event()

    def told(progress: Progress) -> None:
        if progress.stage == "hanging":
            stop.set()

    command = planted(tmp_path, "hang-after-best")
    with pytest.raises(RunStoppedError):
        plan_cycle(store, season.cycle_id, "planner", Budget(seed=7), told, command=command, stop=stop, publish=True)
    plans = [
        plan_cycle(store, season.cycle_id, "planner", Budget(seed=7, iterations=5), stop=Event(), publish=True)
        for _ in range(2)
    ]
    first, second = (store.read(queries.blobs, plan_id) for plan_id in plans)
    assert first == second


def test_a_scheduler_process_that_plans_ends_on_sigterm_in_time_and_leaves_no_child(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    season = wished(Season.closed(store))
    command = [sys.executable, "-c", SCHEDULER, database_url, *planted(tmp_path, "hang-deaf-to-signals")]
    scheduler = subprocess.Popen(command)
    wait_for_hanging(season)
    left = psutil.Process(scheduler.pid).children(recursive=True)
    assert left
    scheduler.terminate()
    assert scheduler.wait(MOST_S) == 0
    assert not [child for child in left if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert run_states(season) == [("stopped", "stopped")]
    assert plan_due(store, QUICK, command=GREEDY) == 1
    assert check(store) == []


def test_a_run_that_ended_elsewhere_is_not_handed_back(store: Store, tmp_path: Path) -> None:
    season, stop = Season.closed(store), Event()

    def told(progress: Progress) -> None:
        if progress.stage == "hanging":
            run_sql(store, LEASE_OVER)
            store.run(commands.begin_run, season.cycle_id, "other", 1, publish=True)
            stop.set()

    with pytest.raises((RunStoppedError, RunEndedError)):
        plan_cycle(
            store,
            season.cycle_id,
            "planner",
            Budget(),
            told,
            command=planted(tmp_path, "hang"),
            stop=stop,
            publish=True,
        )
    assert [state for state, _ in run_states(season)] == ["running", "failed"]


def two_regions(store: Store) -> tuple[Season, Season]:
    """A season in each of two regions."""
    first = Season.closed(store)
    run_sql(store, "UPDATE region SET name = 'Ohio' WHERE name = :name", name=MICHIGAN.name)
    run_sql(store, "UPDATE product SET code = 'pears' WHERE code = 'apples'")
    return wished(first), wished(Season.closed(store))


def test_several_regions_are_planned_at_once(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirming, "AT_ONCE", 2)
    seasons, stop = two_regions(store), Event()
    at_work = planning(store, planted(tmp_path, "hang"), stop)
    wait_for_hanging(*seasons)
    stop.set()
    at_work.join(MOST_S)
    assert not at_work.is_alive()


def test_a_region_that_falls_due_while_another_is_planned_does_not_wait_for_its_end(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "AT_ONCE", 2)
    (first, late), stop = two_regions(store), Event()
    run_sql(store, "DELETE FROM plan_wish WHERE cycle_id = :id", id=late.cycle_id)
    at_work = planning(store, planted(tmp_path, "hang"), stop)
    wait_for_hanging(first)
    wait_for_hanging(wished(late))
    stop.set()
    at_work.join(MOST_S)
    assert not at_work.is_alive()


def test_a_region_with_many_cycles_lets_another_have_its_turn(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirming, "AT_ONCE", 1)
    first, other = two_regions(store)
    more = Season(first.market, first.market.open()[0])
    planned: list[object] = []

    def plan(_store: Store, due: DuePlan, *_: object) -> bool:
        planned.append(due.region_id)
        return True

    monkeypatch.setattr(confirming, "_plan_and_publish", plan)
    more.order(5)
    more.close()
    wished(more)
    run_sql(store, "UPDATE plan_wish SET wished_at = now() + interval '1 s' WHERE cycle_id = :id", id=other.cycle_id)
    plan_due(store)
    assert planned[0] == planned[2] != planned[1]


def test_a_lease_is_renewed_beside_work_that_says_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_S", 0.01)
    season = Season.closed(store)
    run_id = store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=True)
    alive = "SELECT leased_until_at > now() FROM plan_run"
    with kept_alive(store, run_id):
        run_sql(store, LEASE_OVER)
        until = monotonic() + 20
        while not store.read(lambda tx: tx.execute(alive).scalar_one()):
            assert monotonic() < until
        store.run(commands.fail_run, run_id, "enough")
        with pytest.raises(RunEndedError):
            store.run(commands.renew_lease, run_id)
