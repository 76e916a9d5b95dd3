from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import DBAPIError

from farmlink.confirmations import commands, queries, rules
from farmlink.confirmations.values import Answer, AnswerCounts, RequestState
from farmlink.cycles.values import Silence, Stage
from farmlink.kernel.page import Paging
from farmlink.network.values import FarmId
from farmlink.planning import queries as planning
from farmlink.store.check import check
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from farmlink.supply import queries as lots
from farmlink.supply.values import HarvestFailed
from tests.farmlink.planning.builders import NO, YES, Season, part, run_sql


def one_farm(store: Store, **terms: object) -> Season:
    return Season.closed(store, lots=(60_000,), bags=(50,), **terms).planned()


def test_when_every_farm_says_yes_the_cycle_is_confirmed(store: Store) -> None:
    season = Season.closed(store).confirmed()
    assert (season.stage(), season.wishes()) == (Stage.CONFIRMED, [])
    assert store.read(queries.counts, season.cycle_id) == AnswerCounts(accepted=len(season.taken()))


def test_an_accepted_quantity_is_pinned_and_the_farm_may_be_asked_for_more(store: Store) -> None:
    season = one_farm(store)
    season.answer(season.asked()[0].id, YES)
    assert season.pins() == {season.lots[0]: (50_000, 60_000)}


@pytest.mark.parametrize(("given", "pin"), [(NO, (0, 0)), (part(30_000), (30_000, 30_000))])
def test_what_a_farm_does_not_give_is_planned_again_without_asking_it_for_more(
    store: Store, given: object, pin: tuple[int, int]
) -> None:
    season = one_farm(store)
    season.answer(season.asked()[0].id, given)  # type: ignore[arg-type]  # parameters of a test are objects
    assert season.pins() == {season.lots[0]: pin}
    assert (season.stage(), season.wishes()) == (Stage.CONFIRMING, ["answers"])


def test_a_part_below_what_the_lot_is_worth_fetching_for_is_taken_by_the_farms_word(store: Store) -> None:
    season = Season.closed(store)
    run_sql(store, "UPDATE lot SET minimum = 25000")
    asked = season.planned().asked()[0]
    for one in season.asked():
        season.answer(one.id, part(5_000) if one.id == asked.id else YES)

    season.publish(season.plan())

    assert season.pins()[asked.lot_id] == (5_000, 5_000)
    assert season.taken()[asked.lot_id] == 5_000
    assert check(store) == []


def test_the_re_plan_waits_for_the_last_answer(store: Store) -> None:
    season = Season.closed(store).planned()
    first, last = season.asked()
    season.answer(first.id, NO)
    assert season.wishes() == []
    season.answer(last.id, YES)
    assert season.wishes() == ["answers"]


@pytest.mark.parametrize("given", [YES, NO, part(20_000)])
def test_the_same_answer_on_a_second_device_is_confirmed_again(store: Store, given: object) -> None:
    season = one_farm(store)
    (asked,) = season.asked()
    first = season.answer(asked.id, given)  # type: ignore[arg-type]  # parameters of a test are objects
    assert season.answer(asked.id, given) == first  # type: ignore[arg-type]  # see above


def test_another_answer_on_a_second_device_is_refused_and_the_first_stands(store: Store) -> None:
    season = one_farm(store)
    (asked,) = season.asked()
    season.answer(asked.id, YES)
    with pytest.raises(rules.AnsweredOtherwiseError):
        season.answer(asked.id, NO)
    assert store.read(queries.request, asked.id).state == "accepted"


def test_another_part_on_a_second_device_is_refused_and_the_first_stands(store: Store) -> None:
    season = one_farm(store)
    (asked,) = season.asked()
    season.answer(asked.id, part(20_000))
    with pytest.raises(rules.AnsweredOtherwiseError):
        season.answer(asked.id, part(30_000))
    assert store.read(queries.request, asked.id).answered == 20_000


