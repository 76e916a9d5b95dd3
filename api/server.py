"""How uvicorn serves the application."""

import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked

APPLICATION = "api.app:app"
BACKLOG = 2048
FAILED = 1
IN_USE = marked("another program listens there; stop it, or choose another with --port")
NO_RIGHT = marked("a port below 1024 needs rights that you do not have; choose another with --port")
NO_SUCH_ADDRESS = marked("this machine has no such address; look at --host")
REASONS = {errno.EADDRINUSE: IN_USE, errno.EACCES: NO_RIGHT, errno.EPERM: NO_RIGHT}
GRACE_S = 8
LONGEST_HEAD = 65_536


class AddressUnusableError(RefusedError):
    """Nobody can listen where the server was told to."""

    code = "address-unusable"
    message = "Nothing can be served at {host}, port {port}: {reason}."


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection whose request line and headers have no end: httptools alone would keep them all in memory."""

    in_head = True
    head_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Count what has come in since the last request was read."""
        self.head_bytes += len(data)
        super().data_received(data)
        if self.in_head and self.head_bytes > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The request's head is too long.")

    def on_headers_complete(self) -> None:
        """The head is read; what follows is the body, which the application measures."""
        self.in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next head begins."""
        self.in_head, self.head_bytes = True, 0
        super().on_message_complete()


def configuration(application: object = APPLICATION, host: str = "127.0.0.1", port: int = 8000) -> uvicorn.Config:
    """Settings of a server; without a grace time it would never end while one slow body is open."""
    return uvicorn.Config(
        application,  # type: ignore[arg-type]  # an ASGI application or its import string
        host=host,
        port=port,
        http=BoundedProtocol,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=30,
        server_header=False,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
    )


class Server(uvicorn.Server):
    """Passes on at once that it is told to stop: what runs beside it need not wait for slow clients."""

    def __init__(self, config: uvicorn.Config, stop: Event) -> None:
        super().__init__(config)
        self._stop = stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and leave off where somebody said stop before uvicorn listened to signals."""
        await super().startup(sockets)
        self.should_exit = self.should_exit or self._stop.is_set()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Hear a signal."""
        self._stop.set()
        super().handle_exit(sig, frame)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the address before anything is promised about it, and refuse one that is not to be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        door = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:  # a name that nobody knows is one too
        reason = REASONS.get(error.errno or 0, NO_SUCH_ADDRESS)
        raise AddressUnusableError(host=host, port=str(port), reason=reason) from error
    with door:
        yield door


def start(host: str, port: int, door: socket.socket, stop: Event) -> None:
    """Serve until told to stop by a signal, or by the event before that."""
    server = Server(configuration(host=host, port=port), stop)
    try:
        server.run(sockets=[door])
    except SystemExit as ended:  # uvicorn has codes of its own; why is in the log
        sys.exit(FAILED if ended.code else 0)
