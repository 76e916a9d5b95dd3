"""The demo as a command: what it is given is judged before it begins, not after a minute."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from farmlink.cli.opening import opened
from farmlink.cli.running import PUBLIC_URL, Port, public_address
from farmlink.cli.screen import language
from farmlink.kernel.errors import RefusedError
from farmlink.kernel.locale import marked

HERE = "127.0.0.1"
NO_FOLDER = marked("its folder does not exist")
NO_FILE = marked("it is no file")
NO_RIGHT = marked("you may not write there")


class SummaryUnwritableError(RefusedError):
    """The summary would have nowhere to go."""

    code = "summary-unwritable"
    message = "{file} cannot be written: {reason}. Nothing was begun."


class StateAloneError(RefusedError):
    """A state picks rows of a file, and there is none."""

    code = "state-alone"
    message = "--state {state} picks rows of a file: name that with --farms FILE. Nothing was begun."


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(demo)


def demo(  # noqa: PLR0913, PLR0917  # each is an option of the command line
    once: Annotated[bool, typer.Option("--once", help="Write the summary and end, instead of serving.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write the summary as JSON.")] = None,
    farms: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Farms and markets of a region.")
    ] = None,
    state: Annotated[str | None, typer.Option(help="Only rows of this state.")] = None,
    orders: Annotated[int, typer.Option(min=1, max=1_000_000)] = 5000,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1)] = 1,
    port: Port = 8000,
    iterations: Annotated[int, typer.Option(min=1, help="How long the solver searches.")] = 400,
) -> None:
    """Run one whole cycle on real farms and made-up orders, then serve it."""
    if state is not None and farms is None:
        raise StateAloneError(state=state)
    if json is not None:
        require_writable(json)
    if not once:
        with import_module("api.server").listening(HERE, port):
            pass  # the door is free; the demo's own server opens it when there is something to see
    os.environ.setdefault(PUBLIC_URL, public_address(HERE, port))
    with opened():
        run = import_module("farmlink.demo.run").run_demo
        run(
            once=once,
            json_file=json,
            farms=farms,
            state=state,
            orders=orders,
            seed=seed,
            port=port,
            iterations=iterations,
            language=language(),
        )


def require_writable(file: Path) -> None:
    """Refuse a place where no file can be made, without making one."""
    if not file.parent.is_dir():
        raise SummaryUnwritableError(file=str(file), reason=NO_FOLDER)
    if file.is_dir():
        raise SummaryUnwritableError(file=str(file), reason=NO_FILE)
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        raise SummaryUnwritableError(file=str(file), reason=NO_RIGHT)
