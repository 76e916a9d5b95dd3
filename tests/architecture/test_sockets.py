"""No test reaches beyond this machine."""

import asyncio
import socket
from http.client import HTTPConnection
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket")  # it is an error of its own otherwise
NOWHERE = "192.0.2.1"  # kept free for documents (RFC 5737): nobody would answer anyway


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    with socket.socket() as client, pytest.raises(SocketConnectBlockedError):
        client.connect((NOWHERE, 80))


def test_a_library_is_refused_like_anybody() -> None:
    with pytest.raises(SocketConnectBlockedError):
        HTTPConnection(NOWHERE, timeout=5).request("GET", "/")


def test_the_other_family_of_addresses_is_refused_too() -> None:
    with socket.socket(socket.AF_INET6) as client, pytest.raises(SocketConnectBlockedError):
        client.connect(("2001:db8::1", 80))


def test_this_machine_is_reached(tmp_path: Path) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"here")
        writer.close()
        await writer.wait_closed()

    async def heard() -> list[bytes]:
        by_port = await asyncio.start_server(greet, "127.0.0.1")
        by_file = await asyncio.start_unix_server(greet, tmp_path / "greeter")
        async with by_port, by_file:
            doors = [
                await asyncio.open_connection(*by_port.sockets[0].getsockname()),
                await asyncio.open_unix_connection(tmp_path / "greeter"),
            ]
            said = [await reader.read() for reader, _ in doors]
            for _, writer in doors:
                writer.close()
                await writer.wait_closed()
            return said

    assert asyncio.run(heard()) == [b"here", b"here"]
