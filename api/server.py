"""How uvicorn serves the application; also `python -m api.server`."""

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

APPLICATION = "api.app:app"
GRACE_S = 8
LONGEST_HEAD = 65_536


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


def start(host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve until told to stop."""
    uvicorn.Server(configuration(host=host, port=port)).run()


if __name__ == "__main__":
    start()
