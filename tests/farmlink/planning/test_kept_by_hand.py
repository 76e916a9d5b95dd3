"""A plan changed by hand and kept: a version like any other, which holds if it breaks no rule."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.kernel.page import Paging
from farmlink.network import commands as network
from farmlink.planning import commands, queries
from farmlink.planning.rules import NothingChangedError, NotPlannableError, PlanBreaksRulesError
from farmlink.planning.values import Move, PlanId
from farmlink.planning.work.edited import keep, tried
from farmlink.store.store import Store
from solver import codec
from solver.check import check
from tests.farmlink.planning.builders import Season, force_sql, run_sql

SWAP, CROWD = Move(1, 1, 1, 2), Move(2, 1, 1, 1)
"""The truck's two farms the other way round; the goods of two trucks on one."""


@pytest.fixture
def season(store: Store) -> Season:
    """Two farms whose goods fit on one truck."""
    return Season.closed(store, lots=(60_000, 60_000), bags=(60, 50))


@pytest.fixture
def small(store: Store) -> Season:
    """Two farms and two trucks, each of which holds the goods of one."""
    season = Season.closed(store, lots=(60_000, 60_000), bags=(60, 50))
    truck = season.market.country.vehicle_draft(season.market.hub, "Van")
    season.store.run(network.add_vehicle, replace(truck, weight_g=70_000))
    run_sql(season.store, "UPDATE vehicle SET weight_g = 70000, fixed_minor = 0, minor_per_km = 1, minor_per_hour = 1")
    return season


def kept(season: Season, *moves: Move) -> tuple[PlanId, PlanId]:
    """The plan, and what was kept of it after some moves."""
    base = season.plan()
    return base, keep(season.store, uuid4(), base, moves)


def test_a_kept_plan_is_the_next_version_with_trips_and_costs_of_its_own(season: Season) -> None:
    base, plan_id = kept(season, SWAP)
    before, after = (season.store.read(queries.get_plan, one) for one in (base, plan_id))
    trial = tried(season.store, base, [SWAP], season.store.read(queries.get_plan, base).made_at.date(), "UTC")
    first, second = (season.store.read(queries.routes, one)[0] for one in (base, plan_id))

    assert (after.version, after.stopped_by, after.published) == (before.version + 1, "by-hand", False)
    assert [stop.place_id for stop in second.stops] == [stop.place_id for stop in reversed(first.stops)]
    assert after.figures["cost_minor"]["landed"] == trial.landed_minor[1]
    assert after.edit is not None
    assert (after.edit.base_id, after.edit.moves, after.edit.broken) == (base, [SWAP], [])
    assert season.store.read(queries.allocated_lots, base) == season.store.read(queries.allocated_lots, plan_id)


def test_the_checker_accepts_a_kept_plan_that_breaks_nothing_as_it_speaks_of_itself(season: Season) -> None:
    problem_bytes, solution_bytes = season.store.read(queries.blobs, kept(season, SWAP)[1])
    problem = codec.problem_from_bytes(problem_bytes)

    assert check(problem, codec.solution_from_bytes(problem, solution_bytes)) == ()


def test_what_is_kept_twice_under_one_key_is_kept_once(season: Season) -> None:
    base, key = season.plan(), uuid4()

    assert keep(season.store, key, base, [SWAP]) == keep(season.store, key, base, [SWAP])
    assert len(season.store.read(queries.plans, season.cycle_id)) == 2


def test_nothing_moved_is_nothing_to_keep(season: Season) -> None:
    with pytest.raises(NothingChangedError):
        keep(season.store, uuid4(), season.plan(), [])


def test_a_kept_plan_is_published_like_any_other_and_farms_are_asked(season: Season) -> None:
    _, plan_id = kept(season, SWAP)
    published = season.publish(plan_id)

    assert (published.plan_id, published.asked) == (plan_id, 2)
    assert season.store.read(queries.published_plan, season.cycle_id) == plan_id


def test_a_kept_plan_that_overloads_a_truck_says_so_and_does_not_hold(small: Season) -> None:
    base, plan_id = kept(small, CROWD)
    plan = small.store.read(queries.get_plan, plan_id)

    assert plan.edit is not None
    assert [(one.rule, one.trip) for one in plan.edit.broken] == [("capacity", 1)]
    with pytest.raises(PlanBreaksRulesError) as refused:
        small.publish(plan_id)
    assert refused.value.facts == {"version": 2, "rules": ["capacity"]}
    assert (plan.may_hold, small.store.read(queries.may_hold, plan_id)) == (False, False)
    assert small.store.read(queries.published_plan, small.cycle_id) is None
    assert small.store.read(queries.may_hold, base)


def test_the_database_itself_lets_no_plan_hold_that_breaks_a_rule(small: Season) -> None:
    small.publish(small.plan())
    plan_id = keep(small.store, uuid4(), small.plan(), [CROWD])

    with pytest.raises(IntegrityError, match="breaks rules"):
        run_sql(small.store, "UPDATE published_plan SET plan_id = :plan", plan=plan_id)


def test_a_plan_kept_from_a_kept_one_goes_on_from_there(small: Season) -> None:
    _, plan_id = kept(small, CROWD)
    again = keep(small.store, uuid4(), plan_id, [Move(1, 1, 1, 2)])
    edit = small.store.read(queries.get_plan, again).edit

    assert edit is not None
    assert (edit.base_id, {one.rule for one in edit.broken}) == (plan_id, {"capacity"})


def test_a_kept_plan_answers_no_wish_that_came_after_its_inputs_were_read(season: Season) -> None:
    base = season.planned().store.read(queries.published_plan, season.cycle_id)
    assert base is not None
    season.store.run(commands.wish_plan, season.cycle_id, "answers")
    season.publish(keep(season.store, uuid4(), base, [SWAP]))

    assert season.wishes() == ["answers"]


def test_a_kept_plan_is_there_among_the_runs_and_nobody_waits_for_it(season: Season) -> None:
    _, plan_id = kept(season, SWAP)
    newest = season.store.read(queries.runs, season.cycle_id, Paging()).items[0]

    assert (newest.cause, newest.state, newest.publish, newest.plan_id) == ("by-hand", "done", False, plan_id)


def test_goods_on_the_road_are_not_rearranged_by_hand(season: Season) -> None:
    base = season.plan()
    force_sql(season.store, "UPDATE order_cycle SET stage = 'cancelled' WHERE id = :cycle", cycle=season.cycle_id)

    with pytest.raises(NotPlannableError):
        keep(season.store, uuid4(), base, [SWAP])
