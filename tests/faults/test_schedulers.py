"""Schedulers that are killed at any point, and two at once: no step of a cycle is lost, none is done twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psutil
import psycopg
import pytest

from farmlink.confirmations.values import RequestState
from farmlink.confirmations.work import plan_due
from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Stage
from farmlink.kernel.page import Paging
from farmlink.planning import queries
from farmlink.planning.values import Budget, Progress
from farmlink.planning.work import CHILD, plan_cycle
from farmlink.store.check import check
from farmlink.store.embedded import EmbeddedServer
from farmlink.store.store import Store
from tests.conftest import DATABASE, EMPTY
from tests.farmlink.planning.builders import Season, run_sql
from tests.farmlink.planning.children import planted

LIVES = Path(__file__).with_name("lives.py")
EVERY = int(os.environ.get("FARMLINK_DIES_EVERY", "11"))
LEASE_OVER = "UPDATE plan_run SET leased_until_at = now() - interval '1 second' WHERE state = 'running'"
PAUSE_OVER = "UPDATE plan_run SET ended_at = now() - interval '2 minutes' WHERE state = 'failed'"
EVENTS = "SELECT name, payload ->> 'cycle_id' AS cycle, payload ->> 'request_id' AS request FROM outbox_event"
TOLD = "SELECT cause, kind, person_id, count(*) FROM message GROUP BY cause, kind, person_id HAVING count(*) > 1"


class Lives:
    """A program that lets schedulers live and die, at the moments that it is told."""

    def __init__(self, url: str, data: Path) -> None:
        self._program = subprocess.Popen(
            [sys.executable, str(LIVES), url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "FARMLINK_DATA": str(data)},
        )

    def live(self, *dies_at: int) -> list[int]:
        """Let schedulers live at once; their exit codes, -9 for each that was killed."""
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(" ".join(map(str, dies_at)) + "\n")
        self._program.stdin.flush()
        return [int(code) for code in self._program.stdout.readline().split()]

    def end(self) -> None:
        self._program.communicate(timeout=60)


@pytest.fixture
def lives(database_url: str, tmp_path: Path) -> Iterator[Lives]:
    lives = Lives(database_url, tmp_path)
    yield lives
    lives.end()


def at_the_cut_off(store: Store) -> Season:
    """Two farms: one says yes by standing, one is silent; the cut-off has come."""
    season = Season.opened(store, lots=(30_000, 60_000))
    run_sql(store, "UPDATE farm SET standing_yes = id IN (SELECT min(farm_id::text)::uuid FROM lot)")
    season.order(40)
    season.market.close_in(season.cycle_id, -1)
    return season


def to_the_end(season: Season, lives: Lives) -> None:
    """Time passes, and a scheduler that nobody kills does the rest."""
    run_sql(season.store, LEASE_OVER)
    run_sql(season.store, PAUSE_OVER)
    assert lives.live(0) == [0]


def assert_nothing_lost_or_doubled(season: Season) -> None:
    store = season.store
    assert check(store) == []
    assert (season.stage(), season.asked(), season.wishes()) == (Stage.CONFIRMED, [], [])
    events = store.read(lambda tx: [tuple(row) for row in tx.execute(EVENTS)])
    told = Counter(name for name, *_ in events)
    assert told["demand.closed.v1"] == 1
    final = [one for one in season.asked(None) if one.state != RequestState.SUPERSEDED]
    answered = Counter(request for name, _, request in events if name == "confirmation.answered.v1")
    assert answered == Counter(str(one.id) for one in final)
    asked = store.read(lambda tx: tx.execute("SELECT sum(asked) FROM farm_record").scalar_one())
    assert asked == len(final)
    taken = season.taken()
    assert {lot_id: season.allocated(lot_id) for lot_id in season.lots if season.allocated(lot_id)} == taken
    assert taken == {lot_id: pin[0] for lot_id, pin in season.pins().items() if pin[0]}
    made = told["plan.made.v1"]
    assert made == len(store.read(queries.plans, season.cycle_id))


def test_a_scheduler_killed_before_and_after_any_commit_loses_and_doubles_nothing(
    store: Store, lives: Lives, embedded_server: EmbeddedServer
) -> None:
    """From the cut-off to the last promise, with another draft to open; every second one with a scheduler beside it."""
    for turn, dies_at in enumerate(count(1, EVERY)):
        with psycopg.connect(embedded_server.cluster.conninfo(DATABASE), autocommit=True) as connection:
            connection.execute(EMPTY)
        season = at_the_cut_off(store)
        other = season.market.draft()
        season.market.list_apples(other.id)
        ends = lives.live(dies_at, 0) if turn % 2 else lives.live(dies_at)
        assert set(ends) <= {0, -9}
        to_the_end(season, lives)
        assert_nothing_lost_or_doubled(season)
        assert store.read(cycles.cycle, other.id).stage is Stage.OPEN
        assert store.read(lambda tx: tx.execute(TOLD).all()) == []
        if ends == [0]:
            break  # nobody was there to do a part of it, and it was over before
    assert dies_at > 60, dies_at


def test_a_planner_process_killed_while_it_waits_for_its_child_is_taken_over(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    season = at_the_cut_off(store)
    season.close()
    season.relay()
    program = (
        "import sys; from sqlalchemy import make_url; from farmlink.store.engine import open_engine;"
        "from farmlink.store.store import Store; from farmlink.confirmations.work import plan_due;"
        "engine = open_engine(make_url(sys.argv[1])).__enter__();"
        "plan_due(Store(engine, 'doomed'), command=sys.argv[2:])"
    )
    doomed = subprocess.Popen([sys.executable, "-c", program, database_url, *planted(tmp_path, "hang-after-best")])
    while _stage_of_run(season) != "hanging":
        assert doomed.poll() is None
    children = psutil.Process(doomed.pid).children(recursive=True)
    doomed.kill()
    doomed.wait()
    for child in children:  # this planted child does not watch its parent; ours does
        child.kill()
    assert plan_due(store) == 0  # the lease still holds
    run_sql(store, LEASE_OVER)
    assert plan_due(store, Budget(iterations=1), command=(*CHILD, "--greedy")) == 1
    runs = store.read(queries.runs, season.cycle_id, Paging(9)).items
    assert [run.state for run in runs] == ["done", "failed"]
    assert len(store.read(queries.plans, season.cycle_id)) == 1
    assert check(store) == []


def _stage_of_run(season: Season) -> object:
    runs = season.store.read(queries.runs, season.cycle_id, Paging(1)).items
    return runs[0].progress.stage if runs else None


def test_a_solver_killed_half_way_leaves_its_best_plan(store: Store, tmp_path: Path) -> None:
    season = Season.closed(store)

    def kill(progress: Progress) -> None:
        if progress.stage == "hanging":
            for child in psutil.Process().children():
                if "hang-after-best" in " ".join(child.cmdline()):
                    child.kill()

    plan_id = plan_cycle(
        store, season.cycle_id, "test", Budget(), kill, command=planted(tmp_path, "hang-after-best"), publish=True
    )
    plan = store.read(queries.get_plan, plan_id)
    assert (plan.stopped_by, plan.degraded) == ("crashed", True)
    assert check(store) == []
