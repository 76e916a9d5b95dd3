"""A plan made by a Dask cluster, one of whose two workers is killed at work, beside the same plan on our own processes.

The killed worker's log and the scheduler's word on it are quoted. A failure is no figure: the two plans are the same to
the byte, or the run ends with an error.
Run as `scripts/bench cluster [--iterations 300] [--keep [PAGE]]`.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from rich.console import Console

import solver
from solver.codec import solution_to_bytes
from tests.benchmarks.stand.page import PAGE, keep_section, machine, table
from tests.faults.cluster_of_two import Killer, cluster_of_two
from tests.solver.regions import made_region

LAST_LINES: Final = 12
PROBLEM: Final = made_region(47, farms=12, points=8, hubs=3)


class OtherPlanError(Exception):
    """The cluster made another plan."""


@dataclass(frozen=True, slots=True)
class Killed:
    """A run with a worker less: its plan, its time, who was killed, and the logs."""

    plan: bytes
    wall_s: float
    name: str
    log: str
    scheduler_log: str


def on_cluster(params: solver.Params) -> Killed:
    """Plan on two workers, of whom one does not live to see the end."""
    with tempfile.TemporaryDirectory() as folder, cluster_of_two(Path(folder)) as (running, client):
        killer = Killer(running, client)
        began_s = time.monotonic()
        plan = solver.solve(PROBLEM, params, executor=killer)
        wall_s = time.monotonic() - began_s
        said = _nameless(running.log(killer.killed), folder), _nameless(running.log("scheduler"), folder)
        return Killed(solution_to_bytes(PROBLEM, plan), wall_s, killer.killed, *said)


def _nameless(log: str, folder: str) -> str:
    """Without the folder, which is another each time."""
    return log.replace(folder, "…")


def written(alone: bytes, alone_s: float, killed: Killed) -> str:
    """Both runs, and what the logs say."""
    rows = [
        ("two processes of our own", f"{alone_s:.1f}", sha256(alone).hexdigest()[:16]),
        ("cluster, one worker killed at work", f"{killed.wall_s:.1f}", sha256(killed.plan).hexdigest()[:16]),
    ]
    last = "\n".join(killed.log.splitlines()[-LAST_LINES:])
    heard = "\n".join(re.findall(rf".*(?:Remove worker).*name: {killed.name}\b.*", killed.scheduler_log))
    return "\n".join(
        [
            table(("plan by", "seconds", "SHA-256 of the plan"), rows),
            "",
            f"The last lines of the killed worker `{killed.name}`; what it began last it never ended:",
            "",
            f"```\n{last}\n```",
            "",
            f"The scheduler of it, whose other worker did that piece again:\n\n```\n{heard}\n```",
        ]
    )


def main() -> None:
    """Print the runs and the logs, and keep them where that is asked."""
    parser = argparse.ArgumentParser(prog="scripts/bench cluster", description=__doc__)
    parser.add_argument("--iterations", type=int, default=300)
    parser.add_argument("--keep", type=Path, nargs="?", const=PAGE, metavar="PAGE", help=f"write it into {PAGE}")
    asked = parser.parse_args()
    ran_on, params = machine(), solver.Params(iterations=asked.iterations, rounds=0)
    began_s = time.monotonic()
    alone = solution_to_bytes(PROBLEM, solver.solve(PROBLEM, params))
    alone_s = time.monotonic() - began_s
    killed = on_cluster(params)
    if killed.plan != alone:
        raise OtherPlanError
    told = f"{ran_on}\n\n{written(alone, alone_s, killed)}"
    Console(soft_wrap=True, markup=False).print(told)
    if asked.keep:
        keep_section(asked.keep, "Cluster: a worker killed at work", told)


if __name__ == "__main__":
    main()
