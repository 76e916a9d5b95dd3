"""The demo's own API server, and clients that talk to it over the loopback."""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, TypeVar
from uuid import UUID

from farmlink.demo.web import HERE

PATIENCE_S: Final = 60
CONNECTIONS: Final = 6
T = TypeVar("T")


class ServerGoneError(Exception):
    """The demo's own server did not start or went away."""


class UnexpectedAnswerError(Exception):
    """The API answered with something that the demo has no use for: a mistake of ours."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    content: Any

    def wanted(self, *statuses: int) -> Any:
        """The content, if the status is one of those that were expected."""
        if self.status not in statuses:
            raise UnexpectedAnswerError(f"{self.status}: {self.content}")
        return self.content


class Client:
    """One kept connection; a broken one is opened again, which the idempotency key makes safe."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = HTTPConnection(HERE, port, timeout=PATIENCE_S)

    def call(
        self, method: str, path: str, token: str | None = None, body: object = None, key: UUID | None = None
    ) -> Answer:
        """Ask once; where it was not heard, ask again."""
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if key is not None:
            headers["Idempotency-Key"] = str(key)
        content = None
        if body is not None:
            headers["Content-Type"], content = "application/json", json.dumps(body)
        for _ in range(3):
            try:
                self._connection.request(method, path, content, headers)
                response = self._connection.getresponse()
                said = response.read()
            except (HTTPException, OSError):
                self._connection.close()
                continue
            return Answer(response.status, json.loads(said) if said else None)
        raise ServerGoneError(f"{method} {path} was not answered")


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as sock:
        sock.bind((HERE, 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def serving(
    port: int, workers: int = 1, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the API in processes of their own; they end with the block, and with us however we end."""
    command = [sys.executable, "-m", "farmlink.demo.web", *map(str, (port, workers, os.getpid()))]
    server = subprocess.Popen(command, env={**os.environ, **(environment or {})})  # noqa: S603  # our own interpreter and module
    try:
        _await_ready(server, port)
        yield server
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _await_ready(server: subprocess.Popen[bytes], port: int) -> None:
    client, until = Client(port), time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            if client.call("GET", "/ready").status == 200:
                return
        except ServerGoneError:
            time.sleep(0.05)
    raise ServerGoneError(f"the API did not start on port {port}")


def unheard(_done: int) -> None:
    """Nobody counts."""


def at_once(port: int, tasks: Sequence[Callable[[Client], T]], told: Callable[[int], None] = unheard) -> list[T]:
    """Do tasks over a few connections at once; the first that fails ends all."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(tasks)):
        waiting.put(number)
    done: dict[int, T] = {}
    failures: list[BaseException] = []

    def work() -> None:
        client = Client(port)
        while not failures:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done[number] = tasks[number](client)
            except BaseException as error:  # noqa: BLE001  # carried to the caller's thread
                failures.append(error)
            told(len(done))

    crew = [threading.Thread(target=work, daemon=True) for _ in range(CONNECTIONS)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    if failures:
        raise failures[0]
    return [done[number] for number in range(len(tasks))]
