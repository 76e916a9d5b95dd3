"""The question on one screen, the farmer's first page, and what a phone needs to work without a signal."""

from __future__ import annotations

from uuid import uuid4

import pytest

from farmlink.network import commands as network
from farmlink.network.values import FarmDraft
from farmlink.people.values import Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser, browser_of, send
from tests.api.pages.farming import Asked, asked_farm
from tests.farmlink.planning.builders import NO, run_sql

SCRIPT = {"accept": "application/json"}


@pytest.fixture
def field(api: Api) -> Asked:
    return asked_farm(api)


def said(field: Asked, **form: str) -> dict[str, str]:
    """An answer as the phone's script sends it."""
    word = field.farmer.get("/farm/outbox").json()["csrf"]
    return {"csrf": word, "key": str(uuid4())} | form


def test_a_question_says_silence_first_then_all_that_a_farmer_needs(field: Asked) -> None:
    planner = field.api.person(Role.PLANNER, field.season.market.hub.organisation_id)
    run_sql(field.api.store, "UPDATE person SET phone = '+1 616 555 0134' WHERE id = :id", id=planner)
    page = field.farmer.get(field.path).text

    wanted = ["If you say nothing, it counts as no.", "Apples", "50 kg", "$100.00", "your price: $2.00 a kilogram"]
    wanted += ["Thu 4 Sep, about", "at your gate: South Haven, MI 49090", 'href="tel:+16165550134"', "Yes, all of it"]
    places = [page.find(one) for one in wanted]
    assert -1 not in places, wanted[places.index(-1)]
    assert places[0] < min(place for one, place in zip(wanted, places, strict=True) if one.startswith(("50 kg", "$1")))
    assert "data-until" in page


def test_a_chinese_reader_sees_it_in_jin_and_nobody_is_named_who_could_not_be_called(api: Api) -> None:
    field = asked_farm(api, "zh-CN")
    page = field.farmer.get(field.path).text

    assert "100 斤" in page
    assert "如果不答复" in page
    assert "tel:" not in page
    assert "mailto:" not in page


def test_a_farm_with_a_standing_yes_is_told_that_silence_is_yes(field: Asked) -> None:
    names = FarmDraft.__dataclass_fields__
    draft = FarmDraft(**{name: getattr(field.farm, name) for name in names} | {"standing_yes": True})
    field.api.store.run(network.change_farm, field.farm.id, draft, field.farm.revision)

    assert "If you say nothing, it counts as yes, as your farm chose." in field.farmer.get(field.path).text


@pytest.mark.parametrize(
    ("form", "state", "answered", "shown"),
    [
        ({"reply": "accepted"}, "accepted", 50_000, "You said yes to all of it."),
        ({"reply": "reduced", "amount": "20", "reason": "pest"}, "reduced", 20_000, "You send 20 kg."),
        ({"reply": "declined", "reason": "labour"}, "declined", 0, "Reason: No hands to pick it"),
    ],
)
def test_each_answer_is_taken_and_shown_without_scripts(
    field: Asked, form: dict[str, str], state: str, answered: int, shown: str
) -> None:
    page = send(field.farmer, field.path, field.path, **form)

    assert (page.status_code, page.url.path) == (200, field.path)
    assert shown in page.text
    assert 'name="reply"' not in page.text
    assert (field.now().state, field.now().answered) == (state, answered)


@pytest.mark.parametrize("amount", ["", "0", "50", "a lot"])
def test_a_part_that_is_none_is_refused_at_its_field_and_stays_as_it_was_typed(field: Asked, amount: str) -> None:
    page = send(field.farmer, field.path, field.path, reply="reduced", amount=amount, reason="pest")

    assert page.status_code == 422
    assert 'id="amount-fault"' in page.text
    assert 'value="pest" checked' in page.text
    assert field.now().state == "open"


def test_in_packs_a_part_is_counted_in_packs(field: Asked) -> None:
    run_sql(field.api.store, "UPDATE lot SET pack = 10000 WHERE id = :lot", lot=field.asked.lot_id)
    page = field.farmer.get(field.path).text
    sent = send(field.farmer, field.path, field.path, reply="reduced", amount="3", reason="pest")

    assert "5 \u00d7 crate" in page
    assert "How many \u00d7 crate?" in page
    assert (sent.status_code, field.now().answered) == (200, 30_000)


def test_a_script_gets_a_short_answer_and_the_same_key_counts_once(field: Asked) -> None:
    form = said(field, reply="accepted")
    first, again = (field.farmer.post(field.path, data=form, headers=SCRIPT) for _ in range(2))

    assert first.json() == again.json()
    assert first.json()["said"] == "You said yes to all of it."
    assert len(first.content) < 2_000
    count = "SELECT count(*) FROM audit_entry WHERE action = 'confirmation.answer'"
    assert field.api.store.read(lambda tx: tx.execute(count).scalar_one()) == 1


def test_a_stale_answer_gets_a_clear_page_and_a_script_the_reason(field: Asked) -> None:
    stale = field.farmer.get(field.path).text
    field.season.answer(field.asked.id, NO)
    word, key = (stale.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "key"))
    page = field.farmer.post(field.path, data={"csrf": word, "key": key, "reply": "accepted"})
    told = field.farmer.post(field.path, data=said(field, reply="accepted"), headers=SCRIPT)

    assert page.status_code == 409
    assert "Your answer was not taken: the question had moved on." in page.text
    assert "You said no." in page.text
    assert (told.status_code, told.json()["code"]) == (409, "answered-otherwise")
    assert told.json()["detail"] == "The question had moved on. You said no."


