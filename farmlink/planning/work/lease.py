"""The lease of a run, renewed beside its work: a large snapshot or a slow judgement is not taken for a death."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from sqlalchemy.exc import DBAPIError

from farmlink.planning import commands
from farmlink.planning.rules import LEASE, RunEndedError
from farmlink.planning.values import RunId
from farmlink.store.store import Store

RENEW_S = LEASE.total_seconds() / 4


@contextmanager
def kept_alive(store: Store, run_id: RunId) -> Iterator[None]:
    """Renew a run's lease until the work is over, or the run has ended elsewhere."""
    over = Event()
    keeper = Thread(target=_renew, args=(store, run_id, over), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _renew(store: Store, run_id: RunId, over: Event) -> None:
    while not over.wait(RENEW_S):
        try:
            store.run(commands.renew_lease, run_id)
        except RunEndedError:
            return
        except DBAPIError:
            continue  # a lost database is back in time, or the run is another's when it is
