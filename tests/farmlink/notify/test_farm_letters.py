"""What farmers and planners get when a plan asks them, waits for them or counts without them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from farmlink.confirmations import commands as answers
from farmlink.confirmations.values import PlanPublished
from farmlink.cycles.values import Silence
from farmlink.network import queries as network
from farmlink.network.values import FarmId
from farmlink.people.values import OrganisationId, PersonId, Role
from farmlink.planning import commands as plan_commands
from farmlink.planning import queries as planning
from farmlink.planning.values import PlanId
from farmlink.store.store import Store
from farmlink.supply import commands as supply
from farmlink.supply import queries as lots
from farmlink.supply.values import LotId
from tests.farmlink.notify.builders import PostOffice, body, link, token
from tests.farmlink.planning.builders import NO, YES, Season, run_sql


def farmer_of(post: PostOffice, lot_id: LotId, email: str = "farmer@example.org", language: str = "en") -> PersonId:
    """Add a farmer to the farm of a lot."""
    return post.person(email, language, Role.FARMER, keeper(post.store, lot_id))


def keeper(store: Store, lot_id: LotId) -> OrganisationId:
    return store.read(network.farm, FarmId(store.read(lots.lot, lot_id).farm_id)).organisation_id


def asked_season(post: PostOffice, **terms: Any) -> tuple[Season, PersonId]:
    """A planned season whose one lot has a farmer with an address, and nothing left to stand by with."""
    season = Season.closed(post.store, lots=(30_000,), bags=(30,), **terms)
    farmer = farmer_of(post, season.lots[0])
    season.planned()
    return season, farmer


def test_a_farmer_is_asked_with_a_deadline_and_a_link(post: PostOffice) -> None:
    season, _ = asked_season(post)
    [asked] = season.asked()

    post.send()

    letter = post.only_letter()
    assert letter["To"] == "farmer@example.org"
    assert letter["Subject"].startswith("Apples for Sep 4, 2031: please answer by ")
    assert "30 kg of Apples (Class I) on Sep 4, 2031?" in body(letter)
    assert "promised already" not in body(letter)
    assert body(letter).endswith("If you do not answer, it counts as no.\n")
    assert link(letter).startswith("https://farm.example/answers/")
    answered = season.store.run(answers.answer_by_link, token(letter), "phone", YES)
    assert (answered.id, answered.state) == (asked.id, "accepted")


def test_each_farmer_of_a_farm_gets_a_link_of_their_own_in_their_language(post: PostOffice) -> None:
    season = Season.closed(post.store, lots=(30_000,), bags=(30,))
    farmer_of(post, season.lots[0])
    farmer_of(post, season.lots[0], "wang@example.org", "zh-CN")
    season.planned()

    post.send()

    english, chinese = sorted(post.letters(), key=lambda letter: str(letter["To"]))
    assert link(english) != link(chinese)
    assert "苹果 30 公斤" in body(chinese)


def test_a_question_answered_before_its_message_went_is_not_asked_again(post: PostOffice) -> None:
    season, _ = asked_season(post)
    season.answer(season.asked()[0].id, YES)

    assert post.send() == 0

    assert post.told() == [("question", "outdated")]


def test_a_farm_is_told_that_nobody_waits_for_its_answer_any_more(post: PostOffice) -> None:
    season, _ = asked_season(post)
    post.send()
    post.store.run(supply.report_failed_harvest, season.lots[0])

    post.send()

    assert post.told() == [("question", "sent"), ("question-withdrawn", "sent")]
    assert post.letters()[-1]["Subject"] == "Apples for Sep 4, 2031: no answer needed any more"


@pytest.mark.parametrize(
    ("standing", "subject"),
    [(True, "Apples for Sep 4, 2031: counted as yes"), (False, "Apples for Sep 4, 2031: counted as no")],
)
def test_a_silent_farm_learns_what_its_silence_meant(post: PostOffice, subject: str, *, standing: bool) -> None:
    season, _ = asked_season(post, silence=Silence.FARM_CHOICE)
    run_sql(post.store, "UPDATE farm SET standing_yes = :yes", yes=standing)
    post.send()
    season.lapse()

    post.send()

    question, silence = post.letters()
    assert body(question).rstrip().endswith("counts as yes, as your farm chose." if standing else "it counts as no.")
    assert silence["Subject"] == subject


def test_an_answer_given_needs_no_message(post: PostOffice) -> None:
    season, _ = asked_season(post)
    post.send()
    season.answer(season.asked()[0].id, NO)

    post.send()

    assert post.told() == [("question", "sent")]


def test_a_farm_is_told_at_once_what_was_answered_for_it_and_objects_by_the_letter(post: PostOffice) -> None:
    season, _ = asked_season(post)
    farmer_of(post, season.lots[0], "wang@example.org", "zh-CN")
    [asked] = season.asked()
    planner = post.person(None, "en", Role.PLANNER, season.market.hub.organisation_id)

    season.store.run(answers.answer, asked.id, YES, planner)
    post.send()

    assert post.told() == 2 * [("question", "outdated")] + 2 * [("answered-for", "sent")]
    english, chinese = sorted(post.letters(), key=lambda letter: str(letter["To"]))
    assert english["Subject"] == "Apples for Sep 4, 2031: the planner answered for you"
    assert "it sends 30 kg of 30 kg of Apples on Sep 4, 2031." in body(english)
    assert "已代" in body(chinese)
    objected = season.store.run(answers.answer_by_link, token(english), "phone", NO)
    assert (objected.state, objected.on_behalf) == ("declined", False)


def test_a_farm_that_has_spoken_for_itself_is_not_told_what_was_said_for_it_before(post: PostOffice) -> None:
    season, farmer = asked_season(post)
    [asked] = season.asked()
    planner = post.person(None, "en", Role.PLANNER, season.market.hub.organisation_id)
    season.store.run(answers.answer, asked.id, YES, planner)
    season.store.run(answers.answer, asked.id, NO, farmer)

    post.send()

    assert post.told() == [("question", "outdated"), ("answered-for", "outdated")]


def standing_by(post: PostOffice) -> tuple[Season, LotId]:
    """A published plan with one lot on standby, whose farm has farmers of both languages."""
    season = Season.closed(post.store, lots=(60_000,), bags=(40,))
    season.market.lot(60_000, ask=900)
    plan_id = season.plan()
    [waiting] = post.store.read(planning.standby, plan_id)
    farmer_of(post, waiting.lot_id)
    farmer_of(post, waiting.lot_id, "wang@example.org", "zh-CN")
    season.publish(plan_id)
    return season, waiting.lot_id


def test_each_farmer_of_a_lot_on_standby_is_told_that_it_is(post: PostOffice) -> None:
    standing_by(post)

    post.send()

    letters = {(str(letter["To"]), str(letter["Subject"])): letter for letter in post.letters()}
    english = letters["farmer@example.org", "Apples for Sep 4, 2031: you are on standby"]
    [chinese] = [subject for to, subject in letters if to == "wang@example.org" and "候补" in subject]
    assert chinese.startswith("2031年9月4日 苹果")
    assert "You are on standby for 2.106 kg of Apples on Sep 4, 2031; we ask only if others" in body(english)


def test_standby_is_told_once_however_often_publishing_is_relayed(post: PostOffice) -> None:
    season, _ = standing_by(post)
    plan_id = post.store.read(planning.published_plan, season.cycle_id)
    assert plan_id is not None
    post.store.run(lambda tx: tx.announce(PlanPublished(season.cycle_id, plan_id)))

    post.send()

    assert [kind for kind, _ in post.told()].count("standby") == 2


def standby_states(post: PostOffice) -> list[str]:
    return sorted(state for kind, state in post.told() if kind == "standby")


def test_standby_that_a_newer_plan_leaves_as_it_is_is_told_once(post: PostOffice) -> None:
    season, _ = standing_by(post)
    season.relay()
    season.planned()
    post.send()
    season.planned()
    post.send()

    assert standby_states(post) == ["sent", "sent"], "to each farmer once, of whatever version"


def test_standby_that_a_newer_plan_changes_is_told_anew(post: PostOffice) -> None:
    season, lot_id = standing_by(post)
    post.send()
    farm_id = post.store.read(lots.lot, next(iter(season.taken()))).farm_id
    season.store.run(supply.remember_answers, [(farm_id, False)] * 3)
    season.planned()
    post.send()

    assert standby_states(post) == ["sent"] * 4
    assert lot_id in {one.lot_id for one in post.store.read(planning.standby, holding(season))}


def test_standby_of_a_plan_that_holds_no_more_is_not_told(post: PostOffice) -> None:
    season, lot_id = standing_by(post)
    season.relay()
    run_sql(post.store, "UPDATE lot SET state = 'withdrawn' WHERE id = :lot", lot=lot_id)
    season.planned()

    post.send()

    assert standby_states(post) == ["outdated", "outdated"]


def holding(season: Season) -> PlanId:
    plan_id = season.store.read(planning.published_plan, season.cycle_id)
    assert plan_id is not None
    return plan_id


def test_planners_hear_of_a_failed_harvest_that_was_counted_on(post: PostOffice) -> None:
    season = Season.closed(post.store, lots=(60_000,), bags=(30,)).confirmed()
    season.relay()
    season.market.lot(10_000)
    post.person("hub@example.org", role=Role.PLANNER, organisation_id=season.market.hub.organisation_id)
    post.person("platform@example.org", role=Role.PLANNER)
    for lot_id in season.lots:
        post.store.run(supply.report_failed_harvest, lot_id)

    post.send()

    assert {letter["To"] for letter in post.letters()} == {"hub@example.org", "platform@example.org"}
    assert len(post.letters()) == 2, "the lot that nobody counted on is not worth a message"
    assert post.letters()[0]["Subject"].startswith("Failed harvest: Apples of Farm ")


@pytest.mark.parametrize(
    ("publish", "stopped_by", "degraded", "told"),
    [
        (True, "greedy", True, True),
        (True, "deadline", True, True),
        (True, "iterations", False, False),
        (False, "greedy", True, False),
        (True, "cancelled", True, False),
    ],
)
def test_planners_hear_of_a_plan_that_is_to_hold_and_was_not_finished_by_no_wish_of_theirs(
    post: PostOffice, *, publish: bool, stopped_by: str, degraded: bool, told: bool
) -> None:
    season = Season.closed(post.store)
    post.person("hub@example.org", role=Role.PLANNER, organisation_id=season.market.hub.organisation_id)
    run_id = post.store.run(plan_commands.begin_run, season.cycle_id, "cut-off", 1, publish=publish)
    made = season.made()
    post.store.run(plan_commands.store_plan, run_id, replace(made, stopped_by=stopped_by, degraded=degraded))

    assert post.send() == int(told)

    if told:
        assert "Grand Rapids, Sep 4, 2031. The best plan that there is will be used." in body(post.only_letter())