def test_what_lapsed_or_is_no_longer_asked_says_so_and_takes_no_answer(field: Asked) -> None:
    field.season.due_now()
    assert "The time to answer is over." in field.farmer.get(field.path).text
    field.season.lapse()
    page = field.farmer.get(field.path).text
    assert "The time to answer is over." in page
    assert 'name="reply"' not in page


def test_a_question_that_is_no_longer_asked_leads_to_the_newest_one(field: Asked) -> None:
    run_sql(field.api.store, "UPDATE confirmation_request SET quantity = 40000 WHERE id = :id", id=field.asked.id)
    field.season.publish(field.season.plan())
    [newer] = field.season.asked()
    page = field.farmer.get(field.path).text

    assert "The plan has changed, and this is no longer asked." in page
    assert f'href="/farm/questions/{newer.id}"' in page
    assert 'name="reply"' not in page
    field.season.answer(newer.id, NO)
    assert "Nothing is asked of this lot now." in field.farmer.get(field.path).text


def test_who_is_signed_out_is_led_to_the_sign_in_and_a_script_is_told(field: Asked) -> None:
    nobody = browser(field.api)
    nobody.follow_redirects = False

    assert nobody.get("/farm").headers["location"] == "/sign-in?to=/farm"
    assert nobody.post(field.path, data={"reply": "accepted"}, headers=SCRIPT).status_code == 401
    assert nobody.get("/farm/outbox").json() == {"csrf": "", "person": ""}
    assert field.farmer.get("/farm/outbox").json()["person"] == str(field.person_id)
    assert nobody.get("/farm/no-signal").status_code == 200


def test_a_session_without_its_word_answers_nothing(field: Asked) -> None:
    form = {"key": str(uuid4()), "reply": "accepted"}

    assert field.farmer.post(field.path, data=form, headers=SCRIPT).json()["code"] == "cross-site"
    assert field.now().state == "open"


def test_others_questions_do_not_exist_and_consumers_have_no_farm(field: Asked) -> None:
    neighbour = field.neighbour()
    assert neighbour.get(field.path).status_code == 404
    assert "Apples" not in neighbour.get("/farm").text
    assert browser_of(field.api, Role.CONSUMER)[0].get("/farm").status_code == 403


def test_the_first_page_shows_what_waits_then_what_to_pick_and_what_is_on_offer(api: Api) -> None:
    field = asked_farm(api, lots=(60_000, 60_000), bags=80)
    page = field.farmer.get("/farm").text
    assert "1 question waits" in page
    assert f'href="{field.path}"' in page
    assert "Nothing is promised for the next days." in page

    send(field.farmer, field.path, field.path, reply="accepted")
    page = field.farmer.get("/farm").text
    assert "Nothing waits for you." in page
    assert "Nothing is promised for the next days." not in page


def test_a_farmer_without_a_farm_is_shown_how_to_apply(api: Api) -> None:
    farmer, _ = browser_of(api, Role.FARMER)

    assert 'href="/me/applications"' in farmer.get("/farm").text
    assert farmer.get("/farm/lots").status_code == 200
    assert farmer.get("/farm/harvest").status_code == 200
    assert farmer.get("/farm/money").status_code == 404


def test_what_a_planner_answered_waits_for_the_farm_to_object(field: Asked) -> None:
    planner = field.api.person(Role.PLANNER, field.season.market.hub.organisation_id)
    path = f"/api/v1/confirmations/{field.asked.id}/answer"
    field.api.as_(planner).post(path, json={"reply": "accepted"}, headers={"Idempotency-Key": str(uuid4())})

    assert "The planner answered for you" in field.farmer.get("/farm").text
    assert "If that is right, do nothing." in field.farmer.get(field.path).text
    send(field.farmer, field.path, field.path, reply="declined", reason="weather")
    assert (field.now().state, field.now().on_behalf) == ("declined", False)


def test_a_phone_keeps_its_link_although_its_first_answer_got_lost_on_the_way(field: Asked) -> None:
    made = field.api.as_(field.person_id).post(f"/api/v1/confirmations/{field.asked.id}/link")
    link, phone = f"/answers/{made.json()['token']}", str(uuid4())
    form = {"key": str(uuid4()), "reply": "accepted", "phone": phone}

    lost = browser(field.api).post(link, data=form, headers=SCRIPT)
    again = browser(field.api).post(link, data=form, headers=SCRIPT)
    elsewhere = browser(field.api).post(link, data=form | {"key": str(uuid4()), "phone": str(uuid4())})

    assert (lost.json(), lost.status_code) == (again.json(), 200)
    assert elsewhere.status_code == 403
    assert "Your answer was not taken: the question had moved on." in elsewhere.text
    assert "You said yes to all of it." in elsewhere.text


def test_a_link_that_is_cut_off_or_too_old_says_what_to_do_instead(field: Asked) -> None:
    made = field.api.as_(field.person_id).post(f"/api/v1/confirmations/{field.asked.id}/link")
    token = made.json()["token"]
    phone = browser(field.api)
    cut = phone.get(f"/answers/{token[:-6]}")
    posted = phone.post(f"/answers/{token[:-6]}", data={"reply": "accepted", "key": str(uuid4())})

    assert (cut.status_code, posted.status_code) == (404, 404)
    assert "This link is not complete." in cut.text
    assert "sign in and answer on your farm&#39;s page" in cut.text
    assert 'href="/farm"' in posted.text


def test_the_worker_is_served_from_the_root_and_asked_for_anew_each_time(api: Api) -> None:
    worker = browser(api).get("/farm-worker.js")

    assert worker.status_code == 200
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
