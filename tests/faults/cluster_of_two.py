"""A real Dask cluster on this machine: a scheduler and two workers, each a process that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from distributed import Client

ROOT: Final = Path(__file__).parents[2]
NAMES: Final = ("first", "second")
HERE: Final = ("--host", "127.0.0.1")
FIRST_PIECES: Final = 8


@dataclass(frozen=True, slots=True)
class Cluster:
    """Its processes, by name, and the folder of their logs."""

    folder: Path
    processes: dict[str, subprocess.Popen[bytes]]

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        return str(json.loads((self.folder / "scheduler.json").read_text())["address"])

    def log(self, name: str) -> str:
        """What a process has said."""
        return (self.folder / f"{name}.log").read_text()


@contextmanager
def cluster_of_two(folder: Path, failures: int = 3) -> Iterator[tuple[Cluster, Client]]:
    """A scheduler, two workers of one thread each, and who speaks to them; all gone at the end.

    A piece may cost so many workers their life and is given out again all the same.
    """
    cluster, known = Cluster(folder, {}), ("--scheduler-file", str(folder / "scheduler.json"))
    alone = ("--no-nanny", "--nthreads", "1", "--memory-limit", "0", "--local-directory", str(folder))
    try:
        _start(
            cluster,
            "scheduler",
            "dask_scheduler",
            (*HERE, *known, "--port", "0", "--dashboard-address", ":0"),
            {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(failures)},
        )
        for name in NAMES:
            _start(cluster, name, "dask_worker", (*HERE, *known, *alone, "--no-dashboard", "--name", name))
        with Client(scheduler_file=str(folder / "scheduler.json"), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(len(NAMES), timeout=60)
            yield cluster, client
    finally:
        for process in reversed(cluster.processes.values()):
            process.kill()
            process.wait()


def _start(
    cluster: Cluster, name: str, module: str, options: tuple[str, ...], told: Mapping[str, str] = MappingProxyType({})
) -> None:
    logged = str({"distributed": "info", "solver": "info"})
    with (cluster.folder / f"{name}.log").open("wb") as log:
        cluster.processes[name] = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *options],
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DASK_LOGGING": logged, **told},
            cwd=cluster.folder,
        )


class Killer(Executor):
    """The cluster's executor, of whose workers one is killed while it works on a piece, not on one of the first."""

    def __init__(self, cluster: Cluster, client: Client) -> None:
        self._left = FIRST_PIECES
        self._cluster = cluster
        self._executor: Executor = client.get_executor(pure=False)
        self.killed = ""

    def submit(self, *call: Any, **named: Any) -> Future[Any]:
        """Hand it on, and try to catch a worker at it; a short piece may be done before anybody looks."""
        future = self._executor.submit(*call, **named)
        self._left -= 1
        while self._left < 0 and not self.killed and not future.done():
            self.killed = next((name for name in NAMES if self._kill(name)), "")
        return future

    def _kill(self, name: str) -> bool:
        """Stop it, and kill it if it has begun a piece that it has not ended; else it may go on."""
        worker = self._cluster.processes[name]
        worker.send_signal(signal.SIGSTOP)
        os.waitpid(worker.pid, os.WUNTRACED)
        log = self._cluster.log(name)
        at_work = log.count(" begins") > log.count(" ends")
        worker.send_signal(signal.SIGKILL if at_work else signal.SIGCONT)
        return at_work
