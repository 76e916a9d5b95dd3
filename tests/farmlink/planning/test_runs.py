import pytest

from farmlink.cycles.values import Stage
from farmlink.kernel.errors import MissingError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Paging
from farmlink.orders.commands import cancel_cycle
from farmlink.planning import commands, queries
from farmlink.planning.rules import NotPlannableError, RunEndedError, RunLiveError, RunNeededError
from farmlink.planning.values import Progress, RunId
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.planning.builders import Season, run_sql

LEASE_OVER = "UPDATE plan_run SET leased_until_at = now() - interval '1 second' WHERE state = 'running'"


def begun(season: Season) -> RunId:
    return season.store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=True)


def test_a_closed_cycle_is_planned_and_every_gram_is_served_or_short(store: Store) -> None:
    season = Season.closed(store)
    plan = store.read(queries.get_plan, season.plan())
    assert (plan.version, plan.degraded, plan.stopped_by, season.stage()) == (1, True, "greedy", Stage.PLANNED)
    assert plan.figures["fill_rate"] == 1.0


def test_a_cycle_that_still_takes_orders_is_not_planned(store: Store) -> None:
    with pytest.raises(NotPlannableError):
        begun(Season.opened(store))


def test_a_region_has_one_live_run_whoever_asks(store: Store) -> None:
    season = Season.closed(store)
    live = begun(season)
    with pytest.raises(RunLiveError, match=str(live)):
        begun(season)


def test_a_run_that_went_silent_gives_way_and_writes_nothing_more(store: Store) -> None:
    season = Season.closed(store)
    silent = begun(season)
    run_sql(store, LEASE_OVER)
    next_run = begun(season)
    assert store.read(queries.get_run, silent).state == "failed"
    with pytest.raises(RunEndedError):
        season.solve(silent)
    assert store.read(queries.plans, season.cycle_id) == []
    assert store.read(queries.get_plan, season.solve(next_run)).run_id == next_run


def test_progress_keeps_a_run_alive_and_is_there_to_be_read(store: Store) -> None:
    season = Season.closed(store)
    live = begun(season)
    run_sql(store, LEASE_OVER)
    assert store.run(commands.report_progress, live, Progress("joint", 120, 100))
    with pytest.raises(RunLiveError):
        begun(season)
    assert store.read(queries.get_run, live).progress.best_minor == 120


def test_a_run_asked_to_stop_hears_of_it_once_and_keeps_its_plan(store: Store) -> None:
    season = Season.closed(store)
    live = begun(season)
    store.run(commands.ask_cancel, live)
    store.run(commands.ask_cancel, live)
    assert not store.run(commands.report_progress, live, Progress("joint"))
    plan_id = season.solve(live)
    seen = store.read(queries.get_run, live)
    assert (seen.state, seen.plan_id) == ("cancelled", plan_id)


def test_a_run_that_ended_cannot_be_stopped(store: Store) -> None:
    season = Season.closed(store)
    season.plan()
    (run,) = store.read(queries.runs, season.cycle_id, Paging(10)).items
    with pytest.raises(RunEndedError):
        store.run(commands.ask_cancel, run.id)


@pytest.mark.parametrize("publish", [True, False])
def test_a_run_that_has_not_begun_can_be_seen_and_taken_back(store: Store, *, publish: bool) -> None:
    season = Season.closed(store).planned()
    wished = store.run(commands.wish_plan, season.cycle_id, "planner", 7, publish=publish)
    seen = store.read(queries.get_run, wished)
    assert (seen.state, seen.seed, seen.publish, seen.plan_id) == ("waiting", 7, publish, None)
    assert store.read(queries.runs, season.cycle_id, Paging(9)).items[0] == seen
    store.run(commands.ask_cancel, wished)
    assert (store.read(queries.get_run, wished).state, season.wishes()) == ("cancelled", [])
    assert check(store) == []
    assert store.run(commands.begin_run, season.cycle_id, "planner", 7, wished, publish=True) != wished


@pytest.mark.parametrize("cause", ["answers", "planner"])
def test_what_a_cycle_needs_to_have_a_plan_at_all_is_not_taken_back(store: Store, cause: str) -> None:
    season = Season.closed(store) if cause == "planner" else Season.closed(store).planned()
    wished = store.run(commands.wish_plan, season.cycle_id, cause)
    store.run(commands.wish_plan, season.cycle_id, "planner")
    with pytest.raises(RunNeededError):
        store.run(commands.ask_cancel, wished)
    assert store.read(queries.get_run, wished).cause == cause


def test_a_cycle_with_a_plan_that_was_only_looked_at_is_not_left_without_one_that_holds(store: Store) -> None:
    season = Season.closed(store)
    wished = store.run(commands.wish_plan, season.cycle_id, "planner")
    season.solve(store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=False))
    assert season.stage() is Stage.PLANNED
    with pytest.raises(RunNeededError):
        store.run(commands.ask_cancel, wished)
    assert season.wishes() == ["planner"]


def test_a_run_that_ended_keeps_every_figure_it_ever_told(store: Store) -> None:
    season = Season.closed(store)
    live = begun(season)
    store.run(commands.report_progress, live, Progress("joint", 120, 100, elapsed_s=3, memory_mb=70))
    store.run(commands.report_progress, live, Progress("joint", 110, None, elapsed_s=4, memory_mb=50))
    store.run(commands.report_progress, live, Progress("verifying"))
    run_sql(store, "UPDATE plan_run SET started_at = started_at - interval '9 seconds'")
    season.solve(live)
    assert store.read(queries.get_run, live).progress == Progress("done", 110, 100, 9, 50, 70)


def test_a_run_that_nobody_wished_for_does_not_exist(store: Store) -> None:
    for look in (queries.get_run, commands.ask_cancel):
        with pytest.raises(MissingError):
            store.run(look, RunId(uuid7()))


def test_runs_are_listed_the_newest_first_a_page_at_a_time(store: Store) -> None:
    season = Season.closed(store)
    plans = [season.plan() for _ in range(3)]
    first = store.read(queries.runs, season.cycle_id, Paging(2))
    rest = store.read(queries.runs, season.cycle_id, Paging(2, first.next))
    assert [run.plan_id for run in (*first.items, *rest.items)] == plans[::-1]


def test_a_cycle_that_was_cancelled_while_it_was_planned_gets_no_plan(store: Store) -> None:
    season = Season.closed(store)
    live = begun(season)
    problem_exists = season.problem()
    assert len(problem_exists.batches.id)
    store.run(cancel_cycle, season.cycle_id)
    with pytest.raises(NotPlannableError):
        season.solve(live)
    assert store.read(queries.plans, season.cycle_id) == []


def test_a_failed_run_says_why_and_at_most_so_much(store: Store) -> None:
    season = Season.closed(store)
    live = begun(season)
    store.run(commands.fail_run, live, "MemoryError " + "x" * 10_000)
    seen = store.read(queries.get_run, live)
    assert seen.state == "failed"
    assert seen.error is not None
    assert seen.error.startswith("MemoryError")
    assert len(seen.error) == 4000
