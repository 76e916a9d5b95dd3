"""How long each stage took, and the most memory that the demo and all that it started held at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Self

import psutil
from rich.progress import Progress
from rich.text import Text

from farmlink.demo.voice import Voice

MEGABYTE: Final = 1 << 20
LOOK_S: Final = 0.25


class Measured:
    """Stages by name; memory is sampled meanwhile."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.seconds: dict[str, float] = {}
        self.peaks_mb: dict[str, int] = {}
        self._stage = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory", daemon=True)

    @property
    def peak_memory_mb(self) -> int:
        """Most resident megabytes over all stages."""
        return max(self.peaks_mb.values(), default=0)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    @contextmanager
    def stage(self, name: str, said: str, **facts: object) -> Iterator[None]:
        """Time a stage and say it on the screen; a stage that comes again adds up."""
        self._stage = name
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        self.seconds[name] = round(self.seconds.get(name, 0.0) + took, 2)
        told = Text.assemble(("✓ ", "green"), self.voice.text(said, **facts), (f" {took:.1f} s", "dim"))
        self.voice.console.print(told, soft_wrap=True)

    @contextmanager
    def counted(self, what: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show how many of so many are done."""
        with Progress(console=self.voice.console, transient=True) as progress:
            task = progress.add_task(self.voice.text(what), total=total)
            yield lambda done: progress.update(task, completed=done)

    def say(self, text: str, **facts: object) -> None:
        """Add a line under a stage."""
        self.voice.console.print(f"  {self.voice.text(text, **facts)}", style="dim", markup=False, soft_wrap=True)

    def _sample(self) -> None:
        while not self._stop.wait(LOOK_S):
            self.peaks_mb[self._stage] = max(self.peaks_mb.get(self._stage, 0), tree_mb())


def tree_mb() -> int:
    """Resident megabytes of this process and all that it started; pages that they share count once for each."""
    me = psutil.Process()
    total = 0
    for process in [me, *me.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total // MEGABYTE
