"""How far docks have come with many cycles at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import col, select

from farmlink.cycles.values import CycleId
from farmlink.dispatch.tables import HandOut, Receipt
from farmlink.planning.values import AllocationId
from farmlink.store.pipeline import among
from farmlink.store.transaction import Transaction


def counted_in(tx: Transaction, cycle_ids: Collection[CycleId]) -> frozenset[AllocationId]:
    """Whatever of these cycles was counted in."""
    chosen = select(Receipt.allocation_id).where(among(col(Receipt.cycle_id), cycle_ids))
    return frozenset(map(AllocationId, tx.session.exec(chosen)))


def shared_among(tx: Transaction, cycle_ids: Collection[CycleId]) -> frozenset[CycleId]:
    """Those of these cycles whose goods have been shared out."""
    chosen = select(HandOut.cycle_id).where(among(col(HandOut.cycle_id), cycle_ids)).distinct()
    return frozenset(map(CycleId, tx.session.exec(chosen)))
