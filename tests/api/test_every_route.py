"""Nonsense at every door of the live table, by somebody who may enter everywhere: always a problem, never a 5xx."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from farmlink.kernel.ids import uuid7
from farmlink.people import commands
from farmlink.people.values import Role
from tests.api.test_foreign import examples
from tests.api.test_matrix import live, rows

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Api

JSON = {"content-type": "application/json"}
DEEP, HUGE = b"[" * 5_000, b'{"a": "' + b"a" * 1_000_001 + b'"}'
PICTURED = {"/api/v1/orders/{order_id}/claims", "/api/v1/cycles/{cycle_id}/points/{point_id}/arrival"}
BODIES: list[tuple[bytes, dict[str, str], set[int]]] = [
    (b"", JSON, {400, 422}),
    (b"null", JSON, {422}),
    (b"[]", JSON, {422}),
    (b"7", JSON, {422}),
    (b'{"no_such_field": 1}', JSON, {422}),
    (b'{"email": NaN}', JSON, {400, 422}),
    (b'{"a": 1e999}', JSON, {400, 422}),
    (b'{"a": ' + b"9" * 400 + b"}", JSON, {400, 422}),
    (b'{"a": "\xff"}', JSON, {400, 422}),
    (rb'{"a": "\ud800"}', JSON, {400, 422}),
    (rb'{"a": "\u0000"}', JSON, {400}),
    (b'{"a": ' + DEEP, JSON, {400}),
    (HUGE, JSON, {413}),
    (b"{}", {"content-type": "text/plain"}, {415}),
    (b"a=1", {"content-type": "application/x-www-form-urlencoded"}, {415}),
    (b"{}", {"content-type": "application/json; charset=utf-16"}, {415}),
]
IDS = ["x", "0", "-1", "%00", "%ED%A0%80", "%FF", "..%2F..", "1e9", "9" * 40, "a" * 3_000, "%7B%7D", "null"]


def may_enter_everywhere(api: Api) -> httpx.Client:
    """A client of somebody who holds every role for the platform."""
    person = api.person(Role.ADMIN)
    platform = api.store.run(commands.found_platform)
    for role in Role:
        api.store.run(commands.grant, person, role, platform)
    return api.as_(person)


def doors() -> list[tuple[str, str]]:
    """Every live door of the API."""
    return sorted(door for door in live() if door[1].startswith("/api/v1"))


def named(path: str, name: str | None = None, id_: str = "") -> str:
    """The address with ids of nothing, and with another at one of its places."""
    return re.sub(r"{(\w+)}", lambda found: id_ if found[1] == name else _nothing(found[1]), path)


def _nothing(name: str) -> str:
    return {"held": "dock", "version": "999"}.get(name, str(uuid7()))


def refused(answer: httpx.Response, allowed: set[int]) -> bool:
    return answer.status_code in allowed and answer.headers.get("content-type") == "application/problem+json"


def test_no_body_that_makes_no_sense_gets_through_any_door(api: Api) -> None:
    client, wrong, tried = may_enter_everywhere(api), [], 0
    with_body = [door for door in doors() if door in examples()]
    before = rows(api.store)
    for method, path in with_body:
        for body, headers, allowed in BODIES:
            key = {"idempotency-key": str(uuid7()), "if-match": '"1"'}
            answer = client.request(method, named(path), content=body, headers=key | headers)
            tried += 1
            if body is HUGE and path in PICTURED:
                allowed = {422}  # noqa: PLW2901  # a megabyte is a photo there
            if not refused(answer, allowed):
                wrong.append(f"{method} {path} {body[:30]!r}: {answer.status_code} {answer.text[:200]}")

    assert wrong == []
    assert (len(with_body) > 40, tried, rows(api.store)) == (True, len(with_body) * len(BODIES), before)


def test_no_id_that_is_none_gets_through_any_door(api: Api) -> None:
    client, wrong = may_enter_everywhere(api), []
    before = rows(api.store)
    for method, path in doors():
        for name in re.findall(r"{(\w+)}", path):
            for id_ in IDS:
                headers = {"idempotency-key": str(uuid7()), "if-match": '"1"'}
                answer = client.request(
                    method, named(path, name, id_), json=examples().get((method, path)), headers=headers
                )
                if not refused(answer, {400, 404}):
                    wrong.append(f"{method} {path} {name}={id_[:30]}: {answer.status_code} {answer.text[:200]}")

    assert wrong == []
    assert rows(api.store) == before


def test_no_parameter_that_nobody_reads_is_passed_over(api: Api) -> None:
    client, wrong = may_enter_everywhere(api), []
    for method, path in doors():
        answer = client.request(method, f"{named(path)}?no_such_parameter=%00x")
        other = client.request(method, f"{named(path)}?no_such_parameter=x")
        if not (refused(answer, {400}) and refused(other, {422})):
            wrong.append(f"{method} {path}: {answer.status_code}, {other.status_code} {other.text[:200]}")

    assert wrong == []


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PATCH", "PROPFIND"])
def test_a_method_that_a_door_does_not_know_is_refused_everywhere(api: Api, method: str) -> None:
    client, wrong = may_enter_everywhere(api), []
    before = rows(api.store)
    for path in sorted({path for known, path in doors() if (method, path) not in live()}):
        answer = client.request(method, named(path))
        told = method == "OPTIONS" and answer.status_code == 204 and answer.headers["allow"]
        if not told and not refused(answer, {405}):
            wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:100]}")

    assert wrong == []
    assert rows(api.store) == before
