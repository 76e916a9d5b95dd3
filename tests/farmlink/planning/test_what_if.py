"""What if it were otherwise: planned like anything else, told apart from what is, and never made to hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from farmlink.confirmations.work import plan_due
from farmlink.cycles.values import CycleMoved, Stage
from farmlink.kernel.errors import MissingError
from farmlink.kernel.page import Paging
from farmlink.network.values import FarmId, VehicleId
from farmlink.planning import commands, queries
from farmlink.planning.rules import (
    MOST_QUESTIONS,
    NothingSupposedError,
    NotPlannableError,
    OnlySupposedError,
    RunEndedError,
    TooManyQuestionsError,
)
from farmlink.planning.values import Assumptions, Budget, Move, PlanView, RunId, WhatIfId
from farmlink.planning.work import CHILD
from farmlink.planning.work.edited import keep
from farmlink.store.store import Store
from farmlink.supply import queries as supply
from solver.problem import Problem
from tests.farmlink.planning.builders import Season, run_sql

QUICK = Budget(iterations=1)
GREEDY = (*CHILD, "--greedy")


@pytest.fixture
def season(store: Store) -> Season:
    return Season.closed(store)


def supposed(season: Season, **otherwise: Any) -> Problem:
    """What the solver is given."""
    return season.store.read(queries.snapshot, season.cycle_id, Assumptions(**otherwise)).problem


def asked(season: Season, **otherwise: Any) -> RunId:
    return season.store.run(commands.suppose, season.cycle_id, Assumptions(**otherwise))


def farm_of(season: Season, lot: int) -> FarmId:
    return season.store.read(supply.lot, season.lots[lot]).farm_id


def test_a_farm_that_is_not_there_offers_nothing(season: Season) -> None:
    gone = farm_of(season, 0)
    problem = supposed(season, without_farms=[gone])

    assert problem.lots.id.tolist() == [str(season.lots[1])]
    assert str(gone) not in problem.farms.id.tolist()


def test_a_truck_that_is_not_there_drives_nowhere(season: Season) -> None:
    (truck,) = season.problem().vehicles.id.tolist()

    assert not len(supposed(season, without_vehicles=[VehicleId(UUID(truck))]).vehicles.id)


@pytest.mark.parametrize(("percent", "grams"), [(100, [50_000]), (120, [60_000]), (33, [16_500])])
def test_every_order_is_so_many_per_cent_of_itself(season: Season, percent: int, grams: list[int]) -> None:
    assert supposed(season, demand_percent=percent).batches.quantity.tolist() == grams


def test_a_kilometre_costs_so_many_per_cent_and_an_hour_what_it_did(season: Season) -> None:
    now, then = season.problem().vehicles, supposed(season, km_percent=120).vehicles

    assert (now.minor_per_km.tolist(), then.minor_per_km.tolist()) == ([62], [75])
    assert now.minor_per_hour.tolist() == then.minor_per_hour.tolist()


def test_of_less_that_is_ordered_farms_promised_less(season: Season) -> None:
    season.confirmed()
    promised = sum(at_least for at_least, _ in season.pins().values())

    assert promised == 50_000
    assert int(supposed(season, demand_percent=50).pins.at_least.sum()) == 25_000
    assert int(supposed(season, demand_percent=150).pins.at_least.sum()) == 50_000


def test_without_a_truck_no_promise_has_to_be_carried(season: Season) -> None:
    season.confirmed()
    (truck,) = season.problem().vehicles.id.tolist()

    assert int(supposed(season, without_vehicles=[VehicleId(UUID(truck))]).pins.at_least.sum()) == 0


def test_a_question_waits_is_planned_once_and_its_plan_says_what_was_supposed(season: Season) -> None:
    season.planned()
    run_id = asked(season, demand_percent=120, seed=7)
    waiting = season.store.read(queries.get_run, run_id)
    assert plan_due(season.store, QUICK, command=GREEDY) == 1
    run = season.store.read(queries.get_run, run_id)
    assert run.plan_id is not None
    plan: PlanView = season.store.read(queries.get_plan, run.plan_id)

    assert (waiting.state, waiting.seed, waiting.what_if) == ("waiting", 7, Assumptions(demand_percent=120, seed=7))
    assert (run.state, plan.what_if, plan.seed) == ("done", Assumptions(demand_percent=120, seed=7), 7)
    assert season.store.read(queries.due_to_plan) == []
    assert sum(one.quantity for one in season.store.read(queries.allocated_lots, plan.id)) == 60_000


def test_a_plan_of_what_is_supposed_never_holds(season: Season) -> None:
    plan_id = season.planned().supposed(km_percent=200)

    with pytest.raises(OnlySupposedError):
        season.publish(plan_id)
    assert not season.store.read(queries.may_hold, plan_id)
    with pytest.raises(IntegrityError, match="other inputs"):
        run_sql(season.store, "UPDATE published_plan SET plan_id = :plan", plan=plan_id)


def test_nor_does_one_that_is_changed_by_hand_afterwards(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 60_000), bags=(60, 50))
    plan_id = keep(store, uuid4(), season.supposed(km_percent=200), [Move(1, 1, 1, 2)])

    with pytest.raises(OnlySupposedError):
        season.publish(plan_id)
    assert store.read(queries.get_plan, plan_id).what_if == Assumptions(km_percent=200)


def test_a_closed_cycle_still_waits_for_a_plan_of_what_is(season: Season) -> None:
    season.store.run(commands.wish_plan, season.cycle_id, "cut-off")
    season.supposed(km_percent=200)

    assert (season.stage(), season.wishes()) == (Stage.CLOSED, ["cut-off"])


def test_two_questions_are_two_runs(season: Season) -> None:
    first, second = asked(season, km_percent=120), asked(season, km_percent=120)

    assert {run.id for run in season.store.read(queries.runs, season.cycle_id, Paging()).items} == {first, second}


def test_a_question_is_taken_back_before_it_begins(season: Season) -> None:
    run_id = asked(season, km_percent=120)
    season.store.run(commands.ask_cancel, run_id)

    assert season.store.read(queries.get_run, run_id).state == "cancelled"
    assert season.store.read(queries.due_to_plan) == []
    with pytest.raises(RunEndedError):
        season.store.run(commands.ask_cancel, run_id)


def test_a_question_whose_run_failed_is_not_asked_again(season: Season) -> None:
    run_id = asked(season, km_percent=120)
    begun = season.store.run(
        commands.begin_run, season.cycle_id, "planner", 1, run_id, publish=False, what_if_id=WhatIfId(run_id)
    )
    season.store.run(commands.fail_run, begun, "out of luck")

    assert season.store.read(queries.due_to_plan) == []


def test_a_question_that_was_answered_meanwhile_is_not_begun_again(season: Season) -> None:
    run_id = asked(season, km_percent=120)
    (due,) = season.store.read(queries.due_to_plan)
    season.store.run(commands.ask_cancel, run_id)

    with pytest.raises(RunEndedError):
        season.store.run(
            commands.begin_run, season.cycle_id, "planner", 1, run_id, publish=False, what_if_id=due.what_if_id
        )


def test_one_that_was_told_to_stop_is_begun_anew_under_the_same_question(season: Season) -> None:
    run_id = asked(season, km_percent=120)
    begun = season.store.run(
        commands.begin_run, season.cycle_id, "planner", 1, run_id, publish=False, what_if_id=WhatIfId(run_id)
    )
    assert season.store.read(queries.due_to_plan) == []
    season.store.run(commands.hand_back, begun)

    assert [due.what_if_id for due in season.store.read(queries.due_to_plan)] == [run_id]


def test_nobody_goes_on_asking_when_goods_leave(season: Season) -> None:
    run_id = asked(season.confirmed(), km_percent=120)
    run_sql(season.store, "UPDATE order_cycle SET stage = 'moving' WHERE id = :cycle", cycle=season.cycle_id)
    season.store.run(commands.stop_planning, CycleMoved(season.cycle_id, Stage.CONFIRMED, Stage.MOVING))

    assert season.store.read(queries.get_run, run_id).state == "cancelled"


def test_so_many_questions_wait_at_once_and_another_when_one_is_answered(season: Season) -> None:
    first, *_ = [asked(season, km_percent=101 + number) for number in range(MOST_QUESTIONS)]
    with pytest.raises(TooManyQuestionsError):
        asked(season, km_percent=120)
    season.store.run(
        commands.begin_run, season.cycle_id, "planner", 1, first, publish=False, what_if_id=WhatIfId(first)
    )
    with pytest.raises(TooManyQuestionsError):
        asked(season, km_percent=120)
    season.store.run(commands.fail_run, first, "out of luck")
    again = asked(season, km_percent=120)

    assert season.store.read(queries.get_run, again).state == "waiting"


def test_a_question_gives_way_to_a_plan_that_shall_hold_and_not_to_one_to_look_at(season: Season) -> None:
    run_id = asked(season, km_percent=120)
    live = season.store.run(
        commands.begin_run, season.cycle_id, "planner", 1, run_id, publish=False, what_if_id=WhatIfId(run_id)
    )
    season.store.run(commands.wish_plan, season.cycle_id, "planner", publish=False)
    before = season.store.read(queries.get_run, live)
    for _ in range(2):
        season.store.run(commands.wish_plan, season.cycle_id, "cut-off")

    assert (before.cancel_asked, season.store.read(queries.get_run, live).cancel_asked) == (False, True)


def test_a_plan_that_shall_hold_gives_way_to_no_other(season: Season) -> None:
    live = season.store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=True)
    season.store.run(commands.wish_plan, season.cycle_id, "cut-off")

    assert not season.store.read(queries.get_run, live).cancel_asked


def test_what_if_nothing_were_otherwise_is_no_question(season: Season) -> None:
    with pytest.raises(NothingSupposedError):
        asked(season)


def test_what_the_region_does_not_have_cannot_be_left_out(season: Season) -> None:
    with pytest.raises(MissingError):
        asked(season, without_farms=[FarmId(uuid4())])
    with pytest.raises(MissingError):
        asked(season, without_vehicles=[VehicleId(uuid4())])


def test_a_cycle_that_cannot_be_planned_has_no_what_if(store: Store) -> None:
    with pytest.raises(NotPlannableError):
        asked(Season.opened(store), km_percent=120)
