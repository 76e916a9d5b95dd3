from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.confirmations import commands as confirmations
from farmlink.kernel.errors import InvalidError, MissingError
from farmlink.kernel.ids import uuid7
from farmlink.kernel.page import Page, Paging
from farmlink.planning import commands, queries
from farmlink.planning.rules import NothingToPlanError, PlanOutdatedError, PlanSupersededError
from farmlink.planning.values import ExplanationView, PinChange, PlanId, Subject
from farmlink.planning.work import explained
from farmlink.planning.work.explained import explanations
from farmlink.store.store import Store
from farmlink.supply import queries as supply
from solver import codec
from solver.check import check
from solver.solution import Report
from tests.farmlink.planning.builders import Season, run_sql


def test_a_stored_plan_can_be_judged_again_from_its_blobs(store: Store) -> None:
    season = Season.closed(store)
    plan_id = season.plan()
    content, found = store.read(queries.blobs, plan_id)
    problem = codec.problem_from_bytes(content)
    assert check(problem, codec.solution_from_bytes(problem, found)) == ()
    assert store.read(queries.get_plan, plan_id).inputs_hash == codec.inputs_hash(problem)


def test_the_same_facts_give_the_same_problem(store: Store) -> None:
    season = Season.closed(store)
    first, second = (store.read(queries.get_plan, season.plan()) for _ in range(2))
    assert first.inputs_hash == second.inputs_hash
    assert (first.version, second.version) == (1, 2)


def test_allocations_and_shortfalls_account_for_what_was_ordered(store: Store) -> None:
    season = Season.closed(store, lots=(20_000, 20_000), bags=(30, 10))
    run_sql(store, "UPDATE lot SET quantity = 15000, minimum = 0")
    plan_id = season.plan()
    served = store.read(queries.all_allocations, plan_id)
    short = store.read(queries.shortfalls, plan_id)
    assert (sum(one.quantity for one in served), sum(one.quantity for one in short)) == (30_000, 10_000)
    assert {one.reason for one in short} == {"sold-out"}


def test_a_plan_says_which_lots_may_yet_be_asked_because_others_may_decline(store: Store) -> None:
    season = Season.closed(store, lots=(60_000,), bags=(40,))
    season.market.lot(60_000, ask=900)
    plan_id = season.plan()
    [waiting] = store.read(queries.standby, plan_id)
    lot = store.read(supply.lot, waiting.lot_id)
    taken = {one.lot_id: one.quantity for one in store.read(queries.allocated_lots, plan_id)}
    assert 2_000 <= waiting.quantity <= lot.quantity - taken.get(lot.id, 0), "a twentieth is expected to be declined"
    assert store.read(queries.standby_lot, waiting.id) == waiting
    assert waiting.plan_id == plan_id


def test_the_only_lot_of_a_plan_stands_by_for_nobody(store: Store) -> None:
    season = Season.closed(store, lots=(60_000,), bags=(40,))
    assert store.read(queries.standby, season.plan()) == []


def test_a_plan_explains_itself_as_a_whole_by_kind_and_by_subject(store: Store) -> None:
    season = Season.closed(store, lots=(40_000,), bags=(30,))
    season.market.lot(60_000, ask=900)
    plan_id = season.plan()
    whole = explanations(store, plan_id)
    about_lots = explanations(store, plan_id, Subject.LOT)
    assert {one.subject for one in whole} == {Subject.LOT, Subject.VEHICLE}
    assert about_lots == [one for one in whole if one.subject is Subject.LOT]
    assert {one.id for one in about_lots} <= set(season.lots)
    [waiting] = store.read(queries.standby, plan_id)
    told = {one.code: one.facts for one in explanations(store, plan_id, subject_id=waiting.lot_id)}
    assert told["standby"]["quantity"] == waiting.quantity
    assert explanations(store, plan_id, Subject.BATCH, waiting.lot_id) == []


