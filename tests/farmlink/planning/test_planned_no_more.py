"""A cycle that cannot be planned any more: nobody waits for its plan, and what plans it stops."""

from __future__ import annotations

import pytest

from farmlink.cycles import commands as cycles
from farmlink.cycles.values import Stage
from farmlink.kernel.page import Paging
from farmlink.orders import commands as orders
from farmlink.orders.values import CancelReason
from farmlink.planning import commands, queries
from farmlink.planning.rules import NotPlannableError
from farmlink.planning.values import Progress
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.planning.builders import Season


def cancelled(season: Season) -> None:
    """The planner cancels the cycle, and everybody hears of it."""
    season.store.run(orders.cancel_cycle, season.cycle_id, CancelReason.PLANNER)
    season.relay()


def run_states(season: Season) -> list[str]:
    return [run.state for run in season.store.read(queries.runs, season.cycle_id, Paging()).items]


def wish_count(season: Season) -> int:
    return int(season.store.read(lambda tx: tx.execute("SELECT count(*) FROM plan_wish").scalar_one()))


def test_nobody_waits_for_the_plan_of_a_cycle_that_was_cancelled(store: Store) -> None:
    season = Season.closed(store)
    season.relay()
    cancelled(season)
    assert wish_count(season) == 0
    assert run_states(season) == ["cancelled"]
    assert check(store) == []


def test_the_solve_of_a_cycle_that_was_cancelled_is_told_to_stop_and_frees_its_region(store: Store) -> None:
    season = Season.closed(store)
    season.relay()
    (due,) = store.read(queries.due_to_plan)
    run_id = store.run(commands.begin_run, season.cycle_id, due.cause, 1, due.run_id, publish=True)
    assert store.run(commands.report_progress, run_id, Progress("searching"))
    cancelled(season)
    assert not store.run(commands.report_progress, run_id, Progress("searching"))
    with pytest.raises(NotPlannableError):
        season.solve(run_id)
    store.run(commands.fail_run, run_id, "NotPlannableError")
    assert wish_count(season) == 0
    assert run_states(season) == ["cancelled"]


def test_a_cycle_whose_stage_still_has_a_plan_goes_on_waiting_for_it(store: Store) -> None:
    season = Season.closed(store).planned()
    store.run(commands.wish_plan, season.cycle_id, "planner")
    season.relay()
    assert season.wishes() == ["planner"]


def test_once_goods_move_nobody_waits_for_another_plan(store: Store) -> None:
    season = Season.closed(store).confirmed()
    store.run(commands.wish_plan, season.cycle_id, "planner")
    store.run(cycles.move, season.cycle_id, Stage.MOVING)
    season.relay()
    assert wish_count(season) == 0
