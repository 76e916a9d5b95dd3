"""What runs until it is told to stop: the web, the scheduler; and one tick of it."""

from __future__ import annotations

import os
import signal
from contextlib import nullcontext
from importlib import import_module
from ipaddress import ip_address
from typing import Annotated, Final

import typer

from farmlink import scheduler as clock
from farmlink.cli.beside import beside
from farmlink.cli.opening import ready
from farmlink.cli.screen import note, say
from farmlink.kernel.locale import marked
from farmlink.payments.work import providers_of
from farmlink.settings import read_settings
from farmlink.store import outbox

PUBLIC_URL: Final = "FARMLINK_PUBLIC_URL"
SERVED = marked("{address}/  (API: {address}/api/docs)")
LINKS = marked("Links in messages begin with {address}; FARMLINK_PUBLIC_URL says otherwise.")
LEFT = marked("Work that did not end in time is left as it is; whoever looks next takes it up.")
TICKED = marked("What was due is done.")
GIVEN_UP = marked("{count} announcements were given up; farmlink outbox list shows them.")

Port = Annotated[int, typer.Option(min=1, max=65_535)]
Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all of this machine.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (serve, scheduler, tick):
        app.command()(command)


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    scheduler: Annotated[bool, typer.Option(help="Without where it runs as a process of its own.")] = True,
) -> None:
    """Serve the API and the pages; --no-scheduler where it runs as a process of its own."""
    providers_of(read_settings())  # accounts that cannot be read are refused now, not with the first payment
    server = import_module("api.server")
    # uvicorn raises the signal again when it has stopped; here it is still heeded, and the scheduler gets its time.
    with server.listening(host, port) as door, ready(), clock.told_by_signal(signal.SIGTERM, signal.SIGINT) as told:
        address = public_address(host, port)
        if not os.environ.get(PUBLIC_URL):
            os.environ[PUBLIC_URL] = address  # the scheduler beside us writes the letters
            if not _is_here(host):
                note(LINKS, address=address)
        with beside(told) if scheduler else nullcontext():
            say(SERVED, address=address)
            server.start(host, port, door, told)


def scheduler() -> None:
    """Open, close, plan, lapse and relay what is due, until told to stop."""
    providers_of(read_settings())
    with clock.told_by_signal(signal.SIGTERM, signal.SIGINT) as stop, ready() as store:
        ended = clock.run(store.by("scheduler"), stop)
        if not ended:
            note(LEFT)
            os._exit(1)  # Python would wait for its threads, however long they hang


def tick() -> None:
    """Do once what is due now."""
    with ready() as store:
        clock.tick(store.by("scheduler"))
        dead = store.read(outbox.dead_letters)
    say(TICKED)
    if dead:
        note(GIVEN_UP, count=len(dead))


def public_address(host: str, port: int) -> str:
    """How a browser on this machine reaches what listens there."""
    try:
        listening = ip_address(host)
    except ValueError:  # a name
        return f"http://{host}:{port}"
    if listening.is_unspecified:
        return f"http://127.0.0.1:{port}"
    return f"http://[{host}]:{port}" if listening.version == 6 else f"http://{host}:{port}"


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
