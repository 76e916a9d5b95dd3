"""Advisory transaction locks: what many share for a moment and one must sometimes have alone."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from farmlink.store.transaction import Transaction


def lock_key(key: UUID) -> int:
    """Number an id for an advisory lock: its random half, as the signed BIGINT that PostgreSQL wants."""
    return int.from_bytes(key.bytes[8:], "big", signed=True)


def lock_keys(keys: Iterable[UUID]) -> list[int]:
    """Number several ids in the one order in which everybody takes them."""
    return sorted({lock_key(key) for key in keys})


def exclude(tx: Transaction, key: UUID) -> None:
    """Wait until nobody else holds this, then keep it alone until the transaction ends."""
    tx.execute("SELECT pg_advisory_xact_lock(:key)", {"key": lock_key(key)})
