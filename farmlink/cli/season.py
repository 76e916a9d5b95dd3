"""A season as a command: weeks of scarce crops, failed harvests, unmet thresholds and refunds, and their books."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from farmlink.cli.demo import require_writable
from farmlink.cli.screen import err, language, out


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(season)


def season(
    cycles: Annotated[int, typer.Option(min=1, max=520, help="How many weeks.")] = 26,
    json: Annotated[Path | None, typer.Option(help="Write the figures as JSON.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1)] = 1,
) -> None:
    """Play a season in a database of its own, and say what its books come to."""
    if json is not None:
        require_writable(json)
    voice = import_module("farmlink.demo.voice").Voice(err, language())
    found = import_module("farmlink.demo.season.run").run_season(voice, cycles=cycles, seed=seed, json_file=json)
    for name, figure in found.items():
        out.print(f"{name}: {figure}", soft_wrap=True, markup=False)
    if found["violations"]:
        raise typer.Exit(1)
