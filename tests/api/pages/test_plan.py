"""A planner's pages: cycles with their buttons, answers, publishing with who is told, and others' that do not exist."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from farmlink.cycles import queries as cycles
from farmlink.cycles.values import Stage
from farmlink.network import queries as network
from farmlink.people import commands as people
from farmlink.people.values import OrganisationKind, Role
from farmlink.planning import commands as planning
from farmlink.planning.rules import PLANNER
from tests.api.conftest import Api
from tests.api.pages.browsers import HIDDEN, browser, browser_of, keys_on, send
from tests.farmlink.counted import counted
from tests.farmlink.planning.builders import YES, Season, force_sql


@pytest.fixture
def open_season(api: Api) -> Season:
    season = Season.opened(api.store, threshold_minor=1_000)
    season.order(30)
    return season


@pytest.fixture
def season(api: Api) -> Season:
    return Season.closed(api.store)


def planner_of(api: Api, season: Season, language: str = "en") -> httpx.Client:
    """The browser of a planner of the cycle's hub."""
    return browser_of(api, Role.PLANNER, season.market.hub.organisation_id, language)[0]


def test_a_planner_sees_the_cycles_of_their_own_hubs_alone(api: Api, open_season: Season) -> None:
    elsewhere = open_season.market.country.organisation(OrganisationKind.HUB, "Elsewhere")
    own, platform = planner_of(api, open_season), browser_of(api, Role.PLANNER)[0]
    stranger, farmer = browser_of(api, Role.PLANNER, elsewhere)[0], browser_of(api, Role.FARMER)[0]
    address = f"/plan/cycles/{open_season.cycle_id}"

    shown = [client.get("/plan") for client in (own, platform, stranger)]
    assert [(one.status_code, address in one.text) for one in shown] == [(200, True), (200, True), (200, False)]
    assert "No cycle of your hubs is under way." in shown[2].text
    assert [client.get(address).status_code for client in (own, platform, stranger, farmer)] == [200, 200, 404, 403]
    assert browser(api).get("/plan").url.path == "/sign-in"


def test_many_cycles_take_as_many_statements_as_one(api: Api, open_season: Season) -> None:
    planner = planner_of(api, open_season)
    with counted(api.store) as few:
        planner.get("/plan")
    more = [Season(open_season.market, open_season.market.open()[0]) for _ in range(4)]
    for season in more[:2]:
        season.order(5)
        season.close()
    more[0].planned()
    with counted(api.store) as many:
        shown = planner.get("/plan").text

    assert shown.count('class="sheet"') == 5
    assert "The plan that holds" in shown
    assert len(many) == len(few) < 20


@pytest.mark.parametrize(("language", "says"), [("en", "Taking orders"), ("zh-CN", "接单中")])
def test_a_cycle_says_in_the_planners_language_how_far_it_is(
    api: Api, open_season: Season, language: str, says: str
) -> None:
    shown = planner_of(api, open_season, language).get(f"/plan/cycles/{open_season.cycle_id}").text

    assert says in shown
    assert "30 kg" in shown


def test_ordering_is_paused_and_goes_on_by_a_button(api: Api, open_season: Season) -> None:
    planner, page = planner_of(api, open_season), f"/plan/cycles/{open_season.cycle_id}"
    paused = send(planner, page, f"{page}/pause")
    going = send(planner, page, f"{page}/resume")

    assert (f"{page}/resume" in paused.text, f"{page}/pause" in paused.text) == (True, False)
    assert ("Ordering is paused" in paused.text, "People are ordering" in paused.text) == (True, False)
    assert (f"{page}/resume" in going.text, f"{page}/pause" in going.text) == (False, True)


def test_each_act_on_a_cycle_has_a_key_of_its_own(api: Api, open_season: Season) -> None:
    keys = keys_on(planner_of(api, open_season).get(f"/plan/cycles/{open_season.cycle_id}").text)

    assert len(keys) == len(set(keys)) > 2


def test_the_cut_off_by_hand_pools_what_was_ordered(api: Api, open_season: Season) -> None:
    planner, page = planner_of(api, open_season), f"/plan/cycles/{open_season.cycle_id}"
    closed = send(planner, page, f"{page}/close")

    assert (closed.status_code, open_season.stage()) == (200, Stage.CLOSED)
    assert "Start a run" in closed.text
    assert "The run waits for the scheduler" in closed.text
    run_id = api.store.run(planning.wish_plan, open_season.cycle_id, PLANNER, 1, publish=False)
    wished = planner.get(page).text
    assert f'<a class="button" href="/plan/runs/{run_id}">' in wished
    assert f'<a class="button" href="{page}/runs#new">' not in wished


def test_a_cycle_is_cancelled_by_hand_once(api: Api, season: Season) -> None:
    planner, page, key = planner_of(api, season), f"/plan/cycles/{season.cycle_id}", str(uuid4())
    answers = [send(planner, page, f"{page}/cancel", key=key) for _ in range(2)]

    assert season.stage() is Stage.CANCELLED
    assert answers[0].status_code == 200
    for said in ("The planner cancelled it", "Was ordered", "Orders: 2", "Its orders were cancelled with it"):
        assert said in answers[0].text


def test_what_a_stage_does_not_allow_is_refused_above_the_page(api: Api, season: Season) -> None:
    planner, page = planner_of(api, season), f"/plan/cycles/{season.cycle_id}"
    hidden = dict(HIDDEN.findall(planner.get(page).text))
    refused = planner.post(f"{page}/open", data=hidden)

    assert refused.status_code == 409
    assert 'class="notice stop" role="alert"' in refused.text


