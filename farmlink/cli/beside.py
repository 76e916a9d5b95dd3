"""The scheduler beside the web: a process of its own, started again when it dies."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from farmlink.scheduler import GRACE_S

LOG = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 0.5
RESTART_AFTER_S: Final = 1.0


@contextmanager
def beside(stop: threading.Event) -> Iterator[None]:
    """Run in a process of its own beside something else, or until told to stop; one that dies is started again."""
    keeper = threading.Thread(target=_keep_running, args=(stop,))
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()


def _keep_running(stop: threading.Event) -> None:
    while not stop.is_set():
        with subprocess.Popen([sys.executable, "-m", "farmlink.cli", "scheduler"]) as process:  # our own module
            while process.poll() is None and not stop.wait(LOOK_EVERY_S):
                pass
            process.terminate()
            try:
                process.wait(GRACE_S + LOOK_EVERY_S)
            except subprocess.TimeoutExpired:
                process.kill()  # at any point nothing is lost by that
        if not stop.is_set():
            LOG.error("the scheduler ended with code %s; it is started again", process.returncode)
            stop.wait(RESTART_AFTER_S)
