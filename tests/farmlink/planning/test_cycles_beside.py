"""Two live cycles of one region share its trucks, hubs and fields: the second plans with what the first leaves."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from farmlink.confirmations import commands as confirmations
from farmlink.confirmations.work import plan_due
from farmlink.cycles.values import Stage
from farmlink.network import commands as network
from farmlink.planning import commands, queries
from farmlink.planning.rules import PlanCrowdedError
from farmlink.planning.values import Budget, PlanId
from farmlink.planning.work import CHILD
from farmlink.store.check import check
from farmlink.store.store import Store
from tests.farmlink.cycles.builders import COLLECT_ON
from tests.farmlink.planning.builders import Season, run_sql

GREEDY = (*CHILD, "--greedy")
QUICK = Budget(iterations=1)


def another(season: Season, bags: int = 10, later_days: int = 0) -> Season:
    """A second cycle of the same region, closed, whose days come so many days later."""
    collect_on = COLLECT_ON + timedelta(days=later_days)
    cycle_id, listed, _ = season.market.open(collect_on=collect_on, hand_out_on=collect_on + timedelta(days=1))
    season.market.place(cycle_id, {listed: bags})
    other = Season(season.market, cycle_id)
    other.close()
    return other


def add_truck(season: Season) -> None:
    season.store.run(network.add_vehicle, season.market.country.vehicle_draft(season.market.hub, "Reefer 2"))


def driven(season: Season) -> set[object]:
    plan_id = season.store.read(queries.published_plan, season.cycle_id)
    assert plan_id is not None
    return {route.vehicle_id for route in season.store.read(queries.routes, plan_id)}


@pytest.mark.parametrize("later_days", [-1, 0, 1])
def test_a_truck_that_another_plan_has_out_meanwhile_is_not_there(store: Store, later_days: int) -> None:
    season = Season.closed(store).planned()
    assert len(another(season, later_days=later_days).problem().vehicles.id) == 0


@pytest.mark.parametrize("later_days", [2, 3, 7])
def test_a_truck_is_there_again_some_days_later(store: Store, later_days: int) -> None:
    season = Season.closed(store).planned()
    assert len(another(season, later_days=later_days).problem().vehicles.id) == 1


def test_a_truck_is_there_again_once_the_other_cycle_is_done(store: Store) -> None:
    season = Season.closed(store).confirmed()
    run_sql(store, "UPDATE order_cycle SET stage = 'moving' WHERE id = :id", id=season.cycle_id)
    other = another(season)
    assert len(other.problem().vehicles.id) == 0
    run_sql(store, "UPDATE order_cycle SET stage = 'done' WHERE id = :id", id=season.cycle_id)
    assert len(other.problem().vehicles.id) == 1


def test_a_re_plan_keeps_its_own_trucks_room_and_pickers(store: Store) -> None:
    season = Season.closed(store)
    before = season.problem()
    season.planned()
    again = season.problem()
    assert list(again.vehicles.id) == list(before.vehicles.id)
    assert list(again.hubs.throughput_g) == list(before.hubs.throughput_g)
    assert list(again.lots.daily_capacity) == list(before.lots.daily_capacity)


def test_a_hub_has_the_room_that_another_plan_leaves_it_on_the_day(store: Store) -> None:
    season = Season.closed(store).planned()
    assert list(another(season).problem().hubs.throughput_g) == [25_000_000 - 50_000]
    assert list(another(season, later_days=1).problem().hubs.throughput_g) == [25_000_000]


def test_a_lot_gives_in_a_day_what_another_plan_leaves_of_its_day(store: Store) -> None:
    season = Season.closed(store, lots=(60_000,))
    run_sql(store, "UPDATE lot SET daily_capacity = 55000")
    season.planned()
    assert list(another(season).problem().lots.daily_capacity) == [5_000]
    assert list(another(season, later_days=1).problem().lots.daily_capacity) == [55_000]


def test_a_plan_made_beside_one_that_took_its_truck_is_refused_and_nothing_of_it_holds(store: Store) -> None:
    season = Season.closed(store)
    other = another(season)
    late = other.plan()
    season.planned()
    with pytest.raises(PlanCrowdedError, match="Plan again"):
        other.publish(late)
    assert store.read(queries.published_plan, other.cycle_id) is None
    assert other.stage() is Stage.PLANNED


def test_a_plan_made_beside_one_that_took_its_room_is_refused(store: Store) -> None:
    season = Season.closed(store)
    other = another(season)
    late = other.plan()
    season.planned()
    run_sql(store, "UPDATE hub SET throughput_g = 55000")
    with pytest.raises(PlanCrowdedError, match=str(season.market.hub.id)):
        other.publish(late)


def test_a_plan_made_beside_one_that_took_its_pickers_is_refused(store: Store) -> None:
    season = Season.closed(store, lots=(100_000,))
    run_sql(store, "UPDATE lot SET daily_capacity = 55000")
    other = another(season)
    late = other.plan()
    season.planned()
    with pytest.raises(PlanCrowdedError, match=str(season.lots[0])):
        other.publish(late)


def test_a_truck_on_two_roads_is_named_by_farmlink_check(store: Store) -> None:
    season = Season.closed(store)
    other = another(season)
    late = other.plan()
    season.planned()
    run_sql(store, "INSERT INTO published_plan VALUES (:cycle, :plan, now())", cycle=other.cycle_id, plan=late)
    said = [violation for violation in check(store) if violation.table == "vehicle"]
    assert said
    assert {violation.statement for violation in said} == {3}
    assert all("is on two roads from" in violation.what for violation in said)


def test_of_two_plans_published_at_once_one_holds(store: Store) -> None:
    season = Season.closed(store)
    other = another(season)
    plans = [season.plan(), other.plan()]
    gate, refused = Barrier(2), list[PlanId]()

    def publish(plan_id: PlanId) -> None:
        gate.wait(20)
        try:
            store.run(confirmations.publish, plan_id)
        except PlanCrowdedError:
            refused.append(plan_id)

    rivals = [Thread(target=publish, args=(plan_id,)) for plan_id in plans]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join(30)
    assert len(refused) == 1
    assert check(store) == []


def test_two_cycles_planned_at_once_share_trucks_and_lots(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 60_000), bags=(50,))
    add_truck(season)
    other = another(season, bags=60, later_days=1)
    for one in (season, other):
        store.run(commands.wish_plan, one.cycle_id, "planner")
        one.plan()  # both from a snapshot that knows nothing of the other
    while store.read(queries.due_to_plan):
        plan_due(store, QUICK, command=GREEDY)
    assert {season.stage(), other.stage()} == {Stage.CONFIRMING}
    assert not driven(season) & driven(other)
    assert sum(season.taken().values()) + sum(other.taken().values()) == 110_000
    assert all(season.allocated(lot_id) <= 60_000 for lot_id in season.lots)
    assert check(store) == []
