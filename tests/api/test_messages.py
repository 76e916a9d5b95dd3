"""What arrives by mail leads somewhere: accounts, passwords and farmers' answers, over HTTP."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest

from farmlink.cycles.values import Stage
from farmlink.network import queries as network
from farmlink.people.values import Role
from farmlink.supply import queries as lots
from tests.api.conftest import Api, once
from tests.farmlink.notify.builders import PostOffice, link, token
from tests.farmlink.planning.builders import Season

PEOPLE, ANSWERS = "/api/v1/people", "/api/v1/answers"
PAGE = {"accept": "text/html", "accept-language": "en"}
ANA = {"email": "ana@example.org", "name": "Ana", "password": "a long pass phrase", "language": "zh-CN"}
ENTRY = {"email": ANA["email"], "password": ANA["password"]}


@pytest.fixture
def post(api: Api, tmp_path: Path) -> PostOffice:
    return PostOffice(api.store, tmp_path / "mail")


def register(api: Api, post: PostOffice) -> None:
    """Open Ana's account by her mail."""
    api.nobody.post(f"{PEOPLE}/registrations", json=ANA)
    post.send()
    opened = api.nobody.post(f"{PEOPLE}/registrations/confirmed", json={"token": token(post.letters()[-1])})
    assert opened.status_code == 201


def test_somebody_registers_reads_their_mail_and_signs_in(api: Api, post: PostOffice) -> None:
    asked = api.nobody.post(f"{PEOPLE}/registrations", json=ANA)
    too_early = api.nobody.post(f"{PEOPLE}/sign-ins", json=ENTRY)
    post.send()
    letter = post.only_letter()
    opened = api.nobody.post(f"{PEOPLE}/registrations/confirmed", json={"token": token(letter)})
    entered = api.nobody.post(f"{PEOPLE}/sign-ins", json=ENTRY)

    assert [asked.status_code, too_early.status_code, opened.status_code, entered.status_code] == [202, 401, 201, 201]
    assert (letter["To"], letter["Subject"]) == ("ana@example.org", "您的 farmlink 账户")
    me = api.client({"authorization": f"Bearer {entered.json()['token']}"}).get(f"{PEOPLE}/me").json()
    assert (me["name"], me["language"]) == ("Ana", "zh-CN")


def test_whoever_forgot_the_password_gets_a_new_one_by_mail(api: Api, post: PostOffice) -> None:
    register(api, post)
    fresh = "another long phrase"
    api.nobody.post(f"{PEOPLE}/password-resets", json={"email": ANA["email"]})
    unknown = api.nobody.post(f"{PEOPLE}/password-resets", json={"email": "eve@example.org"})
    post.send()
    letter = post.letters()[-1]
    done = api.nobody.post(f"{PEOPLE}/password-resets/confirmed", json={"token": token(letter), "password": fresh})

    assert (unknown.status_code, done.status_code) == (202, 204)
    assert letter["Subject"] == "重设 farmlink 密码"
    assert len(post.letters()) == 2, "an unknown address gets nothing"
    assert api.nobody.post(f"{PEOPLE}/sign-ins", json=ENTRY).json()["code"] == "wrong-password"
    assert api.nobody.post(f"{PEOPLE}/sign-ins", json=ENTRY | {"password": fresh}).status_code == 201


def test_a_farmer_answers_by_the_link_and_no_scanner_does(api: Api, post: PostOffice) -> None:
    season = asked_farmer(api, post)
    address = f"{ANSWERS}/{token(post.only_letter())}"

    scanned = [api.client().get(address) for _ in range(3)]
    answer = {"reply": "accepted", "device": str(uuid4())}
    answered = api.nobody.post(address, json=answer, headers=once())
    again = api.nobody.post(address, json=answer, headers=once())
    elsewhere = api.nobody.post(address, json=answer | {"device": str(uuid4())}, headers=once())

    assert [(one.status_code, one.json()["state"]) for one in scanned] == [(200, "open")] * 3
    assert (answered.json()["state"], answered.json()["answered"]) == ("accepted", 30_000)
    assert again.json() == answered.json()
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "link-elsewhere")
    assert season.stage() is Stage.CONFIRMED