def test_of_two_devices_that_answer_at_once_one_is_heard_and_the_other_is_told(store: Store) -> None:
    season = one_farm(store)
    (asked,) = season.asked()
    gate, heard, told = Barrier(2), list[str](), list[str]()

    def send(given: Answer) -> None:
        gate.wait(20)
        try:
            heard.append(season.answer(asked.id, given).state)
        except rules.AnsweredOtherwiseError as refusal:
            told.append(str(refusal.facts["state"]))

    at_once(partial(send, YES), partial(send, NO))
    assert len(heard) == 1
    assert told == heard == [store.read(queries.request, asked.id).state]


def test_a_yes_at_the_moment_of_the_deadline_counts_once_whoever_comes_first(store: Store) -> None:
    season = one_farm(store)
    (asked,) = season.asked()
    gate, heard, refused, ended = Barrier(2), list[str](), list[str](), list[int]()

    def send() -> None:
        gate.wait(20)
        try:
            heard.append(season.answer(asked.id, YES).state)
        except rules.QuestionLapsedError as refusal:
            refused.append(refusal.code)

    def end() -> None:
        gate.wait(20)
        ended.append(store.run(commands.end_answers, season.cycle_id))

    at_once(send, end)
    assert [len(heard), ended[0]] in ([1, 0], [0, 1])
    assert len(heard) + len(refused) == 1
    assert check(store) == []


def at_once(*acts: Callable[[], None]) -> None:
    """Do things in threads of their own."""
    threads = [Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_an_answer_to_a_withdrawn_question_is_refused(store: Store) -> None:
    season = one_farm(store)
    (asked,) = season.asked()
    store.run(supply.report_failed_harvest, season.lots[0])
    season.relay()
    with pytest.raises(rules.QuestionWithdrawnError):
        season.answer(asked.id, YES)


def test_an_answer_after_the_deadline_is_refused_before_and_after_the_silence_was_taken(store: Store) -> None:
    season = one_farm(store)
    (asked,) = season.asked()
    season.due_now()
    with pytest.raises(rules.QuestionLapsedError):
        season.answer(asked.id, YES)
    season.lapse()
    with pytest.raises(rules.QuestionLapsedError):
        season.answer(asked.id, YES)


def test_silence_is_no_and_the_rest_is_planned_again(store: Store) -> None:
    season = one_farm(store)
    assert season.lapse() == 1
    (asked,) = season.asked(RequestState.LAPSED)
    assert (asked.answered, asked.standing, season.wishes()) == (0, False, ["answers"])


def test_silence_of_a_farm_with_a_standing_yes_is_yes_and_a_late_yes_agrees(store: Store) -> None:
    season = one_farm(store, silence=Silence.FARM_CHOICE)
    run_sql(store, "UPDATE farm SET standing_yes = true")
    season.lapse()
    (asked,) = season.asked(RequestState.ACCEPTED)
    assert (asked.standing, season.stage()) == (True, Stage.CONFIRMED)
    assert season.answer(asked.id, YES).standing


def test_a_standing_yes_counts_only_where_the_cycle_lets_farms_choose(store: Store) -> None:
    season = one_farm(store, silence=Silence.NO)
    run_sql(store, "UPDATE farm SET standing_yes = true")
    season.lapse()
    assert season.asked(RequestState.LAPSED)


def test_silence_is_taken_once_and_not_before_its_time(store: Store) -> None:
    season = one_farm(store)
    assert store.run(commands.lapse, season.cycle_id) == 0
    assert store.read(queries.due_to_lapse) == []
    season.due_now()
    assert store.read(queries.due_to_lapse) == [season.cycle_id]
    assert [season.lapse(), season.lapse()] == [1, 0]
    assert store.read(queries.due_to_lapse) == []


def test_a_planner_may_stop_waiting(store: Store) -> None:
    season = one_farm(store)
    assert store.run(commands.end_answers, season.cycle_id) == 1
    assert store.run(commands.end_answers, season.cycle_id) == 0
    assert season.asked(RequestState.LAPSED)


def test_a_failed_harvest_after_the_promise_is_planned_around(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 60_000), bags=(50,)).confirmed()
    lot_id = min(season.taken())
    store.run(supply.report_failed_harvest, lot_id)
    season.relay()
    assert (season.pins()[lot_id], season.wishes()) == ((0, 0), ["harvest-failed"])
    season.publish(season.plan())
    assert lot_id not in season.taken()
    assert (season.allocated(lot_id), season.stage()) == (0, Stage.CONFIRMING)


