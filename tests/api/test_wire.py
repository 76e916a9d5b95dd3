"""What comes over the wire and is hardly HTTP: refused or hung up on, and everybody else is served."""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from tests.api.conftest import Api

ME = "/api/v1/people/me"
SIGN_IN = "/api/v1/people/sign-ins"
JSON = {"content-type": "application/json"}
PATHS = [
    "//", "//evil.example/", "/\\evil.example", "/api//v1/people/me", "/api/v1/people/me/", "/api/v1/people/me;x=1",
    "/api/v1/../../etc/passwd", "/static/..%2f..%2fapp.py", "/static/%252e%252e/app.py", "/static/....//app.py",
    "/static/manifest.json%00.css", "/%", "/%zz", "/api/v1/organisations/%0d%0aSet-Cookie:x=1", "/" + "a" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=[path[:30] for path in PATHS])
def test_an_odd_address_shows_nothing_and_leads_nowhere(api: Api, path: str) -> None:
    answer = raw(api, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")

    assert int(head.split()[1]) in {200, 400, 401, 404}, head
    assert b"location:" not in head.lower()
    assert b"set-cookie" not in head.lower()
    assert b"root:" not in body
    assert b"create_app" not in body


def raw(api: Api, said: bytes, wait_s: float = 10) -> bytes:
    """Say something on the wire and hear the answer."""
    place = urlsplit(api.address)
    with closing(socket.create_connection((place.hostname, place.port), wait_s)) as wire:
        heard = b""
        with suppress(ConnectionError):  # hung up on, as whoever does not stop talking is
            wire.sendall(said)
            while got := wire.recv(65536):
                heard += got
    return heard


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST " + SIGN_IN.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST " + SIGN_IN.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST " + SIGN_IN.encode() + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000,
    ],
    ids=["tls", "version", "half a line", "negative length", "two lengths", "bad chunk", "long header"],
)
def test_what_is_no_http_is_refused_and_the_next_is_served(api: Api, said: bytes) -> None:
    heard = raw(api, said)

    assert heard[:12] == b"" or int(heard.split()[1]) in range(400, 500)
    assert api.nobody.get("/health").status_code == 200


def test_after_a_body_that_was_too_large_the_same_connection_goes_on(api: Api) -> None:
    for _ in range(5):
        api.nobody.post(SIGN_IN, content=b"[" + b"1," * 600_000, headers=JSON)

        assert api.nobody.get("/health").status_code == 200


def test_a_body_that_never_ends_keeps_nobody_else_waiting(api: Api) -> None:
    place = urlsplit(api.address)
    head = (
        b"POST "
        + SIGN_IN.encode()
        + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    )
    slow = [socket.create_connection((place.hostname, place.port), 10) for _ in range(60)]
    try:
        for wire in slow:
            wire.sendall(head)
        answers = [api.client().get("/api/v1/policy/current").status_code for _ in range(5)]
    finally:
        for wire in slow:
            wire.close()

    assert answers == [200] * 5


def test_a_body_in_pieces_without_a_length_is_measured_as_it_comes(api: Api) -> None:
    answer = api.nobody.post(SIGN_IN, content=iter([b"[" + b"1," * 50_000] * 20), headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "LOCK"])
def test_a_method_that_nobody_offers_does_nothing(api: Api, method: str) -> None:
    said = f"{method} {ME} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()

    assert int(raw(api, said).split()[1]) in {400, 405}
