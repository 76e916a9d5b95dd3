"""HEAD at every door: what GET would say of itself, to whom GET would say it, and nothing after the headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from farmlink.people.values import Role
from farmlink.planning import commands
from tests.api.test_every_route import doors, may_enter_everywhere, named
from tests.api.test_matrix import live, rows
from tests.api.test_wire import raw
from tests.farmlink.planning.builders import Season

if TYPE_CHECKING:
    import httpx

    from tests.api.conftest import Api

OWN_TO_EACH = {"date"}
OWN_TO_EACH_PAGE = OWN_TO_EACH | {"content-length", "etag"}
"""A page's forms carry keys and a masked word of their own each time, and so it is never packed to the same length;
what is measured grows by being asked for."""
LAST = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def said(answer: httpx.Response) -> tuple[int, dict[str, str]]:
    """The status and the headers that two answers share."""
    changes = answer.headers.get("content-type", "").startswith(("text/html", "text/plain; version="))
    own = OWN_TO_EACH_PAGE if changes else OWN_TO_EACH
    return answer.status_code, {name: value for name, value in answer.headers.items() if name not in own}


def test_head_says_of_every_address_what_get_says(api: Api) -> None:
    wrong: list[str] = []
    looked = sorted({path for method, path in live() if method == "GET"})
    clients = api.nobody, may_enter_everywhere(api)
    before = rows(api.store)
    for client in clients:
        for path in looked:
            head, got = client.head(named(path)), client.get(named(path))
            if head.content or said(head) != said(got):
                wrong.append(f"{path}: {said(head)} {said(got)}")

    assert wrong == []
    assert (len(looked) > 60, rows(api.store)) == (True, before)


def test_head_is_refused_where_nothing_can_be_looked_at(api: Api) -> None:
    client, wrong = may_enter_everywhere(api), []
    before = rows(api.store)
    for path in sorted({path for _, path in doors()} - {path for method, path in doors() if method == "GET"}):
        answer = client.head(named(path))
        if answer.status_code != 405 or "GET" in answer.headers["allow"]:
            wrong.append(f"{path}: {answer.status_code} {answer.headers}")

    assert wrong == []
    assert rows(api.store) == before


def test_head_is_allowed_where_get_is(api: Api) -> None:
    assert {"GET", "HEAD"} <= set(api.nobody.options("/health").headers["allow"].split(", "))
    assert {"GET", "HEAD"} <= set(api.nobody.delete("/api/v1/policy/current").headers["allow"].split(", "))
    assert "HEAD" not in api.nobody.options("/api/v1/people/sign-ins").headers["allow"]


def test_no_byte_of_a_body_follows_the_headers(api: Api) -> None:
    answer = raw(api, b"HEAD /api/v1/policy/current HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n")
    assert answer.count(b"\r\n\r\n") == 1


def test_a_live_stream_ends_with_its_headers_and_the_connection_goes_on(api: Api) -> None:
    season = Season.closed(api.store)
    waiting = season.store.run(commands.wish_plan, season.cycle_id, "planner")
    token = api.token(api.person(Role.PLANNER))
    asked = f"HEAD /api/v1/runs/{waiting}/progress HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    first, _, second = raw(api, asked.encode() + LAST, 3).partition(b"\r\n\r\n")

    assert first.startswith(b"HTTP/1.1 200 ")
    assert b"text/event-stream" in first
    assert second.startswith(b"HTTP/1.1 200 ")


def test_a_connection_goes_on_after_a_head(api: Api) -> None:
    answer = raw(api, b"HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n" + LAST)

    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert answer.endswith(b'{"status":"alive"}')