def page_of(post: PostOffice) -> str:
    """The address behind the link of the newest letter, on this server."""
    return link(post.letters()[-1]).removeprefix("https://farm.example")


def key_on(page: str) -> str:
    """The key that the form hides."""
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert found, "the form hides a key"
    return found[1]


def asked_farmer(api: Api, post: PostOffice) -> Season:
    """A farm whose farmer has a question in the mail."""
    season = Season.closed(api.store, lots=(30_000,), bags=(30,))
    lot = api.store.read(lots.lot, season.lots[0])
    keeper = api.store.read(network.farm, lot.farm_id).organisation_id
    post.person("farmer@example.org", role=Role.FARMER, organisation_id=keeper)
    season.planned()
    post.send()
    return season


def test_the_link_of_a_registration_opens_the_account_by_a_button(api: Api, post: PostOffice) -> None:
    api.nobody.post(f"{PEOPLE}/registrations", json=ANA)
    post.send()
    browser = api.client(PAGE)

    shown = [browser.get(page_of(post)) for _ in range(3)]
    opened = browser.post(page_of(post))
    again = api.client(PAGE).post(page_of(post))

    assert {one.status_code for one in shown} == {200}
    assert "Open my account" in shown[0].text
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    assert "Ana" in browser.get("/me").text
    assert again.status_code == 409
    assert "used already or has expired" in again.text


def test_the_link_of_a_reset_asks_for_the_new_password(api: Api, post: PostOffice) -> None:
    register(api, post)
    api.nobody.post(f"{PEOPLE}/password-resets", json={"email": ANA["email"]})
    post.send()
    browser = api.client(PAGE)

    shown = browser.get(page_of(post), headers={"accept-language": "zh-CN"})
    short = browser.post(page_of(post), data={"password": "short"})
    done = browser.post(page_of(post), data={"password": "another long phrase"})

    assert "新密码" in shown.text
    assert short.status_code == 422
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    assert api.nobody.post(f"{PEOPLE}/sign-ins", json=ENTRY | {"password": "another long phrase"}).status_code == 201


@pytest.mark.parametrize(
    ("form", "state", "answered", "said"),
    [
        ({"reply": "accepted", "amount": "", "reason": "other"}, "accepted", 30_000, "You said yes to all of it."),
        ({"reply": "reduced", "amount": "12", "reason": "pest"}, "reduced", 12_000, "You said yes to a part."),
        ({"reply": "declined", "amount": "", "reason": "weather"}, "declined", 0, "You said no."),
    ],
)
def test_a_farmer_answers_on_the_page_behind_the_link(
    api: Api, post: PostOffice, form: dict[str, str], state: str, answered: int, said: str
) -> None:
    season = asked_farmer(api, post)
    phone = api.client(PAGE)

    shown = phone.get(page_of(post))
    other = api.client(PAGE)
    others = form | {"key": key_on(other.get(page_of(post)).text)}
    form = form | {"key": key_on(shown.text)}
    sent = phone.post(page_of(post), data=form)
    elsewhere = other.post(page_of(post), data=others)
    [request] = season.asked(None)

    assert "30 kg of Apples (Class I) on Sep 4, 2031?" in shown.text
    assert (sent.status_code, sent.headers["location"]) == (303, page_of(post))
    assert (request.state, request.answered) == (state, answered)
    assert said in phone.get(page_of(post)).text
    assert phone.post(page_of(post), data=form).status_code == 303, "the same answer again is confirmed again"
    assert elsewhere.status_code == 403


def test_a_part_that_is_none_is_refused_on_the_page(api: Api, post: PostOffice) -> None:
    season = asked_farmer(api, post)
    phone = api.client(PAGE)
    said = {"reply": "reduced", "reason": "pest", "key": key_on(phone.get(page_of(post)).text)}
    refused = [phone.post(page_of(post), data=said | {"amount": amount}) for amount in ("", "30", "1.5", "-1")]
    assert [one.status_code for one in refused] == [422] * 4
    assert season.asked()[0].state == "open"
