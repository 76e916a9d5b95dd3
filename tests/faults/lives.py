"""A scheduler's life as a program: do all that is due, and die by kill -9 at the moment that was asked for.

Called as `python lives.py DATABASE_URL`. Each line on standard input names the moments at which lives die, such as
`7 0`: two lives begin at once, one ends at its seventh moment, the other lives to its end. The moments are those right
before and right after the commit of a transaction that wrote something: what a kill leaves changes only there.
The answer is a line with the exit codes. Lives are forks, so that many fit into a minute; they plan greedily in their
own process, as children and their deaths have tests of their own.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from threading import Event

import psycopg
from sqlalchemy import Connection, event, make_url

from farmlink import scheduler
from farmlink.confirmations.work import plan_due
from farmlink.planning import work
from farmlink.planning.values import Budget, Progress
from farmlink.planning.work.watch import Ended
from farmlink.store import outbox
from farmlink.store.engine import open_engine
from farmlink.store.store import Store
from solver import codec
from solver.pooling import greedy

ROUNDS = 4
WROTE = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"
TIME_PASSES = "UPDATE confirmation_request SET due_at = now() - interval '1 second' WHERE state = 'open'"


def live(store: Store, rounds: int = ROUNDS) -> None:
    """Do all that is due, let the farms' time run out, and again."""
    for _ in range(rounds):
        outbox.relay_due(store, scheduler.REACTIONS)
        for job in scheduler.JOBS:
            if job.name == "plan":
                plan_due(store, Budget(iterations=1))
            else:
                job.work(store, stop=Event())
            outbox.relay_due(store, scheduler.REACTIONS)
        store.run(lambda tx: tx.execute(TIME_PASSES))


def planned_here(
    _command: Sequence[str], content: bytes, _budget: Budget, out: Path, tell: Callable[[Progress], bool]
) -> Ended:
    """Stands for the child process of a run: the greedy plan, at once."""
    tell(Progress("greedy"))
    problem = codec.problem_from_bytes(content)
    out.write_bytes(codec.solution_to_bytes(problem, greedy(problem)))
    return Ended("done", "", 0)


def one_life(url: str, dies_at: int) -> None:
    """Live until the moment of death, or to the end."""
    moments, committed = count(1), Event()

    def die_in_time() -> None:
        if next(moments) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def before_commit(connection: Connection) -> None:
        session = connection.connection.driver_connection
        assert isinstance(session, psycopg.Connection)
        if session.execute(WROTE).fetchone() == (True,):
            die_in_time()
            committed.set()

    def after_commit(_connection: Connection) -> None:
        if committed.is_set():
            committed.clear()
            die_in_time()

    with open_engine(make_url(url)) as engine:
        event.listen(engine, "commit", before_commit)
        event.listen(engine, "begin", after_commit)
        live(Store(engine, "scheduler"))


def born(url: str, dies_at: int) -> int:
    """Begin a life in a process of its own."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            one_life(url, dies_at)
            code = 0
        finally:
            os._exit(code)
    return pid


def main(url: str) -> None:
    vars(work)["run_child"] = planned_here
    for line in sys.stdin:
        pids = [born(url, int(moment)) for moment in line.split()]
        ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        sys.stdout.write(" ".join(map(str, ends)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