def test_an_act_that_nobody_knows_is_not_found(api: Api, season: Season) -> None:
    page = f"/plan/cycles/{season.cycle_id}"

    planner = planner_of(api, season)
    word = dict(HIDDEN.findall(planner.get(page).text))["csrf"]

    assert planner.post(f"{page}/dance", data={"csrf": word}).status_code == 404
    assert send(planner, page, f"{page}/cancel").status_code == 200


def test_a_cut_off_is_put_off_by_the_hubs_clock(api: Api, open_season: Season) -> None:
    planner, page = planner_of(api, open_season), f"/plan/cycles/{open_season.cycle_id}"
    before = api.store.read(cycles.cycle, open_season.cycle_id)
    later = before.closes_at.astimezone(ZoneInfo(before.time_zone)) + timedelta(minutes=30)
    early = send(planner, page, f"{page}/extension", closes="2020-01-01T08:00")
    nothing = send(planner, page, f"{page}/extension", closes="some day")
    unmoved = api.store.read(cycles.cycle, open_season.cycle_id).closes_at
    put_off = send(planner, page, f"{page}/extension", closes=f"{later:%Y-%m-%dT%H:%M}")

    assert [early.status_code, nothing.status_code, put_off.status_code] == [409, 422, 200]
    assert ("2020-01-01T08:00" in early.text, "closes-fault" in nothing.text) == (True, True)
    assert "can only move to later" in early.text.partition('id="closes-fault"')[2].partition("</span>")[0]
    assert (unmoved, api.store.read(cycles.cycle, open_season.cycle_id).closes_at) == (
        before.closes_at,
        later.replace(second=0, microsecond=0),
    )


def test_what_changes_is_sent_again_only_when_it_changed(api: Api, open_season: Season) -> None:
    planner, part = planner_of(api, open_season), f"/plan/cycles/{open_season.cycle_id}/now"
    first = planner.get(part)
    again = planner.get(part, headers={"if-none-match": first.headers["etag"]})
    open_season.order(5)
    later = planner.get(part, headers={"if-none-match": first.headers["etag"]})

    assert [first.status_code, again.status_code, later.status_code] == [200, 304, 200]


def test_answers_are_counted_and_listed_by_what_farms_said(api: Api, season: Season) -> None:
    season.planned()
    first, second = season.asked()[:2]
    season.answer(first.id, YES)
    farmed = api.store.read(network.farm, second.farm_id).organisation_id
    api.store.run(people.add_person, "Bo Farmer", phone="+1 555 0100", role=Role.FARMER, organisation_id=farmed)
    planner, page = planner_of(api, season), f"/plan/cycles/{season.cycle_id}"
    yes = planner.get(f"{page}/answers?state=accepted").text
    waiting = planner.get(f"{page}/answers?state=open").text
    silent = planner.get(f"{page}/answers?state=lapsed").text

    assert [one.count("<tbody>") for one in (yes, waiting)] == [1, 1]
    assert ("Bo Farmer" in yes, "Bo Farmer" in waiting, 'href="tel:+1 555 0100"' in waiting) == (False, True, True)
    assert "Nobody is asked yet." in silent


def test_ending_the_answers_takes_silence_for_an_answer(api: Api, season: Season) -> None:
    season.planned()
    page = f"/plan/cycles/{season.cycle_id}"
    send(planner_of(api, season), page, f"{page}/end-answers")

    assert season.asked() == []


def test_silence_is_no_answer_on_the_first_page(api: Api, season: Season) -> None:
    season.planned()
    planner = planner_of(api, season)
    force_sql(api.store, "UPDATE confirmation_request SET state = 'lapsed', answered = 0, answered_at = now()")
    assert re.search(r"0 yes, 0 in part, 0 no · \d+ silent", planner.get("/plan").text)


def test_publishing_says_who_is_told_before_it_asks_them(api: Api, season: Season) -> None:
    plan_id = season.plan()
    planner, page = planner_of(api, season), f"/plan/plans/{plan_id}/publish"
    before = planner.get(page).text
    asked_before = len(season.asked())
    published = send(planner, page, page)
    again = planner.get(page).text

    assert (asked_before, len(season.asked()) > 0) == (0, True)
    assert "Is asked anew for" in before
    assert "Apples" in before
    assert published.url.path == f"/plan/cycles/{season.cycle_id}"
    assert "This version holds already." in again


def test_an_older_version_can_only_be_looked_at(api: Api, season: Season) -> None:
    old = season.plan()
    season.publish(season.plan())
    shown = planner_of(api, season).get(f"/plan/plans/{old}/publish").text

    assert "this one can only be looked at" in shown
    assert f'action="/plan/plans/{old}/publish"' not in shown


def test_a_plan_of_another_hub_is_not_published(api: Api, season: Season) -> None:
    plan_id = season.plan()
    elsewhere = season.market.country.organisation(OrganisationKind.HUB, "Elsewhere")
    stranger = browser_of(api, Role.PLANNER, elsewhere)[0]
    addresses = (f"/plan/plans/{plan_id}", f"/plan/plans/{plan_id}/publish", f"/plan/plans/{plan_id}/plan.csv")

    assert {stranger.get(address).status_code for address in addresses} == {404}
