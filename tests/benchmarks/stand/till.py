"""Orders over HTTP as fast as the server takes them: kept connections, one request an order, hardly any work here."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from farmlink.demo.web import HERE
from farmlink.demo.wire import UnexpectedAnswerError
from farmlink.kernel.ids import uuid7

CONNECTIONS: Final = 32
CREATED, REFUSED = 201, 409


@dataclass(frozen=True, slots=True)
class Wish:
    """What one consumer wants: packs by listing."""

    token: str
    point_id: UUID
    basket: dict[str, int]


@dataclass(slots=True)
class Taken:
    """The order of each wish, None for who found everything sold out; and how long every answer took."""

    orders: list[UUID | None]
    answer_s: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def post(self, path: str, token: str, body: bytes) -> tuple[int, bytes]:
        self.writer.write(
            f"POST {path} HTTP/1.1\r\nHost: {HERE}\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n"
            f"Idempotency-Key: {uuid7()}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
        return int(head[9:12]), await self.reader.readexactly(length)


def take_orders(port: int, path: str, wishes: Sequence[Wish]) -> Taken:
    """Post every wish; who finds something sold out takes what is left of it, or goes without it."""
    return asyncio.run(_take(port, path, wishes))


async def _take(port: int, path: str, wishes: Sequence[Wish]) -> Taken:
    taken = Taken([None] * len(wishes))
    waiting = deque(range(len(wishes)))

    async def serve() -> None:
        line = _Line(*await asyncio.open_connection(HERE, port))
        while waiting:
            number = waiting.popleft()
            taken.orders[number] = await _order(line, path, wishes[number], taken)
        line.writer.close()

    await asyncio.gather(*(serve() for _ in range(min(CONNECTIONS, len(wishes)))))
    return taken


async def _order(line: _Line, path: str, wish: Wish, taken: Taken) -> UUID | None:
    basket = dict(wish.basket)
    while basket:
        lines = [{"listing_id": listing, "packs": packs} for listing, packs in basket.items()]
        body = json.dumps({"place_id": str(wish.point_id), "lines": lines}).encode()
        began = time.monotonic()
        status, said = await line.post(path, wish.token, body)
        taken.answer_s.append(time.monotonic() - began)
        content: dict[str, Any] = json.loads(said)
        if status == CREATED:
            return UUID(content["id"])
        if status != REFUSED or content["code"] != "sold-out":
            raise UnexpectedAnswerError(f"{status}: {content}")
        listing, left = content["facts"]["listing_id"], content["facts"]["packs_left"]
        basket[listing] = left
        if not left:
            del basket[listing]
    return None
