import pytest

from farmlink.confirmations import commands as confirmations
from farmlink.demand.values import DemandClosed
from farmlink.planning import commands, queries
from farmlink.planning.rules import SeedTakenError
from farmlink.store.store import Store
from tests.farmlink.planning.builders import Season, run_sql


def test_the_cut_off_wishes_a_plan_once_however_often_it_is_told(store: Store) -> None:
    season = Season.closed(store)
    season.relay()
    (due,) = store.read(queries.due_to_plan)
    store.run(commands.plan_closed, DemandClosed(season.cycle_id, 1))
    assert store.read(queries.due_to_plan) == [due]
    assert (due.cause, due.publish, due.ready) == ("cut-off", True, None)


def test_a_cut_off_told_late_does_not_plan_again_what_is_planned(store: Store) -> None:
    season = Season.closed(store)
    season.plan()
    season.relay()
    assert season.wishes() == []


def test_two_planners_who_ask_at_once_get_the_same_run(store: Store) -> None:
    season = Season.closed(store)
    first = store.run(commands.wish_plan, season.cycle_id, "planner", 1)
    second = store.run(commands.wish_plan, season.cycle_id, "planner", 2)
    (due,) = store.read(queries.due_to_plan)
    assert first == second == due.run_id
    assert (due.seed, due.publish) == (2, True)


def test_the_seed_that_a_planner_gave_is_not_made_another(store: Store) -> None:
    season = Season.closed(store)
    first = store.run(commands.wish_plan, season.cycle_id, "planner", 7)
    assert store.run(commands.wish_plan, season.cycle_id, "answers") == first
    assert store.run(commands.wish_plan, season.cycle_id, "planner", 7) == first
    with pytest.raises(SeedTakenError):
        store.run(commands.wish_plan, season.cycle_id, "planner", 8)
    assert [due.seed for due in store.read(queries.due_to_plan)] == [7]


def test_a_plan_to_look_at_never_holds_because_another_was_waiting(store: Store) -> None:
    season = Season.closed(store)
    automatic = store.run(commands.wish_plan, season.cycle_id, "cut-off")
    looked_at = store.run(commands.wish_plan, season.cycle_id, "planner", 7, publish=False)
    season.solve(store.run(commands.begin_run, season.cycle_id, "planner", 7, looked_at, publish=False))
    (due,) = store.read(queries.due_to_plan)
    assert (due.run_id, due.publish, due.ready) == (automatic, True, None)
    assert store.read(queries.published_plan, season.cycle_id) is None


def test_a_plan_that_shall_hold_does_not_answer_who_wants_to_look_at_one(store: Store) -> None:
    season = Season.closed(store)
    looked_at = store.run(commands.wish_plan, season.cycle_id, "planner", 7, publish=False)
    season.planned()
    (due,) = store.read(queries.due_to_plan)
    assert (due.run_id, due.seed, due.publish) == (looked_at, 7, False)


def test_a_plan_to_look_at_that_could_not_be_made_is_not_tried_for_ever(store: Store) -> None:
    season = Season.closed(store)
    looked_at = store.run(commands.wish_plan, season.cycle_id, "planner", publish=False)
    live = store.run(commands.begin_run, season.cycle_id, "planner", 1, looked_at, publish=False)
    store.run(commands.fail_run, live, "no")
    run_sql(store, "UPDATE plan_run SET ended_at = now() - interval '2 minutes'")
    assert season.wishes() == []


def test_a_plan_that_was_only_looked_at_does_not_spare_the_cut_off_its_own(store: Store) -> None:
    season = Season.closed(store)
    season.solve(store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=False))
    season.relay()
    assert season.wishes() == ["cut-off"]


def test_a_wish_that_comes_while_a_run_lives_is_for_the_next_run(store: Store) -> None:
    season = Season.closed(store)
    wished = store.run(commands.wish_plan, season.cycle_id, "planner")
    live = store.run(commands.begin_run, season.cycle_id, "planner", 1, wished, publish=True)
    assert live == wished
    again = store.run(commands.wish_plan, season.cycle_id, "answers")
    assert again != wished
    season.publish(season.solve(live))
    (due,) = store.read(queries.due_to_plan)
    assert (due.run_id, due.ready) == (again, None)


def test_a_plan_to_look_at_grants_the_wish_when_it_is_stored(store: Store) -> None:
    season = Season.closed(store)
    store.run(commands.wish_plan, season.cycle_id, "planner", publish=False)
    season.solve(store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=False))
    assert season.wishes() == []


def test_a_plan_that_shall_hold_grants_the_wish_when_it_is_published_and_waits_ready_till_then(store: Store) -> None:
    season = Season.closed(store)
    store.run(commands.wish_plan, season.cycle_id, "planner")
    plan_id = season.plan()
    (due,) = store.read(queries.due_to_plan)
    assert due.ready == plan_id
    store.run(confirmations.publish, plan_id)
    assert season.wishes() == []


def test_a_cycle_whose_run_failed_just_now_is_given_a_pause(store: Store) -> None:
    season = Season.closed(store)
    store.run(commands.wish_plan, season.cycle_id, "planner")
    store.run(commands.fail_run, store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=True), "no")
    assert season.wishes() == []
    run_sql(store, "UPDATE plan_run SET ended_at = now() - interval '2 minutes'")
    assert season.wishes() == ["planner"]


def test_a_wish_that_came_after_the_failure_is_not_paused(store: Store) -> None:
    season = Season.closed(store)
    store.run(commands.wish_plan, season.cycle_id, "planner")
    store.run(commands.fail_run, store.run(commands.begin_run, season.cycle_id, "planner", 1, publish=True), "no")
    store.run(commands.wish_plan, season.cycle_id, "answers")
    assert season.wishes() == ["answers"]


def test_a_wished_run_id_is_used_once(store: Store) -> None:
    season = Season.closed(store)
    wished = store.run(commands.wish_plan, season.cycle_id, "planner")
    store.run(
        commands.fail_run, store.run(commands.begin_run, season.cycle_id, "planner", 1, wished, publish=True), "no"
    )
    assert store.run(commands.begin_run, season.cycle_id, "planner", 1, wished, publish=True) != wished


def test_a_wish_for_a_cycle_whose_goods_move_is_not_due(store: Store) -> None:
    season = Season.closed(store).confirmed()
    store.run(commands.wish_plan, season.cycle_id, "harvest-failed")
    run_sql(store, "UPDATE order_cycle SET stage = 'moving'")
    assert season.wishes() == []


def test_who_asked_for_a_plan_is_on_record(store: Store) -> None:
    season = Season.closed(store)
    run_id = store.by("ann").run(commands.wish_plan, season.cycle_id, "planner", publish=False)
    wished = "SELECT actor, subject, facts FROM audit_entry WHERE action = 'planning.wish'"
    (deed,) = store.read(lambda tx: tx.execute(wished).all())
    assert (deed.actor, deed.subject) == ("ann", season.cycle_id)
    assert deed.facts == {"run_id": str(run_id), "cause": "planner", "publish": False}