def test_a_plan_is_unpacked_once_however_many_pages_of_it_are_turned(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    season = Season.closed(store, lots=(40_000,), bags=(30,))
    season.market.lot(60_000, ask=900)
    plans = [season.plan() for _ in range(explained.KEPT + 1)]
    unpacked: list[bytes] = []
    real = codec.report_from_bytes

    def watched(content: bytes) -> Report:
        unpacked.append(content)
        return real(content)

    monkeypatch.setattr(explained, "report_from_bytes", watched)
    for wanted in (None, Subject.LOT, Subject.BATCH):
        found: list[ExplanationView] = []
        after = None
        while True:
            turned = explained.explanations_page(store, plans[0], Paging(1, after), wanted)
            found += turned.items
            after = turned.next
            if after is None:
                break
        assert found == explanations(store, plans[0], wanted)
    assert len(unpacked) == 1

    for plan_id in (*plans, plans[0]):  # one more than are kept: the longest unasked one goes
        explanations(store, plan_id)
    assert len(unpacked) == 1 + explained.KEPT + 1


def test_a_place_that_a_list_never_had_is_refused(store: Store) -> None:
    plan_id = Season.closed(store).plan()
    strange = Paging(1, uuid7())
    with pytest.raises(InvalidError, match="no such place"):
        store.read(queries.routes_page, plan_id, strange)
    with pytest.raises(InvalidError, match="no such place"):
        explained.explanations_page(store, plan_id, strange)


def test_a_plan_that_does_not_exist_explains_nothing(store: Store) -> None:
    with pytest.raises(MissingError):
        explanations(store, PlanId(uuid7()))


def test_allocations_come_a_page_at_a_time(store: Store) -> None:
    season = Season.closed(store)
    plan_id = season.plan()
    whole = store.read(queries.all_allocations, plan_id)
    assert len(whole) > 1
    first = store.read(queries.allocations, plan_id, Paging(1))
    rest = store.read(queries.allocations, plan_id, Paging(200, first.next))
    assert [*first.items, *rest.items] == sorted(whole, key=lambda allocation: allocation.id)


def test_routes_shortfalls_and_standby_come_a_page_at_a_time(store: Store) -> None:
    season = Season.closed(store, lots=(20_000, 20_000), bags=(30, 10))
    run_sql(store, "UPDATE lot SET quantity = 15000, minimum = 0")
    season.market.lot(9_000, ask=900)
    plan_id = season.plan()
    wholes: list[Callable[..., list[Any]]] = [queries.routes, queries.shortfalls, queries.standby]
    pages: list[Callable[..., Page[Any]]] = [queries.routes_page, queries.shortfalls_page, queries.standby_page]
    several = 0
    for whole, paged in zip(wholes, pages, strict=True):
        first = store.read(paged, plan_id, Paging(1))
        rest = store.read(paged, plan_id, Paging(200, first.next)).items if first.next else []
        assert [*first.items, *rest] == store.read(whole, plan_id)
        several += len(rest) > 0
    assert several


def test_trucks_fetch_before_they_bring_and_every_stop_is_served_after_it_is_reached(store: Store) -> None:
    season = Season.closed(store)
    routes = store.read(queries.routes, season.plan())
    assert [route.phase for route in routes] == ["collection", "delivery"]
    assert routes[0].return_at < routes[1].depart_at
    for stop in (stop for route in routes for stop in route.stops):
        assert stop.arrive_at <= stop.start_at < stop.leave_at
    assert [sum(stop.weight_g for stop in route.stops) for route in routes] == [50_000, 50_000]


def test_a_route_leaves_in_the_morning_of_its_hub_whatever_the_clocks_do(store: Store) -> None:
    season = Season.closed(store)
    (fetch, bring) = store.read(queries.routes, season.plan())
    assert fetch.depart_at.date().isoformat() == "2031-09-04"
    assert 10 <= fetch.stops[0].start_at.hour <= 20  # 8:00 to 16:00 in Michigan is 12:00 to 20:00 UTC
    assert bring.depart_at.date().isoformat() == "2031-09-05"


def test_a_plan_is_never_changed(store: Store) -> None:
    Season.closed(store).plan()
    for table in ("plan", "allocation", "plan_route", "plan_stop", "shortfall", "standby"):
        with pytest.raises(DBAPIError, match="never changed"):
            run_sql(store, f"DELETE FROM {table}")


def test_a_newer_version_holds_and_an_older_one_is_refused_afterwards(store: Store) -> None:
    season = Season.closed(store)
    older, newer = season.plan(), season.plan()
    season.publish(newer)
    with pytest.raises(PlanSupersededError):
        season.publish(older)
    assert [(plan.version, plan.published) for plan in store.read(queries.plans, season.cycle_id)] == [
        (2, True),
        (1, False),
    ]


def test_a_plan_made_before_a_promise_that_it_breaks_is_outdated(store: Store) -> None:
    season = Season.closed(store)
    plan_id = season.plan()
    lot_id = season.lots[0]
    store.run(commands.set_pins, season.cycle_id, [PinChange(lot_id, 0, 0)])
    with pytest.raises(PlanOutdatedError, match=str(lot_id)):
        store.run(confirmations.publish, plan_id)
    assert store.read(queries.published_plan, season.cycle_id) is None


def test_pointing_twice_to_the_same_version_changes_nothing(store: Store) -> None:
    season = Season.closed(store)
    plan_id = season.plan()
    for _ in range(2):
        store.run(commands.point_to, plan_id)
    assert store.read(queries.published_plan, season.cycle_id) == plan_id


def test_pins_are_written_once(store: Store) -> None:
    season = Season.closed(store)
    pin = PinChange(season.lots[0], 5, 9)
    assert store.run(commands.set_pins, season.cycle_id, [pin])
    assert not store.run(commands.set_pins, season.cycle_id, [pin])
    assert store.run(commands.set_pins, season.cycle_id, [PinChange(season.lots[0], 5, 8)])
    assert season.pins() == {season.lots[0]: (5, 8)}


def test_a_plan_that_does_not_exist_says_so(store: Store) -> None:
    with pytest.raises(MissingError):
        store.read(queries.get_plan, PlanId(uuid7()))


def test_a_cycle_without_batches_has_nothing_to_plan(store: Store) -> None:
    season = Season.opened(store)
    with pytest.raises(NothingToPlanError):
        season.problem()


def test_the_database_itself_lets_the_pointer_only_go_on(store: Store) -> None:
    season = Season.closed(store)
    earlier, later = season.plan(), season.plan()
    season.publish(later)
    for point in ("UPDATE published_plan SET plan_id = :plan", "UPDATE published_plan SET cycle_id = :plan"):
        with pytest.raises(DBAPIError, match=r"a later version|another cycle"):
            run_sql(store, point, plan=earlier)
    run_sql(store, "UPDATE published_plan SET plan_id = :plan", plan=later)
