"""A rush: many people at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from farmlink.store.transaction import Transaction

BUYERS = 8
T = TypeVar("T")


def at_once(deeds: Sequence[Callable[[], T]], threads: int = BUYERS) -> list[T]:
    """Do all this in as many threads as fit into the pool, starting together."""
    barrier = Barrier(min(threads, len(deeds)))

    def start(share: Sequence[tuple[int, Callable[[], T]]]) -> list[tuple[int, T]]:
        barrier.wait()
        return [(number, deed()) for number, deed in share]

    numbered = list(enumerate(deeds))
    with ThreadPoolExecutor(threads) as pool:
        done = [
            told for part in pool.map(start, [numbered[i::threads] for i in range(barrier.parties)]) for told in part
        ]
    return [told for _, told in sorted(done, key=lambda pair: pair[0])]


def waiting(tx: Transaction) -> int:
    """How many others wait for a lock at this moment."""
    blocked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
    return int(tx.execute(blocked).scalar_one())
