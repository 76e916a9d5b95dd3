"""Seconds of each stage, and the most memory that the benchmark and all that it started held in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

from rich.console import Console

from farmlink.demo.measure import tree_mb

LOOK_S: Final = 0.25


class Stages:
    """Stages by name, in the order in which they came; memory is looked at now and then, and at both ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.seconds: dict[str, float] = {}
        self.peak_mb: dict[str, int] = {}
        self._stage: str | None = None
        self._stop = threading.Event()
        self._watch = threading.Thread(target=self._look_now_and_then, name="memory", daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._watch.join()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what is done meanwhile; the screen tells it at once."""
        self._stage = name
        self._look()
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 2)
        self._look()
        self._stage = None
        self._console.print(f"  {name}: {self.seconds[name]:.1f} s, {self.peak_mb[name]:,} MB")

    def _look_now_and_then(self) -> None:
        while not self._stop.wait(LOOK_S):
            self._look()

    def _look(self) -> None:
        if (stage := self._stage) is not None:
            self.peak_mb[stage] = max(self.peak_mb.get(stage, 0), tree_mb())
