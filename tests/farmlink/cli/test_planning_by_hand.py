"""Planning from the command line, and stopping it."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import URL

from farmlink import scheduler
from farmlink.cli import planning
from farmlink.confirmations.work import plan_due
from farmlink.cycles.values import CycleId
from farmlink.planning import commands, queries, work
from farmlink.planning.values import Budget, PlanId, PlanView, Progress
from farmlink.store.check import check
from farmlink.store.engine import open_engine
from farmlink.store.store import Store
from tests.farmlink.cli.conftest import Run
from tests.farmlink.planning.builders import Season
from tests.farmlink.planning.children import planted


@pytest.fixture
def store(url: URL) -> Iterator[Store]:
    with open_engine(url) as engine:
        yield Store(engine, "test")


@pytest.fixture
def season(store: Store) -> Season:
    return Season.closed(store)


def plans(season: Season) -> list[PlanView]:
    return season.store.read(queries.plans, season.cycle_id)


def pressing(monkeypatch: pytest.MonkeyPatch, folder: Path, fault: str, *signals: int) -> None:
    """Let the solver hang, and somebody press Ctrl-C once it does."""
    left = list(signals)

    def plan_cycle(
        store: Store, cycle_id: CycleId, cause: str, budget: Budget, tell: Callable[[Progress], None], *, publish: bool
    ) -> PlanId:
        def told(progress: Progress) -> None:
            if progress.stage == "hanging" and left:
                os.kill(os.getpid(), left.pop(0))
            tell(progress)

        return work.plan_cycle(store, cycle_id, cause, budget, told, command=planted(folder, fault), publish=publish)

    monkeypatch.setattr(planning, "plan_cycle", plan_cycle)


def test_a_closed_cycle_is_planned_and_with_publish_its_plan_holds(run: Run, season: Season) -> None:
    code, out, _ = run("plan", season.cycle_id, "--deadline", "60")
    [plan] = plans(season)
    assert (code, out, plan.published) == (0, f"plan {plan.id}\n", False)
    code, out, _ = run("plan", season.cycle_id, "--deadline", "60", "--publish")
    newest = max(plans(season), key=lambda one: one.version)
    assert (code, out, newest.published) == (0, f"plan {newest.id} holds\n", True)


def greedily(store: Store, *, stop: Event) -> int:
    return plan_due(store, Budget(iterations=1), command=(*work.CHILD, "--greedy"), stop=stop)


@pytest.mark.parametrize("told", [True, False])
def test_a_plan_that_is_only_looked_at_is_not_the_one_that_the_cut_off_waits_for(
    run: Run, season: Season, monkeypatch: pytest.MonkeyPatch, *, told: bool
) -> None:
    if told:
        season.relay()
    assert run("plan", season.cycle_id, "--deadline", "60")[0] == 0
    [looked_at] = plans(season)
    jobs = [job._replace(work=greedily) if job.name == "plan" else job for job in scheduler.JOBS]
    monkeypatch.setattr(scheduler, "JOBS", tuple(jobs))
    assert run("tick")[0] == 0
    published = {plan.id for plan in plans(season) if plan.published}
    assert len(published) == 1
    assert looked_at.id not in published
    assert check(season.store) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_plan_keeps_the_best_so_far(
    run: Run, season: Season, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    pressing(monkeypatch, tmp_path, "hang-after-best", number)
    code, out, err = run("plan", season.cycle_id)
    [plan] = plans(season)
    assert (code, out) == (0, f"plan {plan.id}\n")
    assert "Stopping with the best plan so far. Once more to give it up.\n" in err
    assert "It was stopped early (cancelled)" in err
    assert signal.getsignal(number) == before


def test_who_presses_twice_gives_the_plan_up(
    run: Run, season: Season, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressing(monkeypatch, tmp_path, "hang-deaf-to-signals", signal.SIGINT, signal.SIGINT)
    code, out, err = run("plan", season.cycle_id)
    assert (code != 0, out, "Traceback" in err) == (True, "", False)
    assert "Given up: this run leaves no plan.\n" in err
    assert plans(season) == []


def test_a_cycle_that_takes_orders_is_not_planned(run: Run, store: Store) -> None:
    code, _, err = run("plan", Season.opened(store).cycle_id)
    assert (code, err) == (
        2,
        "farmlink: A cycle in stage open cannot be planned. Close it first; once its goods move, its plan stays.\n",
    )


def test_a_region_is_planned_once_at_a_time(run: Run, season: Season) -> None:
    season.store.run(commands.begin_run, season.cycle_id, "test", 1, publish=True)
    code, _, err = run("plan", season.cycle_id)
    assert code == 2
    assert "This region is being planned right now" in err
    assert err.endswith("one whose process was killed ends by itself within a minute.\n")


def test_a_cycle_that_does_not_exist_is_not_planned(run: Run) -> None:
    code, _, err = run("plan", "01890000-0000-7000-8000-000000000000")
    assert (code, err) == (2, "farmlink: There is no order cycle with this id.\n")
