"""A scheduler's life as a program: do all that is due, and die by kill -9 at the statement that was asked for.

Called as `python lives.py DATABASE_URL DIES_AT`: statements are counted from the first; 0 lives to the end.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count

from sqlalchemy import event, make_url

from farmlink import scheduler
from farmlink.confirmations.work import plan_due
from farmlink.planning import queries
from farmlink.planning.values import Budget
from farmlink.planning.work import CHILD
from farmlink.store import outbox
from farmlink.store.engine import open_engine
from farmlink.store.store import Store

GREEDY = (*CHILD, "--greedy")


def live(store: Store) -> None:
    """Twice all that is due; the second look finds what the first one brought about."""
    for _ in range(2):
        outbox.relay_due(store, scheduler.REACTIONS)
        for job in scheduler.JOBS:
            if job.name == "plan":
                plan_due(store, Budget(iterations=1), command=GREEDY)
            else:
                job.work(store)
            outbox.relay_due(store, scheduler.REACTIONS)
        if not store.read(queries.due_to_plan):
            break


def main(url: str, dies_at: int) -> None:
    with open_engine(make_url(url)) as engine:
        statements = count(1)

        def die_in_time(*_: object) -> None:
            if next(statements) == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(engine, "before_cursor_execute", die_in_time)
        event.listen(engine, "commit", die_in_time)
        live(Store(engine, "scheduler"))
        sys.stdout.write(f"{next(statements) - 1}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
