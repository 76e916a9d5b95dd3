"""What the person at the machine reads: answers on standard output, all else on standard error."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from farmlink.kernel.locale import best_language, render

out: Final = Console(highlight=False)
err: Final = Console(stderr=True, highlight=False)


def language() -> str:
    """The language of the machine's locale, as POSIX ranks its variables."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return best_language(next((name for name in named if name), "").replace("_", "-").partition(".")[0])


def written(text: str, **facts: object) -> str:
    """A catalogue entry in that language."""
    return render(text, language(), facts)


def say(text: str, **facts: object) -> None:
    """Answer."""
    out.print(written(text, **facts), soft_wrap=True, markup=False)


def note(text: str, **facts: object) -> None:
    """Say something beside the answer."""
    err.print(written(text, **facts), soft_wrap=True, markup=False)


def complain(said: str) -> None:
    """Say what went wrong in one line."""
    err.print(f"farmlink: {said}", style="red", soft_wrap=True, markup=False)


@contextmanager
def spinner() -> Iterator[Callable[[str], None]]:
    """Show that something goes on and what; nothing where nobody looks."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("")
        yield lambda text: progress.update(task, description=written(text))


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far something is."""
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(title.replace("[", "\\["), total=None)
        yield lambda done, of: progress.update(task, completed=done, total=max(1, of))
