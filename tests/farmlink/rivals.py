"""Two who want the same at once, one of them surely second: no race that a quick machine never runs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import text

from farmlink.store.store import Store
from farmlink.store.transaction import Transaction

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
Deed = Callable[[Transaction], object]


def meanwhile(store: Store, begin: Deed, rival: Deed, end: Deed) -> list[str]:
    """Begin one thing and, while a rival waits for it, end it in the same transaction; every try that was made."""
    tries: list[str] = []
    with ThreadPoolExecutor(1) as beside:
        rivals: list[Future[object]] = []

        def slow(tx: Transaction) -> None:
            tries.append("slow")
            begin(tx)
            rivals.append(beside.submit(store.run, quick))
            with store.engine.connect() as watching:
                while not watching.execute(text(WAITS)).scalar_one():
                    assert not rivals[-1].done(), "the rival did not wait"
                    watching.rollback()
            end(tx)

        def quick(tx: Transaction) -> None:
            tries.append("rival")
            rival(tx)

        store.run(slow)
        rivals[-1].result()
    return sorted(tries)
