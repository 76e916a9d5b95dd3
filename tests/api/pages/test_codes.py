"""Signing in by a code on a page, and seeing where one is signed in."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest

from farmlink.people import commands, queries
from farmlink.people.values import CodeId, PersonId, Role
from tests.api.conftest import Api
from tests.api.pages.browsers import browser, send
from tests.api.pages.test_account import ADDRESS, ana

SIGN_IN, CODE, ENTRY = "/sign-in", "/sign-in/code", "/sign-in/code/entry"


def code_sent(api: Api) -> str:
    """The code of the newest letter."""
    payload = api.store.read(
        lambda tx: tx.execute(
            "SELECT payload FROM outbox_event WHERE name = 'sign-in.code-asked.v1' ORDER BY id DESC LIMIT 1"
        ).scalar_one()
    )
    return api.store.run(commands.make_code, CodeId(UUID(payload["code_id"])))


def ask(client: httpx.Client, address: str = ADDRESS, to: str = "/") -> httpx.Response:
    return client.post(CODE, data={"email": address, "password": "", "to": to})


def farmer(api: Api) -> PersonId:
    """A farmer who never had a password."""
    return api.store.run(commands.add_person, "Wang", email=ADDRESS, role=Role.FARMER)


def test_a_farmer_without_a_password_signs_in_by_a_code_and_comes_to_what_they_wanted(api: Api) -> None:
    person_id, client = farmer(api), browser(api)
    client.headers["user-agent"] = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"

    asked = ask(client, to="/farm/money")
    entered = send(client, str(asked.url), ENTRY, code=code_sent(api))

    assert (asked.url.path, asked.status_code) == (CODE, 200)
    assert (entered.url.path, entered.status_code) == ("/farm/money", 404), "signed in, with no farm of theirs yet"
    assert "Firefox, Android" in client.get("/me").text
    assert [one.browser for one in api.store.read(queries.sign_ins, person_id, "")] == ["Firefox, Android"]
    assert client.get(CODE).url.path == SIGN_IN, "the code is used up"


def test_a_wrong_code_is_said_and_the_next_one_counts(api: Api) -> None:
    farmer(api)
    client = browser(api)
    ask(client)
    right = code_sent(api)

    wrong = send(client, CODE, ENTRY, code=f"{(int(right) + 1) % 10**8:08}")
    unread = send(client, CODE, ENTRY, code="12345")
    entered = send(client, CODE, ENTRY, code=right)

    assert wrong.status_code == 401
    assert "This is not the code of the newest letter." in wrong.text
    assert unread.status_code == 422
    assert re.search(r'id="code-fault">.*Give the eight digits', unread.text, re.DOTALL)
    assert entered.url.path == "/farm"


def test_the_page_of_a_code_says_the_same_of_an_unknown_address(api: Api) -> None:
    farmer(api)
    pages = [ask(browser(api), address) for address in (ADDRESS, "nobody@example.org")]

    told = {(page.status_code, re.sub(r'data-server="[^"]*"|value="[^"]*"', "", page.text)) for page in pages}

    assert len(told) == 1
    wrong = send(browser(api), CODE, ENTRY, code="12345678")
    assert wrong.status_code == 409, "a browser that asked for none"


def test_an_address_that_is_none_is_said_at_its_field(api: Api) -> None:
    page = ask(browser(api), "nobody")

    assert page.status_code == 422
    assert 'id="email-fault"' in page.text


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_code_leads_nobody_to_another_site(api: Api, to: str) -> None:
    farmer(api)
    client = browser(api)
    client.follow_redirects = False

    asked = ask(client, to=to)
    entered = client.post(ENTRY, data={"code": code_sent(api), "to": to})

    assert asked.headers["location"] in {f"{CODE}?to=/", f"{CODE}?to=/evil.example"}
    assert entered.status_code == 303
    assert entered.headers["location"] in {"/", "/evil.example"}, "an address of our own, whatever it is called"


def test_one_ends_a_sign_in_that_one_does_not_know_and_then_all_others(api: Api) -> None:
    client, person_id = ana(api)
    stolen, lost, forgotten = (api.store.run(commands.sign_in_as, person_id) for _ in range(3))
    [*_, oldest] = [one for one in api.store.read(queries.sign_ins, person_id, "") if one.browser == ""][:3]

    page = send(client, "/me", f"/me/sign-ins/{oldest.id}/ended")

    assert page.text.count("/ended") == 3, "two others, and all devices"
    assert api.store.read(queries.principal_of, stolen.token) is None
    rest = send(client, "/me", "/me/sign-ins/others-ended")
    assert rest.status_code == 200
    assert "Sign out everywhere else" not in rest.text
    assert {api.store.read(queries.principal_of, one.token) for one in (lost, forgotten)} == {None}
