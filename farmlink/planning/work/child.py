"""The child process of a run: reads a problem, solves it, says how far it is, keeps its best verified plan in a file.

Started as `python -m farmlink.planning.work.child [--greedy] OUT`. The parameters come on standard input as one JSON
line, the problem follows as bytes; progress leaves on standard output as JSON lines. SIGTERM means: stop and keep the
best. When the process that started it dies, it dies too, with all that it started itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from solver import codec
from solver.params import DEFAULT, Params, Progress
from solver.pooling import greedy, solve
from solver.problem import Problem
from solver.solution import Solution

LOOK_S = 1.0
_asked_to_stop = threading.Event()


def main(out: Path, *, only_greedy: bool) -> None:
    """Solve what standard input holds; the last verified plan is in `out`, whole or not at all."""
    signal.signal(signal.SIGTERM, lambda _signal, _frame: _asked_to_stop.set())
    settings = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=die_with, args=(settings.pop("parent"),), daemon=True).start()
    # A plan before of which something is confirmed is only mended: those who answered are told nothing new.
    params = replace(DEFAULT, around_earlier=True, **settings)
    problem = codec.problem_from_bytes(sys.stdin.buffer.read())
    solution = greedy(problem, params) if only_greedy else _searched(problem, params, out)
    keep(out, codec.solution_to_bytes(problem, solution))


def _searched(problem: Problem, params: Params, out: Path) -> Solution:
    def tell(progress: Progress) -> None:
        if progress.solution is not None:
            keep(out, codec.solution_to_bytes(problem, progress.solution))
        told = {"stage": progress.stage, "best_minor": progress.best_minor, "bound_minor": progress.bound_minor}
        sys.stdout.write(f"{json.dumps(told)}\n")
        sys.stdout.flush()

    return solve(problem, params, on_progress=tell, should_stop=_asked_to_stop.is_set)


def keep(out: Path, content: bytes) -> None:
    """Replace the kept plan in one step, so that a kill at any moment leaves the old or the new."""
    part = out.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(out)


def die_with(parent: int) -> None:
    """End this process group when the parent is gone: nobody would take the plan any more."""
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[-1]), only_greedy="--greedy" in sys.argv[1:-1])
