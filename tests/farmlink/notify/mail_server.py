"""A mail server on the loopback that keeps what it gets, and can be told to misbehave."""

from __future__ import annotations

import socketserver
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Final

GREETING: Final = b"220 loopback\r\n"
USUAL: Final = {
    b"EHLO": b"250 loopback",
    b"MAIL": b"250 ok",
    b"RCPT": b"250 ok",
    b"RSET": b"250 ok",
    b"QUIT": b"221 bye",
}


class Line(socketserver.StreamRequestHandler):
    """One client."""

    server: Listener

    def handle(self) -> None:
        self.server.house.connections += 1
        self.wfile.write(GREETING)
        while said := self.rfile.readline():
            verb = said.split()[0].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                if not self.take():
                    return
                continue
            reply = self.server.house.told(verb.decode()) or USUAL.get(verb, b"502 unknown")
            self.wfile.write(reply + b"\r\n")

    def take(self) -> bool:
        """Take one letter in; False when the line goes dead instead of an answer."""
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.house.keep(b"".join(lines))
        reply = self.server.house.told("DATA") or b"250 kept"
        if reply == SILENCE:
            self.server.house.hang_up.wait(20)
            return False
        if reply:
            self.wfile.write(reply + b"\r\n")
        return reply != DEAD


DEAD: Final = b"421"
SILENCE: Final = b"silence"


class Listener(socketserver.ThreadingTCPServer):
    """Listens on a free port."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, house: MailHouse) -> None:
        self.house = house
        super().__init__(("127.0.0.1", 0), Line)


@dataclass
class MailHouse:
    """What arrived, and what the next answers are."""

    letters: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, deque[bytes]] = field(default_factory=dict)
    connections: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)
    hang_up: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def answer(self, verb: str, *replies: bytes) -> None:
        """Answer a verb so, as often as there are replies, and as usual afterwards."""
        self.answers[verb] = deque(replies)

    def told(self, verb: str) -> bytes | None:
        waiting = self.answers.get(verb)
        return waiting.popleft() if waiting else None

    def keep(self, raw: bytes) -> None:
        self.letters.append(message_from_bytes(raw, policy=default))
        self.arrived.set()

    def ids(self) -> list[str]:
        return [letter["Message-ID"] for letter in self.letters]


@contextmanager
def mail_house() -> Iterator[MailHouse]:
    """Run a mail server until the end of the block."""
    house = MailHouse()
    with Listener(house) as listener:
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, name="mail")
        thread.start()
        house.url = f"smtp://127.0.0.1:{listener.server_address[1]}"
        try:
            yield house
        finally:
            house.hang_up.set()
            listener.shutdown()
            thread.join()
