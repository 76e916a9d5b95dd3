"""What a farm sees of its questions: what waits, what it promised, what it was asked last, and whom it may call."""

from __future__ import annotations

from datetime import timedelta

from farmlink.confirmations import queries
from farmlink.confirmations.values import RequestView
from farmlink.people import commands as people
from farmlink.people.values import OrganisationId, Role
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from tests.farmlink.cycles.builders import COLLECT_ON
from tests.farmlink.planning.builders import NO, YES, Season, part, run_sql


def two_asked(store: Store) -> tuple[Season, RequestView, RequestView]:
    season = Season.closed(store, bags=(80,)).planned()
    one, other = season.asked()
    return season, one, other


def test_open_questions_wait_the_most_pressing_first_until_they_are_answered_or_their_time_is_over(
    store: Store,
) -> None:
    season, one, other = two_asked(store)
    farms = [one.farm_id, other.farm_id]
    run_sql(store, "UPDATE confirmation_request SET due_at = due_at - interval '1 hour' WHERE id = :id", id=other.id)

    assert [asked.id for asked in store.read(queries.waiting, farms)] == [other.id, one.id]
    assert [asked.id for asked in store.read(queries.waiting, [one.farm_id])] == [one.id]
    season.answer(other.id, YES)
    assert [asked.id for asked in store.read(queries.waiting, farms)] == [one.id]
    season.due_now()
    assert store.read(queries.waiting, farms) == []


def test_a_farm_promised_what_it_said_last_of_each_lot_and_nothing_that_failed(store: Store) -> None:
    season, one, other = two_asked(store)
    farms = [one.farm_id, other.farm_id]
    season.answer(one.id, part(20_000))
    season.answer(other.id, YES)

    kept = {asked.lot_id: asked.answered for asked in store.read(queries.promised, farms, COLLECT_ON)}
    assert kept == {one.lot_id: 20_000, other.lot_id: other.quantity}
    assert store.read(queries.promised, farms, COLLECT_ON + timedelta(days=1)) == []
    store.run(supply.report_failed_harvest, other.lot_id)
    assert [asked.lot_id for asked in store.read(queries.promised, farms, COLLECT_ON)] == [one.lot_id]


def test_who_declined_promised_nothing_and_was_asked_last_all_the_same(store: Store) -> None:
    season, one, other = two_asked(store)
    season.answer(one.id, NO)

    assert store.read(queries.promised, [one.farm_id], COLLECT_ON) == []
    last = store.read(queries.newest, one.farm_id)
    assert last is not None
    assert (last.id, last.state) == (one.id, "declined")
    assert store.read(queries.newest, season.market.country.farm("Never asked").id) is None
    assert other.state == "open"


def test_a_farm_calls_a_planner_with_a_telephone_else_the_platform_else_nobody(store: Store) -> None:
    season, _, _ = two_asked(store)

    def named() -> str | None:
        found = store.read(queries.person_to_call, season.cycle_id)
        return found.name if found else None

    def add(name: str, role: Role, organisation_id: OrganisationId | None, **reached: str) -> None:
        store.run(people.add_person, name, role=role, organisation_id=organisation_id, **reached)

    keeper = season.market.hub.organisation_id
    add("Silent planner", Role.PLANNER, keeper)
    assert named() is None
    add("Planner by mail", Role.PLANNER, keeper, email="planner@example.org")
    assert named() == "Planner by mail"
    add("Admin by telephone", Role.ADMIN, None, phone="+1 616 555 0100")
    assert named() == "Admin by telephone"
    add("Planner by telephone", Role.PLANNER, keeper, phone="+1 616 555 0134")
    assert named() == "Planner by telephone"
