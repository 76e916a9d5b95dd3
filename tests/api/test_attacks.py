"""What somebody with bad intentions sends by hand: a clear refusal, nothing changed, and everybody else is served."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlmodel import SQLModel

from api.app import create_app
from api.auth import FORM
from api.description import described
from farmlink.people import commands, work
from farmlink.people.values import Carrier, OrganisationKind, Role
from tests.api.conftest import once
from tests.api.test_matrix import listed

if TYPE_CHECKING:
    from tests.api.conftest import Api

ME = "/api/v1/people/me"
SIGN_IN = "/api/v1/people/sign-ins"
ORGANISATIONS = "/api/v1/organisations"
ANY_ID = "01981a3c-7b1e-7c4d-9f2a-3b6d5e8f7a90"
JSON = {"content-type": "application/json"}


def columns() -> set[str]:
    """The name of every column of every table."""
    return {column.name for table in SQLModel.metadata.tables.values() for column in table.columns}


def bodies() -> list[tuple[str, str, dict[str, Any]]]:
    """Every door that takes a JSON body, with its example."""
    return [
        (method, path, operation["requestBody"]["content"]["application/json"]["example"])
        for path, item in described(create_app())["paths"].items()
        for method, operation in item.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]


def address(path: str) -> str:
    return "/".join(ANY_ID if part.startswith("{") else part for part in path.split("/"))


def test_no_columns_name_is_taken_as_a_field_unless_the_description_says_so(api: Api) -> None:
    admin, leader, wrong = api.as_role(Role.ADMIN), api.as_role(Role.LEADER), []
    for method, path, example in bodies():
        asks = leader if listed()[method.upper(), path] == "leader" else admin
        extra = columns() - set(example)
        sent = example | dict.fromkeys(extra, "1")
        answer = asks.request(method, address(path), json=sent, headers=once() | {"if-match": '"1"'})
        told = {one["field"] for one in answer.json().get("errors", []) if one["code"] == "unknown"}
        if answer.status_code != 422 or not told <= extra or len(extra - told) > len(example) + 30:
            wrong.append(f"{method} {path}: {answer.status_code}, not refused: {sorted(extra - told)}")

    assert len(bodies()) > 25
    assert wrong == []


NUMBERS = [
    "1_0",
    "+1",
    "%D9%A3",
    "%EF%BC%93",
    "0x10",
    "1e2",
    "1.0",
    "NaN",
    "Infinity",
    "-1",
    "",
    "9" * 400,
    "9" * 5000,
    "null",
    "%201",
    "1%00",
]


@pytest.mark.parametrize("written", NUMBERS, ids=[number[:8] for number in NUMBERS])
def test_a_number_in_an_address_is_plain_digits(api: Api, written: str) -> None:
    answers = [api.nobody.get(f"{ORGANISATIONS}?limit={written}"), api.nobody.get(f"/api/v1/policy/versions/{written}")]

    assert answers[0].status_code in {400, 422}
    assert answers[1].status_code in {400, 404} or written == ""


GARBAGE = [
    b"",
    b"'; DROP TABLE person; --",
    b"\xff\xfe",
    b"a" * 7000,
    b"{}",
    b"null",
    b"*",
    b'W/"1"',
    b'"1", "2"',
    b'"1_0"',
]


@pytest.mark.parametrize("written", GARBAGE)
def test_garbage_in_a_header_is_refused_and_changes_nothing(api: Api, written: bytes) -> None:
    admin, person = api.as_role(Role.ADMIN), api.as_role(Role.CONSUMER)
    wish = json.dumps({"name": "North hub", "kind": "hub"}).encode()

    made = admin.post(
        ORGANISATIONS, content=wish, headers=[(b"content-type", b"application/json"), (b"idempotency-key", written)]
    )
    changed = person.patch(
        ME, content=b'{"name": "Eve"}', headers=[(b"content-type", b"application/json"), (b"if-match", written)]
    )
    listed = api.nobody.get(ORGANISATIONS, params={"after": written.decode("latin-1")})

    assert (made.status_code, listed.status_code) in {(400, 422), (422, 422)}
    assert changed.status_code in {412, 428}
    assert person.get(ME).json()["name"] != "Eve"


BODIES = [
    b'{"name": "x", "kind": "hub", "kind": {}}',
    b'{"name": 1e400, "kind": "hub"}',
    b'{"name": "x", "kind": "HUB"}',
    b'{"name": "\xed\xa0\x80", "kind": "hub"}',
    b'\xef\xbb\xbf{"name": "x", "kind": "hub"}',
    b'{"name": "\\u0007", "kind": "hub"}',
    b'{"name": "x", "kind": "hub"} x',
    b"{" * 50_000,
    b'{"name": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001,
    b'{"name": ' + b"9" * 100_000 + b"}",
    b"[" + b"1," * 200_000 + b"1]",
    "{'name': 'x'}".encode("utf-16"),
]


@pytest.mark.parametrize("body", BODIES, ids=[str(body[:24]) for body in BODIES])
def test_a_body_made_to_break_the_reader_is_refused(api: Api, body: bytes) -> None:
    answer = api.as_role(Role.ADMIN).post(ORGANISATIONS, content=body, headers=once() | JSON)

    assert answer.status_code in {400, 422}, answer.text


TYPES = [
    "",
    "text/plain",
    "text/json",
    FORM,
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "application/xml",
    "*/*",
]


@pytest.mark.parametrize("kind", TYPES)
def test_a_body_of_another_type_is_refused_before_it_is_read(api: Api, kind: str) -> None:
    headers = once() | ({"content-type": kind} if kind else {})

    assert api.as_role(Role.ADMIN).post(ORGANISATIONS, content=b"{}", headers=headers).status_code == 415


@pytest.mark.parametrize("header", ["x-http-method-override", "x-http-method", "x-method-override"])
def test_a_read_that_calls_itself_a_deletion_stays_a_read(api: Api, header: str) -> None:
    person = api.as_role(Role.CONSUMER)

    assert person.get(f"{ME}?_method=DELETE", headers={header: "DELETE"}).status_code == 422
    assert person.get(ME, headers={header: "DELETE"}).status_code == 200
    assert person.get(ME).status_code == 200


def browser(api: Api, cookies: str = "") -> httpx.Client:
    headers = {"accept": "text/html", "origin": api.address, "sec-fetch-site": "same-origin"}
    return api.client(headers | ({"cookie": cookies} if cookies else {}))


@pytest.mark.parametrize("where", ["next", "return_to", "redirect", "url", "chosen", "language"])
def test_signing_in_leads_nowhere_else(api: Api, where: str) -> None:
    api.store.run(
        commands.add_person, "Ana", email="ana@example.org", password_hash=work.hash_password("a long phrase")
    )
    form = {"email": "ana@example.org", "password": "a long phrase", where: "https://evil.example/"}

    answer = browser(api).post(f"/sign-in?{where}=//evil.example", data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "evil.example" not in str(answer.headers)


def test_a_tossed_cookie_brings_its_own_word_and_nobody_elses_session(api: Api) -> None:
    victim, thief = api.person(), api.person()
    mine, theirs = (api.store.run(commands.sign_in_as, one, Carrier.COOKIE).token for one in (victim, thief))
    word = csrf(browser(api, f"farmlink_session={theirs}"))
    for cookies in (
        f"farmlink_session={theirs}; farmlink_session={mine}",
        f"farmlink_session={mine}; farmlink_session={theirs}",
    ):
        browser(api, cookies).patch(ME, json={"name": "Eve"}, headers={"x-csrf-token": word, "if-match": '"1"'})

    assert api.as_(victim).get(ME).json()["name"] == "A consumer"


def csrf(client: httpx.Client) -> str:
    page = client.get("/sign-in").text
    return page.split('name="csrf" value="')[1].split('"')[0]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "garbage"])
@pytest.mark.parametrize("with_word", [True, False])
def test_another_site_cannot_sign_anybody_out(api: Api, site: str, with_word: bool) -> None:  # noqa: FBT001  # a case
    token = api.store.run(commands.sign_in_as, api.person(), Carrier.COOKIE).token
    client = browser(api, f"farmlink_session={token}")
    form = {"csrf": csrf(client)} if with_word else {}

    answer = client.post("/sign-out", data=form, headers={"sec-fetch-site": site})

    assert answer.status_code == 403
    assert client.get(ME).status_code == 200


def test_a_role_that_was_taken_away_ends_with_the_very_next_request(api: Api) -> None:
    person = api.person(Role.PLANNER)
    client = api.as_(person)
    platform = api.store.run(commands.found_platform)
    before = client.post(ORGANISATIONS, json={"name": "North", "kind": OrganisationKind.HUB}, headers=once())

    api.store.run(commands.revoke, person, Role.PLANNER, platform)
    after = client.post(ORGANISATIONS, json={"name": "South", "kind": OrganisationKind.HUB}, headers=once())

    assert (before.status_code, after.status_code) == (201, 403)
