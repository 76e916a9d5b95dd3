"""The API as others meet it: uvicorn on the loopback, HTTP, and a fresh database behind it."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from uuid import uuid4

import httpx
import pytest
import uvicorn
from litestar import Litestar
from sqlalchemy import URL

from api.app import create_app
from api.description import described
from api.server import configuration
from farmlink.people import commands
from farmlink.people.values import OrganisationId, PersonId, Role
from farmlink.store.engine import open_engine
from farmlink.store.store import Store
from farmlink.store.transaction import Transaction


@dataclass
class Api:
    """A running server and the clients that talk to it."""

    address: str
    store: Store
    open: ExitStack
    nobody: httpx.Client
    tokens: dict[PersonId, str] = field(default_factory=dict)

    def person(self, role: Role = Role.CONSUMER, organisation_id: OrganisationId | None = None) -> PersonId:
        """Add a person with one role, the platform's unless an organisation is named, and sign them in."""
        person_id, token = self.store.run(_signed_in_person, role, organisation_id)
        self.tokens[person_id] = token
        return person_id

    def token(self, person_id: PersonId) -> str:
        """A bearer token of this person."""
        if person_id not in self.tokens:
            self.tokens[person_id] = self.store.run(commands.sign_in_as, person_id).token
        return self.tokens[person_id]

    def as_(self, person_id: PersonId) -> httpx.Client:
        """A client that carries this person's bearer token."""
        return self.client({"authorization": f"Bearer {self.token(person_id)}"})

    def as_role(self, role: Role) -> httpx.Client:
        """A client of a new person with one role at the platform."""
        return self.as_(self.person(role))

    def client(self, headers: dict[str, str] | None = None) -> httpx.Client:
        """A client of its own, with its own cookies."""
        return self.open.enter_context(client_at(self.address, headers))


class Served(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.up.set()


def client_at(address: str, headers: dict[str, str] | None = None) -> httpx.Client:
    """A client that takes no problem which the description of the API does not know."""
    hooks = {"response": [require_described]}
    return httpx.Client(base_url=address, headers=headers, timeout=30, event_hooks=hooks)


def require_described(answer: httpx.Response) -> None:
    """Fail on a problem that its operation is not described to answer."""
    if answer.headers.get("content-type") != "application/problem+json":
        return
    told = answer.json() if answer.read() else {}
    asked = f"{answer.request.method} {answer.request.url.path}"
    for pattern, known in described_problems():
        if pattern.fullmatch(asked):
            assert (answer.status_code, told["code"]) in known, (
                f"{asked} answers {told['code']}, which nobody described"
            )


@cache
def described_problems() -> list[tuple[re.Pattern[str], set[tuple[int, str]]]]:
    """What the description says that each operation may answer."""
    return [
        (
            re.compile(f"{method.upper()} {re.sub(r'{[^}]+}', '[^/]+', path)}/?"),
            {
                (int(status), code)
                for status, answer in operation["responses"].items()
                for content in answer.get("content", {}).values()
                for code in content.get("examples", {})
            },
        )
        for path, item in described(create_app())["paths"].items()
        for method, operation in item.items()
    ]


def once() -> dict[str, str]:
    """The header of a write that is to happen once."""
    return {"Idempotency-Key": str(uuid4())}


def _signed_in_person(tx: Transaction, role: Role, organisation_id: OrganisationId | None) -> tuple[PersonId, str]:
    person_id = commands.add_person(tx, f"A {role}", role=role, organisation_id=organisation_id)
    return person_id, commands.sign_in_as(tx, person_id).token


@contextmanager
def listening(app: Litestar) -> Iterator[str]:
    """Serve from a thread on a port of its own; the address."""
    server = Served(configuration(app, port=0))
    thread = threading.Thread(target=server.run, name="api")
    thread.start()
    assert server.up.wait(60), "the server did not start"
    assert server.started, "the application did not start"
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def met(address: str, store: Store) -> Iterator[Api]:
    """The API at an address, with its clients until the end."""
    with ExitStack() as opened:
        yield Api(address, store, opened, opened.enter_context(client_at(address)))


@contextmanager
def serving(store: Store) -> Iterator[Api]:
    """A server of its own on this store."""
    with listening(create_app(store)) as address, met(address, store) as api:
        yield api


@pytest.fixture(scope="session")
def served(built_url: URL) -> Iterator[tuple[Litestar, str]]:
    """One server for all tests of a process: building its application takes longer than most of them."""
    with open_engine(built_url) as engine:
        app = create_app(Store(engine, "test"))
        with listening(app) as address:
            yield app, address


@pytest.fixture
def api(served: tuple[Litestar, str], store: Store) -> Iterator[Api]:
    """The server on the test's database."""
    app, address = served
    app.state.store = store
    with met(address, store) as api:
        yield api
