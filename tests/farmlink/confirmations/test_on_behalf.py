"""A planner answers for a farm that called; the farm is told, and its own word counts until the deadline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.confirmations import commands, queries, rules
from farmlink.confirmations.values import Answer, RequestId, RequestView
from farmlink.cycles.values import Stage
from farmlink.network import queries as network
from farmlink.people import commands as people
from farmlink.people.values import PersonId, Role
from farmlink.planning import queries as planning
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from tests.farmlink.planning.builders import NO, YES, Season, part, run_sql


@dataclass
class Farm:
    """One farm that is asked for fifty of its sixty kilograms, its farmer, and the planner who answers for it."""

    season: Season
    asked: RequestId
    farmer: PersonId
    planner: PersonId

    @classmethod
    def planned(cls, store: Store) -> Farm:
        season = Season.closed(store, lots=(60_000,), bags=(50,)).planned()
        (asked,) = season.asked()
        keeper = store.read(network.farm, asked.farm_id).organisation_id
        farmer = store.run(people.add_person, "Fay", role=Role.FARMER, organisation_id=keeper)
        hub = season.market.hub.organisation_id
        planner = store.run(people.add_person, "Pat", role=Role.PLANNER, organisation_id=hub)
        return cls(season, asked.id, farmer, planner)

    def says(self, given: Answer) -> RequestView:
        return self.season.store.by(str(self.farmer)).run(commands.answer, self.asked, given, self.farmer)

    def is_answered_for(self, given: Answer) -> RequestView:
        return self.season.store.by(str(self.planner)).run(commands.answer, self.asked, given, self.planner)

    def pin(self) -> tuple[int, int]:
        (pin,) = self.season.pins().values()
        return pin

    def on_record(self) -> list[tuple[str, str, str]]:
        """Who gave which answer for the farm, or as the farm."""
        deeds = (
            "SELECT actor, action, facts ->> 'state' FROM audit_entry"
            " WHERE subject = :id AND action LIKE 'confirmation.answer%' ORDER BY id"
        )
        rows = self.season.store.read(lambda tx: tx.execute(deeds, {"id": self.asked}).all())
        return [tuple(row) for row in rows]


@pytest.fixture
def farm(store: Store) -> Farm:
    return Farm.planned(store)


def test_an_answer_for_a_farm_counts_and_says_whose_it_is(farm: Farm) -> None:
    answered = farm.is_answered_for(YES)

    assert (answered.state, answered.on_behalf, farm.season.stage()) == ("accepted", True, Stage.CONFIRMED)
    assert farm.on_record() == [(str(farm.planner), "confirmation.answer-on-behalf", "accepted")]
    assert farm.is_answered_for(YES) == answered
    with pytest.raises(rules.AnsweredOtherwiseError):
        farm.is_answered_for(NO)
    assert check(farm.season.store) == []


def test_a_farms_own_answer_is_its_own(farm: Farm) -> None:
    assert not farm.says(YES).on_behalf

    with pytest.raises(rules.AnsweredOtherwiseError):
        farm.is_answered_for(NO)
    with pytest.raises(rules.AnsweredOtherwiseError):
        farm.says(NO)


@pytest.mark.parametrize(
    ("for_it", "own", "pin"),
    [
        (YES, NO, (0, 0)),
        (YES, part(20_000), (20_000, 20_000)),
        (part(20_000), part(30_000), (30_000, 30_000)),
        (NO, YES, (50_000, 60_000)),
        (NO, part(20_000), (20_000, 20_000)),
    ],
)
def test_a_farms_own_answer_takes_the_place_of_what_was_said_for_it(
    farm: Farm, for_it: Answer, own: Answer, pin: tuple[int, int]
) -> None:
    farm.is_answered_for(for_it)

    answered = farm.says(own)

    assert (answered.state, answered.on_behalf, farm.pin()) == (own.reply.value, False, pin)
    assert [action for _, action, _ in farm.on_record()] == ["confirmation.answer-on-behalf", "confirmation.answer"]
    with pytest.raises(rules.AnsweredOtherwiseError):
        farm.is_answered_for(for_it)
    assert check(farm.season.store) == []


def test_what_a_farm_takes_back_is_planned_again_without_it(farm: Farm) -> None:
    farm.is_answered_for(YES)
    assert (farm.season.stage(), farm.season.wishes()) == (Stage.CONFIRMED, [])

    farm.says(NO)

    assert farm.season.wishes() == ["answers"]
    farm.season.publish(farm.season.plan())
    assert farm.season.taken() == {}
    assert check(farm.season.store) == []


def test_a_farm_that_agrees_has_given_its_answer(farm: Farm) -> None:
    farm.is_answered_for(YES)

    assert not farm.says(YES).on_behalf

    with pytest.raises(rules.AnsweredOtherwiseError):
        farm.says(NO)
    assert farm.season.stage() is Stage.CONFIRMED
    assert check(farm.season.store) == []


def test_after_the_deadline_the_answer_for_a_farm_is_final(farm: Farm) -> None:
    farm.is_answered_for(YES)
    run_sql(farm.season.store, "ALTER TABLE confirmation_request DISABLE TRIGGER confirmation_request_answer_stays")
    run_sql(farm.season.store, "UPDATE confirmation_request SET due_at = now() - interval '1 second'")
    run_sql(farm.season.store, "ALTER TABLE confirmation_request ENABLE TRIGGER confirmation_request_answer_stays")

    assert farm.says(YES).on_behalf
    with pytest.raises(rules.AnsweredOtherwiseError):
        farm.says(NO)


def test_once_the_goods_move_the_answer_for_a_farm_is_final(farm: Farm) -> None:
    farm.is_answered_for(YES)
    run_sql(farm.season.store, "UPDATE order_cycle SET stage = 'moving'")

    with pytest.raises(rules.AnsweredOtherwiseError):
        farm.says(NO)


def test_a_farm_does_not_give_more_than_the_plan_that_went_on_without_it_takes(farm: Farm) -> None:
    farm.is_answered_for(part(20_000))
    farm.season.publish(farm.season.plan())

    with pytest.raises(rules.AnsweredOtherwiseError):
        farm.says(YES)

    assert farm.says(NO).answered == 0
    assert farm.season.wishes() == ["answers"]


def test_a_lot_that_failed_since_is_not_given_by_an_objection(farm: Farm) -> None:
    farm.is_answered_for(part(20_000))
    farm.season.store.run(supply.report_failed_harvest, farm.season.lots[0])
    farm.season.relay()

    with pytest.raises(rules.AnsweredOtherwiseError):
        farm.says(part(30_000))

    assert farm.pin() == (0, 0)
    assert farm.says(NO).answered == 0


def test_a_farm_that_was_asked_for_more_since_objects_to_the_newest_question(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 60_000), bags=(100,)).planned()
    farms = {asked.farm_id: asked for asked in season.asked()}
    less = min(farms.values(), key=lambda asked: asked.quantity)
    more = max(farms.values(), key=lambda asked: asked.quantity)
    keeper = store.read(network.farm, less.farm_id).organisation_id
    farmer = store.run(people.add_person, "Fay", role=Role.FARMER, organisation_id=keeper)
    store.run(commands.answer, less.id, YES, season.market.person("Pat"))
    season.answer(more.id, part(40_000))
    season.publish(season.plan())
    (newest,) = season.asked()
    assert (newest.lot_id, newest.floor) == (less.lot_id, less.quantity)

    with pytest.raises(rules.AnsweredOtherwiseError):
        store.run(commands.answer, less.id, NO, farmer)

    assert store.run(commands.answer, newest.id, NO, farmer).answered == less.quantity


def test_an_objection_does_not_count_twice_in_a_farms_record(farm: Farm) -> None:
    store, records = farm.season.store, list[Any]()
    for says, given in ((farm.is_answered_for, YES), (farm.says, NO)):
        says(given)
        records.append(tuple(store.read(lambda tx: tx.execute("SELECT asked, kept FROM farm_record").one())))

    assert records == [(1, 1), (1, 0)]
    assert set(store.read(planning.expected_declines_ppm)) == {store.read(queries.request, farm.asked).farm_id}


def test_even_by_hand_nobody_but_the_farm_changes_what_was_said_for_it(farm: Farm) -> None:
    farm.is_answered_for(part(20_000))

    for forged in ("answered = 30000", "on_behalf = false, quantity = 60000"):
        with pytest.raises(DBAPIError, match="final answer"):
            run_sql(farm.season.store, f"UPDATE confirmation_request SET {forged}")
    with pytest.raises(DBAPIError, match="cannot move"):
        run_sql(farm.season.store, "UPDATE confirmation_request SET state = 'lapsed', on_behalf = false, answered = 0")