def test_a_failed_harvest_told_twice_is_planned_around_once(store: Store) -> None:
    season = Season.closed(store, lots=(60_000, 60_000), bags=(50,)).confirmed()
    lot_id = min(season.taken())
    lot = store.run(supply.report_failed_harvest, lot_id)
    season.relay()
    season.publish(season.plan())
    region_id = season.market.country.region.id
    told = HarvestFailed(lot_id, lot.farm_id, lot.product_id, region_id, 0)
    store.run(commands.drop_failed_lot, told)
    assert season.wishes() == []


def test_a_harvest_that_fails_when_goods_move_leaves_the_plan_to_the_hub_that_counts(store: Store) -> None:
    season = Season.closed(store).confirmed()
    run_sql(store, "UPDATE order_cycle SET stage = 'moving'")
    (lot_id, *_) = season.taken()
    store.run(supply.report_failed_harvest, lot_id)
    season.relay()
    assert season.pins()[lot_id] != (0, 0)
    assert store.read(planning.due_to_plan) == []
    run_sql(store, "SELECT 1 / (SELECT count(*) FROM outbox_event WHERE attempts = 0 AND delivered_at IS NOT NULL)")


def test_a_harvest_that_fails_before_its_farm_was_asked_outdates_the_plan(store: Store) -> None:
    season = one_farm(store)
    (asked,) = season.asked()
    store.run(supply.report_failed_harvest, season.lots[0])
    assert season.answer(asked.id, YES).state == "accepted"  # the news is still under way
    season.relay()
    assert season.pins() == {season.lots[0]: (0, 0)}
    season.publish(season.plan())
    assert (season.taken(), season.stage()) == ({}, Stage.CONFIRMED)


def test_a_farms_record_counts_its_answers_and_its_silence(store: Store) -> None:
    season = Season.closed(store).planned()
    first, last = season.asked()
    season.answer(first.id, YES)
    season.lapse()
    farms = {FarmId(store.read(lots.lot, asked.lot_id).farm_id) for asked in (first, last)}
    declines = store.read(planning.expected_declines_ppm)
    assert {declines[farm] for farm in farms} == {47_619, 95_238}


def test_a_final_answer_cannot_be_changed_even_by_hand(store: Store) -> None:
    season = one_farm(store)
    season.answer(season.asked()[0].id, part(20_000))
    with pytest.raises(DBAPIError, match="final answer"):
        run_sql(store, "UPDATE confirmation_request SET answered = 30000")


def test_questions_come_a_page_at_a_time_and_by_farm(store: Store) -> None:
    season = Season.closed(store).planned()
    first = store.read(queries.requests, Paging(1), cycle_id=season.cycle_id)
    (rest,) = store.read(queries.requests, Paging(1, first.next), cycle_id=season.cycle_id).items
    assert [*first.items, rest] == season.asked()
    (own,) = store.read(queries.requests, Paging(9), farm_ids=[rest.farm_id]).items
    assert own == rest


def test_an_answer_is_judged_by_its_question_whatever_the_stage(store: Store) -> None:
    season = one_farm(store)
    run_sql(store, "UPDATE order_cycle SET stage = 'planned'")
    assert season.answer(season.asked()[0].id, YES).state == "accepted"
    assert season.stage() is Stage.PLANNED


def test_the_time_to_answer_is_the_cycles(store: Store) -> None:
    season = one_farm(store, answer_hours=5)
    (asked,) = season.asked()
    assert asked.due_at - asked.asked_at == timedelta(hours=5)
