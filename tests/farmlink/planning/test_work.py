"""A run against children that work, and against those that crash, hang, hoard, babble and lie."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from farmlink.cycles.values import Stage
from farmlink.kernel.page import Paging
from farmlink.planning import commands, queries, work
from farmlink.planning.rules import RunEndedError
from farmlink.planning.values import Budget, PlanId, Progress, RunView
from farmlink.planning.work import watch
from farmlink.planning.work.holding import NoPlanError
from farmlink.planning.work.watch import must_end, resident_mb, run_child
from farmlink.store.store import Store
from solver import codec
from tests.farmlink.planning.builders import Season, run_sql
from tests.farmlink.planning.children import planted

QUICK = Budget(seed=3, iterations=5)
Told = list[Progress]


def newest(season: Season) -> RunView:
    return season.store.read(queries.runs, season.cycle_id, Paging(1)).items[0]


@pytest.fixture
def season(store: Store) -> Season:
    return Season.closed(store)


def plan(season: Season, command: tuple[str, ...] = work.CHILD, budget: Budget = QUICK) -> PlanId:
    return work.plan_cycle(season.store, season.cycle_id, "test", budget, command=command, publish=True)


def test_a_plan_is_solved_in_a_child_verified_and_stored(season: Season) -> None:
    told: Told = []
    plan_id = work.plan_cycle(season.store, season.cycle_id, "test", QUICK, told.append, publish=True)
    made = season.store.read(queries.get_plan, plan_id)
    assert (made.stopped_by, made.degraded, made.seed, season.stage()) == ("iterations", False, 3, Stage.PLANNED)
    assert made.versions.keys() >= {"farmlink", "pyvrp"}
    assert [progress.stage for progress in told[-2:]] == ["verifying", "storing"]
    assert 0 < (told[-1].bound_minor or 0) <= (told[-1].best_minor or 0)
    assert newest(season).state == "done"


def test_the_same_seed_and_budget_give_the_same_plan(season: Season) -> None:
    blobs = [season.store.read(queries.blobs, plan(season)) for _ in range(2)]
    assert blobs[0] == blobs[1]


@pytest.mark.parametrize("fault", ["crash", "segfault", "garbage", "infeasible", "cheaper-than-possible"])
def test_a_child_that_leaves_no_true_plan_has_the_greedy_one_behind_it(
    season: Season, tmp_path: Path, fault: str
) -> None:
    made = season.store.read(queries.get_plan, plan(season, planted(tmp_path, fault)))
    assert (made.stopped_by, made.degraded) == ("greedy", True)
    assert made.figures["fill_rate"] == 1.0


@pytest.mark.parametrize("fault", ["crash-after-best", "segfault-after-best"])
def test_a_child_that_crashes_leaves_its_best_plan(season: Season, tmp_path: Path, fault: str) -> None:
    made = season.store.read(queries.get_plan, plan(season, planted(tmp_path, fault)))
    assert (made.stopped_by, made.degraded) == ("crashed", True)


def test_a_child_that_hangs_is_stopped_at_the_deadline_and_leaves_its_best(season: Season, tmp_path: Path) -> None:
    made = season.store.read(queries.get_plan, plan(season, planted(tmp_path, "hang-after-best"), Budget(deadline_s=3)))
    assert (made.stopped_by, made.degraded) == ("deadline", True)


def test_a_child_deaf_to_signals_is_killed(season: Season, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "GRACE_S", 0.5)
    command = planted(tmp_path, "hang-deaf-to-signals")
    made = season.store.read(queries.get_plan, plan(season, command, Budget(deadline_s=4)))
    assert (made.stopped_by, made.degraded) == ("deadline", True)


def test_a_child_that_eats_memory_is_killed_and_leaves_its_best(season: Season, tmp_path: Path) -> None:
    made = season.store.read(queries.get_plan, plan(season, planted(tmp_path, "eat-memory"), Budget(memory_mb=350)))
    assert (made.stopped_by, made.degraded) == ("memory", True)


def test_a_child_that_eats_memory_before_there_is_any_plan_has_the_greedy_one_behind_it(
    season: Season, tmp_path: Path
) -> None:
    made = season.store.read(
        queries.get_plan, plan(season, planted(tmp_path, "eat-memory-at-once"), Budget(memory_mb=450))
    )
    assert (made.stopped_by, made.degraded) == ("greedy", True)


def test_who_cancels_keeps_the_best_plan_so_far(season: Season, tmp_path: Path) -> None:
    def cancel(progress: Progress) -> None:
        if progress.stage == "hanging" and not newest(season).cancel_asked:
            season.store.run(commands.ask_cancel, newest(season).id)

    command = planted(tmp_path, "hang-after-best")
    plan_id = work.plan_cycle(season.store, season.cycle_id, "test", QUICK, cancel, command=command, publish=True)
    assert season.store.read(queries.get_plan, plan_id).stopped_by == "cancelled"
    assert newest(season).state == "cancelled"


def test_who_cancels_before_there_is_any_plan_gets_the_greedy_one(season: Season, tmp_path: Path) -> None:
    def cancel(progress: Progress) -> None:
        if progress.stage == "hanging" and not newest(season).cancel_asked:
            season.store.run(commands.ask_cancel, newest(season).id)

    command = planted(tmp_path, "hang")
    plan_id = work.plan_cycle(season.store, season.cycle_id, "test", QUICK, cancel, command=command, publish=True)
    assert season.store.read(queries.get_plan, plan_id).stopped_by == "greedy"


def test_a_run_that_lost_its_lease_stops_its_child_and_stores_nothing(season: Season, tmp_path: Path) -> None:
    def take_over(progress: Progress) -> None:
        if progress.stage == "hanging":
            run_sql(season.store, "UPDATE plan_run SET leased_until_at = now() - interval '1 s'")
            season.store.run(commands.begin_run, season.cycle_id, "other", 1, publish=True)

    with pytest.raises(RunEndedError):
        work.plan_cycle(
            season.store,
            season.cycle_id,
            "test",
            QUICK,
            take_over,
            command=planted(tmp_path, "hang-after-best"),
            publish=True,
        )
    assert season.store.read(queries.plans, season.cycle_id) == []
    assert newest(season).state == "running"


def test_a_run_without_any_plan_fails_and_says_why(
    season: Season, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "CHILD", planted(tmp_path, "crash"))
    with pytest.raises(NoPlanError, match="crashed"):
        plan(season, planted(tmp_path, "garbage"))
    failed = newest(season)
    assert failed.state == "failed"
    assert failed.error is not None
    assert "refused by the checker" in failed.error


def test_nothing_that_a_child_started_outlives_it(season: Season, tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    (folder / "run").mkdir()
    problem = codec.problem_to_bytes(season.problem())

    def stop(progress: Progress) -> bool:
        return progress.stage != "hanging"

    ended = run_child(planted(tmp_path, "with-a-child-of-its-own"), problem, QUICK, folder / "run" / "best", stop)
    assert ended.how == "cancelled"
    assert_gone([int((folder / "kid").read_text())])


def assert_gone(pids: list[int]) -> None:
    """Wait until processes are no more, or wait for somebody to collect them."""
    _, still = psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=20)
    assert all(process.status() == psutil.STATUS_ZOMBIE for process in still)


def test_a_child_that_does_not_even_listen_has_crashed(season: Season, tmp_path: Path) -> None:
    problem = codec.problem_to_bytes(season.problem()) * 2000
    ended = run_child(planted(tmp_path, "deaf"), problem, QUICK, tmp_path / "best", lambda _progress: True)
    assert ended.how == "crashed"


def test_a_child_that_ends_without_an_answer_is_done_and_left_nothing(season: Season, tmp_path: Path) -> None:
    problem = season.problem()
    ended = run_child(
        planted(tmp_path, "no-answer"), codec.problem_to_bytes(problem), QUICK, tmp_path / "best", lambda _: True
    )
    assert ended.how == "done"
    assert work.verified(problem, tmp_path / "best", ended) is None


def test_a_child_dies_with_the_process_that_started_it(season: Season, tmp_path: Path) -> None:
    content = tmp_path / "problem"
    content.write_bytes(codec.problem_to_bytes(season.problem()))
    starter = (
        "import sys; from pathlib import Path; from farmlink.planning.values import Budget;"
        "from farmlink.planning.work import CHILD; from farmlink.planning.work.watch import run_child;"
        f"run_child(CHILD, Path({str(content)!r}).read_bytes(), Budget(iterations=10**7, deadline_s=500),"
        f" Path({str(tmp_path / 'best')!r}), lambda progress: print(progress, flush=True) is None)"
    )
    parent = subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    while b"greedy" not in parent.stdout.readline():
        assert parent.poll() is None
    children = [child.pid for child in psutil.Process(parent.pid).children(recursive=True)]
    assert children
    parent.kill()
    parent.communicate()
    assert_gone(children)


@pytest.mark.parametrize(
    ("go_on", "elapsed_s", "resident", "why"),
    [(True, 9, 9, "done"), (False, 9, 99, "cancelled"), (True, 9, 11, "memory"), (True, 10.5, 9, "deadline")],
)
def test_a_child_must_end_when_it_is_cancelled_too_large_or_too_late(
    *, go_on: bool, elapsed_s: float, resident: int, why: str
) -> None:
    assert must_end(Budget(deadline_s=10, memory_mb=10), go_on=go_on, elapsed_s=elapsed_s, resident=resident) == why


def test_a_process_that_is_gone_holds_no_memory() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert resident_mb(gone.pid) == 0
    assert resident_mb(os.getpid()) > 10
