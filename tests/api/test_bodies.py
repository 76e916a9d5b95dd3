"""What each refused input answers: always a 4xx problem that says what is wrong, never a 5xx."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from api.body import FieldsError, MalformedError, fault, read_json
from farmlink.people.values import Role

if TYPE_CHECKING:
    from tests.api.conftest import Api

JSON = {"content-type": "application/json"}
SIGN_IN = "/api/v1/people/sign-ins"
GOOD = {"email": "ana@example.org", "password": "not the right one"}
BODIES: list[tuple[str, bytes, int, str, str | None]] = [
    ("no body", b"", 422, "invalid", "data"),
    ("cut off", b'{"email": "a', 400, "malformed", None),
    ("not UTF-8", b'{"email": "\xff\xfe", "password": "x"}', 400, "malformed", None),
    ("a lone surrogate", rb'{"email": "\ud800", "password": "x"}', 400, "malformed", None),
    ("an escaped NUL", rb'{"email": "a\u0000@b.c", "password": "x"}', 400, "malformed", None),
    ("nested ten thousand deep", b'{"email": ' + b"[" * 10_000, 400, "malformed", None),
    ("a list", b"[]", 422, "invalid", ""),
    ("null", b"null", 422, "invalid", ""),
    ("two documents", b"{}{}", 400, "malformed", None),
    ("not a number", b'{"email": NaN}', 400, "malformed", None),
    ("a number for a text", b'{"email": 7, "password": "x"}', 422, "invalid", "email"),
    ("an unknown field", b'{"email": "a@b", "password": "x", "role": "admin"}', 422, "invalid", "role"),
    ("a column's name", b'{"email": "a@b", "password": "x", "password_hash": "x"}', 422, "invalid", "password_hash"),
    ("a missing field", b'{"email": "a@b"}', 422, "invalid", "password"),
    ("too long", json.dumps({"email": "a" * 300, "password": "x"}).encode(), 422, "invalid", "email"),
    ("a mail header in the address", rb'{"email": "a@b\r\nBcc: c@d", "password": "x"}', 422, "invalid", "email"),
]


@pytest.mark.parametrize(("_", "body", "status", "code", "field"), BODIES, ids=[case[0] for case in BODIES])
def test_a_bad_body_is_refused_with_its_field(
    api: Api, _: str, body: bytes, status: int, code: str, field: str | None
) -> None:
    answer = api.nobody.post(SIGN_IN, content=body, headers=JSON)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert [one["field"] for one in problem.get("errors", [])] == ([] if field is None else [field])


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/json; charset=gbk",
    ],
)
def test_json_under_another_type_is_refused_so_that_another_sites_form_cannot_send_it(
    api: Api, content_type: str
) -> None:
    answer = api.nobody.post(SIGN_IN, content=json.dumps(GOOD), headers={"content-type": content_type})

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


def test_a_body_larger_than_what_is_taken_is_refused(api: Api) -> None:
    answer = api.nobody.post(SIGN_IN, content=b'{"email": "' + b"a" * 1_100_000 + b'"}', headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


ADDRESSES: list[tuple[str, str, int, str]] = [
    ("GET", "/api/v1/nothing", 404, "no-such-address"),
    ("GET", "/api/v1/organisations/not-an-id", 404, "no-such-address"),
    ("GET", "/api/v1/organisations/1E+9999999", 404, "no-such-address"),
    ("GET", "/api/v1/organisations/%FF%FE", 404, "no-such-address"),
    ("GET", "/api/v1/organisations/%00", 404, "no-such-address"),
    ("GET", "/api/v1/organisations/01981a3c-7b1e-7c4d-9f2a-3b6d5e8f7a90", 404, "missing"),
    ("GET", "/api/v1/policy/versions/99999999999999999999999", 404, "no-such-address"),
    ("GET", "/api/v1/policy/versions/-1", 404, "no-such-policy"),
    ("GET", "/api/v1/policy/versions/%D9%A1", 404, "no-such-address"),
    ("GET", "/api/v1/policy/versions/1_0", 404, "no-such-address"),
    ("GET", "/api/v1/organisations?limit=1000000", 422, "invalid"),
    ("GET", "/api/v1/organisations?limit=9999999999999999999999", 422, "invalid"),
    ("GET", "/api/v1/organisations?limit=ten", 422, "invalid"),
    ("GET", "/api/v1/organisations?after=x", 422, "invalid"),
    ("GET", "/api/v1/organisations?after=%00", 400, "malformed"),
    ("DELETE", "/api/v1/policy/current", 405, "method-not-allowed"),
    ("GET", "/api/v1/people/me", 401, "sign-in-needed"),
    ("GET", "/static/../app.py", 404, "no-such-address"),
    ("GET", "/static/%2e%2e/app.py", 404, "no-such-address"),
]


@pytest.mark.parametrize(("method", "address", "status", "code"), ADDRESSES)
def test_a_bad_address_is_refused(api: Api, method: str, address: str, status: int, code: str) -> None:
    answer = api.nobody.request(method, address)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_write_without_its_key_or_with_a_broken_one_is_refused(api: Api) -> None:
    planner = api.as_role(Role.PLANNER)
    wish = {"name": "North hub", "kind": "hub"}

    without = planner.post("/api/v1/organisations", json=wish)
    broken = planner.post("/api/v1/organisations", json=wish, headers={"Idempotency-Key": "7"})

    assert (without.status_code, without.json()["code"]) == (400, "key-needed")
    assert broken.status_code == 422


def test_a_change_without_the_version_that_was_seen_is_refused(api: Api) -> None:
    person = api.as_role(Role.CONSUMER)
    tried: list[dict[str, str]] = [{}, {"if-match": "*"}, {"if-match": '"99999999999999999999"'}, {"if-match": '"7"'}]

    answers = [person.patch("/api/v1/people/me", json={"name": "Ana"}, headers=headers) for headers in tried]

    assert [answer.status_code for answer in answers] == [428, 412, 412, 412]


def test_a_problem_speaks_the_readers_language(api: Api) -> None:
    answer = api.nobody.post(SIGN_IN, json={"email": 7, "wrong": 1}, headers={"accept-language": "zh-CN, en;q=0.5"})

    assert answer.headers["content-language"] == "zh-CN"
    assert answer.json()["detail"] == "部分字段有误。"
    assert {(one["field"], one["message"]) for one in answer.json()["errors"]} == {
        ("email", "必须是文本。"),
        ("password", "此项必填。"),
        ("wrong", "没有此字段。"),
    }


def test_a_browser_at_a_page_gets_a_page(api: Api) -> None:
    page = api.nobody.get("/nowhere", headers={"accept": "text/html"})

    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address." in page.text


class Line(msgspec.Struct, forbid_unknown_fields=True):
    quantity: int


class Basket(msgspec.Struct, forbid_unknown_fields=True):
    lines: list[Line]
    note: str | None = None


def test_a_number_written_as_text_is_not_a_number() -> None:
    with pytest.raises(FieldsError) as refused:
        read_json(b'{"lines": [{"quantity": 1}, {"quantity": "2"}]}', Basket)

    assert [(one.field, one.code) for one in refused.value.faults] == [("lines.[1].quantity", "kind")]


@dataclass(frozen=True)
class Window:
    """A value of a room in a body."""

    opens: int
    closes: int | None = None


class Gate(msgspec.Struct, forbid_unknown_fields=True):
    week: tuple[Window, ...]
    noon: Window | None = None
    pair: tuple[int, Window] | None = None
    behind: Gate | None = None


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b'{"week": [{"opens": 1}, {"opens": 2, "note": "x"}]}', ["week.[1].note"]),
        (b'{"week": [], "noon": {"opens": 1, "Closes": 2, "day": 3}}', ["noon.Closes", "noon.day"]),
        (b'{"week": [], "behind": {"week": [{"opens": 1, "lock": 1}]}}', ["behind.week.[0].lock"]),
        (b'{"week": [], "pair": [1, {"opens": 1, "lock": 1}]}', ["pair.[1].lock"]),
        (b'{"week": [{"opens": 1, "closes": null}], "noon": null}', []),
    ],
)
def test_a_field_that_a_value_inside_a_body_does_not_have_is_named(body: bytes, fields: list[str]) -> None:
    if not fields:
        assert read_json(body, Gate).week == (Window(1),)
        return
    with pytest.raises(FieldsError) as refused:
        read_json(body, Gate)

    assert [(one.field, one.code) for one in refused.value.faults] == [(field, "unknown") for field in fields]


def test_a_backslash_before_a_written_zero_is_just_text() -> None:
    assert read_json(rb'{"lines": [], "note": "C:\\u0000"}', Basket).note == r"C:\u0000"


def test_a_list_of_texts_is_read_as_a_whole() -> None:
    with pytest.raises(FieldsError) as refused:
        read_json(b"[1]", list[str])

    assert [one.field for one in refused.value.faults] == ["[0]"]


def test_what_is_too_deep_is_malformed_wherever_it_is_noticed() -> None:
    with pytest.raises(MalformedError):
        read_json(b"[" * 100_000, Any)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Expected `int` >= 1 - at `$.quantity`", "range"),
        ("Expected `str` of length <= 3", "length"),
        ("Expected `int | null`, got `str`", "kind"),
        ("Invalid enum value 'x'", "choice"),
        ("Expected `datetime` with a timezone component", "form"),
        ("words that a later msgspec may choose", "invalid"),
    ],
)
def test_every_word_of_msgspec_becomes_one_of_ours(said: str, code: str) -> None:
    assert fault(said).code == code
