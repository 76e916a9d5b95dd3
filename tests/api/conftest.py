"""The API as others meet it: uvicorn on the loopback, HTTP, and a fresh database behind it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.server import configuration
from farmlink.people import commands
from farmlink.people.values import OrganisationId, PersonId, Role
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
        return self.open.enter_context(httpx.Client(base_url=self.address, headers=headers, timeout=30))


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


def once() -> dict[str, str]:
    """The header of a write that is to happen once."""
    return {"Idempotency-Key": str(uuid4())}


def _signed_in_person(tx: Transaction, role: Role, organisation_id: OrganisationId | None) -> tuple[PersonId, str]:
    person_id = commands.add_person(tx, f"A {role}", role=role, organisation_id=organisation_id)
    return person_id, commands.sign_in_as(tx, person_id).token


@contextmanager
def serving(store: Store) -> Iterator[Api]:
    """Serve from a thread on a port of its own."""
    server = Served(configuration(create_app(store), port=0))
    thread = threading.Thread(target=server.run, name="api")
    thread.start()
    assert server.up.wait(60), "the server did not start"
    assert server.started, "the application did not start"
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        with ExitStack() as opened:
            address = f"http://127.0.0.1:{port}"
            nobody = opened.enter_context(httpx.Client(base_url=address, timeout=30))
            yield Api(address, store, opened, nobody)
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def api(store: Store) -> Iterator[Api]:
    """A server bound to the test's database."""
    with serving(store) as served:
        yield served
